"""The page of a case: where it stands, what is one's next step, and the steps themselves."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from kelisim.bells.tickets import ticket
from kelisim.core.clock import in_kazakhstan
from kelisim.engine.settlement.procedure import is_for
from kelisim.mediation import access
from kelisim.mediation.actions.answer_screening import is_screened
from kelisim.mediation.actions.declare import declare, owes_declaration
from kelisim.mediation.actions.freeze_text import freeze_text, open_signing, reopen_text
from kelisim.mediation.actions.propose_mediator import propose_mediator
from kelisim.mediation.actions.seat_people import BOUND, owes_silence
from kelisim.mediation.actions.speak import seat_mediators, speak
from kelisim.mediation.actions.take_step import actor_of, channel, take_step
from kelisim.mediation.analysis import candidates
from kelisim.mediation.forms import DeclareForm, ProposeForm
from kelisim.mediation.models import Case, Mediator, Seat, Writing
from kelisim.mediation.path import standing
from kelisim.mediation.queries import outside, said_by, sitting
from kelisim.mediation.views.door import keyring, private
from kelisim.mediation.words import Kind, Part, Room

ASKED = ("extend", "waive", "cooling", "handover")
"""Matters that are put to both sides by a plain yes or no."""

PLAIN = ("withdraw", "refer", "stop", "close", "enforce")
SEED = 20261128
"""Of the draw among equal mediators; published in docs/mediation.md."""

EXTENSION_DAYS = 30


@private
@require_safe
def case(request: HttpRequest, code: str) -> HttpResponse:
    """Show a case to whoever sits in it."""
    seat = access.seat(request.user, code)
    found = seat.case
    bell = ticket(request, channel(found))
    found.refresh_from_db()  # what happened before the ticket rings no more
    today = in_kazakhstan(timezone.now()).date()
    mediators = list(sitting(found, Part.MEDIATOR))
    page = {
        "case": found,
        "seat": seat,
        "bell": bell,
        "standing": standing(found, seat, today),
        "rooms": access.rooms(request.user, code),
        "people": sitting(found),
        "mediators": [(m, said_by(seat, f"mediator:{m.pk}")) for m in mediators],
        "screened": is_screened(seat),
        "owes": owes_declaration(seat),
        "newcomers": outside(found),
        "promises": owes_silence(seat) and not said_by(seat, BOUND),
        "extension": f"extend:{EXTENSION_DAYS}",
        "said_extend": said_by(seat, f"extend:{EXTENSION_DAYS}"),
        "said_waive": said_by(seat, "waive"),
        "papers": found.papers.filter(
            withdrawn__isnull=True, writing__compartment__copies__person=seat.person
        ).order_by("pk"),
        "talking": found.state in ("active", "extended"),
        "waits": waits(found, seat),
        "asked": was_asked(seat),
        "leaving": found.state not in ("performance", "breached"),
    }
    return render(request, "mediation/case.html", page)


def was_asked(seat: Seat) -> bool:
    """Return whether a side has a link by which to say how it was."""
    return seat.part == Part.PARTY and (
        Writing.objects.filter(
            kind=Kind.FEEDBACK,
            compartment__case=seat.case,
            compartment__room=Room.PREFERENCES,
            compartment__side=seat.side,
            compartment__copies__person=seat.person,
        ).exists()
    )


def waits(found: Case, seat: Seat) -> bool:
    """Return whether it is for others to act, in a case whose rooms are not open yet."""
    own = {"triage": (Part.REGISTRAR,), "invited": (Part.REGISTRAR,), "both_in": (Part.REGISTRAR,)}
    return found.state in own and seat.part not in own[found.state] and is_screened(seat)


@private
@require_http_methods(["GET", "HEAD", "POST"])
def mediators(request: HttpRequest, code: str) -> HttpResponse:
    """Show the registrar who may mediate, the one drawn first, and propose."""
    seat = access.seat(request.user, code, Part.REGISTRAR)
    today = in_kazakhstan(timezone.now()).date()
    found = candidates(seat.case, today, SEED)
    form = ProposeForm(request.POST or None)
    form.fields["mediators"].choices = [(str(c.mediator.pk), str(c.mediator)) for c in found]  # type: ignore[attr-defined]  # a field of choices
    if request.method == "POST" and form.is_valid():
        chosen = Mediator.objects.filter(
            pk__in=form.cleaned_data["mediators"], centre=seat.case.centre
        )
        propose_mediator(seat, list(chosen))
        messages.success(request, _("Both sides are asked now."))
        return redirect("mediation-case", code=code)
    page = {"case": seat.case, "candidates": found, "form": form, "seed": SEED}
    return render(request, "mediation/mediators.html", page, status=422 if form.errors else 200)


@private
@require_http_methods(["GET", "HEAD", "POST"])
def conflicts(request: HttpRequest, code: str) -> HttpResponse:
    """Ask the mediator for the declaration of this stage."""
    seat = access.seat(request.user, code, Part.MEDIATOR)
    form = DeclareForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        clear = form.cleaned_data["clear"] == "yes"
        declare(seat, clear=clear, reason=form.cleaned_data["reason"])
        if clear and seat.case.state == "mediator_proposed":
            seat_mediators(seat.case)
        messages.success(request, _("Your declaration was kept."))
        return redirect("mediation-case", code=code) if clear else redirect("mediation")
    page = {"case": seat.case, "form": form}
    return render(request, "mediation/conflicts.html", page, status=422 if form.errors else 200)


@private
@require_POST
def say(request: HttpRequest, code: str) -> HttpResponse:
    """Keep a yes or no of a side on a matter."""
    seat = access.seat(request.user, code, Part.PARTY)
    about = request.POST.get("about", "")
    matter, _colon, number = about.partition(":")
    known = matter in (*ASKED, "mediator") and (not number or number.isdigit())
    lawful = matter != "extend" or number == str(EXTENSION_DAYS)
    if not known or not lawful or len(about) > len("handover:") + 12:
        raise Http404
    speak(seat, about, yes=request.POST.get("yes") == "yes")
    messages.success(request, _("Your answer was kept."))
    return redirect("mediation-case", code=code)


@private
@require_POST
def step(request: HttpRequest, code: str) -> HttpResponse:
    """Take a step that needs no words: leave, refer, stop, freeze, open, reopen, close, enforce."""
    seat = access.seat(request.user, code, Part.PARTY, Part.MEDIATOR, Part.REGISTRAR)
    asked = request.POST.get("step", "")
    if asked == "freeze_text" and seat.part == Part.MEDIATOR:
        freeze_text(seat, keyring=keyring(request))
    elif asked == "open_signing" and seat.part == Part.MEDIATOR:
        open_signing(seat)
    elif asked == "reopen" and seat.part != Part.REGISTRAR:
        reopen_text(seat, by_party=seat.part == Part.PARTY)
    elif asked in PLAIN and is_for(asked, actor_of(seat)):
        take_step(seat.case, asked, by=actor_of(seat), seat=seat)
    else:
        raise Http404
    return redirect("mediation-case", code=code)
