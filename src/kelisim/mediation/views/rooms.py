"""Pages of the rooms: what was said, a box to say more, documents, and the mediator's desk."""

from __future__ import annotations

import base64
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.core.files.uploadhandler import MemoryFileUploadHandler, StopUpload
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.csrf import csrf_exempt, csrf_protect
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from kelisim.bells.tickets import ticket
from kelisim.core.errors import StepRefused
from kelisim.mediation import access
from kelisim.mediation.actions.attach import ENDINGS, LARGEST, SHOWN, attach, too_large
from kelisim.mediation.actions.hold_call import CALLED, in_call, service
from kelisim.mediation.actions.write import channel, check_open, write
from kelisim.mediation.forms import FileForm, MessageForm, room_of
from kelisim.mediation.models import Compartment, Seat
from kelisim.mediation.queries import lines, readers
from kelisim.mediation.safety import DUTY
from kelisim.mediation.views.door import keyring, private, told
from kelisim.mediation.words import Kind, Part, Room

TALKED = (Kind.MESSAGE, Kind.FILE, Kind.SUGGESTION, Kind.DECLARATION, Kind.OFFER)
IN_ADDRESS = (Room.JOINT, Room.CAUCUS, Room.NOTES)


def found_room(request: HttpRequest, code: str, name: str) -> tuple[Seat, list[Compartment]]:
    """Return the visitor's place and the room that an address names, its epochs oldest first.

    Raises
    ------
    Http404
        There is none, or the visitor has no key of it.
    """
    try:
        room, side = room_of(name)
    except ValueError as cause:
        raise Http404 from cause
    if room not in IN_ADDRESS:
        raise Http404
    return access.room(request.user, code, room, side)


@private
@require_http_methods(["GET", "HEAD", "POST"])
def room(request: HttpRequest, code: str, name: str) -> HttpResponse:
    """Show a room, and write in it."""
    seat, rooms = found_room(request, code, name)
    bell = ticket(request, channel(rooms[-1]))
    ring = keyring(request)
    form = MessageForm(request.POST or None)
    status, stays = 200, request.headers.get("X-Requested-With") == "fetch"
    if request.method == "POST":
        if form.is_valid():
            try:
                given = form.cleaned_data
                content = {"text": given["text"]}
                write(rooms[-1], Kind.MESSAGE, content, seat=seat, client=given["client"])
            except StepRefused as refused:
                told(form, refused)
            else:
                if stays:
                    return HttpResponse(status=204)
                return redirect("mediation-room", code=code, name=name)
        status = 422
        if stays:
            return render(request, "mediation/errors.html", {"form": form}, status=status)
    page = {
        **_shown(seat, rooms, name),
        "lines": lines(rooms, ring, *TALKED),
        "last": rooms[-1].last,
        "form": form,
        "files": FileForm(),
        "bell": bell,
        "duty": DUTY,
        "calls": rooms[-1].room in CALLED and service() is not None,
        "there": in_call(rooms[-1]),
    }
    return render(request, "mediation/room.html", page, status=status)


def _shown(seat: Seat, rooms: list[Compartment], name: str) -> dict[str, Any]:
    try:
        check_open(rooms[-1], seat)
        closed = False
    except StepRefused:
        closed = True
    return {
        "case": seat.case,
        "seat": seat,
        "room": rooms[-1],
        "name": name,
        "readers": readers(rooms[-1]),
        "closed": closed,
    }


@private
@require_safe
def after(request: HttpRequest, code: str, name: str, seq: int) -> HttpResponse:
    """Return what was written after a number: the page asks, so that nothing is missed."""
    _seat, rooms = found_room(request, code, name)
    # The number is read before the lines: one written in between is shown now and asked for again,
    # while a number read afterwards would cover a line that nobody was shown.
    last = rooms[-1].last
    found = lines(rooms[-1:], keyring(request), *TALKED, after=seq)
    page = {"lines": found, "code": code}
    answer = render(request, "mediation/lines.html", page)
    answer["X-Last"] = str(last)
    return answer


class SmallMemory(MemoryFileUploadHandler):
    """Takes an upload into memory only, and stops it once it is too large: nothing on the disk."""

    def handle_raw_input(self, *_args: Any, **_kwargs: Any) -> None:
        self.activated = True
        self.taken = 0

    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:
        self.taken += len(raw_data)
        if self.taken > LARGEST:
            raise StopUpload(connection_reset=False)
        super().receive_data_chunk(raw_data, start)

    def file_complete(self, file_size: int) -> UploadedFile[bytes] | None:
        if self.taken > LARGEST:
            return None
        return super().file_complete(file_size)


@csrf_exempt
@require_POST
def upload(request: HttpRequest, code: str, name: str) -> HttpResponse:
    """Take a document; the handler must be set before anything reads the request."""
    request.upload_handlers = [SmallMemory(request)]
    return _upload(request, code, name)


@csrf_protect
@private
def _upload(request: HttpRequest, code: str, name: str) -> HttpResponse:
    seat, rooms = found_room(request, code, name)
    keyring(request)
    given = request.FILES.get("file")
    if given is None:
        if int(request.META.get("CONTENT_LENGTH") or 0) > LARGEST:
            raise too_large()
        return redirect("mediation-room", code=code, name=name)
    attach(rooms[-1], str(given.name), given.read(), seat=seat)
    return redirect("mediation-room", code=code, name=name)


@private
@require_safe
def document(request: HttpRequest, code: str, pk: int) -> HttpResponse:
    """Hand out a document: as a picture if it is one, else as a file that opens elsewhere."""
    _seat, found = access.writing(request.user, code, pk, Kind.FILE)
    content = keyring(request).read(found)
    answer = HttpResponse(base64.b64decode(content["data"]), content_type=content["type"])
    way = "inline" if content["type"] in SHOWN else "attachment"
    ending = ENDINGS[content["type"]]
    answer["Content-Disposition"] = f"{way}; filename=document{ending}"
    answer["X-Content-Type-Options"] = "nosniff"
    answer["Content-Security-Policy"] = "sandbox; default-src 'none'"
    return answer


@private
@require_safe
def desk(request: HttpRequest, code: str) -> HttpResponse:
    """Show the mediator both caucuses side by side, and the notes that no one else can open."""
    seat = access.seat(request.user, code, Part.MEDIATOR)
    own = {(r.room, r.side): r for r in access.rooms(request.user, code)}
    shown = [
        (Room.CAUCUS, "a", "caucus-a"),
        (Room.JOINT, "", "joint"),
        (Room.CAUCUS, "b", "caucus-b"),
        (Room.NOTES, "", "notes"),
    ]
    present = [(own[r, side], name) for r, side, name in shown if (r, side) in own]
    bells = {name: ticket(request, channel(found)) for found, name in present}
    ring = keyring(request)
    columns = [
        {
            "room": found,
            "name": name,
            "lines": lines([found], ring, *TALKED),
            "form": MessageForm(prefix=""),
            "readers": readers(found),
            "bell": bells[name],
            "called": found.room in CALLED,
        }
        for found, name in present
    ]
    page = {
        "case": seat.case,
        "seat": seat,
        "columns": columns,
        "duty": DUTY,
        "calls": service() is not None,
    }
    return render(request, "mediation/desk.html", page)
