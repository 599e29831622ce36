"""Pages of an office that answers: what it owes and by when, and the answer itself."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from kelisim.accounts.access import organisations
from kelisim.accounts.roles import Permission
from kelisim.consultations import access, queries
from kelisim.consultations.actions.answer import answer as give
from kelisim.consultations.forms import AnswerForm
from kelisim.consultations.models import Verdict
from kelisim.consultations.views.seat import person
from kelisim.core.clock import SystemClock


@login_required
@require_safe
def owed(request: HttpRequest) -> HttpResponse:
    """Show what the offices of the visitor owe, the most urgent first."""
    if not organisations(request.user, Permission.ANSWER_PUBLICLY).exists():
        raise Http404
    told = queries.answers(access.owed_by(request.user), SystemClock().now())
    return render(request, "consultations/owed.html", {"answers": told})


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def answer(request: HttpRequest, pk: int) -> HttpResponse:
    """Answer one statement."""
    row = access.owed(request.user, pk)
    form = AnswerForm(request.POST or None, owed=row)
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        give(
            row,
            Verdict(data["verdict"]),
            form.texts,
            by=person(request),
            before=data["before"],
            after=data["after"],
            address=f"{request.scheme}://{request.get_host()}",
        )
        messages.success(request, _("The answer is public now."))
        return redirect("owed-answers")
    context = {"row": row, "form": form, "house": row.consultation}
    return render(request, "consultations/answer.html", context, status=422 if form.errors else 200)
