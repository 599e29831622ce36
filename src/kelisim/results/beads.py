"""The bead of results on the spine of a survey."""

from __future__ import annotations

from django.urls import reverse
from django.utils.translation import gettext

from kelisim.results.models import Stage
from kelisim.surveys.models import Submission, Survey
from kelisim.surveys.spine import Bead, bead


@bead("results")
def results(survey: Survey) -> Bead:
    """Say whether the survey was computed, and lead to its newest study."""
    house = survey.organisation.slug
    study = survey.studies.order_by("-pk").first()
    if study is None:
        link = reverse("study-of-survey", args=[house, survey.slug])
        answered = Submission.objects.filter(questionnaire__survey=survey).exists()
        blocked = "" if answered else gettext("There are no interviews yet.")
        told = gettext("Not computed yet")
        return Bead("results", "later", told, blocked, link, gettext("Open a study"))
    link = reverse("study", args=[house, study.slug])
    done = study.runs.filter(stage=Stage.DONE).order_by("-number").first()
    if done is None:
        return Bead("results", "now", gettext("Not computed yet"), "", link, gettext("Studies"))
    link = reverse("run", args=[house, study.slug, done.number])
    told = gettext("Run %(number)s") % {"number": done.number}
    return Bead("results", "done", told, "", link, gettext("Look at it"))
