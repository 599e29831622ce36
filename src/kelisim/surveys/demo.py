"""The example questionnaire in the field, with links for whoever wants to answer it."""

from __future__ import annotations

import tempfile
from pathlib import Path

from kelisim.accounts.demo import Stage
from kelisim.accounts.roles import Role
from kelisim.surveys.actions.import_questionnaire import import_questionnaire
from kelisim.surveys.actions.invite import invite
from kelisim.surveys.actions.open_survey import begin_survey, move_survey
from kelisim.surveys.actions.publish_questionnaire import publish_questionnaire
from kelisim.surveys.models import State, Survey
from kelisim.surveys.omnibus import write_omnibus

TITLES = {"kk": "Тұрғындар омнибусы", "ru": "Омнибус жителей", "en": "Residents' omnibus"}


def furnish(stage: Stage) -> tuple[Survey, str]:
    """Return the survey, open, and the secret of a one-time link to it."""
    by = stage.people[Role.RESEARCHER]
    survey = begin_survey(organisation=stage.house, slug="omnibus", titles=TITLES, by=by)
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "omnibus.xlsx"
        write_omnibus(file)
        raw = file.read_bytes()
    form = import_questionnaire(survey=survey, name="omnibus.xlsx", raw=raw, media={}, by=by)
    publish_questionnaire(questionnaire=form, by=by)
    move_survey(survey=survey, state=State.OPEN, by=by)
    return survey, invite(survey=survey, count=1, batch="", by=by)[0]
