"""Refusals: what is wrong, where, why it matters, and what to do next.

A refusal is an answer to a person, not a failure of the program. Every kind has a stable ``code``
that documentation and other programs may rely on; the list is in docs/reference/errors.md.
"""

from __future__ import annotations

from collections.abc import Iterable
from difflib import get_close_matches
from typing import ClassVar


class Refusal(Exception):
    """An input that is not accepted.

    Parameters
    ----------
    what
        One sentence: what is wrong.
    where
        The file and line, column, stratum or key it was found at.
    why
        One sentence: why it cannot be let through.
    do
        One sentence: what to do next.
    """

    code: ClassVar[str] = "refused"

    def __init__(self, what: str, *, where: str = "", why: str = "", do: str = "") -> None:
        self.what = what
        self.where = where
        self.why = why
        self.do = do
        super().__init__(what)

    def __str__(self) -> str:
        place = f"{self.where}: " if self.where else ""
        return " ".join(part for part in (place + self.what, self.why, self.do) if part)

    def as_dict(self) -> dict[str, str]:
        """Return the refusal as plain words, for a program that reads it."""
        return {
            "code": self.code,
            "what": self.what,
            "where": self.where,
            "why": self.why,
            "do": self.do,
        }


class FileRefused(Refusal):
    """A file is missing, empty, of an unknown kind or in a wrong encoding."""

    code = "file"


class SettingRefused(Refusal):
    """A key or a value of study.toml is not known or not of the right kind."""

    code = "setting"


class ColumnRefused(Refusal):
    """A column is missing, or named twice."""

    code = "column"


class ValueRefused(Refusal):
    """A cell holds something that its column cannot hold."""

    code = "value"


class WeightRefused(Refusal):
    """A weight is missing, zero, negative or not finite."""

    code = "weight"


class IdRefused(Refusal):
    """An identifier occurs twice."""

    code = "identifier"


class LonelyPsu(Refusal):
    """A stratum holds a single primary sampling unit, so its variance cannot be estimated."""

    code = "lonely-psu"


class DesignRefused(Refusal):
    """The sampling design contradicts itself, such as a unit in two strata."""

    code = "design"


class MarginRefused(Refusal):
    """A margin and the sample do not have the same categories, or margins have different totals."""

    code = "margin"


class NotConverged(Refusal):
    """Weights that meet every margin do not exist or were not found; none are returned."""

    code = "not-converged"


class IndicatorRefused(Refusal):
    """An indicator is defined twice, or asks for something its column cannot give."""

    code = "indicator"


class QuestionnaireRefused(Refusal):
    """The questionnaire is not a readable XLSForm."""

    code = "questionnaire"


class OutputRefused(Refusal):
    """The output folder exists already or cannot be written."""

    code = "output"


class PeerMissing(Refusal):
    """A program to be compared with is not installed."""

    code = "peer-missing"


class CaseRefused(Refusal):
    """A mediation case contradicts itself, or a party's points cannot be read as preferences."""

    code = "case"


class NotSolved(Refusal):
    """No package that satisfies the case was found within the time given."""

    code = "not-solved"


class RosterRefused(Refusal):
    """A list of cases or mediators to be matched is incomplete or contradicts itself."""

    code = "roster"


class CovarianceRefused(Refusal):
    """A covariance matrix is not one: of a wrong shape, not symmetric, or not positive."""

    code = "covariance"


class RuleRefused(Refusal):
    """No rule of law in the table covers the day or the event that is asked about."""

    code = "rule"


class StepRefused(Refusal):
    """A step of a mediation is not possible now, not for this person, or not complete."""

    code = "step"


class VotesRefused(Refusal):
    """A consultation holds no votes, or names a statement that is not there."""

    code = "votes"


class WavesRefused(Refusal):
    """Two waves cannot be compared: other indicators, other kinds, or the same release twice."""

    code = "waves"


def nearest(word: str, known: Iterable[str]) -> str:
    """Return ``Did you mean 'x'?`` for the closest known word, or an empty text.

    >>> nearest("weigth", ["weight", "strata"])
    "Did you mean 'weight'?"
    >>> nearest("zzz", ["weight"])
    ''
    """
    close = get_close_matches(word, list(known), n=1, cutoff=0.6)
    return f"Did you mean '{close[0]}'?" if close else ""


def listed(words: Iterable[object], most: int = 5) -> str:
    """Return words in quotes, the first few and how many more there are.

    >>> listed("abc")
    "'a', 'b', 'c'"
    >>> listed("abcdefg", most=2)
    "'a', 'b' and 5 more"
    """
    every = [f"'{word}'" for word in words]
    if len(every) <= most:
        return ", ".join(every)
    return f"{', '.join(every[:most])} and {len(every) - most} more"
