"""How a contact with a unit of the sample ends, and which AAPOR disposition that is."""

from __future__ import annotations

import re
from typing import Literal

from django.db import models
from django.utils.translation import gettext_lazy as _

_NUMBER = re.compile(r"[1-4](\.\d{1,3})?")
Disposition = Literal["I", "P", "R", "NC", "O", "UH", "UO", "NE"]


class Outcome(models.TextChoices):
    """The outcomes an interviewer chooses from, in the order of the page."""

    COMPLETE = "complete", _("Interview done")
    PARTIAL = "partial", _("Interview broken off, part of it is usable")
    CALL_BACK = "call-back", _("Come back later")
    NO_CONTACT = "no-contact", _("Nobody at home")
    NO_ANSWER = "no-answer", _("No answer, not known who lives there")
    REFUSED = "refused", _("Refused")
    UNABLE = "unable", _("Not able to take part")
    UNREACHABLE = "unreachable", _("Address not found or not accessible")
    NOT_ELIGIBLE = "not-eligible", _("Nobody to be interviewed lives there")


DISPOSITIONS: dict[Outcome, Disposition] = {
    Outcome.COMPLETE: "I",
    Outcome.PARTIAL: "P",
    Outcome.CALL_BACK: "NC",
    Outcome.NO_CONTACT: "NC",
    Outcome.NO_ANSWER: "UH",
    Outcome.REFUSED: "R",
    Outcome.UNABLE: "O",
    Outcome.UNREACHABLE: "UO",
    Outcome.NOT_ELIGIBLE: "NE",
}
"""AAPOR's final disposition (Standard Definitions, 10th edition) if the contact is the last one."""

_CODES = {
    "1.2": Outcome.PARTIAL,
    "1": Outcome.COMPLETE,
    "2.1": Outcome.REFUSED,
    "2.2": Outcome.NO_CONTACT,
    "2": Outcome.UNABLE,
    "3.1": Outcome.NO_ANSWER,
    "3": Outcome.UNREACHABLE,
    "4": Outcome.NOT_ELIGIBLE,
}
"""Beginnings of AAPOR's own numbers, the longest first."""


def outcome_told(text: str) -> Outcome | None:
    """Return the outcome that an interview tells of itself: by our word, AAPOR's letters or number.

    >>> outcome_told("refused"), outcome_told("P"), outcome_told("2.11"), outcome_told("soon")
    (Outcome.REFUSED, Outcome.PARTIAL, Outcome.REFUSED, None)
    """
    word = text.strip()
    if word in Outcome.values:
        return Outcome(word)
    for outcome, letters in DISPOSITIONS.items():
        if letters == word.upper() and outcome is not Outcome.CALL_BACK:
            return outcome
    if not _NUMBER.fullmatch(word):
        return None
    return next(outcome for begin, outcome in _CODES.items() if word.startswith(begin))


FINAL = frozenset(
    {Outcome.COMPLETE, Outcome.PARTIAL, Outcome.REFUSED, Outcome.UNABLE, Outcome.NOT_ELIGIBLE}
)
"""Outcomes after which nobody calls again; the others may be tried once more."""
