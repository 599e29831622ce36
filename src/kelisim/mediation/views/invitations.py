"""Pages of the invitation: sending it in five ways, and answering it."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from kelisim.core.clock import in_kazakhstan
from kelisim.core.errors import StepRefused
from kelisim.core.kazakh import date_text
from kelisim.mediation import access
from kelisim.mediation.actions.answer_invitation import come, decline
from kelisim.mediation.actions.invite import (
    greeting_of,
    invitation_of,
    invite,
    note_delivery,
    note_opening,
)
from kelisim.mediation.actions.send_text import send_text
from kelisim.mediation.documents.pdf import letter_pdf
from kelisim.mediation.forms import InviteForm
from kelisim.mediation.models import Case, Compartment, Invitation, KeyPair, Seat
from kelisim.mediation.queries import lines, screenings
from kelisim.mediation.safety import DUTY
from kelisim.mediation.views.door import keyring, person, private
from kelisim.mediation.words import Channel, Kind, Part, Room


@private
@require_http_methods(["GET", "HEAD", "POST"])
def send(request: HttpRequest, code: str) -> HttpResponse:
    """Show the application to the registrar, and make an invitation by the way chosen."""
    seat = access.seat(request.user, code, Part.REGISTRAR)
    ring = keyring(request)
    room = Compartment.objects.filter(case=seat.case, room=Room.APPLICATION).latest("epoch")
    filed = lines([room], ring, Kind.SUBJECT)
    told = filed[-1].content if filed else {}
    form = InviteForm(request.POST or None, initial=told)
    page = {
        "case": seat.case,
        "form": form,
        "told": told,
        "sent": _sent(seat.case),
        "screenings": screenings(seat.case, ring),
    }
    if request.method != "POST" or not form.is_valid():
        return render(request, "mediation/invite.html", page, status=422 if form.errors else 200)
    given = form.cleaned_data
    channel = Channel(given["channel"])
    made, token = invite(seat, channel=channel, greeting=given["greeting"])
    link = request.build_absolute_uri(reverse("mediation-invitation", args=[token]))
    words = letter_of(made, given["greeting"], seat.case)
    if channel == Channel.LETTER:
        today = in_kazakhstan(timezone.now()).date()
        day = {"year": today.year, "month": today.month, "day": today.day}
        answer = HttpResponse(letter_pdf(words, link, day), content_type="application/pdf")
        answer["Content-Disposition"] = 'attachment; filename="letter.pdf"'
        return answer
    sms = sms_of(link)
    if channel == Channel.SMS:
        _texted(request, seat, made, str(told.get("contact", "")), sms)
    page |= {"link": link, "sms": sms, "words": words, "sent": _sent(seat.case)}
    return render(request, "mediation/invite.html", page)


def _texted(request: HttpRequest, seat: Seat, made: Invitation, contact: str, words: str) -> None:
    """Send the text message where there is a gateway; it stays on the page to be sent by hand."""
    try:
        if send_text(seat, made, contact, words):
            messages.success(request, _("The text message was sent."))
    except StepRefused as refused:
        messages.warning(request, f"{refused.what} {refused.do}")


def sms_of(link: str) -> str:
    """Return a text message that says nothing of a dispute."""
    return _("You are invited to a conversation. It is voluntary. More: %(link)s") % {"link": link}


def letter_of(invitation: Invitation, greeting: str, case: Case) -> list[str]:
    """Return the sentences of a letter or of a telephone call."""
    until = date_text(in_kazakhstan(invitation.ends).date(), case.language)
    return [
        _("Invitation to a conversation"),
        _("%(who)s would like to settle something with you, with the help of a mediator.")
        % {"who": greeting},
        _(
            "A mediator takes no side and decides nothing. It is voluntary: you may decline, "
            "and you may leave at any time without giving a reason."
        ),
        _(
            "Open the address below, or the square with your telephone’s camera, "
            "until %(day)s. No answer counts as no."
        )
        % {"day": until},
        _("No telephone or internet? Come to the centre, and somebody will help you."),
    ]


def _sent(case: Case) -> list[Invitation]:
    return list(case.invitations.order_by("made"))


@private
@require_POST
def delivered(request: HttpRequest, code: str, pk: int) -> HttpResponse:
    """Note that an invitation arrived."""
    seat = access.seat(request.user, code, Part.REGISTRAR)
    found = Invitation.objects.filter(pk=pk, case=seat.case).first()
    if found is None:
        raise Http404
    note_delivery(found, seat)
    return redirect("mediation-invite", code=code)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def answer(request: HttpRequest, token: str) -> HttpResponse:
    """Show the invitation to whoever holds the link, and take the answer."""
    found = invitation_of(token)
    if found is None:
        raise Http404
    page = {
        "invitation": found,
        "greeting": greeting_of(found, token),
        "duty": DUTY,
        "token": token,
        "open": found.case.state == "invited" and found.ends >= timezone.now(),
    }
    shown = "mediation/invitation.html"
    if request.method == "POST":
        try:
            if request.POST.get("answer") == "decline":
                decline(found)
                return render(request, "mediation/declined.html")
            if not request.user.is_authenticated:
                return redirect(f"{reverse('account_signup')}?next={request.path}")
            if not KeyPair.objects.filter(person=person(request)).exists():
                return redirect(f"{reverse('mediation-key')}?next={request.path}")
            seat = come(found, by=person(request))
        except StepRefused as refused:
            # Not 422: the log of refused requests would hold the link.
            return render(request, shown, page | {"refused": refused, "open": False})
        messages.success(request, _("You have taken your place. First, a few private questions."))
        return redirect("mediation-screening", code=seat.case.code)
    note_opening(found)
    return render(request, shown, page)
