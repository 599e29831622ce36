"""Pages of those who run a consultation: preparing it, inviting, entering paper, owing answers."""

from __future__ import annotations

from typing import Any

import segno
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from kelisim.accounts.access import own_organisation, permissions
from kelisim.accounts.roles import Permission
from kelisim.consultations import access, queries
from kelisim.consultations.actions.add_statement import seed
from kelisim.consultations.actions.enter_sheet import enter_sheet
from kelisim.consultations.actions.invite import invite
from kelisim.consultations.actions.owe import owe
from kelisim.consultations.actions.prepare import (
    add_draft,
    change,
    name_group,
    prepare,
    write_clause,
)
from kelisim.consultations.beside import routing
from kelisim.consultations.forms import (
    ClauseForm,
    CodesForm,
    ConsultationForm,
    DraftForm,
    GroupForm,
    OweForm,
    SheetForm,
    TextsForm,
)
from kelisim.consultations.models import Clause, Consultation, DraftKind, Mode, Standing
from kelisim.consultations.models.words import reading
from kelisim.consultations.refusals import Refused
from kelisim.consultations.results import results, signature
from kelisim.consultations.shelf import shelf
from kelisim.consultations.telling import PopulationForm
from kelisim.consultations.views.seat import person

SAFE = ["GET", "HEAD", "POST"]
WORK = {Permission.RUN_CONSULTATIONS, Permission.MODERATE, Permission.ENTER_VOTES}
"""What somebody may do who has a place on an organisation's page of consultations."""


@login_required
@require_http_methods(SAFE)
def of_organisation(request: HttpRequest, house: str) -> HttpResponse:
    """List an organisation's consultations with what the visitor does there; prepare a new one."""
    owner = own_organisation(request.user, house)
    held = permissions(request.user, owner)
    if not held & WORK or (request.method == "POST" and Permission.RUN_CONSULTATIONS not in held):
        raise Http404
    form = ConsultationForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        made = prepare(form.save(commit=False), organisation=owner, by=person(request))
        return redirect("run-consultation", slug=made.slug)
    rows = queries.of_organisation(owner)
    context = {"organisation": owner, "form": form, "rows": rows, "held": held}
    return render(
        request,
        "consultations/of_organisation.html",
        context,
        status=422 if form.errors else 200,
    )


def _own(request: HttpRequest, slug: str) -> Consultation:
    return access.own(request.user, slug, Permission.RUN_CONSULTATIONS)


def _statements(house: Consultation) -> list[tuple[int, str]]:
    language = reading()
    return [(n, item.words(language).text) for n, item in shelf(house).items.items()]


@login_required
@require_http_methods(SAFE)
def run(request: HttpRequest, slug: str) -> HttpResponse:
    """Show everything a consultation needs, in order, and change what it says."""
    house = _own(request, slug)
    form = ConsultationForm(request.POST or None, instance=house)
    if request.method == "POST" and form.is_valid():
        change(
            house, {name: form.cleaned_data[name] for name in form.changed_data}, by=person(request)
        )
        messages.success(request, _("Saved."))
        return redirect("run-consultation", slug=house.slug)
    return spine(request, house, form=form, status=422 if form.errors else 200)


def spine(
    request: HttpRequest, house: Consultation, *, status: int = 200, **given: Any
) -> HttpResponse:
    """Return the page of a consultation for those who run it, with the forms given filled in."""
    items = _statements(house)
    context = {
        "house": house,
        "form": ConsultationForm(instance=house),
        "draft_form": DraftForm(prefix="draft"),
        "clause_form": ClauseForm(prefix="clause", consultation=house),
        "statement_form": TextsForm(label=_("Statement"), rows=2, most=280, prefix="statement"),
        "codes_form": CodesForm(prefix="codes"),
        "owe_form": OweForm(
            prefix="owe", statements=items, initial={"statements": queries.slate(house)}
        ),
        "group_form": GroupForm(),
        "population_form": PopulationForm(),
        "population": queries.population(house),
        "routing": routing(queries.found(house, "routing")),
        "drafts": queries.drafts(house),
        "statements": items,
        "results": results(house, {}),
        "reading": request.build_absolute_uri(
            reverse("consultation-shared", args=[house.slug, house.reading_key])
        ),
        "frame": request.build_absolute_uri(reverse("consultation-embed", args=[house.slug])),
        **given,
    }
    return render(request, "consultations/run.html", context, status=status)


def _done(request: HttpRequest, house: Consultation) -> HttpResponse:
    messages.success(request, _("Saved."))
    return redirect("run-consultation", slug=house.slug)


@login_required
@require_POST
def draft(request: HttpRequest, slug: str) -> HttpResponse:
    """Add a document."""
    house = _own(request, slug)
    form = DraftForm(request.POST, prefix="draft")
    if not form.is_valid():
        return spine(request, house, draft_form=form, status=422)
    add_draft(house, DraftKind(form.cleaned_data["kind"]), form.texts, by=person(request))
    return _done(request, house)


@login_required
@require_POST
def clause(request: HttpRequest, slug: str) -> HttpResponse:
    """Add a clause, or a new version of one."""
    house = _own(request, slug)
    form = ClauseForm(request.POST, prefix="clause", consultation=house)
    if not form.is_valid():
        return spine(request, house, clause_form=form, status=422)
    data = form.cleaned_data
    write_clause(data["draft"], data["number"], form.texts, by=person(request))
    return _done(request, house)


@login_required
@require_POST
def statement(request: HttpRequest, slug: str) -> HttpResponse:
    """Add a statement of those who ask."""
    house = _own(request, slug)
    form = TextsForm(request.POST, label=_("Statement"), rows=2, prefix="statement")
    about = Clause.objects.filter(draft__consultation=house, pk=request.POST.get("clause") or 0)
    if form.is_valid():
        try:
            seed(house, form.texts, by=person(request), clause=about.first())
        except Refused as refused:
            form.add_error(None, refused.sentence)
        else:
            return _done(request, house)
    return spine(request, house, statement_form=form, status=422)


@login_required
@require_POST
def codes(request: HttpRequest, slug: str) -> HttpResponse:
    """Make a sheet of invitation codes, shown once, to be printed."""
    house = _own(request, slug)
    form = CodesForm(request.POST, prefix="codes")
    if not form.is_valid():
        return spine(request, house, codes_form=form, status=422)
    made = invite(house, form.cleaned_data["count"], by=person(request))
    join = request.build_absolute_uri(reverse("consultation-join", args=[house.slug]))
    rows = [(code, f"{join}?code={code}", _square(f"{join}?code={code}")) for code in made]
    return render(request, "consultations/sheet.html", {"house": house, "rows": rows})


def _square(address: str) -> str:
    """Return an address as a QR code, drawn with presentation attributes alone."""
    drawn = segno.make(address, error="m").svg_inline(scale=3, omitsize=False)
    return mark_safe(drawn)  # noqa: S308  (segno writes paths of digits, and no word of ours)


@login_required
@require_POST
def group(request: HttpRequest, slug: str, letter: str) -> HttpResponse:
    """Give a name to an opinion group."""
    house = _own(request, slug)
    form = GroupForm(request.POST)
    groups = Standing.objects.get(pk=house.pk).findings.get("groups", [])
    told_by = next((g["told_by"] for g in groups if g["group"] == letter), None)
    if told_by is None or not form.is_valid():
        return spine(request, house, group_form=form, status=422)
    name_group(house, letter, signature(told_by), form.texts, by=person(request))
    return _done(request, house)


@login_required
@require_POST
def owed(request: HttpRequest, slug: str) -> HttpResponse:
    """Put statements before an office."""
    house = _own(request, slug)
    form = OweForm(request.POST, prefix="owe", statements=_statements(house))
    if not form.is_valid():
        return spine(request, house, owe_form=form, status=422)
    data = form.cleaned_data
    rows = house.statements.filter(number__in=data["statements"]).order_by("number")
    owe(house, rows, data["office"], data["due"], by=person(request))
    return _done(request, house)


@login_required
@require_http_methods(SAFE)
def entry(request: HttpRequest, slug: str) -> HttpResponse:
    """Enter what somebody said on paper or by phone."""
    house = access.own(request.user, slug, Permission.ENTER_VOTES)
    form = SheetForm(request.POST or None, statements=_statements(house))
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        try:
            enter_sheet(
                house, data["sheet"], form.votes, Mode(data["mode"]), reading(), by=person(request)
            )
        except Refused as refused:
            form.add_error("sheet", refused.sentence)
        else:
            messages.success(request, _("The votes of this voice are entered."))
            return redirect("consultation-entry", slug=house.slug)
    context = {"house": house, "form": form}
    return render(request, "consultations/entry.html", context, status=422 if form.errors else 200)
