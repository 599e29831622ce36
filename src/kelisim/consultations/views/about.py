"""Pages about who came: what a participant tells, and the population they are laid beside."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from kelisim.accounts.roles import Permission
from kelisim.consultations import access, queries
from kelisim.consultations.actions.set_population import set_population
from kelisim.consultations.actions.tell import erase, tell
from kelisim.consultations.refusals import Refused
from kelisim.consultations.telling import AboutForm, PopulationForm
from kelisim.consultations.views.running import spine
from kelisim.consultations.views.seat import person, seat


@require_http_methods(["GET", "HEAD", "POST"])
def about(request: HttpRequest, slug: str) -> HttpResponse:
    """Ask a participant who has voted four voluntary questions, or erase the answers."""
    here = seat(request, access.public(slug))
    if here.voice is None:
        messages.info(request, _("First vote on a few statements; then tell about yourself."))
        return redirect("consultation", slug=slug)
    known = queries.told_by(here.voice)
    form = AboutForm(request.POST or None, known=known)
    if request.method == "POST" and request.POST.get("erase"):
        erase(here.house, here.voice)
        messages.success(request, _("What you told is erased."))
        return redirect("consultation", slug=slug)
    if request.method == "POST" and form.is_valid():
        try:
            tell(here.house, here.voice, form.said)
        except Refused as refused:
            form.add_error(None, refused.sentence)
        else:
            messages.success(request, _("Thank you. It is counted in sums alone."))
            return redirect("consultation", slug=slug)
    context = {"house": here.house, "here": here, "form": form, "known": known}
    status = 422 if form.errors else 200
    return render(request, "consultations/about.html", context, status=status)


@login_required
@require_POST
def population(request: HttpRequest, slug: str) -> HttpResponse:
    """Set the population from a file of cells."""
    house = access.own(request.user, slug, Permission.RUN_CONSULTATIONS)
    form = PopulationForm(request.POST, request.FILES)
    if not form.is_valid():
        return spine(request, house, population_form=form, status=422)
    set_population(house, form.cells, form.cleaned_data["source"], by=person(request))
    messages.success(request, _("Saved."))
    return redirect("run-consultation", slug=house.slug)
