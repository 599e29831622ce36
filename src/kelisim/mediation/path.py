"""The path of a case as its people see it: its stages, by when, and whose turn it is."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Literal

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from kelisim.engine.settlement.deadlines import Deadline
from kelisim.engine.settlement.procedure import STATES
from kelisim.mediation.law_table import due_of
from kelisim.mediation.models import Case, Seat
from kelisim.mediation.words import Part

STAGES: tuple[tuple[Promise, tuple[str, ...]], ...] = (
    (_("Application"), ("draft", "triage")),
    (_("Invitation"), ("invited",)),
    (_("Mediator"), ("both_in", "mediator_proposed")),
    (_("Mediation agreement"), ("mediator_set",)),
    (_("Talks"), ("active", "extended", "paused_conflict")),
    (_("Signing"), ("text_frozen", "signing")),
    (_("Performance"), ("performance", "breached")),
)

NAMES: dict[str, Promise] = {
    "draft": _("The application is being written"),
    "triage": _("The registrar looks at the application"),
    "invited": _("The other side is asked"),
    "both_in": _("Both sides are here; a mediator is being found"),
    "mediator_proposed": _("A mediator is proposed"),
    "mediator_set": _("The mediation agreement is being made"),
    "active": _("The talks go on"),
    "extended": _("The talks go on, in an extended term"),
    "paused_conflict": _("The talks pause: a conflict of interest was declared"),
    "text_frozen": _("The text is finished"),
    "signing": _("The text is being signed"),
    "performance": _("Settled; what was promised is being done"),
    "breached": _("A promise was not kept"),
    "fulfilled": _("Settled, and everything was done"),
    "referred": _("This belongs elsewhere"),
    "stopped_safety": _("Not suitable for mediation"),
    "closed_no_consent": _("The other side did not come"),
    "closed_withdrawn": _("A side left the mediation"),
    "closed_expired": _("The term has passed"),
    "closed_by_mediator": _("The mediator ended the mediation"),
    "closed_enforcement": _("Settled; the promise goes to enforcement"),
    "keys_destroyed": _("The keys were destroyed; only the settlement is kept"),
}

OWNERS: dict[str, Promise] = {
    "applicant": _("the first side"),
    "respondent": _("the second side"),
    "party": _("both sides"),
    "mediator": _("the mediator"),
    "registrar": _("the registrar"),
    "house": _("the centre"),
}

Mark = Literal["done", "here", "ahead"]


@dataclass(frozen=True, slots=True)
class Bead:
    """One stage on the path."""

    name: Promise
    mark: Mark


@dataclass(frozen=True, slots=True)
class Standing:
    """Where a case stands.

    Attributes
    ----------
    due
        Until when its owner must have acted, with the rule it rests on.
    """

    beads: list[Bead]
    state: Promise
    owner: Promise
    due: Deadline | None
    ended: bool


def standing(case: Case, seat: Seat, today: date) -> Standing:
    """Return where a case stands, as a person in it may know it.

    Why a case was stopped for safety is known to nobody from this: both sides see the same words.
    """
    reached = furthest(case)
    ended = STATES[case.state].ended
    beads = [Bead(name, _mark(k, reached, ended=ended)) for k, (name, _states) in enumerate(STAGES)]
    shown = due_of(case, today)
    if ended and seat.part == Part.PARTY and shown and shown.rule.key != "retention":
        shown = None
    return Standing(
        beads=beads,
        state=NAMES[case.state],
        owner=OWNERS[STATES[case.state].owner],
        due=shown,
        ended=ended,
    )


def furthest(case: Case) -> int:
    """Return the stage that a case is in, or was in when it ended."""
    states = [case.state, *case.passages.order_by("-at", "-pk").values_list("source", flat=True)]
    for state in states:
        for k, (_name, within) in enumerate(STAGES):
            if state in within:
                return k
    return 0


def _mark(k: int, reached: int, *, ended: bool) -> Mark:
    if k < reached:
        return "done"
    return "here" if k == reached and not ended else "ahead"
