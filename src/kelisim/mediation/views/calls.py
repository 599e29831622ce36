"""Pages of a call: who is there, coming to it, and ending it for everybody."""

from __future__ import annotations

from dataclasses import asdict

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from kelisim.mediation.actions.hold_call import CALLED, end_call, in_call, join_call, service
from kelisim.mediation.actions.write import check_open
from kelisim.mediation.models import Call, Compartment, Seat
from kelisim.mediation.queries import readers
from kelisim.mediation.views.door import private
from kelisim.mediation.views.rooms import found_room
from kelisim.mediation.words import Part


def _room(request: HttpRequest, code: str, name: str) -> tuple[Seat, Compartment]:
    """Return the visitor's place and the room as it stands now.

    Raises
    ------
    Http404
        There is none that a call could be held in, or the visitor has no key of it.
    """
    seat, rooms = found_room(request, code, name)
    if rooms[-1].room not in CALLED:
        raise Http404
    return seat, rooms[-1]


@private
@require_safe
def call(request: HttpRequest, code: str, name: str) -> HttpResponse:
    """Show a call before one comes to it: who is there, and what is seen and heard."""
    seat, room = _room(request, code, name)
    check_open(room, seat)
    page = {
        "case": seat.case,
        "seat": seat,
        "room": room,
        "name": name,
        "readers": readers(room),
        "there": in_call(room),
        "answers": service() is not None,
        "ends": seat.part == Part.MEDIATOR,
    }
    return render(request, "mediation/call.html", page)


@private
@require_POST
def join(request: HttpRequest, code: str, name: str) -> HttpResponse:
    """Hand out what lets the visitor into the call, and into no other."""
    seat, room = _room(request, code, name)
    return JsonResponse(asdict(join_call(room, seat)))


@private
@require_POST
def end(request: HttpRequest, code: str, name: str) -> HttpResponse:
    """End a call for everybody: the mediator's to do."""
    seat, room = _room(request, code, name)
    if seat.part != Part.MEDIATOR:
        raise Http404
    found = Call.objects.filter(compartment=room, ended__isnull=True).first()
    if found is not None:
        end_call(found, seat=seat)
    return redirect("mediation-room", code=code, name=name)
