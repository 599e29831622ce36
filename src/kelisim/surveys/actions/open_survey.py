"""Begin a survey, and change where it stands: in the field, closed."""

from __future__ import annotations

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from kelisim.accounts.models import Organisation, User
from kelisim.auditlog.actions import declare, named, record
from kelisim.surveys.models import State, Survey

BEGUN = declare("surveys.begin", _("%(actor)s began the survey “%(survey)s”."), facts=("survey",))
MOVED = declare(
    "surveys.move",
    _("%(actor)s changed the state of the survey “%(survey)s”: %(state)s."),
    facts=("survey", "state"),
    reads={"state": named(State.choices)},
)


class NothingToAsk(Exception):
    """The survey has no published questionnaire."""


def begin_survey(
    *, organisation: Organisation, slug: str, titles: dict[str, str], by: User | None
) -> Survey:
    """Return a new survey of an organisation."""
    with transaction.atomic():
        survey = Survey.objects.create(
            organisation=organisation,
            slug=slug,
            **{f"title_{language}": title for language, title in titles.items()},
        )
        record(BEGUN, survey, by=by, organisation=organisation, facts={"survey": slug})
    return survey


def move_survey(*, survey: Survey, state: State, by: User | None) -> None:
    """Open a survey for answers or close it; the same state again records nothing.

    Raises
    ------
    NothingToAsk
        It is to be opened and no version of its questionnaire is published.
    """
    with transaction.atomic():
        held = Survey.objects.select_for_update().get(pk=survey.pk)
        published = held.questionnaires.filter(published_at__isnull=False).exists()
        if state == State.OPEN and not published:
            raise NothingToAsk
        if held.state != state:
            Survey.objects.filter(pk=held.pk).update(state=state)
            facts = {"survey": held.slug, "state": state.value}
            record(MOVED, held, by=by, organisation=held.organisation, facts=facts)
    survey.state = state
