"""Pages of what was promised and of when to meet."""

from __future__ import annotations

import uuid

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from kelisim.core.errors import StepRefused
from kelisim.mediation import access
from kelisim.mediation.actions.arrange_meeting import arrange_meeting, cancel_meeting
from kelisim.mediation.actions.make_promises import break_promise, keep_promise
from kelisim.mediation.actions.speak import speak
from kelisim.mediation.calendar_entry import calendar_of
from kelisim.mediation.forms import MeetingForm, NewDayForm, room_of
from kelisim.mediation.queries import said_by
from kelisim.mediation.views.door import keyring, private, told
from kelisim.mediation.words import Part, Room


@private
@require_safe
def promises(request: HttpRequest, code: str) -> HttpResponse:
    """List what was promised: by whom, by when, and whether it was done."""
    seat, _rooms = access.room(request.user, code, Room.SETTLEMENT)
    ring = keyring(request)
    found = seat.case.promises.select_related("writing__compartment").order_by("due", "pk")
    rows = [
        {
            "promise": one,
            "words": ring.read(one.writing),
            "late": one.kept is None and one.due < timezone.localdate(),
        }
        for one in found
    ]
    page = {"case": seat.case, "seat": seat, "rows": rows, "form": NewDayForm()}
    return render(request, "mediation/promises.html", page)


@private
@require_POST
def promise(request: HttpRequest, code: str, pk: int) -> HttpResponse:
    """Note that a promise was kept or broken, or say yes to a new day for it."""
    seat, found = access.promise(request.user, code, pk)
    what = request.POST.get("what")
    if what == "kept":
        keep_promise(seat, found)
    elif what == "broken":
        break_promise(seat, found)
    else:
        form = NewDayForm(request.POST)
        if form.is_valid() and seat.part == Part.PARTY and found.broken:
            about = f"anew:{found.pk}:{form.cleaned_data['due'].isoformat()}"
            speak(seat, about, yes=True)
            if said_by(seat, about):
                messages.success(request, _("Your answer was kept."))
    return redirect("mediation-promises", code=code)


@private
@require_http_methods(["GET", "HEAD", "POST"])
def meetings(request: HttpRequest, code: str) -> HttpResponse:
    """List the meetings of the rooms one is in; the mediator arranges them."""
    seat = access.seat(request.user, code)
    rooms = access.rooms(request.user, code)
    open_to = {(r.room, r.side): r for r in rooms if r.room in (Room.JOINT, Room.CAUCUS)}
    names = [
        (f"{r.room}-{r.side}".rstrip("-"), f"{r.get_room_display()} {r.get_side_display()}".strip())
        for r in open_to.values()
    ]
    form = MeetingForm(request.POST or None, rooms=names)
    if request.method == "POST" and seat.part == Part.MEDIATOR and form.is_valid():
        room, side = room_of(form.cleaned_data["room"])
        try:
            arrange_meeting(
                seat,
                form.cleaned_data["starts"],
                minutes=form.cleaned_data["minutes"],
                room=room,
                side=side,
            )
        except StepRefused as refused:
            told(form, refused)
        else:
            return redirect("mediation-meetings", code=code)
    found = [m for m in seat.case.meetings.order_by("starts") if (m.room, m.side) in open_to]
    page = {"case": seat.case, "seat": seat, "meetings": found, "form": form}
    return render(request, "mediation/meetings.html", page, status=422 if form.errors else 200)


@private
@require_safe
def calendar(request: HttpRequest, code: str, uid: uuid.UUID) -> HttpResponse:
    """Hand out a meeting for a calendar."""
    found = access.meeting(request.user, code, uid)
    answer = HttpResponse(
        calendar_of(found, request.build_absolute_uri("/")),
        content_type="text/calendar; charset=utf-8",
    )
    answer["Content-Disposition"] = 'attachment; filename="conversation.ics"'
    return answer


@private
@require_POST
def cancel(request: HttpRequest, code: str, uid: uuid.UUID) -> HttpResponse:
    """Call a meeting off."""
    seat = access.seat(request.user, code, Part.MEDIATOR)
    cancel_meeting(seat, access.meeting(request.user, code, uid))
    return redirect("mediation-meetings", code=code)
