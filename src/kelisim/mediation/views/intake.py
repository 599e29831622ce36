"""Pages before anybody meets: what this is, is it safe, and the application."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from kelisim.accounts.access import organisations
from kelisim.accounts.roles import Permission
from kelisim.core.errors import StepRefused
from kelisim.mediation import access
from kelisim.mediation.actions.answer_screening import answer_screening, is_screened
from kelisim.mediation.actions.begin_case import begin_case
from kelisim.mediation.actions.file_case import file_case
from kelisim.mediation.actions.keep_time import wind_up
from kelisim.mediation.forms import ApplicationForm, BeginForm, ScreeningForm
from kelisim.mediation.safety import DUTY, HELP
from kelisim.mediation.scope import answers_to
from kelisim.mediation.views.door import keyring, person, private, told
from kelisim.mediation.words import Channel, Part, Topic


@require_safe
def front(request: HttpRequest) -> HttpResponse:
    """Say what mediation is, what stays secret, and what by law cannot; list one's own cases."""
    own = access.cases(request.user).select_related("centre").order_by("-since")
    page = {
        "cases": own,
        "mediating": organisations(request.user, Permission.MEDIATE),
        "keeping": organisations(request.user, Permission.MANAGE_PEOPLE),
        "duty": DUTY,
        "help": HELP,
    }
    return render(request, "mediation/front.html", page)


@private
@require_http_methods(["GET", "HEAD", "POST"])
def begin(request: HttpRequest) -> HttpResponse:
    """Ask whether it is for mediation, then open the case."""
    keyring(request)
    form = BeginForm(request.POST or None, initial={"language": get_language() or "kk"})
    page = {"form": form, "duty": DUTY, "help": HELP}
    if request.method != "POST" or not form.is_valid():
        return render(request, "mediation/begin.html", page, status=422 if form.errors else 200)
    out, warned = answers_to(form.yes())
    if out:
        return render(request, "mediation/out_of_scope.html", {"rules": out}, status=200)
    given = form.cleaned_data
    try:
        case = begin_case(
            centre=given["centre"],
            region=given["region"],
            topic=Topic(given["topic"]),
            language=given["language"],
            by=person(request),
        )
    except StepRefused as refused:
        told(form, refused)
        return render(request, "mediation/begin.html", page, status=422)
    wind_up()
    for rule in warned:
        messages.warning(request, str(rule.answer))
    return redirect("mediation-screening", code=case.code)


@private
@require_http_methods(["GET", "HEAD", "POST"])
def screening(request: HttpRequest, code: str) -> HttpResponse:
    """Ask the safety questions; nobody but the registrar can read the answers."""
    seat = access.seat(request.user, code, Part.PARTY)
    keyring(request)
    if is_screened(seat):
        return redirect("mediation-case", code=code)
    form = ScreeningForm(request.POST or None)
    page = {"form": form, "case": seat.case, "duty": DUTY, "help": HELP}
    if request.method != "POST" or not form.is_valid():
        return render(request, "mediation/screening.html", page, status=422 if form.errors else 200)
    verdict = answer_screening(seat, form.cleaned_data)
    if verdict == "stop":
        return render(request, "mediation/stopped_for_you.html", page)
    if verdict == "talk_first":
        messages.info(request, _("The registrar will call you before anything else happens."))
    return redirect("mediation-application" if seat.side == "a" else "mediation-case", code=code)


@private
@require_http_methods(["GET", "HEAD", "POST"])
def application(request: HttpRequest, code: str) -> HttpResponse:
    """Take down what it is about and whom to ask."""
    seat = access.seat(request.user, code, Part.PARTY)
    keyring(request)
    if seat.case.state != "draft":
        return redirect("mediation-case", code=code)
    form = ApplicationForm(request.POST or None, initial={"greeting": str(person(request))})
    page = {"form": form, "case": seat.case, "duty": DUTY}
    if request.method != "POST" or not form.is_valid():
        return render(
            request, "mediation/application.html", page, status=422 if form.errors else 200
        )
    given = form.cleaned_data
    file_case(seat, **(given | {"channel": Channel(given["channel"])}))
    messages.success(request, _("Your application is with the registrar."))
    return redirect("mediation-case", code=code)
