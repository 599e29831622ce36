"""A consultation within the page of another site: allowed by name, and without a cookie."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.clickjacking import xframe_options_exempt
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST, require_safe

from kelisim.consultations import access, tokens
from kelisim.consultations.actions.cast_votes import cast_vote
from kelisim.consultations.models import Consultation
from kelisim.consultations.refusals import Refused
from kelisim.consultations.views.seat import Seat, seat
from kelisim.consultations.views.taking_part import ballot


def _framed(request: HttpRequest, here: Seat, refused: Refused | None = None) -> HttpResponse:
    context = {"house": here.house, "here": here, "turn": here.turn(), "refused": refused}
    answer = render(request, "consultations/embed.html", context, status=422 if refused else 200)
    # How django-csp is told: this page alone may stand within those sites.
    answer._csp_replace = {"frame-ancestors": _sites(here.house)}  # type: ignore[attr-defined]  # django-csp reads it off the response
    return answer


def _sites(house: Consultation) -> list[str]:
    return house.frames.split() or ["'none'"]


@xframe_options_exempt
@require_safe
def embed(request: HttpRequest, slug: str) -> HttpResponse:
    """Show the statement to vote on. The voice is known by the form alone, so no cookie is read."""
    return _framed(request, seat(request, access.public(slug), token=""))


# A frame of another site has no cookie, so neither is there a voice to abuse: the token is in the
# form, where a stranger's page cannot know it.
@csrf_exempt
@xframe_options_exempt
@require_POST
def embed_vote(request: HttpRequest, slug: str) -> HttpResponse:
    """Take a vote within the frame, and show the next statement in it."""
    house = access.public(slug)
    token = request.POST.get("token", "")
    if not tokens.LEAST <= len(token) <= tokens.MOST:
        token = ""
    here = seat(request, house, token=token)
    refused = None
    try:
        cast_vote(ballot(request, here))
    except Refused as said:
        refused = said
    return _framed(request, seat(request, house, token=here.token), refused)
