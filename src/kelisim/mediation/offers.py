"""Open offers in the joint room: made, countered, accepted, declined, taken back, lapsed.

Where an offer stands follows from what was written, in order, and from the day: no table holds it.
An acceptance binds nobody: the settlement does, once it is signed.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from kelisim.mediation.queries import Line

STATES: dict[str, Promise] = {
    "open": _("open"),
    "accepted": _("accepted"),
    "declined": _("declined"),
    "withdrawn": _("taken back"),
    "countered": _("answered by another offer"),
    "lapsed": _("lapsed"),
}
ANSWERS = {"accept": "accepted", "decline": "declined", "withdraw": "withdrawn"}


@dataclass(slots=True)
class Offer:
    """An offer and where it stands.

    Attributes
    ----------
    key
        The number that its sending bore.
    state
        One of `STATES`.
    """

    key: str
    line: Line
    side: str
    until: date
    state: str = "open"

    @property
    def state_words(self) -> Promise:
        """Where it stands, in words."""
        return STATES[self.state]


def offers(lines: Iterable[Line], today: date) -> list[Offer]:
    """Return the offers of a room in the order in which they were made.

    The first answer that was possible counts; one that comes after it changes nothing.
    """
    found: dict[str, Offer] = {}
    for line in lines:
        content, author = line.content, line.writing.author
        side = author.side if author else ""
        if "answer" in content:
            _answer(found.get(content["offer"]), content, side)
            continue
        key = str(line.writing.client)
        found[key] = Offer(key, line, side, date.fromisoformat(content["until"]))
        earlier = found.get(content["counter"])
        if earlier and earlier.state == "open" and earlier.side != side:
            earlier.state = "countered"
    for offer in found.values():
        if offer.state == "open" and offer.until < today:
            offer.state = "lapsed"
    return list(found.values())


def _answer(offer: Offer | None, content: dict[str, Any], side: str) -> None:
    if offer is None or offer.state != "open":
        return
    own = content["answer"] == "withdraw"
    if own == (side == offer.side):
        offer.state = ANSWERS[content["answer"]]
