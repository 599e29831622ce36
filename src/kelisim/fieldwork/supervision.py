"""Pages of a supervisor: the board, the sample and who works it, devices, quotas, what was kept."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from kelisim.bells import tickets
from kelisim.core.errors import Refusal
from kelisim.fieldwork import access, analysis, channels, pictures, queries
from kelisim.fieldwork.actions.assign_psu import assign_psu
from kelisim.fieldwork.actions.check_back import check_back, draw_back_checks
from kelisim.fieldwork.actions.import_sample import import_sample
from kelisim.fieldwork.actions.issue_device import issue_device
from kelisim.fieldwork.actions.reject_interview import reject_interview, restore_interview
from kelisim.fieldwork.actions.revoke_device import revoke_device
from kelisim.fieldwork.actions.set_quota import set_quota
from kelisim.fieldwork.actions.settle_quarantined import settle_quarantined
from kelisim.fieldwork.forms import (
    BackCheckDraw,
    BackCheckForm,
    DeviceForm,
    PersonChoice,
    QuotaForm,
    RejectForm,
    SampleForm,
)
from kelisim.fieldwork.models import Checked, DeviceKind
from kelisim.fieldwork.openrosa.settings_code import code_svg, server_address
from kelisim.fieldwork.views import person

MOST_LISTED = 200
"""Interviews of one page; the newest are looked at first."""

both = require_http_methods(["GET", "HEAD", "POST"])


@login_required
@require_safe
def board(request: HttpRequest, house: str, slug: str) -> HttpResponse:
    """Show how far fieldwork is; the page asks again when something came in."""
    survey = access.run(request.user, house, slug)
    ticket = tickets.ticket(request, channels.fieldwork(survey.pk))
    found, now = analysis.board(survey), timezone.now()
    page = {
        "survey": survey,
        "ticket": ticket,
        "board": found,
        "regions": pictures.ordered(found.regions),
        "pictures": pictures.pictures(found),
        "quotas": queries.quotas(survey),
        "waiting": queries.waiting(survey).count(),
        "unsettled": queries.unsettled(survey).count(),
        "overdue": analysis.overdue(survey, now),
    }
    name = "fieldwork/_board.html" if request.htmx else "fieldwork/board.html"  # type: ignore[attr-defined]  # the middleware adds it
    return render(request, name, page)


@login_required
@both
def sample(request: HttpRequest, house: str, slug: str) -> HttpResponse:
    """Import a sample, and say who works where."""
    survey = access.run(request.user, house, slug)
    form = SampleForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        content = form.cleaned_data["file"].read()
        try:
            units = import_sample(survey=survey, content=content, by=person(request))
        except Refusal as refused:
            form.add_error("file", str(refused))
        else:
            messages.success(request, _("Units imported: %(units)s.") % {"units": units})
            return redirect("sample", house, slug)
    page = {
        "survey": survey,
        "form": form,
        "psus": queries.psus(survey),
        "people": queries.interviewers(survey),
    }
    return render(request, "fieldwork/sample.html", page, status=422 if form.errors else 200)


@login_required
@require_POST
def assign(request: HttpRequest, pk: int) -> HttpResponse:
    """Give a PSU to an interviewer."""
    psu = access.psu(request.user, pk)
    form = PersonChoice(request.POST, people=queries.interviewers(psu.survey))
    if form.is_valid():
        chosen = form.cleaned_data["interviewer"]
        assign_psu(psu=psu, interviewer=chosen, by=person(request))
        told = {"psu": psu, "person": chosen or _("nobody yet")}
        messages.success(request, _("%(psu)s: %(person)s.") % told)
    return redirect("sample", psu.survey.organisation.slug, psu.survey.slug)


@login_required
@both
def devices(request: HttpRequest, house: str, slug: str) -> HttpResponse:
    """List devices and let a new one in."""
    survey = access.run(request.user, house, slug)
    form = DeviceForm(request.POST or None, people=queries.interviewers(survey))
    if request.method == "POST" and form.is_valid():
        name = form.cleaned_data["name"]
        if survey.devices.filter(name=name).exists():
            form.add_error("name", _("A device of that name is there already."))
        else:
            made = issue_device(
                survey=survey,
                name=name,
                interviewer=form.cleaned_data["interviewer"],
                by=person(request),
                kind=DeviceKind.COLLECT,
            )
            return redirect("device", made.pk)
    page = {"survey": survey, "form": form, "devices": queries.devices(survey)}
    return render(request, "fieldwork/devices.html", page, status=422 if form.errors else 200)


@login_required
@require_safe
def device(request: HttpRequest, pk: int) -> HttpResponse:
    """Show the code that a device reads its settings from."""
    found = access.owned_device(request.user, pk)
    address = server_address(request, found)
    page = {
        "device": found,
        "survey": found.survey,
        "address": address,
        "code": code_svg(address, found.survey.title),
    }
    return render(request, "fieldwork/device.html", page)


@login_required
@require_POST
def revoke(request: HttpRequest, pk: int) -> HttpResponse:
    """Switch a device off."""
    found = access.owned_device(request.user, pk)
    revoke_device(device=found, by=person(request))
    messages.success(request, _("“%(device)s” is switched off.") % {"device": found})
    return redirect("devices", found.survey.organisation.slug, found.survey.slug)


@login_required
@both
def quotas(request: HttpRequest, house: str, slug: str) -> HttpResponse:
    """List quotas and set one."""
    survey = access.run(request.user, house, slug)
    form = QuotaForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            set_quota(survey=survey, by=person(request), **form.cleaned_data)
        except Refusal as refused:
            form.add_error("condition", str(refused))
        else:
            return redirect("quotas", house, slug)
    page = {"survey": survey, "form": form, "quotas": queries.quotas(survey)}
    return render(request, "fieldwork/quotas.html", page, status=422 if form.errors else 200)


@login_required
@require_safe
def kept(request: HttpRequest, house: str, slug: str) -> HttpResponse:
    """List what came and could not become an interview."""
    survey = access.run(request.user, house, slug)
    page = {
        "survey": survey,
        "kept": queries.unsettled(survey),
        "aside": queries.aside(survey)[:MOST_LISTED],
    }
    return render(request, "fieldwork/kept.html", page)


@login_required
@require_safe
def kept_file(request: HttpRequest, pk: int) -> HttpResponse:
    """Send what was kept, byte for byte."""
    found = access.quarantined(request.user, pk)
    answer = HttpResponse(bytes(found.content), content_type="application/octet-stream")
    answer["Content-Disposition"] = f'attachment; filename="kept-{found.pk}.bin"'
    return answer


@login_required
@require_POST
def settle(request: HttpRequest, pk: int) -> HttpResponse:
    """Receive what was kept after all, or put it aside."""
    found = access.quarantined(request.user, pk)
    told = settle_quarantined(kept=found, by=person(request), again="again" in request.POST)
    messages.info(request, told.words if told else _("Put aside."))
    survey = found.device.survey
    return redirect("kept", survey.organisation.slug, survey.slug)


@login_required
@require_safe
def interviews(request: HttpRequest, house: str, slug: str) -> HttpResponse:
    """List the interviews that count, and let one be rejected."""
    survey = access.run(request.user, house, slug)
    page = {"survey": survey, "interviews": queries.interviews(survey)[:MOST_LISTED]}
    return render(request, "fieldwork/interviews.html", page)


@login_required
@require_POST
def reject(request: HttpRequest, pk: int) -> HttpResponse:
    """Set an interview aside."""
    found = access.interview(request.user, pk)
    form = RejectForm(request.POST)
    survey = found.questionnaire.survey
    if form.is_valid():
        reject_interview(submission=found, why=form.cleaned_data["why"], by=person(request))
        messages.success(request, _("The interview is rejected, and its places are free again."))
    else:
        messages.error(request, _("Say why the interview is not to count."))
    return redirect("interviews", survey.organisation.slug, survey.slug)


@login_required
@require_POST
def restore(request: HttpRequest, pk: int) -> HttpResponse:
    """Take an interview back in."""
    found = access.interview(request.user, pk)
    if restore_interview(submission=found, by=person(request)):
        messages.success(request, _("The interview counts."))
    else:
        messages.error(request, _("Its quota is full. Raise the quota first."))
    survey = found.questionnaire.survey
    return redirect("kept", survey.organisation.slug, survey.slug)


@login_required
@both
def back_checks(request: HttpRequest, house: str, slug: str) -> HttpResponse:
    """List back-checks and draw more."""
    survey = access.run(request.user, house, slug)
    form = BackCheckDraw(request.POST or None)
    if request.method == "POST" and form.is_valid():
        drawn = draw_back_checks(
            survey=survey,
            share=form.cleaned_data["share"] / 100,
            seed=form.cleaned_data["seed"],
            by=person(request),
        )
        messages.success(request, _("Interviews drawn: %(count)s.") % {"count": drawn})
        return redirect("back-checks", house, slug)
    page = {
        "survey": survey,
        "form": form,
        "checks": queries.back_checks(survey),
        "answers": Checked.choices,
    }
    return render(request, "fieldwork/back_checks.html", page, status=422 if form.errors else 200)


@login_required
@require_POST
def back_check(request: HttpRequest, pk: int) -> HttpResponse:
    """Record what a back-check found."""
    found = access.back_check(request.user, pk)
    form = BackCheckForm(request.POST)
    if form.is_valid():
        told = Checked(form.cleaned_data["found"])
        try:
            check_back(check=found, found=told, by=person(request), note=form.cleaned_data["note"])
        except Refusal as refused:
            messages.error(request, str(refused))
    survey = found.unit.survey
    return redirect("back-checks", survey.organisation.slug, survey.slug)
