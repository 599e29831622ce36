"""The page of who is in a case: seating those who come later, and letting them into rooms."""

from __future__ import annotations

from dataclasses import dataclass

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from kelisim.core.errors import StepRefused
from kelisim.mediation import access
from kelisim.mediation.actions.answer_screening import is_screened
from kelisim.mediation.actions.hand_over import NEWCOMERS, hand_over, let_in
from kelisim.mediation.actions.seat_people import (
    BOUND,
    SEATED_BY,
    may_release,
    owes_silence,
    promise_silence,
    release,
    seat_person,
)
from kelisim.mediation.actions.speak import speak
from kelisim.mediation.forms import SeatForm
from kelisim.mediation.models import Compartment, Seat
from kelisim.mediation.queries import everyone_says, lacking, said_by, sitting
from kelisim.mediation.views.door import keyring, private, told
from kelisim.mediation.words import Part, Room

GIVEN = (Room.JOINT, Room.CAUCUS)
SIDE = "side"
"""The way of whoever comes to speak for a side: all its rooms at once."""


@dataclass(frozen=True, slots=True)
class Way:
    """A room that somebody could be let into: what is left to do for it."""

    room: Compartment
    name: str
    said: bool
    ready: bool


@private
@require_http_methods(["GET", "HEAD", "POST"])
def people(request: HttpRequest, code: str) -> HttpResponse:
    """List who is here, seat somebody, promise silence, let a newcomer in, end a place."""
    own = access.seat(request.user, code)
    parts = [part for part, by in SEATED_BY.items() if own.part in by]
    what = request.POST.get("what", "")
    form = SeatForm(request.POST if what == "seat" else None, parts=parts)
    if what == "seat" and form.is_valid():
        try:
            seat_person(own, form.cleaned_data["email"], Part(form.cleaned_data["part"]))
        except StepRefused as refused:
            told(form, refused)
        else:
            messages.success(request, _("The place is given. No room opens by it yet."))
            return redirect("mediation-people", code=code)
    elif request.method == "POST" and what != "seat":
        _done(request, own, what)
        gone = not sitting(own.case).filter(pk=own.pk).exists()
        return redirect("mediation") if gone else redirect("mediation-people", code=code)
    seats = list(sitting(own.case))
    page = {
        "case": own.case,
        "seat": own,
        "rows": [(one, _ways(own, one), may_release(own, one)) for one in seats],
        "owes": owes_silence(own) and not said_by(own, BOUND),
        "form": form if parts else None,
    }
    return render(request, "mediation/people.html", page, status=422 if form.errors else 200)


def _done(request: HttpRequest, own: Seat, what: str) -> None:
    if what == "promise":
        promise_silence(own)
        messages.success(request, _("Your promise was kept on record."))
        return
    number = request.POST.get("seat", "")
    other = sitting(own.case).filter(pk=int(number)).first() if number.isdigit() else None
    if other is None:
        raise Http404
    if what == "release":
        release(own, other)
    elif what == "agree" and own.part == Part.PARTY and other.part in NEWCOMERS:
        speak(own, f"handover:{other.pk}", yes=True)
        messages.success(request, _("Your answer was kept."))
    elif what == SIDE and own.part == Part.PARTY:
        let_in(other, by=own, keyring=keyring(request))
        messages.success(request, _("The rooms of your side are open to them now."))
    elif what in GIVEN and own.part == Part.PARTY:
        ring = keyring(request)
        side = own.side if what == Room.CAUCUS else ""
        _seat, epochs = access.room(request.user, own.case.code, Room(what), side)
        for one in epochs:
            hand_over(one, other, by=own, keyring=ring)
        messages.success(request, _("The room is open to them now."))
    else:
        raise Http404


def _ways(own: Seat, other: Seat) -> list[Way]:
    """Return the rooms of a party that a newcomer has no whole key of yet."""
    if own.part == other.part == Part.PARTY and own.side == other.side:
        return _side(own, other)
    if own.part != Part.PARTY or other.part not in NEWCOMERS:
        return []
    bound = other.part == Part.MEDIATOR or bool(said_by(other, BOUND))
    found = []
    for room in GIVEN:
        side = own.side if room == Room.CAUCUS else ""
        if room == Room.CAUCUS and other.side and other.side != own.side:
            continue
        epochs = own.case.compartments.filter(
            room=room, side=side, copies__person=own.person, destroyed__isnull=True
        )
        lacking = epochs.exclude(copies__person=other.person).last()
        if lacking is None:
            continue
        about = f"handover:{other.pk}"
        agreed = room == Room.CAUCUS or everyone_says(own.case, about)
        said = room == Room.CAUCUS or bool(said_by(own, about))
        found.append(Way(lacking, room.value, said, agreed and bound))
    return found


def _side(own: Seat, other: Seat) -> list[Way]:
    """Return the rooms of a side, for one who came later to speak for it."""
    room = lacking(other).filter(copies__person=own.person).first()
    ready = is_screened(other) and bool(said_by(other, BOUND))
    return [Way(room, SIDE, said=True, ready=ready)] if room else []
