"""What is to be estimated: the indicators of a study, checked before any number is touched."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from typing import Any, cast

from kelisim.core.errors import IndicatorRefused, nearest
from kelisim.engine.frame import label

KINDS = ("categorical", "mean", "total", "ratio", "quantile", "variance")
RULES = ("math", "school", "hf7")
"""Quantile rules, with the names of R ``survey``."""


@dataclass(frozen=True, slots=True)
class Indicator:
    """One quantity to estimate.

    Parameters
    ----------
    name
        What the rows of the result are called.
    kind
        ``categorical`` (a share a category), ``mean``, ``total``, ``ratio``, ``quantile``, or
        ``variance`` (of the population).
    column
        The item. A ratio has ``numerator`` and ``denominator`` instead.
    yes
        Categories that count as yes: one share of them instead of a share a category, or a total
        of the people who say so.
    at
        The quantiles wanted, within (0, 1).
    threshold
        A share that decisions are made at; not used in estimation.
    rule
        How a quantile is read off the weighted distribution: ``math``, ``school`` or ``hf7``.

    Raises
    ------
    IndicatorRefused
        The kind or the rule is unknown, or the columns do not fit the kind.

    Examples
    --------
    >>> Indicator("trust", "categorical", "TrustGovernment", yes=["Always"]).yes
    ('Always',)
    """

    name: str
    kind: str
    column: str | None = None
    numerator: str | None = None
    denominator: str | None = None
    yes: object = ()
    at: float | Sequence[float] = ()
    threshold: float | None = None
    rule: str = "math"

    def __post_init__(self) -> None:
        object.__setattr__(self, "yes", tuple(label(value) for value in _several(self.yes)))
        object.__setattr__(self, "at", tuple(_several(self.at)))
        _check_word(self, self.kind, KINDS, "kind of indicator")
        _check_word(self, self.rule, RULES, "rule for quantiles")
        _check_columns(self)
        _check_details(self)

    @property
    def columns(self) -> tuple[str, ...]:
        """The columns read: the item, or numerator and denominator."""
        named = (self.column, self.numerator, self.denominator)
        return tuple(name for name in named if name is not None)

    @property
    def quantiles(self) -> tuple[float, ...]:
        """The quantiles wanted."""
        return cast("tuple[float, ...]", self.at)

    @property
    def accepted(self) -> tuple[str, ...]:
        """The categories that count as yes."""
        return cast("tuple[str, ...]", self.yes)

    @property
    def share(self) -> bool:
        """Whether the estimates are proportions."""
        return self.kind == "categorical" or (self.kind == "mean" and bool(self.yes))


def _several(written: object) -> Sequence[object]:
    """Return one value, or several, as several."""
    if isinstance(written, Sequence) and not isinstance(written, str):
        return written
    return (written,)


def _check_word(indicator: Indicator, word: str, known: tuple[str, ...], what: str) -> None:
    if word not in known:
        do = nearest(word, known) or f"Choose one of {', '.join(known)}."
        raise _refused(indicator, f"'{word}' is not a {what}.", do)


def _check_details(indicator: Indicator) -> None:
    if indicator.yes and indicator.kind not in ("categorical", "mean", "total"):
        raise _refused(
            indicator,
            f"A {indicator.kind} has no categories that count as yes.",
            "Leave yes out, or use kind categorical.",
        )
    if (indicator.kind == "quantile") != bool(indicator.quantiles):
        raise _refused(
            indicator,
            "A quantile, and nothing else, says at which shares it is taken.",
            "Write kind quantile with at = [0.5].",
        )
    if not all(isinstance(p, float) and 0 < p < 1 for p in _several(indicator.at)):
        raise _refused(
            indicator,
            "A quantile is a number strictly between 0 and 1.",
            "Write 0.5 for the median.",
        )


def _check_columns(indicator: Indicator) -> None:
    ratio = indicator.kind == "ratio"
    wanted = (not ratio, ratio, ratio)
    named = (indicator.column, indicator.numerator, indicator.denominator)
    if tuple(name is not None for name in named) != wanted:
        needs = "a numerator and a denominator" if ratio else "a column"
        raise _refused(
            indicator,
            f"An indicator of kind {indicator.kind} names {needs}, and no other column.",
            f"Name {needs}.",
        )


def _refused(indicator: Indicator, what: str, do: str) -> IndicatorRefused:
    return IndicatorRefused(what, where=f"indicator '{indicator.name}'", do=do)


def read_indicators(
    indicators: Sequence[Indicator | Mapping[str, Any]],
) -> tuple[Indicator, ...]:
    """Return indicators as checked objects, whichever way they were written.

    Parameters
    ----------
    indicators
        `Indicator` objects, or mappings with their names as in study.toml; there
        ``threshold = {above = 0.3}`` is 0.3.

    Raises
    ------
    IndicatorRefused
        There is none, a name occurs twice, a key is unknown, or an indicator is refused by itself.
    """
    if not indicators:
        raise IndicatorRefused(
            "There is nothing to estimate.", where="indicators", do="Name at least one indicator."
        )
    read = tuple(one if isinstance(one, Indicator) else _from_mapping(one) for one in indicators)
    twice = [name for name, times in Counter(one.name for one in read).items() if times > 1]
    if twice:
        raise IndicatorRefused(
            f"The indicator '{twice[0]}' is defined twice.",
            where="indicators",
            why="A row of the estimates is known by the name of its indicator.",
            do="Give each indicator a name of its own.",
        )
    return read


def _from_mapping(written: Mapping[str, Any]) -> Indicator:
    if not isinstance(written, Mapping):
        raise IndicatorRefused(
            f"An indicator is written as a {type(written).__name__}.",
            where="indicators",
            do="Write a mapping with a name and a kind, or use Indicator.",
        )
    known = [field.name for field in fields(Indicator)]
    where = f"indicator '{written.get('name', '')}'"
    for key in (key for key in written if key not in known):
        do = nearest(key, known) or f"The keys are {', '.join(known)}."
        raise IndicatorRefused(f"There is no key '{key}'.", where=where, do=do)
    for key in ("name", "kind"):
        if key not in written:
            raise IndicatorRefused(f"The indicator has no {key}.", where=where, do=f"Add a {key}.")
    return Indicator(**{**written, "threshold": _threshold(written.get("threshold"), where)})


def _threshold(written: Any, where: str) -> float | None:
    if not isinstance(written, Mapping):
        return None if written is None else float(written)
    if set(written) != {"above"}:
        raise IndicatorRefused(
            "A threshold has the key 'above' and no other.",
            where=where,
            do="Write threshold = {above = 0.30}.",
        )
    return float(written["above"])
