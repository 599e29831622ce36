"""Texts: parts, patterns, joining, digests."""

from __future__ import annotations

import base64
import hashlib
import math
import re
from functools import lru_cache

from kelisim.surveys.xform.xpath.functions.registry import MANY, Shelf, strings
from kelisim.surveys.xform.xpath.scope import Scope
from kelisim.surveys.xform.xpath.values import Value, to_number, to_string

HERE = Shelf()


def _own(scope: Scope, value: tuple[Value, ...]) -> str:
    return to_string(value[0]) if value else scope.node.value()


@HERE.add("string", 0, 1)
def _string(scope: Scope, *value: Value) -> Value:
    return _own(scope, value)


@HERE.add("concat", 0, MANY)
def _concat(_scope: Scope, *values: Value) -> Value:
    return "".join(text for value in values for text in strings(value))


@HERE.add("join", 1, MANY)
def _join(_scope: Scope, separator: Value, *values: Value) -> Value:
    return to_string(separator).join(t for value in values for t in strings(value))


@HERE.add("starts-with", 2)
def _starts_with(_scope: Scope, text: Value, part: Value) -> Value:
    return to_string(text).startswith(to_string(part))


@HERE.add("ends-with", 2)
def _ends_with(_scope: Scope, text: Value, part: Value) -> Value:
    return to_string(text).endswith(to_string(part))


@HERE.add("contains", 2)
def _contains(_scope: Scope, text: Value, part: Value) -> Value:
    return to_string(part) in to_string(text)


@HERE.add("string-length", 0, 1)
def _string_length(scope: Scope, *value: Value) -> Value:
    return float(len(_own(scope, value)))


@HERE.add("normalize-space", 0, 1)
def _normalize_space(scope: Scope, *value: Value) -> Value:
    return " ".join(_own(scope, value).split())


@HERE.add("translate", 3)
def _translate(_scope: Scope, text: Value, old: Value, new: Value) -> Value:
    to = to_string(new)
    table: dict[int, str | None] = {}
    for place, letter in enumerate(to_string(old)):
        table.setdefault(ord(letter), to[place] if place < len(to) else None)
    return to_string(text).translate(table)


@HERE.add("substr", 2, 3)
def _substr(scope: Scope, text: Value, start: Value, *end: Value) -> Value:
    """Cut from one place to before another, counted from 0; below 0 from the end."""
    whole = to_string(text)
    first = to_number(start, scope.world.zone)
    last = to_number(end[0], scope.world.zone) if end else float(len(whole))
    if math.isnan(first) or math.isnan(last):
        return ""
    places = [int(max(-len(whole), min(len(whole), place))) for place in (first, last)]
    return whole[places[0] : places[1]]


@HERE.add("substring", 2, 3)
def _substring(scope: Scope, text: Value, start: Value, *length: Value) -> Value:
    """Cut as XPath 1.0 does, counted from 1."""
    whole, zone = to_string(text), scope.world.zone
    first = math.floor(to_number(start, zone) + 0.5) if math.isfinite(to_number(start, zone)) else 0
    if not length:
        return whole[max(first - 1, 0) :]
    wanted = to_number(length[0], zone)
    if math.isnan(wanted):
        return ""
    last = len(whole) if math.isinf(wanted) else first - 1 + math.floor(wanted + 0.5)
    return whole[max(first - 1, 0) : max(last, 0)]


@HERE.add("substring-before", 2)
def _substring_before(_scope: Scope, text: Value, part: Value) -> Value:
    before, found, _after = to_string(text).partition(to_string(part) or "\0")
    return before if found else ""


@HERE.add("substring-after", 2)
def _substring_after(_scope: Scope, text: Value, part: Value) -> Value:
    if to_string(part) == "":
        return to_string(text)
    return to_string(text).partition(to_string(part))[2]


@lru_cache(maxsize=500)
def _pattern(text: str) -> re.Pattern[str] | None:
    try:
        return re.compile(text)
    except re.error:
        return None


@HERE.add("regex", 2)
def _regex(_scope: Scope, text: Value, pattern: Value) -> Value:
    """Say whether the whole text matches; a pattern that cannot be read matches nothing."""
    found = _pattern(to_string(pattern))
    return bool(found and found.fullmatch(to_string(text)))


@HERE.add("uuid", 0, 1)
def _uuid(scope: Scope, *_length: Value) -> Value:
    return scope.world.new_id()


_DIGESTS = {
    "MD5": "md5",
    "SHA-1": "sha1",
    "SHA-256": "sha256",
    "SHA-384": "sha384",
    "SHA-512": "sha512",
}


@HERE.add("digest", 2, 3)
def _digest(_scope: Scope, text: Value, algorithm: Value, *encoding: Value) -> Value:
    name = _DIGESTS.get(to_string(algorithm).upper())
    if name is None:
        return ""
    # The form asks for the algorithm; nothing here is protected by it.
    raw = hashlib.new(name, to_string(text).encode(), usedforsecurity=False).digest()
    wanted = to_string(encoding[0]) if encoding else "base64"
    return raw.hex() if wanted == "hex" else base64.b64encode(raw).decode()


@HERE.add("base64-decode", 1)
def _base64_decode(_scope: Scope, text: Value) -> Value:
    try:
        return base64.b64decode(to_string(text), validate=True).decode()
    except ValueError:
        return ""


@HERE.add("thousands-sep", 1)
def _thousands_sep(scope: Scope, value: Value) -> Value:
    number = to_number(value, scope.world.zone)
    if math.isnan(number):
        return to_string(value)
    return f"{number:,.10g}".rstrip(".") if abs(number) < 1e15 else to_string(value)
