"""Days and times: what today is, how dates are written, what they are as numbers."""

from __future__ import annotations

import re
from datetime import datetime

from babel import Locale
from babel.dates import get_day_names, get_month_names

from kelisim.surveys.xform.xpath.functions.registry import Shelf
from kelisim.surveys.xform.xpath.scope import Scope
from kelisim.surveys.xform.xpath.values import NAN, Value, days, moment_of, to_string

HERE = Shelf()
_CLOCK = re.compile(r"(\d{1,2}):(\d{2})(?::(\d{2}(?:\.\d+)?))?(?:Z|[+-]\d{2}(?::?\d{2})?)?\Z")


def moment_text(moment: datetime) -> str:
    """Return a moment as forms write it, with milliseconds and its offset."""
    return moment.isoformat(timespec="milliseconds")


@HERE.add("today")
def _today(scope: Scope) -> Value:
    return scope.world.clock.now().astimezone(scope.world.zone).date().isoformat()


@HERE.add("now")
def _now(scope: Scope) -> Value:
    return moment_text(scope.world.clock.now().astimezone(scope.world.zone))


@HERE.add("date", 1)
def _date(scope: Scope, value: Value) -> Value:
    moment = moment_of(value, scope.world.zone)
    return moment.astimezone(scope.world.zone).date().isoformat() if moment else ""


@HERE.add("date-time", 1)
def _date_time(scope: Scope, value: Value) -> Value:
    moment = moment_of(value, scope.world.zone)
    return moment_text(moment.astimezone(scope.world.zone)) if moment else ""


@HERE.add("decimal-date-time", 1)
def _decimal_date_time(scope: Scope, value: Value) -> Value:
    moment = moment_of(value, scope.world.zone)
    if moment is None:
        return NAN
    offset = moment.utcoffset()
    seconds = offset.total_seconds() if offset else 0.0
    # Days of UTC, as ODK counts them: the same moment is the same number everywhere.
    return days(moment, moment.tzinfo or scope.world.zone) - seconds / 86_400


@HERE.add("decimal-time", 1)
def _decimal_time(_scope: Scope, value: Value) -> Value:
    match = _CLOCK.match(to_string(value).strip())
    if match is None:
        return NAN
    seconds = int(match[1]) * 3600 + int(match[2]) * 60 + float(match[3] or 0)
    return seconds / 86_400


def _names(locale: Locale, moment: datetime) -> dict[str, str]:
    return {
        "b": get_month_names("abbreviated", locale=locale)[moment.month],
        "a": get_day_names("abbreviated", locale=locale)[moment.weekday()],
    }


def _written(moment: datetime, form: str, language: str) -> str:
    locale = Locale(language if language in ("kk", "ru") else "en")
    parts = {
        "Y": f"{moment.year:04d}",
        "y": f"{moment.year % 100:02d}",
        "m": f"{moment.month:02d}",
        "n": f"{moment.month}",
        "d": f"{moment.day:02d}",
        "e": f"{moment.day}",
        "H": f"{moment.hour:02d}",
        "h": f"{moment.hour}",
        "M": f"{moment.minute:02d}",
        "S": f"{moment.second:02d}",
        "3": f"{moment.microsecond // 1000:03d}",
        "%": "%",
    } | _names(locale, moment)
    return re.sub(r"%(.)", lambda found: parts.get(found[1], found[0]), form)


@HERE.add("format-date", 2)
def _format_date(scope: Scope, value: Value, form: Value) -> Value:
    moment = moment_of(value, scope.world.zone)
    if moment is None:
        return ""
    return _written(moment.astimezone(scope.world.zone), to_string(form), scope.world.language)


@HERE.add("format-date-time", 2)
def _format_date_time(scope: Scope, value: Value, form: Value) -> Value:
    return _format_date(scope, value, form)
