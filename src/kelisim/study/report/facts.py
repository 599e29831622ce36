"""The estimates frame read back as what a report is about: indicators, answers, groups."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import polars as pl

from kelisim.study.model import IndicatorSettings, PollResult

MODELLED = ("mrp", "fay-herriot")
"""Methods of a model of small areas."""

Group = tuple[tuple[str, str], ...]
"""Column and value, one a column crossed; empty for the nation."""


@dataclass(frozen=True, slots=True)
class Estimate:
    """A row of the estimates; numbers that do not exist are None."""

    category: str
    group: Group
    n: int | None
    estimate: float | None
    se: float | None
    low: float | None
    high: float | None
    df: float | None
    deff: float | None
    note: str


@dataclass(frozen=True, slots=True)
class GroupSet:
    """The estimates of one answer in all groups of one set of columns."""

    columns: tuple[str, ...]
    rows: tuple[Estimate, ...]


@dataclass(frozen=True, slots=True)
class Answer:
    """One category of an indicator, or its only number: the nation, and sets of groups."""

    category: str
    nation: Estimate | None
    sets: tuple[GroupSet, ...]


@dataclass(frozen=True, slots=True)
class IndicatorFacts:
    """All estimates of one indicator by one method, the answers in the order of their list."""

    settings: IndicatorSettings
    method: str
    answers: tuple[Answer, ...]

    @property
    def modelled(self) -> bool:
        """Whether a model of small areas made the numbers."""
        return self.method in MODELLED

    @property
    def share(self) -> bool:
        """Whether the numbers are shares of 1."""
        kind = self.settings.kind
        return kind == "categorical" or (kind == "mean" and bool(self.settings.yes))

    @property
    def leading(self) -> Answer:
        """The answer most people gave; the first one where none has an estimate."""
        return max(self.answers, key=lambda answer: _known(answer.nation))

    def estimates(self) -> Iterable[Estimate]:
        """Yield every estimate."""
        for answer in self.answers:
            yield from (answer.nation,) if answer.nation else ()
            for one in answer.sets:
                yield from one.rows


def _known(estimate: Estimate | None) -> float:
    if estimate is None or estimate.estimate is None:
        return float("-inf")
    return estimate.estimate


def group_of(domain: str) -> Group:
    """Read a domain as the estimates write it.

    A value may itself hold a semicolon; a part without an equals sign belongs to the value before.

    >>> group_of("region=KZ-10;Gender=Female")
    (('region', 'KZ-10'), ('Gender', 'Female'))
    >>> group_of("party=Left; Green")
    (('party', 'Left; Green'),)
    """
    parts: list[str] = []
    for part in domain.split(";") if domain else []:
        if parts and "=" not in part:
            parts[-1] += f";{part}"
        else:
            parts.append(part)
    pairs = (part.partition("=") for part in parts)
    return tuple((column, value) for column, _, value in pairs)


def indicators(result: PollResult) -> tuple[IndicatorFacts, ...]:
    """Return the facts of every indicator, in the order of the study."""
    rows = _rows(result.estimates)
    return tuple(
        _facts(settings, method, by_category, result)
        for settings in result.study.indicators
        for method, by_category in rows.get(settings.name, {}).items()
    )


_ByCategory = dict[str, list[Estimate]]


def _rows(frame: pl.DataFrame) -> dict[str, dict[str, _ByCategory]]:
    found: dict[str, dict[str, _ByCategory]] = {}
    groups: dict[str, Group] = {}
    for row in frame.iter_rows(named=True):
        domain = row["domain"] or ""
        group = groups.setdefault(domain, group_of(domain))
        by_method = found.setdefault(row["indicator"], {})
        by_category = by_method.setdefault(row["method"], {})
        by_category.setdefault(row["category"] or "", []).append(_estimate(row, group))
    return found


def _estimate(row: Mapping[str, Any], group: Group) -> Estimate:
    return Estimate(
        category=row["category"] or "",
        group=group,
        n=None if row["n"] is None else int(row["n"]),
        estimate=_float(row["estimate"]),
        se=_float(row["se"]),
        low=_float(row["ci_low"]),
        high=_float(row["ci_high"]),
        df=_float(row["df"]),
        deff=_float(row["deff"]),
        note=row["note"] or "",
    )


def _float(value: float | None) -> float | None:
    return None if value is None or math.isnan(value) else float(value)


def _facts(
    settings: IndicatorSettings, method: str, rows: _ByCategory, result: PollResult
) -> IndicatorFacts:
    listed = {value: place for place, value in enumerate(_listed(settings, result))}
    order = sorted(rows, key=lambda category: listed.get(category, len(listed)))
    return IndicatorFacts(
        settings, method, tuple(_answer(category, rows[category]) for category in order)
    )


def _listed(settings: IndicatorSettings, result: PollResult) -> Iterable[str]:
    return result.labels.values.get(settings.column or "", {})


def _answer(category: str, rows: list[Estimate]) -> Answer:
    nation = next((row for row in rows if not row.group), None)
    sets: dict[tuple[str, ...], list[Estimate]] = {}
    for row in rows:
        if row.group:
            sets.setdefault(tuple(column for column, _ in row.group), []).append(row)
    return Answer(category, nation, tuple(GroupSet(by, tuple(found)) for by, found in sets.items()))
