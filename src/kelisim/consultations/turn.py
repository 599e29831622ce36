"""What a participant sees after a vote: the next statement, how far they are, their own place."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.core import signing
from django.utils.translation import gettext, ngettext

from kelisim.charts.opinions import OwnShape
from kelisim.consultations import analysis
from kelisim.consultations.analysis import Drawn
from kelisim.consultations.models import Consultation
from kelisim.consultations.models.words import Said
from kelisim.consultations.shelf import Item, shelf

FEW = 3
"""Votes after which a participant has said enough to see what the others said."""

WIDTH = 640
"""Of the map, in its own units."""

SALT = "kelisim.consultations.drawn"
HOURS = 24


@dataclass(frozen=True, slots=True)
class Turn:
    """One turn of a participant.

    Attributes
    ----------
    item
        The statement to vote on, or None when all were seen.
    seen, useful
        How many statements the participant has voted on, and about how many are worth it.
    drawn
        A signed note of how the statement was drawn, where its display is not in the log yet.
    """

    item: Item | None
    language: str
    seen: int
    useful: int
    drawn: str = ""

    @property
    def words(self) -> Said:
        """The statement in the language of the page, or in that of its author."""
        return self.item.words(self.language) if self.item else Said("", self.language)

    @property
    def clause(self) -> Said:
        """The clause it is about."""
        return self.item.clause_words(self.language) if self.item else Said("", self.language)

    @property
    def progress(self) -> str:
        """How far the participant is, as a sentence."""
        if not self.seen:
            return ngettext(
                "About %(useful)d statement awaits you. Stop whenever you like.",
                "About %(useful)d statements await you. Stop whenever you like.",
                self.useful,
            ) % {"useful": self.useful}
        if self.seen >= self.useful:
            return gettext("You have voted on %(seen)d statements: more than enough.") % {
                "seen": self.seen
            }
        return gettext("You have voted on %(seen)d of about %(useful)d useful ones.") % {
            "seen": self.seen,
            "useful": self.useful,
        }


def turn(house: Consultation, votes: Mapping[int, int], item: Item | None, language: str) -> Turn:
    """Return the turn of a participant to whom a statement is shown."""
    here = shelf(house)
    seen = sum(1 for pk in votes if pk in here.by_pk)
    return Turn(item, language, seen, here.useful)


def first_turn(house: Consultation, language: str) -> Turn:
    """Return the turn of somebody who has no voice yet: drawn, and noted in the form itself."""
    here = shelf(house)
    drawn = analysis.draw(house, {})
    if drawn is None:
        return Turn(None, language, 0, here.useful)
    item = here.by_pk[drawn.statement]
    note = signing.dumps([item.pk, drawn.probability, drawn.even], salt=SALT)
    return Turn(item, language, 0, here.useful, note)


def read_drawn(note: str) -> Drawn | None:
    """Return how a statement was drawn, from the form's note; None of anything that is not ours."""
    try:
        pk, probability, even = signing.loads(note, salt=SALT, max_age=HOURS * 3600)
    except (signing.BadSignature, ValueError, TypeError):
        return None
    return Drawn(pk, probability, even)


def by_number(house: Consultation, votes: Mapping[int, int]) -> dict[int, int]:
    """Return votes by the numbers of the statements that are on the shelf."""
    here = shelf(house).by_pk
    return {here[pk].number: vote for pk, vote in votes.items() if pk in here}


def own_shape(house: Consultation, votes: Mapping[int, int], number: int) -> OwnShape | None:
    """Return where the participant's own dot is drawn on the picture of a number."""
    return analysis.shape(house.pk, by_number(house, votes), WIDTH, number)


def told(turn: Turn, shape: OwnShape | None) -> dict[str, Any]:
    """Return a turn for the page's script."""
    words, clause = turn.words, turn.clause
    return {
        "progress": turn.progress,
        "seen": turn.seen,
        "few": FEW,
        "next": None
        if turn.item is None
        else {
            "number": turn.item.number,
            "text": words.text,
            "lang": words.lang,
            "clause": turn.item.clause,
            "clause_text": clause.text,
            "clause_lang": clause.lang,
        },
        "own": None if shape is None else [shape.x, shape.y, shape.across, shape.down],
    }
