"""Pages of studies: the list, one study, one run, and what it found."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db import IntegrityError
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from kelisim.accounts import access as people
from kelisim.accounts.models import User
from kelisim.accounts.roles import Permission
from kelisim.bells.tickets import ticket
from kelisim.core.errors import Refusal
from kelisim.results import access, analysis, from_survey, queries
from kelisim.results.actions.change_declaration import change_declaration
from kelisim.results.actions.open_study import open_study
from kelisim.results.actions.start_run import start_run
from kelisim.results.forms import BeforeForm, DeclarationForm, RunForm, StudyForm
from kelisim.results.models import Run, Stage
from kelisim.results.scorecard import cards_of
from kelisim.results.tasks import channel
from kelisim.surveys import access as surveys


def _person(request: HttpRequest) -> User:
    if not isinstance(request.user, User):
        raise TypeError("login_required stands before every view that asks who is there")
    return request.user


@login_required
@require_safe
def studies(request: HttpRequest, house: str) -> HttpResponse:
    """List the studies of an organisation to those who read results."""
    organisation = people.organisation(request.user, house, Permission.READ_RESULTS)
    rows = queries.sorted_studies(access.studies(request.user, house, Permission.READ_RESULTS))
    held = people.permissions(request.user, organisation)
    page = {"organisation": organisation, "studies": rows, "held": held}
    return render(request, "results/studies.html", page)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def open_new(request: HttpRequest, house: str) -> HttpResponse:
    """Take a packed study folder."""
    organisation = people.organisation(request.user, house, Permission.EDIT_SURVEYS)
    form = StudyForm(request.POST or None, request.FILES or None)
    refusal = None
    if request.method == "POST" and form.is_valid():
        declaration, given = form.cleaned_data["folder"]
        try:
            study = open_study(
                organisation=organisation,
                slug=form.cleaned_data["slug"],
                declaration=declaration,
                files={name: [content] for name, content in given.items()},
                by=_person(request),
            )
            return redirect("study", house=house, slug=study.slug)
        except Refusal as found:
            refusal = found.as_dict()
        except IntegrityError:
            form.add_error("slug", _("There is a study with this short name already."))
    wrong = bool(form.errors or refusal)
    page = {"organisation": organisation, "form": form, "refusal": refusal}
    return render(request, "results/open.html", page, status=422 if wrong else 200)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def of_survey(request: HttpRequest, house: str, survey: str) -> HttpResponse:
    """Open a study of a survey, with a declaration to begin with."""
    found = surveys.survey(request.user, house, survey, Permission.EDIT_SURVEYS)
    refusal = None
    if request.method == "POST":
        try:
            made = open_study(
                organisation=found.organisation,
                slug=found.slug,
                declaration=from_survey.declaration(found),
                files=from_survey.files(found),
                by=_person(request),
                survey=found,
            )
            return redirect("study", house=house, slug=made.slug)
        except Refusal as told:
            refusal = told.as_dict()
        except IntegrityError:
            return redirect("study", house=house, slug=found.slug)
    page = {"organisation": found.organisation, "survey": found, "refusal": refusal}
    return render(request, "results/of_survey.html", page, status=422 if refusal else 200)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def study(request: HttpRequest, house: str, slug: str) -> HttpResponse:
    """Show what a study declares, and its runs; keep a changed declaration."""
    found = access.study(request.user, house, slug, Permission.EDIT_SURVEYS)
    form = DeclarationForm(request.POST or None, initial={"declaration": found.declaration})
    refusal = None
    if request.method == "POST" and form.is_valid():
        text = form.cleaned_data["declaration"].replace("\r\n", "\n")
        try:
            change_declaration(study=found, declaration=text, by=_person(request))
            messages.success(request, _("The declaration is kept. Runs from now on go by it."))
            return redirect("study", house=house, slug=slug)
        except Refusal as told:
            refusal = told.as_dict()
    page = {
        "organisation": found.organisation,
        "study": found,
        "files": found.files.order_by("name"),
        "runs": found.runs.order_by("-number"),
        "form": form,
        "run_form": RunForm(),
        "refusal": refusal,
    }
    return render(request, "results/study.html", page, status=422 if refusal else 200)


@login_required
@require_POST
def run_study(request: HttpRequest, house: str, slug: str) -> HttpResponse:
    """Ask for a run."""
    found = access.study(request.user, house, slug, Permission.EDIT_SURVEYS)
    form = RunForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("The seed is a whole number from 0 to 4294967295."))
        return redirect("study", house=house, slug=slug)
    run = start_run(study=found, by=_person(request), seed=form.cleaned_data["seed"])
    return redirect("run", house=house, slug=slug, number=run.number)


@login_required
@require_safe
def run(request: HttpRequest, house: str, slug: str, number: int) -> HttpResponse:
    """Show how far a run is, why it was refused, or what it found."""
    found = access.run(request.user, house, slug, number, Permission.READ_RESULTS)
    page = _page(found) | {"bell": ticket(request, channel(found))}
    found.refresh_from_db()
    hears = "HX-Request" in request.headers
    if found.stage == Stage.WAITING:
        done, total = queries.progress(found)
        part = "results/waiting_now.html" if hears else "results/waiting.html"
        return render(request, part, page | {"done": done, "total": total})
    if hears:
        return HttpResponse(headers={"HX-Refresh": "true"})
    if found.stage == Stage.REFUSED:
        return render(request, "results/refused.html", page)
    table = queries.table(analysis.result_of(found))
    page |= {"overview": queries.overview(table), "lines": queries.lines(table)}
    page |= {"files": queries.release_files(found)}
    return render(request, "results/run.html", page)


def _page(run: Run) -> dict[str, object]:
    return {"organisation": run.study.organisation, "study": run.study, "run": run}


@login_required
@require_safe
def indicator(request: HttpRequest, house: str, slug: str, number: int, place: int) -> HttpResponse:
    """Show one indicator: the question, the nation, and one set of groups."""
    found = access.computed(request.user, house, slug, number)
    table = queries.table(analysis.result_of(found))
    if not 1 <= place <= len(table.facts):
        raise Http404
    facts = table.facts[place - 1]
    asked = request.GET.get("by", "")
    chosen = int(asked) if asked.isdecimal() else queries.first_choice(facts)
    if chosen is not None and chosen >= len(facts.leading.sets):
        raise Http404
    page = _page(found) | {
        "line": queries.line(table, facts, place),
        "citation": queries.citation(table, facts),
        "filters": queries.filters(table, facts, chosen),
        "blocks": queries.indicator(table, facts, place, chosen),
        "before": place - 1,
        "after": place + 1 if place < len(table.facts) else 0,
    }
    return render(request, "results/indicator.html", page)


@login_required
@require_safe
def scorecard(request: HttpRequest, house: str, slug: str, number: int) -> HttpResponse:
    """Show what may be said of each region, and what may not."""
    found = access.computed(request.user, house, slug, number)
    cards = cards_of(queries.table(analysis.result_of(found)))
    earlier = Run.objects.filter(
        study__in=access.studies(request.user, house, Permission.READ_RESULTS), stage=Stage.DONE
    ).exclude(pk=found.pk)
    form = BeforeForm(request.GET or None, runs=earlier.order_by("-computed_at"))
    changes, refusal = "", None
    if request.GET and form.is_valid():
        try:
            changes = queries.changes(form.cleaned_data["before"], found)
        except Refusal as told:
            refusal = told.as_dict()
    page = _page(found) | {"cards": cards, "form": form, "changes": changes, "refusal": refusal}
    page["comparable"] = earlier.exists()
    return render(request, "results/scorecard.html", page)


@login_required
@require_safe
def file(request: HttpRequest, house: str, slug: str, number: int, name: str) -> FileResponse:
    """Hand out a file of a run's release."""
    found = access.computed(request.user, house, slug, number)
    path = queries.release_file(found, name)
    if path is None:
        raise Http404
    return FileResponse(path.open("rb"), as_attachment=True, filename=name)
