r"""One value, one sequence of bytes: canonical JSON, canonical CSV and their digests.

JSON follows RFC 8785 (JSON Canonicalization Scheme), so that a verifier written in another
language computes the same digest. CSV follows RFC 4180 with ``\n`` between records.
"""

from __future__ import annotations

import hashlib
import json
import math
import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from io import BufferedIOBase

from kelisim.core.errors import ColumnRefused, ValueRefused, listed

LARGEST_INTEGER = 2**53 - 1
"""Up to here every reader of JSON keeps every integer (RFC 7493)."""

_QUOTED = re.compile(r'[",\r\n]')


def canonical_json(value: object) -> bytes:
    """Return a value as canonical JSON in UTF-8 (RFC 8785).

    Keys are sorted by UTF-16 code units, there is no white space, a number is the shortest text
    that reads back as the same double, text is written as it is and escaped only where it must be.

    Parameters
    ----------
    value
        None, bool, int, float, str, lists or tuples of these, mappings with text keys.

    Raises
    ------
    ValueRefused
        A number is not finite or is an integer that a double would change, a key is not text, text
        holds half of a surrogate pair, or a value is of another type.

    Examples
    --------
    >>> canonical_json({"se": 1e-7, "n": 6000.0, "domain": "Жетісу"}).decode()
    '{"domain":"Жетісу","n":6000,"se":1e-7}'
    """
    return _json(value, "$").encode()


def _json(value: object, path: str) -> str:
    if value is None or isinstance(value, bool | int | float):
        return _json_scalar(value, path)
    if isinstance(value, str):
        return _json_text(value, path)
    if isinstance(value, Mapping):
        return _json_object(value, path)
    if isinstance(value, list | tuple):
        items = (_json(item, f"{path}[{i}]") for i, item in enumerate(value))
        return f"[{','.join(items)}]"
    raise ValueRefused(
        f"A value of type {type(value).__name__} has no form in JSON.",
        where=path,
        do="Turn it into text, a number, a list or a mapping first.",
    )


def _json_scalar(value: bool | int | float | None, path: str) -> str:
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int) and not _survives(value):
        raise ValueRefused(
            f"The integer {value} has more digits than a number of JSON can keep.",
            where=path,
            why="Readers of JSON in other languages would round it, and digests would differ.",
            do="Write it as text.",
        )
    return number_text(value, where=path)


def _survives(value: int) -> bool:
    if abs(value) <= LARGEST_INTEGER:
        return True
    return abs(value) < 10**21 and number_text(float(value)) == str(value)


def _json_text(text: str, path: str) -> str:
    try:
        text.encode()
    except UnicodeEncodeError as cause:
        raise ValueRefused(
            "The text holds half of a surrogate pair, which is not a character.",
            where=path,
            do="Read the source again in its true encoding.",
        ) from cause
    return json.dumps(text, ensure_ascii=False)


def _json_object(value: Mapping[object, object], path: str) -> str:
    for key in value:
        if not isinstance(key, str):
            raise ValueRefused(
                f"The key {key!r} is not text.", where=path, do="Write every key as text."
            )
    keys = sorted(map(str, value), key=lambda key: key.encode("utf-16-be", "surrogatepass"))
    members = (f"{_json_text(key, path)}:{_json(value[key], f'{path}.{key}')}" for key in keys)
    return f"{{{','.join(members)}}}"


def number_text(value: float, *, where: str = "") -> str:
    """Return the shortest text of a number that reads back as the same one (ECMA-262, 6.1.6.1.20).

    Raises
    ------
    ValueRefused
        The number is not finite.

    Examples
    --------
    >>> number_text(0.1), number_text(51.0), number_text(1e21), number_text(-0.0)
    ('0.1', '51', '1e+21', '0')
    """
    if not math.isfinite(value):
        raise ValueRefused(
            f"The number is {'not a number' if math.isnan(value) else 'infinite'}.",
            where=where,
            why="Neither JSON nor a table can hold it.",
            do="Write null where a value is not known.",
        )
    if isinstance(value, int):
        return str(int(value))
    if value == 0:
        return "0"
    sign = "-" if value < 0 else ""
    mantissa, _, exponent = f"{float(abs(value))!r}".partition("e")
    whole, _, fraction = mantissa.partition(".")
    return sign + _place_point(whole, "" if fraction == "0" else fraction, int(exponent or 0))


def _place_point(whole: str, fraction: str, exponent: int) -> str:
    """Place the decimal point as ECMAScript does, given the shortest digits."""
    unpadded = (whole + fraction).lstrip("0")
    point = len(unpadded) - len(fraction) + exponent
    digits = unpadded.rstrip("0")
    if len(digits) <= point <= 21:
        return digits.ljust(point, "0")
    if 0 < point <= 21:
        return f"{digits[:point]}.{digits[point:]}"
    if -6 < point <= 0:
        return f"0.{'0' * -point}{digits}"
    rest = f".{digits[1:]}" if len(digits) > 1 else ""
    return f"{digits[0]}{rest}e{point - 1:+d}"


def canonical_csv(header: Sequence[str], rows: Iterable[Sequence[object]]) -> bytes:
    r"""Return a table as canonical CSV in UTF-8 (RFC 4180, ``\n`` after every record).

    A cell is quoted only where it must be. Null is empty; empty text is ``""``, and so is null in a
    table of one column, since an empty line is no record. Booleans are ``true`` and ``false``,
    dates and times ISO 8601, numbers as in `number_text`.

    Raises
    ------
    ColumnRefused
        There is no column, or a name occurs twice.
    ValueRefused
        A row is longer or shorter than the header, or a cell is not finite or of another type.

    Examples
    --------
    >>> canonical_csv(["region", "share"], [["KZ-10", 0.25], ["Абай, Семей", None]]).decode()
    'region,share\nKZ-10,0.25\n"Абай, Семей",\n'
    """
    names = list(header)
    twice = sorted({name for name in names if names.count(name) > 1})
    if twice or not names:
        raise ColumnRefused(
            f"The column {listed(twice)} occurs twice." if twice else "The table has no column.",
            do="Give every column a name of its own.",
        )
    lines = [_record(names, "header")]
    for position, row in enumerate(rows, start=1):
        if len(row) != len(names):
            raise ValueRefused(
                f"The row has {len(row)} cells, and the header has {len(names)}.",
                where=f"row {position}",
                do="Give every row one cell a column.",
            )
        lines.append(_record(row, f"row {position}"))
    return "".join(f"{line}\n" for line in lines).encode()


def _record(cells: Sequence[object], where: str) -> str:
    return ",".join(_cell(cell, where) for cell in cells) or '""'


def _cell(cell: object, where: str) -> str:
    if cell is None:
        return ""
    if isinstance(cell, bool):
        return "true" if cell else "false"
    if isinstance(cell, int | float):
        return number_text(cell, where=where)
    if isinstance(cell, date):
        return cell.isoformat()
    if isinstance(cell, str):
        return f'"{cell.replace(chr(34), chr(34) * 2)}"' if _must_quote(cell) else cell
    raise ValueRefused(
        f"A cell of type {type(cell).__name__} has no form in a table.",
        where=where,
        do="Turn it into text, a number or a date first.",
    )


def _must_quote(text: str) -> bool:
    return not text or _QUOTED.search(text) is not None


def digest(content: bytes) -> str:
    """Return the SHA-256 digest of bytes in hexadecimal.

    >>> digest(b"abc")[:16]
    'ba7816bf8f01cfea'
    """
    return hashlib.sha256(content).hexdigest()


def digest_of_stream(stream: BufferedIOBase) -> str:
    """Return the SHA-256 digest of what is left to read in an open binary file, piece by piece."""
    return hashlib.file_digest(stream, "sha256").hexdigest()
