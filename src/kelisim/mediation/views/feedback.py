"""The way from an ended case to its questionnaire."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_safe

from kelisim.mediation import access
from kelisim.mediation.queries import lines
from kelisim.mediation.views.door import keyring, private
from kelisim.mediation.words import Kind, Part, Room


@private
@require_safe
def feedback(request: HttpRequest, code: str) -> HttpResponse:
    """Open the side's own link; from there on nothing knows the case."""
    own = access.seat(request.user, code, Part.PARTY)
    _seat, rooms = access.room(request.user, code, Room.PREFERENCES, own.side)
    found = lines(rooms, keyring(request), Kind.FEEDBACK)
    if not found:
        raise Http404
    return redirect("answer-begin", secret=found[-1].content["secret"])
