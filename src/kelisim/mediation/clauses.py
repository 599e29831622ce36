"""The single text: clauses in three languages, what changed in them, and whether they agree.

A clause is a list of versions in the joint room; the newest of each is the text. Numbers, dates and
names must be the same in every language: a reader of one must be bound by what the others read.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from difflib import SequenceMatcher
from functools import cache
from typing import Any, Literal

from babel.dates import get_month_names

LANGUAGES = ("kk", "ru", "en")
SECTIONS = ("subject", "terms", "performance", "consequences", "other")
_DIGITS = re.compile(r"\d+(?:[   .,]\d{3})*(?![   .,]?\d)(?:[.,]\d+)?|\d+(?:[.,]\d+)?")
_WORD = re.compile(r"\w+|[^\w\s]|\s+")

Fact = tuple[Literal["number", "date", "party"], str]


@dataclass(frozen=True, slots=True)
class Clause:
    """One clause as it stands.

    Attributes
    ----------
    key
        The same through all versions.
    texts
        Language to words.
    due, side
        For a promise: by when (ISO), and whose; empty otherwise.
    """

    key: str
    section: str
    position: int
    texts: Mapping[str, str]
    due: str = ""
    side: str = ""


@dataclass(frozen=True, slots=True)
class Mismatch:
    """A fact that stands in one language and not in another, or more often."""

    clause: str
    kind: str
    value: str
    has: str
    lacks: str


def current(versions: Iterable[Mapping[str, Any]]) -> list[Clause]:
    """Return the clauses as the last version of each has them, in order; removed ones are gone."""
    newest: dict[str, Mapping[str, Any]] = {}
    for version in versions:
        newest[version["clause"]] = version
    kept = [_clause(version) for version in newest.values() if not version.get("gone")]
    return sorted(kept, key=lambda clause: (SECTIONS.index(clause.section), clause.position))


def _clause(version: Mapping[str, Any]) -> Clause:
    texts = {language: str(version.get(language, "")).strip() for language in LANGUAGES}
    return Clause(
        key=version["clause"],
        section=version["section"],
        position=int(version.get("position", 0)),
        texts=texts,
        due=str(version.get("due", "")),
        side=str(version.get("side", "")),
    )


Mark = Literal["same", "added", "removed"]


def redline(before: str, after: str) -> list[tuple[Mark, str]]:
    """Return what was kept, added and removed between two versions, word by word.

    Examples
    --------
    >>> redline("pay 100 by May", "pay 120 by May")
    [('same', 'pay '), ('removed', '100'), ('added', '120'), ('same', ' by May')]
    """
    old, new = _WORD.findall(before), _WORD.findall(after)
    marks: list[tuple[Mark, str]] = []
    for kind, a, b, c, d in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if kind == "equal":
            marks.append(("same", "".join(old[a:b])))
            continue
        if b > a:
            marks.append(("removed", "".join(old[a:b])))
        if d > c:
            marks.append(("added", "".join(new[c:d])))
    return marks


def facts(text: str, language: str, parties: Sequence[str]) -> Counter[Fact]:
    """Return the numbers, dates and party names of a text, each as often as it occurs.

    Examples
    --------
    >>> sorted(facts("1 200 000 теңге, 2026 жылғы 1 желтоқсанға дейін", "kk", []))
    [('date', '2026-12-01'), ('number', '1200000')]
    """
    found: Counter[Fact] = Counter()
    rest = text
    for pattern, order in _dates(language):
        for match in pattern.finditer(rest):
            day = _day(match, order, language)
            if day:
                found["date", day] += 1
        rest = pattern.sub(lambda m: "" if _day(m, order, language) else m.group(), rest)  # noqa: B023  (called at once)
    for name in sorted(parties, key=len, reverse=True):
        if name:
            found["party", name] += rest.count(name)
            rest = rest.replace(name, " ")
    for match in _DIGITS.finditer(rest):
        found["number", _number(match.group())] += 1
    return +found


def mismatches(clause: Clause, parties: Sequence[str]) -> Iterator[Mismatch]:
    """Yield every fact on which the languages of a clause disagree."""
    told = {lang: facts(text, lang, parties) for lang, text in clause.texts.items() if text}
    languages = list(told)
    for one in languages:
        for other in languages:
            for kind, value in told[one] - told[other]:
                yield Mismatch(clause.key, kind, value, one, other)


def missing_languages(clause: Clause) -> list[str]:
    """Return the languages in which a clause has no words yet."""
    return [language for language in LANGUAGES if not clause.texts[language]]


def _number(text: str) -> str:
    """Return a number in one spelling: no separators of thousands, a point before decimals."""
    plain = re.sub(r"[   ]", "", text)
    if re.fullmatch(r"\d{1,3}(?:[.,]\d{3})+", plain):
        return re.sub(r"[.,]", "", plain)
    head, mark, tail = plain.rpartition("." if plain.rfind(".") > plain.rfind(",") else ",")
    if not mark:
        return plain.lstrip("0") or "0"
    whole = re.sub(r"[.,]", "", head).lstrip("0") or "0"
    decimals = tail.rstrip("0")
    return f"{whole}.{decimals}" if decimals else whole


@cache
def _months(language: str) -> dict[str, int]:
    names: dict[str, int] = {}
    for context in ("format", "stand-alone"):
        for number, name in get_month_names("wide", context, language).items():
            names[name.lower()] = number
    return names


@cache
def _dates(language: str) -> list[tuple[re.Pattern[str], str]]:
    month = "|".join(sorted(map(re.escape, _months(language)), key=len, reverse=True))
    ending = r"\w*" if language == "kk" else ""
    return [
        (re.compile(r"\b(\d{4})-(\d{2})-(\d{2})\b"), "ymd"),
        (re.compile(r"\b(\d{1,2})\.(\d{1,2})\.(\d{4})\b"), "dmy"),
        (
            re.compile(rf"\b(\d{{4}})\s+(?:жылғы|ж\.?)\s+(\d{{1,2}})\s+({month}){ending}", re.I),
            "ydm",
        ),
        (
            re.compile(rf"\b(\d{{1,2}})\s+({month}){ending}\s+(\d{{4}})(?:\s+(?:года|г\.))?", re.I),
            "dmy",
        ),
        (re.compile(rf"\b({month})\s+(\d{{1,2}}),?\s+(\d{{4}})\b", re.I), "mdy"),
    ]


def _day(match: re.Match[str], order: str, language: str) -> str:
    parts = dict(zip(order, match.groups(), strict=True))
    month = _months(language).get(parts["m"].lower()) or int(parts["m"])
    try:
        return date(int(parts["y"]), month, int(parts["d"])).isoformat()
    except ValueError:
        return ""
