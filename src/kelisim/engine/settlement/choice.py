"""One named settlement: what it decides, how it is known to be best, and what holds for it."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import Literal

from kelisim.engine.settlement.model import Package, Vector
from kelisim.engine.settlement.properties import Properties

Method = Literal["adjusted_winner", "nash", "leximin", "kalai_smorodinsky", "utilitarian"]
METHODS: tuple[Method, ...] = (
    "adjusted_winner",
    "nash",
    "leximin",
    "kalai_smorodinsky",
    "utilitarian",
)


@dataclass(frozen=True, slots=True)
class Choice:
    """What a rule picks.

    Attributes
    ----------
    value
        What the rule maximises, for this package, in points of 100: the common satisfaction
        (adjusted winner), the weighted geometric mean of gains (Nash), the least gain or the first
        one that is not proved (leximin, Kalai-Smorodinsky), the weighted mean (utilitarian).
    bound
        No package reaches more; the same number exactly if the choice is proved.
    ties
        The worth of other packages that the rule finds exactly as good, where they were listed.
    """

    method: Method
    package: Package
    value: Fraction | float
    bound: Fraction | float
    ties: tuple[Vector, ...] = ()

    @property
    def proved(self) -> bool:
        """Whether the bound is the value."""
        return self.bound == self.value


@dataclass(frozen=True, slots=True)
class Settlement:
    """A choice with its worth to the parties and the properties that were checked for it.

    Attributes
    ----------
    worth
        Whole units of each party.
    points, of_hundred
        The same in the points the parties wrote, and as points of 100.
    """

    choice: Choice
    worth: Vector
    points: tuple[Fraction, ...]
    of_hundred: tuple[Fraction, ...]
    properties: Properties

    @property
    def method(self) -> Method:
        """Return the name of the rule."""
        return self.choice.method

    @property
    def status(self) -> Literal["proved", "bound"]:
        """Return ``proved`` only if the value equals its bound."""
        return "proved" if self.choice.proved else "bound"

    @property
    def gap(self) -> float:
        """Return how far the bound is above the value, in points of 100; 0 if proved."""
        return max(0.0, float(self.choice.bound - self.choice.value))


@dataclass(frozen=True, slots=True)
class NotOffered:
    """A rule that has nothing to say about a case, and the key of the reason."""

    method: Method
    reason: str
