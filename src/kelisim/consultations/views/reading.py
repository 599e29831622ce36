"""Pages for everybody: what is asked now, what was answered, how it was moderated, the data."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from kelisim.consultations import access, export, queries
from kelisim.consultations.models import Consultation
from kelisim.consultations.report import report_html, report_pdf
from kelisim.consultations.results import results
from kelisim.consultations.views.seat import seat
from kelisim.core.clock import SystemClock


@require_safe
def consultations(request: HttpRequest) -> HttpResponse:
    """List what is asked now and what was asked lately."""
    present, past = queries.listed(SystemClock().now())
    return render(request, "consultations/list.html", {"present": present, "past": past})


@require_safe
def answers(request: HttpRequest, slug: str) -> HttpResponse:
    """Show what the public said and what the offices did, with the counter of answers on time."""
    house = access.public(slug)
    told = queries.answers(house.owed.all(), SystemClock().now())
    return render(request, "consultations/answers.html", {"house": house, "answers": told})


@require_safe
def moderation(request: HttpRequest, slug: str) -> HttpResponse:
    """Show how statements were moderated."""
    house = access.public(slug)
    context = {"house": house, "told": queries.moderation(house)}
    return render(request, "consultations/moderation.html", context)


@require_safe
def shared(request: HttpRequest, slug: str, key: str) -> HttpResponse:
    """Show the results to who holds the reading link, without a way to vote."""
    house = access.shared(slug, key)
    context = {"house": house, "results": results(house, {}), "here": None}
    return render(request, "consultations/shared.html", context)


def _readable(request: HttpRequest, slug: str) -> Consultation:
    """Return a consultation whose results this reader may have as files."""
    here = seat(request, access.public(slug))
    if not here.may_read:
        raise Http404
    return here.house


@require_safe
def data(request: HttpRequest, slug: str, name: str) -> HttpResponse:
    """Give the votes as open data, without anything that says who a participant is."""
    if name not in export.FILES:
        raise Http404
    kind, write = export.FILES[name]
    answer = HttpResponse(write(_readable(request, slug)), content_type=kind)
    answer["Content-Disposition"] = f'attachment; filename="{slug}-{name}"'
    return answer


@require_safe
def report(request: HttpRequest, slug: str, kind: str) -> HttpResponse:
    """Give the report in three languages, as one page or for print."""
    house = _readable(request, slug)
    if kind == "pdf":
        return HttpResponse(report_pdf(house), content_type="application/pdf")
    answer = HttpResponse(report_html(house))
    # The page carries its own, stricter policy: no script at all, its one style by its digest.
    answer._csp_exempt = True  # type: ignore[attr-defined]  # how django-csp is told
    return answer
