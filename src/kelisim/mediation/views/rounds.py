"""Pages of the map, of suggestions and of blind bids."""

from __future__ import annotations

import uuid
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from kelisim.core.errors import CaseRefused, StepRefused
from kelisim.mediation import access
from kelisim.mediation.actions.deposit import deposit, subject_of, take_back
from kelisim.mediation.actions.end_round import end_round
from kelisim.mediation.actions.open_round import open_round
from kelisim.mediation.actions.write import write
from kelisim.mediation.explained import remark_text, solutions_text
from kelisim.mediation.forms import BidForm, IssueForm, PointsForm, RoundForm
from kelisim.mediation.issues import check_points, mapped
from kelisim.mediation.queries import lines, notes_of
from kelisim.mediation.views.door import keyring, private, told
from kelisim.mediation.words import Kind, Part, Purpose, Room


@private
@require_http_methods(["GET", "HEAD", "POST"])
def issues(request: HttpRequest, code: str) -> HttpResponse:
    """Show the map of issues and interests, and take a new version of an issue."""
    seat, rooms = access.room(request.user, code, Room.JOINT)
    ring = keyring(request)
    found = mapped(line.content for line in lines(rooms, ring, Kind.ISSUE))
    chosen = next((i for i in found if i.key == request.GET.get("issue")), None)
    initial = _initial(chosen) if chosen else {}
    form = IssueForm(request.POST or None, initial=initial)
    if request.method == "POST" and seat.part not in (Part.PARTY, Part.MEDIATOR):
        raise Http404
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        content = {
            "issue": given["issue"] or uuid.uuid4().hex,
            "name": given["name"],
            "options": given["options"],
            "interests": {"a": given["interest_a"], "b": given["interest_b"]},
        }
        try:
            write(rooms[-1], Kind.ISSUE, content, seat=seat)
        except StepRefused as refused:
            told(form, refused)
        else:
            return redirect("mediation-issues", code=code)
    page = {"case": seat.case, "seat": seat, "issues": found, "form": form}
    return render(request, "mediation/issues.html", page, status=422 if form.errors else 200)


def _initial(chosen: Any) -> dict[str, Any]:
    return {
        "issue": chosen.key,
        "name": chosen.name,
        "options": "\n".join(chosen.options),
        "interest_a": chosen.interests.get("a", ""),
        "interest_b": chosen.interests.get("b", ""),
    }


@private
@require_http_methods(["GET", "HEAD", "POST"])
def rounds(request: HttpRequest, code: str) -> HttpResponse:
    """Show rounds and what came out; the mediator opens one."""
    seat, rooms = access.room(request.user, code, Room.JOINT)
    ring = keyring(request)
    form = RoundForm(request.POST or None)
    if request.method == "POST" and seat.part == Part.MEDIATOR and form.is_valid():
        given = form.cleaned_data
        try:
            open_round(
                seat,
                Purpose(given["purpose"]),
                for_all=given["for_all"] == "yes",
                question=given["question"],
                keyring=ring,
            )
        except StepRefused as refused:
            told(form, refused)
        else:
            messages.success(request, _("Both sides are asked now."))
            return redirect("mediation-rounds", code=code)
    found = lines(rooms, ring, Kind.SUGGESTION)
    if seat.part == Part.MEDIATOR:
        found += lines([notes_of(seat)], ring, Kind.SUGGESTION)
    page = {
        "case": seat.case,
        "seat": seat,
        "open": seat.case.rounds.filter(closed__isnull=True).first(),
        "outcomes": [solutions_text(line.content) for line in found],
        "form": form,
    }
    return render(request, "mediation/rounds.html", page, status=422 if form.errors else 200)


@private
@require_http_methods(["GET", "HEAD", "POST"])
def answer_round(request: HttpRequest, code: str, pk: int) -> HttpResponse:
    """Take a side's numbers, sealed; the second side's run the round."""
    seat, found = access.round_of(request.user, code, pk, Part.PARTY)
    ring = keyring(request)
    if found.closed:
        messages.info(request, _("This round is over."))
        return redirect("mediation-rounds", code=code)
    subject = subject_of(found, ring)
    if request.method == "POST" and request.POST.get("back") == "yes":
        take_back(seat, found)
        return redirect("mediation-rounds", code=code)
    suggestion = found.purpose == Purpose.SUGGESTION
    form: Any = (
        PointsForm(request.POST or None, issues=subject["issues"])
        if suggestion
        else BidForm(request.POST or None)
    )
    given = found.deposits.filter(side=seat.side).exists()
    page = {
        "case": seat.case,
        "round": found,
        "question": subject["question"],
        "form": form,
        "given": given,
    }
    if request.method == "POST" and form.is_valid():
        try:
            numbers = _numbers(form, subject["issues"], suggestion=suggestion)
            for remark in numbers.pop("remarks"):
                messages.warning(request, remark_text(remark))
            deposit(seat, found, numbers, keyring=ring)
        except (StepRefused, CaseRefused) as refused:
            told(form, refused)
        else:
            messages.success(request, _("Your numbers are sealed. They open only with theirs."))
            return redirect("mediation-rounds", code=code)
    return render(request, "mediation/answer_round.html", page, status=422 if form.errors else 200)


@private
@require_POST
def end(request: HttpRequest, code: str, pk: int) -> HttpResponse:
    """End a round that one side never answers: the mediator's to do."""
    seat, found = access.round_of(request.user, code, pk, Part.MEDIATOR)
    try:
        end_round(seat, found)
    except StepRefused as refused:
        messages.error(request, refused.what)
    else:
        messages.success(request, _("The round is ended. No numbers were opened."))
    return redirect("mediation-rounds", code=code)


def _numbers(form: Any, issues_: list[dict[str, Any]], *, suggestion: bool) -> dict[str, Any]:
    if not suggestion:
        return {"limit": form.cleaned_data["limit"], "remarks": []}
    points, without = form.points(), form.cleaned_data["disagreement"]
    remarks = check_points(issues_, points, without)
    return {"points": points, "disagreement": without, "remarks": remarks}
