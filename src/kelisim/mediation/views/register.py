"""Pages of a centre: the register of mediators, the library of practice, and the public counts."""

from __future__ import annotations

import csv

from django.contrib import messages
from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from kelisim.core.clock import in_kazakhstan
from kelisim.core.errors import StepRefused
from kelisim.mediation import access
from kelisim.mediation.actions.keep_register import (
    add_credential,
    confirm_credential,
    enter_mediator,
    revoke_credential,
)
from kelisim.mediation.actions.publish_note import publish_note
from kelisim.mediation.credentials import entitled
from kelisim.mediation.feedback.counts import FEWEST, said
from kelisim.mediation.feedback.questionnaire import ITEMS
from kelisim.mediation.models import Credential, PracticeNote
from kelisim.mediation.queries import register as register_rows
from kelisim.mediation.register_forms import CredentialForm, MediatorForm, NoteForm
from kelisim.mediation.statistics import outcomes, reach, weekly
from kelisim.mediation.views.door import person, private, told
from kelisim.mediation.words import MediatorKind, Topic

LONGEST_SEARCH = 100


@private
@require_http_methods(["GET", "HEAD", "POST"])
def register(request: HttpRequest, slug: str) -> HttpResponse:
    """List a centre's mediators with what entitles them, and enter one."""
    found = access.register_of(request.user, slug)
    form = MediatorForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        given = dict(form.cleaned_data)
        who = given.pop("email")
        kind = MediatorKind(given.pop("kind"))
        made = enter_mediator(centre=found, person=who, kind=kind, by=person(request), **given)
        return redirect("mediation-credentials", slug=slug, pk=made.pk)
    today = in_kazakhstan(timezone.now()).date()
    entitled_now = set(entitled(today).values_list("pk", flat=True))
    rows = [(m, m.pk in entitled_now) for m in register_rows(found)]
    page = {"centre": found, "rows": rows, "form": form}
    return render(request, "mediation/register.html", page, status=422 if form.errors else 200)


@private
@require_http_methods(["GET", "HEAD", "POST"])
def credentials(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """Add, confirm and revoke what entitles a mediator."""
    found = access.mediator_of(request.user, slug, pk)
    what, number = request.POST.get("what", ""), request.POST.get("credential", "")
    form = CredentialForm(request.POST if request.method == "POST" and not what else None)
    if what in ("confirm", "revoke"):
        if not number.isdigit():
            raise Http404
        one = Credential.objects.filter(pk=int(number), mediator=found).first()
        if one is None:
            raise Http404
        (confirm_credential if what == "confirm" else revoke_credential)(one, by=person(request))
        return redirect("mediation-credentials", slug=slug, pk=pk)
    if form.is_bound and form.is_valid():
        try:
            add_credential(found, by=person(request), **form.cleaned_data)
        except StepRefused as refused:
            told(form, refused)
        else:
            return redirect("mediation-credentials", slug=slug, pk=pk)
    rows = found.credentials.order_by("-expires")
    today = in_kazakhstan(timezone.now()).date()
    page = {"centre": found.centre, "mediator": found, "rows": rows, "form": form, "today": today}
    return render(request, "mediation/credentials.html", page, status=422 if form.errors else 200)


@private
@require_http_methods(["GET", "HEAD", "POST"])
def practice(request: HttpRequest, slug: str) -> HttpResponse:
    """Search what mediators learned, and add to it."""
    found = access.centre(request.user, slug)
    form = NoteForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            given = form.cleaned_data | {"topic": Topic(form.cleaned_data["topic"])}
            publish_note(centre=found, language=get_language() or "kk", by=person(request), **given)
        except StepRefused as refused:
            told(form, refused)
        else:
            messages.success(request, _("Your note is in the library."))
            return redirect("mediation-practice", slug=slug)
    asked = request.GET.get("q", "")[:LONGEST_SEARCH]
    notes = PracticeNote.objects.order_by("-at")
    for word in asked.split():
        notes = notes.filter(Q(title__icontains=word) | Q(text__icontains=word))
    page = {"centre": found, "notes": notes[:50], "asked": asked, "form": form}
    return render(request, "mediation/practice.html", page, status=422 if form.errors else 200)


def language() -> str:
    """Return the language of the page."""
    return (get_language() or "kk").partition("-")[0]


@require_safe
def counts(request: HttpRequest) -> HttpResponse:
    """Show outcomes by region and topic, none from which a single case could be told."""
    today = in_kazakhstan(timezone.now()).date()
    items = {key: words[("kk", "ru", "en").index(language())] for key, words in ITEMS.items()}
    page = {
        "outcomes": outcomes(),
        "reach": reach(),
        "said": [(one, items[one.item]) for one in said(today)],
        "fewest": FEWEST,
    }
    return render(request, "mediation/statistics.html", page)


@require_safe
def weekly_counts(request: HttpRequest) -> HttpResponse:  # noqa: ARG001  (Django calls a view with its request)
    """Hand out the disputes brought a week, as the early warning reads them."""
    answer = HttpResponse(content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = 'attachment; filename="disputes.csv"'
    writer = csv.writer(answer, lineterminator="\n")
    writer.writerow(("week", "region", "topic", "count"))
    writer.writerows(weekly(in_kazakhstan(timezone.now()).date()))
    return answer
