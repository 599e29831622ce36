"""Pages of moderators: the queue with reasons to choose, wordings, and the appeals of authors."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from kelisim.accounts.roles import Permission
from kelisim.bells.tickets import ticket
from kelisim.consultations import access, queries
from kelisim.consultations.actions.moderate import accept, judge, reject
from kelisim.consultations.actions.word import word
from kelisim.consultations.beside import routing, wordings
from kelisim.consultations.models import Consultation, Reason
from kelisim.consultations.refusals import Refused
from kelisim.consultations.shelf import shelf
from kelisim.consultations.views.seat import person
from kelisim.core.kazakh import LANGUAGES


def _moderated(request: HttpRequest, slug: str) -> Consultation:
    return access.own(request.user, slug, Permission.MODERATE)


@login_required
@require_safe
def queue(request: HttpRequest, slug: str) -> HttpResponse:
    """Show what waits for a decision, and what lacks a wording."""
    house = _moderated(request, slug)
    bell = ticket(request, house.channel("queue"))
    accepted = queries.with_words(house.statements.filter(state="accepted")).order_by("number")
    context = {
        "house": house,
        "bell": bell,
        "waiting": queries.queue(house),
        "appeals": queries.appeals(house, person(request)),
        "unworded": [
            (one, [code for code in LANGUAGES if code not in _languages(one)])
            for one in accepted
            if len(_languages(one)) < len(LANGUAGES)
        ],
        "reasons": Reason.choices,
        "differing": wordings(queries.found(house, "wordings"), shelf(house).items).values(),
        "routing": routing(queries.found(house, "routing")),
    }
    template = "queue_list" if request.headers.get("HX-Request") else "queue"
    return render(request, f"consultations/{template}.html", context)


def _languages(statement: object) -> set[str]:
    return {one.language for one in statement.wordings.all()}  # type: ignore[attr-defined]  # a statement with its wordings


@login_required
@require_POST
def decide(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    """Accept a statement, or reject it for a reason."""
    statement = access.statement(_moderated(request, slug), number)
    reason = request.POST.get("reason", "")
    if not reason:
        accept(statement, by=person(request))
        messages.success(request, _("Statement %(number)s is on the shelf.") % {"number": number})
    elif reason in Reason.values:
        reject(statement, Reason(reason), by=person(request))
        messages.success(
            request,
            _("Statement %(number)s is not accepted; its author reads why.") % {"number": number},
        )
    else:
        messages.error(request, _("Choose one of the reasons."))
    return redirect("consultation-queue", slug=slug)


@login_required
@require_POST
def wording(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    """Word a statement in another language."""
    statement = access.statement(_moderated(request, slug), number)
    language = request.POST.get("language", "")
    try:
        if language in LANGUAGES and language != statement.origin:
            word(statement, language, request.POST.get("text", ""), by=person(request))
            messages.success(request, _("Saved."))
    except Refused as refused:
        messages.error(request, refused.sentence)
    return redirect("consultation-queue", slug=slug)


@login_required
@require_POST
def decide_appeal(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """Decide an appeal against somebody else's decision."""
    house = _moderated(request, slug)
    case = access.appeal(house, pk, person(request))
    judge(case, upheld=request.POST.get("upheld") == "yes", by=person(request))
    messages.success(request, _("The appeal is decided; its author reads how."))
    return redirect("consultation-queue", slug=slug)
