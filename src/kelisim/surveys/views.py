"""Pages of the researcher: surveys, a survey as a spine, its questionnaire, its links."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from kelisim.accounts.access import organisation, permissions
from kelisim.accounts.models import User
from kelisim.accounts.roles import Permission
from kelisim.core.errors import Refusal
from kelisim.surveys import access, queries
from kelisim.surveys.actions.import_questionnaire import import_questionnaire
from kelisim.surveys.actions.invite import invite
from kelisim.surveys.actions.open_survey import NothingToAsk, begin_survey, move_survey
from kelisim.surveys.actions.publish_questionnaire import GraveFindings, publish_questionnaire
from kelisim.surveys.checking.changes import changes
from kelisim.surveys.forms import ImportForm, LinksForm, SurveyForm
from kelisim.surveys.models import Questionnaire, State, Survey
from kelisim.surveys.preview import preview
from kelisim.surveys.qr import qr_svg
from kelisim.surveys.refusals import told
from kelisim.surveys.sentences import sentence
from kelisim.surveys.spine import beads, next_step


def _person(request: HttpRequest) -> User:
    if not isinstance(request.user, User):
        raise TypeError("login_required stands before every view that asks who is there")
    return request.user


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def surveys(request: HttpRequest, house: str) -> HttpResponse:
    """List the surveys of an organisation and begin a new one."""
    found = organisation(request.user, house, Permission.READ_SURVEYS)
    may_edit = Permission.EDIT_SURVEYS in permissions(request.user, found)
    form = SurveyForm(request.POST or None, organisation=found)
    if request.method == "POST":
        organisation(request.user, house, Permission.EDIT_SURVEYS)
        if form.is_valid():
            made = begin_survey(
                organisation=found,
                slug=form.cleaned_data["slug"],
                titles=form.titles(),
                by=_person(request),
            )
            return redirect("survey", house=house, slug=made.slug)
    rows = access.surveys(request.user, Permission.READ_SURVEYS).filter(organisation=found)
    page = {
        "organisation": found,
        "surveys": rows.order_by("-created_at"),
        "form": form,
        "may_edit": may_edit,
    }
    return render(request, "surveys/surveys.html", page, status=422 if form.errors else 200)


def _page(request: HttpRequest, survey: Survey, **more: Any) -> dict[str, Any]:
    held = permissions(request.user, survey.organisation)
    return {"survey": survey, "may_edit": Permission.EDIT_SURVEYS in held, **more}


@login_required
@require_safe
def survey(request: HttpRequest, house: str, slug: str) -> HttpResponse:
    """Show a survey as a spine."""
    found = access.survey(request.user, house, slug, Permission.READ_SURVEYS)
    stages = beads(found)
    page = _page(
        request,
        found,
        beads=stages,
        next=next_step(stages),
        versions=queries.versions(found),
    )
    return render(request, "surveys/survey.html", page)


@login_required
@require_POST
def move(request: HttpRequest, house: str, slug: str) -> HttpResponse:
    """Open a survey for answers, or close it."""
    found = access.survey(request.user, house, slug, Permission.EDIT_SURVEYS)
    state = State.OPEN if request.POST.get("state") == "open" else State.CLOSED
    try:
        move_survey(survey=found, state=state, by=_person(request))
        messages.success(request, found.get_state_display())
    except NothingToAsk:
        messages.error(request, _("A version of the questionnaire has to be published first."))
    return redirect("survey", house=house, slug=slug)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def take_in(request: HttpRequest, house: str, slug: str) -> HttpResponse:
    """Import a questionnaire as the next version."""
    found = access.survey(request.user, house, slug, Permission.EDIT_SURVEYS)
    form = ImportForm(request.POST or None, request.FILES or None)
    refusal: Refusal | None = None
    if request.method == "POST" and form.is_valid():
        given, beside = form.cleaned_data["questionnaire"], form.cleaned_data["beside"]
        try:
            made = import_questionnaire(
                survey=found,
                name=given.name,
                raw=given.read(),
                media={beside.name: beside.read()} if beside else {},
                by=_person(request),
            )
            return redirect("survey-version", house=house, slug=slug, number=made.number)
        except Refusal as cause:
            refusal = cause
    page = _page(
        request,
        found,
        form=form,
        refusal=told(refusal) if refusal else None,
        refused=form.cleaned_data["questionnaire"].name if refusal else "",
    )
    status = 422 if refusal or form.errors else 200
    return render(request, "surveys/import.html", page, status=status)


@login_required
@require_safe
def version(request: HttpRequest, house: str, slug: str, number: int) -> HttpResponse:
    """Show a version: what its checks found, what changed, and every item as it is asked."""
    found = access.questionnaire(request.user, house, slug, number, Permission.READ_SURVEYS)
    asked = request.GET.get("words") or (get_language() or "kk").partition("-")[0]
    page = _page(
        request,
        found.survey,
        questionnaire=found,
        findings=[{**one, "told": sentence(one)} for one in found.findings],
        grave=any(one["grave"] for one in found.findings),
        changes=_changes(found),
        items=preview(found, asked),
        words=asked,
    )
    return render(request, "surveys/version.html", page)


def _changes(new: Questionnaire) -> list[dict[str, Any]]:
    old = new.survey.questionnaires.filter(number=new.number - 1).first()
    if old is None:
        return []
    told = [one.as_dict() for one in changes(queries.form_of(old), queries.form_of(new))]
    return [{**one, "told": sentence(one)} for one in told]


@login_required
@require_POST
def publish(request: HttpRequest, house: str, slug: str, number: int) -> HttpResponse:
    """Publish a version."""
    found = access.questionnaire(request.user, house, slug, number, Permission.EDIT_SURVEYS)
    try:
        publish_questionnaire(questionnaire=found, by=_person(request))
        messages.success(request, _("The version is published. It will never change."))
    except GraveFindings:
        messages.error(request, _("Put right what stops people first; it is marked in the list."))
    return redirect("survey-version", house=house, slug=slug, number=number)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def links(request: HttpRequest, house: str, slug: str) -> HttpResponse:
    """Make one-time links and show them once, as a sheet to be printed and cut."""
    found = access.survey(request.user, house, slug, Permission.EDIT_SURVEYS)
    form = LinksForm(request.POST or None)
    made = []
    if request.method == "POST" and form.is_valid():
        secrets = invite(
            survey=found,
            count=form.cleaned_data["count"],
            batch=form.cleaned_data["batch"],
            by=_person(request),
        )
        made = [(one, qr_svg(one)) for one in map(request.build_absolute_uri, _paths(secrets))]
    rows = found.invitations
    page = _page(
        request,
        found,
        form=form,
        links=made,
        count=rows.count(),
        used=rows.filter(used_on__isnull=False).count(),
    )
    answer = render(request, "surveys/links.html", page, status=422 if form.errors else 200)
    answer["Cache-Control"] = "no-store"
    return answer


def _paths(secrets: list[str]) -> list[str]:
    # Without a language: the person's own browser decides in which one the survey opens.
    return [f"/q/{secret}/" for secret in secrets]
