"""A mediation case from its document: every name known, every number finite, nothing guessed."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from fractions import Fraction
from functools import reduce
from numbers import Rational, Real

import numpy as np

from kelisim.core.errors import CaseRefused, listed, nearest
from kelisim.engine.settlement.model import Case, Issue, Points, Remark

LARGEST_TOTAL = 10**15
"""A party's points must be writable as whole units that sum to no more than this."""

SIMPLE = 10**6
"""A fraction is simple up to this denominator."""

FINEST_ENTITLEMENT = 1000
ENTITLEMENT_TOLERANCE = Fraction(1, 10**6)

_KEYS = ("parties", "issues", "points", "entitlement", "disagreement", "title", "events")

Worths = list[list[Fraction]]
"""One list an issue, one number an option."""


def read_case(document: Mapping[str, object]) -> Case:
    """Return the case that a document describes.

    Parameters
    ----------
    document
        ``parties``, ``issues``, ``points`` and optionally ``entitlement`` and ``disagreement``, as
        in the contract. Points are non-negative numbers of any scale, read exactly.
        ``title`` and ``events`` are for others and not read.

    Raises
    ------
    CaseRefused
        A name is unknown, missing or doubled, a number is negative, not finite or too fine, the
        entitlements do not sum to 1, or a party's points say nothing.

    Examples
    --------
    >>> case = read_case({"parties": ["A", "B"], "issues": [{"name": "land", "divisible": True}],
    ...                   "points": {"A": {"land": 7.5}, "B": {"land": 100}}})
    >>> case.points[0].tolist(), case.unit
    ([[1], [1]], (Fraction(15, 2), Fraction(100, 1)))
    """
    _only(document, _KEYS, "the case")
    parties = _names(document.get("parties"), "parties", "party", least=2)
    issues = _issues(document.get("issues"))
    written = _by_name(document.get("points"), parties, "points", "party")
    raw = [_of_party(party, written[party], issues) for party in parties]
    aside = _optional(document.get("disagreement"), parties, "disagreement")
    scaled = [
        _whole(party, worths, Fraction(0) if aside is None else aside[party])
        for party, worths in zip(parties, raw, strict=True)
    ]
    return Case(
        parties=parties,
        issues=issues,
        points=_tables([units for _, units, _ in scaled]),
        unit=tuple(unit for unit, _, _ in scaled),
        entitlement=_entitlement(document.get("entitlement"), parties),
        disagreement=tuple(floor for _, _, floor in scaled),
        remarks=tuple(_remarks(parties, issues, raw)),
    )


def _only(given: Mapping[str, object], known: Sequence[str], where: str) -> None:
    unknown = [key for key in given if key not in known]
    if unknown:
        raise CaseRefused(
            f"There is no key {listed(unknown)} in the description of a case.",
            where=where,
            do=nearest(unknown[0], known) or f"The keys are {listed(known)}.",
        )


def _names(given: object, where: str, one: str, least: int) -> tuple[str, ...]:
    if not isinstance(given, list | tuple) or not all(isinstance(n, str) and n for n in given):
        raise CaseRefused(
            f"'{where}' is not a list of names.", where=where, do=f"Give every {one} a name."
        )
    twice = sorted({name for name in given if given.count(name) > 1})
    if twice:
        raise CaseRefused(
            f"The {one} {listed(twice)} is named twice.",
            where=where,
            why="An answer could not say which of them it means.",
            do=f"Give every {one} a name of its own.",
        )
    if len(given) < least:
        raise CaseRefused(
            f"There is {len(given) or 'no'} {one}, and at least {least} are needed.",
            where=where,
            do=f"Name every {one}.",
        )
    return tuple(given)


def _issues(given: object) -> tuple[Issue, ...]:
    if not isinstance(given, list | tuple) or not given:
        raise CaseRefused(
            "The case has no issues.",
            where="issues",
            why="There is nothing to settle.",
            do='Name at least one: {"name": ..., "options": [...]} or {"name": ..., '
            '"divisible": true}.',
        )
    issues = [_issue(k, issue) for k, issue in enumerate(given, start=1)]
    _names([issue.name for issue in issues], "issues", "issue", least=1)
    return tuple(issues)


def _issue(position: int, given: object) -> Issue:
    name = given.get("name") if isinstance(given, Mapping) else None
    if not isinstance(given, Mapping) or not isinstance(name, str) or not name:
        raise CaseRefused(
            "The issue has no name.", where=f"issue {position}", do="Write its 'name'."
        )
    where = f"issue '{name}'"
    _only(given, ("name", "options", "divisible"), where)
    if given.get("divisible", False) not in (True, False):
        raise CaseRefused("'divisible' is neither true nor false.", where=where, do="Write one.")
    if bool(given.get("divisible")) == ("options" in given):
        raise CaseRefused(
            "The issue must have either options or 'divisible': true.",
            where=where,
            why="It is decided by one of its options or divided into shares, never both.",
            do="Add the missing one, or take one of the two away.",
        )
    if "options" not in given:
        return Issue(name)
    return Issue(name, _names(given["options"], where, "option", least=2))


def _by_name(given: object, names: Sequence[str], where: str, one: str) -> Mapping[str, object]:
    """Return a mapping that has every name and no other."""
    if not isinstance(given, Mapping):
        raise CaseRefused(
            f"The points are not given by {one}.",
            where=where,
            do=f"Write a number for every {one}: {listed(names)}.",
        )
    unknown = [str(name) for name in given if name not in names]
    if unknown:
        raise CaseRefused(
            f"There is no {one} {listed(unknown)} in the case.",
            where=where,
            do=nearest(unknown[0], names) or f"The names are {listed(names)}.",
        )
    missing = [name for name in names if name not in given]
    if missing:
        raise CaseRefused(
            f"The {one} {listed(missing)} has no points.",
            where=where,
            why="What is worth nothing must be said to be worth nothing, not left out.",
            do="Write its points; 0 is allowed.",
        )
    return given


def read_number(given: object, where: str) -> Fraction:
    """Return a non-negative number exactly as it is written."""
    number = _exact(given)
    if number is None:
        raise CaseRefused(f"{given!r} is not a finite number.", where=where, do="Write a number.")
    if number < 0:
        raise CaseRefused(
            f"{given} is negative.",
            where=where,
            why="Points say how much an outcome is worth; the worst outcome is worth 0.",
            do="Give the worst option 0 points and the others what they are worth above it.",
        )
    return number


def _exact(given: object) -> Fraction | None:
    """Return a number exactly, or None if it is no finite number.

    A double stands for the simplest fraction that is stored as it (33.333333333333336 for 100/3),
    or, where none is simple, for the decimal it prints as.
    """
    if isinstance(given, bool) or not isinstance(given, Real):
        return None
    if isinstance(given, Rational):
        return Fraction(int(given.numerator), int(given.denominator))
    if not math.isfinite(given):
        return None
    simple = Fraction(float(given)).limit_denominator(SIMPLE)
    return simple if float(simple) == given else Fraction(repr(float(given)))


def _of_party(party: str, given: object, issues: Sequence[Issue]) -> Worths:
    where = f"points of '{party}'"
    written = _by_name(given, [issue.name for issue in issues], where, "issue")
    worths: Worths = []
    for issue in issues:
        place = f"{where}, issue '{issue.name}'"
        if issue.divisible:
            worths.append([read_number(written[issue.name], place)])
            continue
        by_option = _by_name(written[issue.name], issue.options, place, "option")
        worths.append([read_number(by_option[o], f"{place}, option '{o}'") for o in issue.options])
    if not any(any(worth) for worth in worths):
        raise CaseRefused(
            "Every point is 0.",
            where=where,
            why="A party that wants nothing cannot be given a fair share of it.",
            do="Ask the party what matters to it.",
        )
    return worths


def _optional(given: object, parties: Sequence[str], where: str) -> dict[str, Fraction] | None:
    if given is None:
        return None
    by_party = _by_name(given, parties, where, "party")
    return {party: read_number(by_party[party], f"{where} of '{party}'") for party in parties}


def _whole(party: str, worths: Worths, floor: Fraction) -> tuple[Fraction, list[list[int]], int]:
    """Return a party's unit, its points in whole units, and its disagreement in whole units."""
    every = [number for worth in worths for number in worth] + [floor]
    below = math.lcm(*(number.denominator for number in every))
    common = reduce(math.gcd, (int(number * below) for number in every))
    unit = Fraction(common, below)
    units = [[int(number / unit) for number in worth] for worth in worths]
    total = sum(max(worth) for worth in units)
    if max(total, int(floor / unit)) > LARGEST_TOTAL:
        raise CaseRefused(
            f"The points span too many digits: in whole units they sum to {total}.",
            where=f"points of '{party}'",
            why=f"Exact answers are computed for sums up to {LARGEST_TOTAL}.",
            do="Round the points, for example to whole numbers that sum to 100 or 1000.",
        )
    return unit, units, int(floor / unit)


def _tables(by_party: Sequence[Sequence[Sequence[int]]]) -> tuple[Points, ...]:
    return tuple(np.array(rows, dtype=np.int64) for rows in zip(*by_party, strict=True))


def _entitlement(given: object, parties: Sequence[str]) -> tuple[Fraction, ...]:
    shares = _optional(given, parties, "entitlement")
    if shares is None:
        return (Fraction(1, len(parties)),) * len(parties)
    near = [shares[party].limit_denominator(FINEST_ENTITLEMENT) for party in parties]
    off = max(abs(a - shares[party]) for a, party in zip(near, parties, strict=True))
    if sum(near) != 1 or off > ENTITLEMENT_TOLERANCE or min(near) == 0:
        raise CaseRefused(
            f"The entitlements are not positive shares that sum to 1: they sum to "
            f"{float(sum(shares.values())):g}.",
            where="entitlement",
            why="A share of the whole must be divided without a remainder, in steps no finer "
            f"than 1/{FINEST_ENTITLEMENT}.",
            do="Write shares such as 0.5 and 0.5, or leave them out for equal shares.",
        )
    return tuple(near)


def _remarks(
    parties: Sequence[str], issues: Sequence[Issue], raw: Sequence[Worths]
) -> Iterable[Remark]:
    for party, worths in zip(parties, raw, strict=True):
        wanted = [issue.name for issue, w in zip(issues, worths, strict=True) if any(w)]
        if len(wanted) == 1 and len(issues) > 1:
            yield Remark("all_on_one_issue", {"party": party, "issue": wanted[0]})
        for issue, w in zip(issues, worths, strict=True):
            if len(w) > 1 and len(set(w)) == 1 and w[0] > 0:
                yield Remark("indifferent", {"party": party, "issue": issue.name})
    for a in range(len(parties)):
        for b in range(a):
            if raw[a] == raw[b] and len(issues) > 1:
                yield Remark("same_points", {"party": parties[b], "other": parties[a]})
