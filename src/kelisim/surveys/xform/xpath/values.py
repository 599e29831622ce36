"""The four kinds of values of XPath and how each becomes another; dates count as days."""

from __future__ import annotations

import math
import re
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta, timezone, tzinfo

from kelisim.surveys.xform.node import Node

Value = str | float | bool | list[Node]
"""A text, a number, a truth, or nodes in document order."""

NAN = math.nan
_NUMBER = re.compile(r"\s*-?(?:\d+(?:\.\d*)?|\.\d+)\s*\Z")
_MOMENT = re.compile(
    r"(\d{4})-(\d{2})-(\d{2})"
    r"(?:T(\d{2}):(\d{2})(?::(\d{2})(?:\.(\d{1,6})\d*)?)?(Z|[+-]\d{2}(?::?\d{2})?)?)?\Z"
)
_DAY_SECONDS = 86_400
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def to_string(value: Value) -> str:
    """Return a value as text; of nodes, the first one's text."""
    if isinstance(value, str):
        return value
    if isinstance(value, list):
        return value[0].value() if value else ""
    if isinstance(value, bool):
        return "true" if value else "false"
    return number_text(value)


def number_text(number: float) -> str:
    """Return a number as XPath writes it: whole numbers without a point.

    >>> number_text(3.0), number_text(-0.5), number_text(NAN)
    ('3', '-0.5', 'NaN')
    """
    if math.isnan(number):
        return "NaN"
    if math.isinf(number):
        return "Infinity" if number > 0 else "-Infinity"
    if number == int(number) and abs(number) < 1e21:
        return str(int(number))
    return repr(number)


def to_number(value: Value, zone: tzinfo = UTC) -> float:
    """Return a value as a number: a date as days since 1970, what is no number as NaN.

    >>> to_number("12.5"), to_number("1970-01-11"), to_number("twelve")
    (12.5, 10.0, nan)
    """
    if isinstance(value, float):
        return value
    if isinstance(value, bool):
        return float(value)
    text = to_string(value)
    if _NUMBER.match(text):
        return float(text)
    moment = read_moment(text, zone)
    return NAN if moment is None else days(moment, zone)


def to_boolean(value: Value) -> bool:
    """Return a value as a truth: numbers but 0 and NaN, texts but the empty one, any node."""
    if isinstance(value, float):
        return value != 0 and not math.isnan(value)
    return bool(value)


def read_moment(text: str, zone: tzinfo) -> datetime | None:
    """Return the moment that a date or a date with a time names, or None."""
    match = _MOMENT.match(text.strip())
    if match is None:
        return None
    year, month, day, hour, minute, second, fraction, offset = match.groups()
    micro = int((fraction or "0").ljust(6, "0"))
    try:
        return datetime(
            int(year),
            int(month),
            int(day),
            int(hour or 0),
            int(minute or 0),
            int(second or 0),
            micro,
            _zone(offset, zone),
        )
    except ValueError:
        return None


def _zone(offset: str | None, zone: tzinfo) -> tzinfo:
    if offset is None:
        return zone
    if offset == "Z":
        return UTC
    digits = offset[1:].replace(":", "").ljust(4, "0")
    length = timedelta(hours=int(digits[:2]), minutes=int(digits[2:]))
    return timezone(-length if offset[0] == "-" else length)


def days(moment: datetime, zone: tzinfo) -> float:
    """Return days since 1970-01-01, as the clock on the wall of the zone counts them."""
    wall = moment.astimezone(zone)
    offset = wall.utcoffset() or timedelta()
    return ((moment - _EPOCH).total_seconds() + offset.total_seconds()) / _DAY_SECONDS


def from_days(number: float, zone: tzinfo) -> datetime | None:
    """Return the moment so many days after 1970-01-01 on the wall of the zone, or None."""
    if math.isnan(number) or abs(number) > 3_000_000:
        return None
    try:
        wall = datetime(1970, 1, 1) + timedelta(days=number)  # noqa: DTZ001  (a clock on a wall)
    except OverflowError:
        return None
    return wall.replace(tzinfo=zone)


def date_of(value: Value, zone: tzinfo) -> date | None:
    """Return the day that a text or a number of days names, or None."""
    moment = moment_of(value, zone)
    return moment.astimezone(zone).date() if moment else None


def moment_of(value: Value, zone: tzinfo) -> datetime | None:
    """Return the moment that a text or a number of days names, or None."""
    if isinstance(value, (bool, float)):
        return from_days(float(value), zone)
    text = to_string(value)
    if _NUMBER.match(text):
        return from_days(float(text), zone)
    return read_moment(text, zone)


def compare(operator: str, left: Value, right: Value, zone: tzinfo) -> bool:
    """Return whether a comparison holds; of nodes, whether it holds for any of them."""
    if isinstance(left, list) or isinstance(right, list):
        return _compare_nodes(operator, left, right, zone)
    if operator in ("=", "!="):
        return _equal(left, right, zone) is (operator == "=")
    return _ordered(operator, to_number(left, zone), to_number(right, zone))


def _compare_nodes(operator: str, left: Value, right: Value, zone: tzinfo) -> bool:
    if isinstance(left, bool) or isinstance(right, bool):
        return compare(operator, to_boolean(left), to_boolean(right), zone)
    ones: list[Value] = [n.value() for n in left] if isinstance(left, list) else [left]
    others: list[Value] = [n.value() for n in right] if isinstance(right, list) else [right]
    return any(compare(operator, one, other, zone) for one in ones for other in others)


def _equal(left: Value, right: Value, zone: tzinfo) -> bool:
    if isinstance(left, bool) or isinstance(right, bool):
        return to_boolean(left) == to_boolean(right)
    if isinstance(left, float) or isinstance(right, float):
        return to_number(left, zone) == to_number(right, zone)
    return left == right


_ORDER: dict[str, Callable[[float, float], bool]] = {
    "<": lambda a, b: a < b,
    "<=": lambda a, b: a <= b,
    ">": lambda a, b: a > b,
    ">=": lambda a, b: a >= b,
}


def _ordered(operator: str, left: float, right: float) -> bool:
    return _ORDER[operator](left, right)
