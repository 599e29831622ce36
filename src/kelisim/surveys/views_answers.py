"""Pages about what came back: how much, and files to download."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from pathlib import Path
from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language
from django.views.decorators.http import require_http_methods, require_safe

from kelisim.accounts.access import organisation
from kelisim.accounts.roles import Permission
from kelisim.bells import tickets
from kelisim.jobs.models import Job, Status
from kelisim.jobs.queue import channel
from kelisim.surveys import access, queries
from kelisim.surveys.exporting import KINDS
from kelisim.surveys.models import Survey
from kelisim.surveys.omnibus import write_omnibus
from kelisim.surveys.tasks import export_answers, export_folder

NEWEST = 10
UNDER_WAY = (Status.READY, Status.RUNNING)


def _jobs(survey: Survey) -> list[Job]:
    rows = Job.objects.filter(task=export_answers.module_path).order_by("-enqueued_at")
    return [one for one in rows[:200] if one.args and one.args[0] == survey.pk][:NEWEST]


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def answers(request: HttpRequest, house: str, slug: str) -> HttpResponse:
    """Say how many interviews there are, and make files of them."""
    found = access.survey(request.user, house, slug, Permission.READ_RESULTS)
    language = (get_language() or "kk").partition("-")[0]
    kind = request.POST.get("kind", "")
    if request.method == "POST" and kind in KINDS:
        export_answers.enqueue(found.pk, kind, language)
        return redirect("survey-answers", house=house, slug=slug)
    under_way = [channel(one) for one in _jobs(found) if one.status in UNDER_WAY]
    ticket = tickets.ticket(request, *under_way) if under_way else ""
    page = {
        "survey": found,
        "ticket": ticket,
        "count": queries.received(found).count(),
        "kinds": KINDS,
        "jobs": [(one, one.args[1] if len(one.args) > 1 else "") for one in _jobs(found)],
    }
    part = "surveys/_files.html" if request.htmx else "surveys/answers.html"  # type: ignore[attr-defined]  # the middleware adds it
    return render(request, part, page)


@login_required
@require_safe
def download(request: HttpRequest, house: str, slug: str, job: UUID) -> HttpResponseBase:
    """Give a file that was made."""
    found = access.survey(request.user, house, slug, Permission.READ_RESULTS)
    made = next((one for one in _jobs(found) if one.pk == job), None)
    if made is None or not made.answer:
        raise Http404
    file = export_folder() / str(made.answer["file"])
    if not file.is_file():
        raise Http404
    with file.open("rb") as start:
        packed = start.read(4) == b"PK\x03\x04"
    name = f"{found.slug}.{'zip' if packed else made.args[1]}"
    answer = StreamingHttpResponse(_pieces(file), content_type="application/octet-stream")
    answer["Content-Disposition"] = f'attachment; filename="{name}"'
    answer["Content-Length"] = str(file.stat().st_size)
    return answer


def _pieces(file: Path) -> Iterator[bytes]:
    with file.open("rb") as opened:
        while piece := opened.read(1 << 18):
            yield piece


@login_required
@require_safe
def example(request: HttpRequest, house: str) -> HttpResponse:
    """Give the example questionnaire as a workbook to begin from."""
    organisation(request.user, house, Permission.READ_SURVEYS)
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "omnibus.xlsx"
        write_omnibus(file)
        raw = file.read_bytes()
    kind = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    answer = HttpResponse(raw, content_type=kind)
    answer["Content-Disposition"] = 'attachment; filename="omnibus.xlsx"'
    return answer
