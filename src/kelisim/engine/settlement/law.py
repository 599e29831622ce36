"""The terms of mediation as dated, cited data: nothing here is an ``if``, everything has a source.

No rule below has been signed by a lawyer of Kazakhstan yet, so each one says "not confirmed" to
whoever relies on it; ``basis`` tells whether its article was read or is written from memory.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal

from kelisim.core.errors import RuleRefused

Unit = Literal["calendar", "working"]
Basis = Literal["read", "memory", "house"]


@dataclass(frozen=True, slots=True)
class Rule:
    """One term of law.

    Attributes
    ----------
    key
        What it is called here, such as ``term``.
    starts
        The event whose day begins the term; the first day counted is the day after.
    days, unit
        Its length.
    article, source
        Where it is written, and where it was found.
    basis
        Whether the article was read in that source, is from memory, or is a rule of our own house.
    reviewer, reviewed_on
        Who confirmed it, and when; empty while nobody has.
    """

    key: str
    starts: str
    days: int
    unit: Unit
    article: str
    source: str
    basis: Basis
    reviewer: str = ""
    reviewed_on: date | None = None

    @property
    def confirmed(self) -> bool:
        """Whether a named person has confirmed the rule."""
        return bool(self.reviewer and self.reviewed_on)


@dataclass(frozen=True, slots=True)
class LegalProfile:
    """The rules of a country in the wording that holds from a day on.

    Attributes
    ----------
    version
        Named in every answer, so that a decision can be repeated.
    valid_from
        The first day of the wording. A case keeps the profile of its own day.
    """

    country: str
    version: str
    valid_from: date
    rules: tuple[Rule, ...]

    def rule(self, key: str) -> Rule:
        """Return a rule by its key.

        Raises
        ------
        RuleRefused
            The profile has no such rule.
        """
        for rule in self.rules:
            if rule.key == key:
                return rule
        raise RuleRefused(
            f"There is no rule '{key}' for {self.country} in version {self.version}.",
            why="A date without a rule would be an invention.",
            do="Add the rule, with its article and source, to the profile.",
        )


SILENCE, TERM, EXTENSION, WHOLE, COURT = "silence", "term", "extension", "whole", "court"

_LAW = "Law of Kazakhstan 'On Mediation' No. 401-IV of 28 January 2011"

KAZAKHSTAN = LegalProfile(
    country="KZ",
    version="KZ-401-IV/2024-05-01",
    valid_from=date(2011, 1, 28),
    rules=(
        Rule(
            SILENCE,
            "proposal_sent",
            10,
            "calendar",
            "Article 20",
            f"{_LAW}, kodeksy-kz.com, as of 1 May 2024; the end of the sentence is not checked",
            "read",
        ),
        Rule(TERM, "agreement_concluded", 30, "calendar", "Articles 22-24", _LAW, "memory"),
        Rule(EXTENSION, "term_ends", 30, "calendar", "Articles 22-24", _LAW, "memory"),
        Rule(WHOLE, "agreement_concluded", 60, "calendar", "Articles 22-24", _LAW, "memory"),
        Rule(
            COURT,
            "court_suspended",
            10,
            "working",
            "Civil Procedure Code, suspension for a mediation settlement",
            "signumlaw.com",
            "read",
        ),
    ),
)
"""Articles as project research found them; the day the Law came into force is not checked."""


def profile_on(day: date, profiles: Sequence[LegalProfile] = (KAZAKHSTAN,)) -> LegalProfile:
    """Return the profile whose wording holds on a day.

    Raises
    ------
    RuleRefused
        The day is before every profile.

    Examples
    --------
    >>> profile_on(date(2026, 3, 2)).version
    'KZ-401-IV/2024-05-01'
    """
    valid = [profile for profile in profiles if profile.valid_from <= day]
    if not valid:
        raise RuleRefused(
            f"No rules on mediation are known for {day.isoformat()}.",
            why="The day is before the first wording in the table.",
            do="Check the date, or add the wording of that time.",
        )
    return max(valid, key=lambda profile: profile.valid_from)
