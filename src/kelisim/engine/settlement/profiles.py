"""The rules of another country, or of a later wording, read from a document: data, not code."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import fields
from datetime import date
from typing import Any, get_args

from kelisim.core.errors import RuleRefused, listed, nearest
from kelisim.engine.settlement.law import (
    EXTENSION,
    SILENCE,
    TERM,
    WHOLE,
    Basis,
    LegalProfile,
    Rule,
    Unit,
)

NEEDED = (SILENCE, TERM, EXTENSION, WHOLE)
_KEYS = tuple(field.name for field in fields(Rule))
_REQUIRED = ("key", "starts", "days", "unit", "article", "source", "basis")


def read_profile(document: Mapping[str, Any]) -> LegalProfile:
    """Return a profile from a document such as a TOML file gives.

    Parameters
    ----------
    document
        ``country``, ``version``, ``valid_from`` (a date or ISO text) and ``rules``, a list of
        mappings with the attributes of `Rule`.

    Raises
    ------
    RuleRefused
        Something is missing, unknown or not of its kind, a rule stands twice, or one that every
        mediation needs is absent.
    """
    for key in ("country", "version", "valid_from", "rules"):
        if not document.get(key):
            raise _refused(f"The profile has no '{key}'.", "profile")
    rules = tuple(_rule(given) for given in document["rules"])
    keys = [rule.key for rule in rules]
    for key in keys:
        if keys.count(key) > 1:
            raise _refused(f"The rule '{key}' stands twice.", f"rule '{key}'")
    absent = [key for key in NEEDED if key not in keys]
    if absent:
        raise _refused(f"The profile has no rule {listed(absent)}.", "rules")
    return LegalProfile(
        str(document["country"]),
        str(document["version"]),
        _day(document["valid_from"], "valid_from"),
        rules,
    )


def _rule(given: Mapping[str, Any]) -> Rule:
    where = f"rule '{given.get('key', '?')}'"
    unknown = [key for key in given if key not in _KEYS]
    if unknown:
        raise _refused(f"There is no attribute '{unknown[0]}'.", where, nearest(unknown[0], _KEYS))
    for key in _REQUIRED:
        if key not in given:
            raise _refused(f"The attribute '{key}' is missing.", where)
    _one_of(given["unit"], get_args(Unit), where)
    _one_of(given["basis"], get_args(Basis), where)
    days = given["days"]
    if not isinstance(days, int) or isinstance(days, bool) or days < 1:
        raise _refused(f"'{days}' is not a number of days.", where)
    reviewed = given.get("reviewed_on")
    return Rule(
        **{key: given[key] for key in _REQUIRED},
        reviewer=str(given.get("reviewer", "")),
        reviewed_on=_day(reviewed, where) if reviewed else None,
    )


def _one_of(word: object, known: Sequence[str], where: str) -> None:
    if word not in known:
        raise _refused(f"'{word}' is not one of {listed(known)}.", where)


def _day(given: object, where: str) -> date:
    if isinstance(given, date):
        return given
    try:
        return date.fromisoformat(str(given))
    except ValueError as cause:
        raise _refused(f"'{given}' is not a day.", where, "Write 2026-03-02.") from cause


def _refused(what: str, where: str, do: str = "") -> RuleRefused:
    return RuleRefused(
        what,
        where=where,
        why="A date may only rest on a rule that is written whole.",
        do=do or "Complete the profile.",
    )
