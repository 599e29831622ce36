"""The page of open offers: what each side offered, until when, and what came of it."""

from __future__ import annotations

from datetime import timedelta

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from kelisim.core.clock import in_kazakhstan
from kelisim.core.errors import StepRefused
from kelisim.mediation import access
from kelisim.mediation.actions.make_offer import answer_offer, make_offer
from kelisim.mediation.issues import mapped
from kelisim.mediation.offer_forms import OfferForm
from kelisim.mediation.offers import offers
from kelisim.mediation.queries import lines
from kelisim.mediation.views.door import keyring, private, told
from kelisim.mediation.words import Kind, Part, Room

USUAL = timedelta(days=7)


@private
@require_http_methods(["GET", "HEAD", "POST"])
def all_offers(request: HttpRequest, code: str) -> HttpResponse:
    """Show the offers, make or counter one, and answer one."""
    seat, rooms = access.room(request.user, code, Room.JOINT)
    ring = keyring(request)
    today = in_kazakhstan(timezone.now()).date()
    answer = request.POST.get("answer", "")
    if answer:
        answer_offer(rooms[-1], seat, request.POST.get("offer", ""), answer, keyring=ring)
        return redirect("mediation-offers", code=code)
    issues = mapped(line.content for line in lines(rooms, ring, Kind.ISSUE))
    initial = {"until": today + USUAL, "counter": request.GET.get("counter", "")}
    form = OfferForm(request.POST or None, issues=issues, initial=initial)
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        try:
            make_offer(
                rooms[-1],
                seat,
                choices=form.choices(),
                words=given["words"],
                until=given["until"],
                counter=given["counter"],
                client=given["client"],
                keyring=ring,
            )
        except StepRefused as refused:
            told(form, refused)
        else:
            return redirect("mediation-offers", code=code)
    page = {
        "case": seat.case,
        "seat": seat,
        "offers": offers(lines(rooms, ring, Kind.OFFER), today)[::-1],
        "form": form if seat.part == Part.PARTY else None,
        "counter": initial["counter"],
    }
    return render(request, "mediation/offers.html", page, status=422 if form.errors else 200)
