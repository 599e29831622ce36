"""The beads of the sample and of fieldwork on the spine of a survey."""

from __future__ import annotations

from django.urls import reverse
from django.utils.translation import gettext, ngettext

from kelisim.fieldwork.models import Unit
from kelisim.surveys.models import State, Survey
from kelisim.surveys.spine import Bead, bead


@bead("sample")
def sample(survey: Survey) -> Bead:
    """Say how many units were drawn, and where to bring a sample in."""
    link = reverse("sample", args=[survey.organisation.slug, survey.slug])
    units = Unit.objects.filter(survey=survey).count()
    if not units:
        told = gettext("No sample was drawn; links reach whoever opens them.")
        return Bead("sample", "later", told, "", link, gettext("Import a sample"))
    told = ngettext("%(units)s unit.", "%(units)s units.", units) % {"units": units}
    return Bead("sample", "done", told, "", link, gettext("Look at it"))


@bead("fieldwork")
def fieldwork(survey: Survey) -> Bead:
    """Say how many units were visited, and where the board is."""
    link = reverse("fieldwork", args=[survey.organisation.slug, survey.slug])
    visited = Unit.objects.filter(survey=survey, attempts__gt=0).count()
    told = ngettext("%(units)s unit visited.", "%(units)s units visited.", visited)
    drawn = Unit.objects.filter(survey=survey).exists()
    going = survey.state == State.OPEN and drawn
    state = "done" if survey.state == State.CLOSED else "now" if going or visited else "later"
    blocked = "" if survey.state == State.OPEN else gettext("The survey is not in the field.")
    words = told % {"units": visited}
    return Bead("fieldwork", state, words, blocked, link, gettext("Watch the fieldwork"))
