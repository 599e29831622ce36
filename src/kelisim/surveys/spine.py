"""A survey as a spine of beads: what each stage stands at, and what blocks the next.

Every app adds its own beads with `bead`; this one knows the questionnaire and the answers. A bead
is asked for when the page is drawn, with the survey and the permissions of who looks.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext, gettext_lazy, ngettext

from kelisim.surveys import queries
from kelisim.surveys.models import State, Survey

ORDER = (
    "questionnaire",
    "sample",
    "fieldwork",
    "answers",
    "audit",
    "weights",
    "results",
    "release",
)
TITLES: dict[str, Promise] = {
    "questionnaire": gettext_lazy("Questionnaire"),
    "sample": gettext_lazy("Sample"),
    "fieldwork": gettext_lazy("Fieldwork"),
    "answers": gettext_lazy("Answers"),
    "audit": gettext_lazy("Interview audit"),
    "weights": gettext_lazy("Weights"),
    "results": gettext_lazy("Results"),
    "release": gettext_lazy("Release"),
}


@dataclass(frozen=True, slots=True)
class Bead:
    """One stage of a survey.

    Attributes
    ----------
    state
        ``done``, ``now`` or ``later``.
    told
        Where it stands, in a sentence.
    blocked
        What has to be done first; empty when nothing blocks it.
    link, action
        Where its next step is done, and what it is called; empty when there is none.
    """

    name: str
    state: str
    told: str
    blocked: str = ""
    link: str = ""
    action: str = ""

    @property
    def title(self) -> str:
        """The name of the stage in the language of the page."""
        return str(TITLES[self.name])


Maker = Callable[[Survey], Bead]
_MAKERS: dict[str, Maker] = {}


def bead(name: str) -> Callable[[Maker], Maker]:
    """Add the maker of a bead to the spine, in place of one that is there.

    Raises
    ------
    KeyError
        No stage of a survey has that name.
    """
    TITLES[name]

    def put(maker: Maker) -> Maker:
        _MAKERS[name] = maker
        return maker

    return put


def beads(survey: Survey) -> list[Bead]:
    """Return the beads of a survey in the order of a survey's life."""
    return [_MAKERS[name](survey) for name in ORDER if name in _MAKERS]


def next_step(found: list[Bead]) -> Bead | None:
    """Return the stage that is going on and whose step nothing blocks: the first of them."""
    return next((one for one in found if one.state == "now" and one.link and not one.blocked), None)


@bead("questionnaire")
def _questionnaire(survey: Survey) -> Bead:
    link = reverse("survey-import", args=[survey.organisation.slug, survey.slug])
    newest = queries.versions(survey).first()
    if newest is None:
        return Bead(
            "questionnaire",
            "now",
            gettext("No questionnaire yet."),
            link=link,
            action=gettext("Import an XLSForm"),
        )
    page = reverse("survey-version", args=[survey.organisation.slug, survey.slug, newest.number])
    told = gettext("Version %(number)s, %(findings)s findings.") % {
        "number": newest.number,
        "findings": len(newest.findings),
    }
    if queries.current(survey) is None:
        return Bead("questionnaire", "now", told, link=page, action=gettext("Check and publish"))
    return Bead("questionnaire", "done", told, link=page, action=gettext("Look at it"))


@bead("answers")
def _answers(survey: Survey) -> Bead:
    link = reverse("survey-answers", args=[survey.organisation.slug, survey.slug])
    count = queries.received(survey).count()
    told = ngettext("%(count)s interview.", "%(count)s interviews.", count) % {"count": count}
    blocked = ""
    if queries.current(survey) is None:
        blocked = gettext("A version of the questionnaire has to be published first.")
    elif survey.state == State.DRAFT:
        blocked = gettext("The survey is not in the field yet.")
    state = "done" if survey.state == State.CLOSED else "now" if count else "later"
    return Bead("answers", state, told, blocked, link, gettext("Download"))
