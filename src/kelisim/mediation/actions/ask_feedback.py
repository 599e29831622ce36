"""Ask both sides how it was: a one-time link each, which only that side can open."""

from __future__ import annotations

import tempfile
from pathlib import Path

from django.db import transaction
from django.db.models.functions import TruncMonth

from kelisim.accounts.models import Organisation
from kelisim.core.clock import Clock, SystemClock, in_kazakhstan
from kelisim.mediation.actions.write import write
from kelisim.mediation.feedback.questionnaire import FORM, TITLES, write_questionnaire
from kelisim.mediation.models import Compartment
from kelisim.mediation.queries import newest
from kelisim.mediation.words import Kind, Room
from kelisim.surveys.actions.import_questionnaire import import_questionnaire
from kelisim.surveys.actions.invite import invite
from kelisim.surveys.actions.open_survey import begin_survey, move_survey
from kelisim.surveys.actions.publish_questionnaire import publish_questionnaire
from kelisim.surveys.models import Attachment, State, Submission, Survey

AFTER = (
    "performance",
    "fulfilled",
    "breached",
    "closed_withdrawn",
    "closed_expired",
    "closed_by_mediator",
    "closed_enforcement",
)
"""States in which a side is asked. Who was stopped for safety is not."""

SYSTEM = SystemClock()


def ask_feedback(*, clock: Clock = SYSTEM) -> int:
    """Give each side of the mediations that ended its link; return how many were given.

    The link is written where that side alone can read it, so that nobody else can use it; and when
    it was used is known to the day, for which answers to nobody.
    """
    batch = f"{in_kazakhstan(clock.now()):%Y-%m}"
    rooms = Compartment.objects.filter(
        room=Room.PREFERENCES, case__state__in=AFTER, destroyed__isnull=True
    ).exclude(writings__kind=Kind.FEEDBACK)
    given = 0
    for room in rooms.select_related("case__centre").order_by("pk"):
        if newest(room.case, Room.PREFERENCES, room.side) != room:
            continue
        with transaction.atomic():
            survey = survey_of(room.case.centre)
            (secret,) = invite(survey=survey, count=1, batch=batch, by=None)
            told = {"secret": secret}
            write(room, Kind.FEEDBACK, told, seat=None, clock=clock, afterwards=True)
        given += 1
    return given


def survey_of(centre: Organisation) -> Survey:
    """Return the survey of a centre in which its mediations are asked about, made at first use."""
    found = Survey.objects.filter(organisation=centre, slug=FORM).first()
    if found is not None:
        return found
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / f"{FORM}.xlsx"
        write_questionnaire(file)
        raw = file.read_bytes()
    with transaction.atomic():
        made = begin_survey(organisation=centre, slug=FORM, titles=TITLES, by=None)
        form = import_questionnaire(survey=made, name=file.name, raw=raw, media={}, by=None)
        publish_questionnaire(questionnaire=form, by=None)
        move_survey(survey=made, state=State.OPEN, by=None)
    return made


def forget_when() -> None:
    """Let the answers keep their month and nothing finer: a minute could tell who answered."""
    sent = Submission.objects.filter(questionnaire__survey__slug=FORM)
    Attachment.objects.filter(submission__in=sent).delete()
    sent.update(received_at=TruncMonth("received_at"))
