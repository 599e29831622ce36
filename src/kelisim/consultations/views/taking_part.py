"""Pages of a participant: the question, one statement after another, an own one, an appeal."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from kelisim.accounts.models import User
from kelisim.bells.tickets import ticket
from kelisim.consultations import access, queries, turn
from kelisim.consultations.actions.add_statement import propose
from kelisim.consultations.actions.appeal import appeal as make_appeal
from kelisim.consultations.actions.cast_votes import Ballot, cast_vote
from kelisim.consultations.actions.follow import follow as follow_or_end
from kelisim.consultations.actions.join import join_with_account, join_with_code, voice
from kelisim.consultations.forms import AppealForm, CodeForm, StatementForm
from kelisim.consultations.likeness import near
from kelisim.consultations.models import Entry
from kelisim.consultations.refusals import Refused
from kelisim.consultations.results import results
from kelisim.consultations.views.seat import Seat, kept, person, seat


def whole_number(text: str) -> object:
    """Return a number of a plain form, or the text itself, which is then refused as it came."""
    return int(text) if text.lstrip("-").isdecimal() and len(text) < 10 else text


@require_safe
def consultation(request: HttpRequest, slug: str) -> HttpResponse:
    """Show the question, the statement to vote on, and what is known already."""
    return page(request, seat(request, access.public(slug)))


def page(request: HttpRequest, here: Seat, refused: Refused | None = None) -> HttpResponse:
    """Return the page of a consultation for one reader."""
    house = here.house
    bell = ticket(request, house.channel("map"))
    follows = isinstance(request.user, User) and house.followers.filter(person=request.user)
    context: dict[str, Any] = {
        "house": house,
        "here": here,
        "turn": here.turn(),
        "refused": refused,
        "bell": bell,
        "results": results(house, here.votes) if here.may_read else None,
        "own": queries.statements_of(here.voice),
        "drafts": queries.drafts(house),
        "answers": queries.answers(house.owed.all(), here.now),
        "code_form": CodeForm(),
        "appeal_form": AppealForm(),
        "follows": bool(follows),
    }
    answer = render(
        request, "consultations/consultation.html", context, status=422 if refused else 200
    )
    if here.may_vote:
        kept(request, answer, house, here.token)
    return answer


@require_POST
def vote(request: HttpRequest, slug: str) -> HttpResponse:
    """Take a vote of the plain form: the same action as the page's script asks for."""
    here = seat(request, access.public(slug))
    try:
        cast_vote(ballot(request, here))
    except Refused as refused:
        return page(request, here, refused)
    answer = redirect(f"{request.path.removesuffix('vote/')}#turn")
    kept(request, answer, here.house, here.token)
    return answer


def ballot(request: HttpRequest, here: Seat) -> Ballot:
    """Return the vote that a plain form sends."""
    return Ballot(
        here.house.slug,
        here.token,
        whole_number(request.POST.get("statement", "")),
        whole_number(request.POST.get("vote", "")),
        here.language,
        turn.read_drawn(request.POST.get("drawn", "")),
    )


@require_safe
def results_part(request: HttpRequest, slug: str) -> HttpResponse:
    """Show the results alone, or only the map, for an open page that heard a bell."""
    here = seat(request, access.public(slug))
    found = results(here.house, here.votes) if here.may_read else None
    part = "map" if request.GET.get("part") == "map" else "results"
    context = {
        "house": here.house,
        "here": here,
        "results": found,
        "known": request.GET.get("known", ""),
    }
    return render(request, f"consultations/{part}.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def join(request: HttpRequest, slug: str) -> HttpResponse:
    """Open a voice with an invitation code, or with the account of who is signed in."""
    house = access.public(slug)
    form = CodeForm(request.POST or None, initial={"code": request.GET.get("code", "")})
    language = seat(request, house).language
    try:
        if request.method == "POST" and house.entry == Entry.ACCOUNT:
            return _joined(request, slug, join_with_account(house, person(request), language))
        if request.method == "POST" and form.is_valid():
            code = form.cleaned_data["code"]
            return _joined(request, slug, join_with_code(house, code, language))
    except Refused as refused:
        form.add_error("code", refused.sentence)
    except TypeError:
        return redirect("account_login")
    context = {"house": house, "form": form}
    return render(request, "consultations/join.html", context, status=422 if form.errors else 200)


def _joined(request: HttpRequest, slug: str, token: str) -> HttpResponse:
    answer = redirect("consultation", slug=slug)
    kept(request, answer, access.public(slug), token)
    return answer


@require_http_methods(["GET", "HEAD", "POST"])
def add_statement(request: HttpRequest, slug: str) -> HttpResponse:
    """Take a participant's own statement; what comes close to it is shown first."""
    here = seat(request, access.public(slug))
    form, alike = StatementForm(request.POST or None), []
    if request.method == "POST" and form.is_valid():
        text = form.cleaned_data["text"]
        alike = near(text, queries.wordings(here.house))
        if not alike or form.cleaned_data["sure"]:
            try:
                return _proposed(request, here, text)
            except Refused as refused:
                form.add_error("text", refused.sentence)
                alike = []
    context = {"house": here.house, "here": here, "form": form, "alike": alike}
    return render(
        request,
        "consultations/add_statement.html",
        context,
        status=422 if form.errors or alike else 200,
    )


def _proposed(request: HttpRequest, here: Seat, text: str) -> HttpResponse:
    if not here.may_vote:
        raise Refused("no-voice" if here.is_open else "not-open")
    author = here.voice or voice(here.house, here.token, here.language)[0]
    propose(here.house, author, text, here.language)
    messages.success(
        request, _("Thank you. A moderator reads it first; what was decided will be shown here.")
    )
    answer = redirect("consultation", slug=here.house.slug)
    kept(request, answer, here.house, here.token)
    return answer


@require_POST
def appeal(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    """Take an author's appeal against a rejection."""
    here = seat(request, access.public(slug))
    statement = access.own_statement(here.voice, number)
    form = AppealForm(request.POST)
    try:
        if form.is_valid():
            make_appeal(statement, form.cleaned_data["words"])
            messages.success(request, _("Another moderator will look at it."))
        else:
            messages.error(request, _("Write why it should be looked at again."))
    except Refused as refused:
        messages.error(request, refused.sentence)
    return redirect("consultation", slug=slug)


@login_required
@require_POST
def follow(request: HttpRequest, slug: str) -> HttpResponse:
    """Be told of official answers, or no longer."""
    house = access.public(slug)
    if follow_or_end(house, person(request)):
        messages.success(request, _("You will get a letter when an office answers."))
    else:
        messages.success(request, _("You will get no more letters about it."))
    return redirect("consultation", slug=slug)
