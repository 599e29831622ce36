"""Answers on their way: a draft opened as an interview, and written down again."""

from __future__ import annotations

import secrets
from datetime import datetime
from typing import Any

import numpy as np
from django.utils import timezone

from kelisim.core.clock import SystemClock
from kelisim.study.xlsform import language_of
from kelisim.surveys.models import Draft, Questionnaire
from kelisim.surveys.queries import files_of, form_of
from kelisim.surveys.xform.interview import Interview
from kelisim.surveys.xform.model import Form
from kelisim.surveys.xform.writing import read_instance, write_instance

MOST_EVENTS = 5_000


def spoken(form: Form, language: str) -> str:
    """Return the form's own name of a language, or of the one it opens in."""
    for one in form.languages:
        if language_of(f"label::{one}") == language:
            return one
    return form.default_language


def begin(questionnaire: Questionnaire, key: str, language: str, *, paradata: bool) -> Draft:
    """Return a draft with nothing answered yet; the same link begins once."""
    form = form_of(questionnaire)
    interview = Interview(
        form,
        clock=SystemClock(),
        chance=_chance(),
        language=spoken(form, language),
        files=files_of(questionnaire),
    )
    draft, _new = Draft.objects.get_or_create(
        key=key,
        defaults={
            "questionnaire": questionnaire,
            "xml": write_instance(interview, everything=True),
            "language": language,
            "paradata": paradata,
        },
    )
    return draft


def resume(draft: Draft, language: str) -> Interview:
    """Return the interview of a draft, read in a language."""
    form = form_of(draft.questionnaire)
    return Interview(
        form,
        clock=SystemClock(),
        chance=_chance(),
        language=spoken(form, language),
        files=files_of(draft.questionnaire),
        answers=read_instance(form, bytes(draft.xml)),
    )


def save(draft: Draft, interview: Interview, place: str, language: str) -> None:
    """Write the answers down."""
    draft.xml = write_instance(interview, everything=True)
    draft.place, draft.language, draft.saved_at = place[:300], language, timezone.now()
    draft.save(update_fields=["xml", "place", "language", "saved_at", "events"])


def note(draft: Draft, node: str, opened: datetime | None, before: str, after: str) -> None:
    """Keep when an item was seen and how its answer changed, where the person allowed it."""
    if not draft.paradata or len(draft.events) >= MOST_EVENTS:
        return
    now = timezone.now()
    start = int((opened or now).timestamp() * 1000)
    event: list[Any] = ["question", node, start, int(now.timestamp() * 1000), before, after]
    draft.events = [*draft.events, event]


def _chance() -> np.random.Generator:
    return np.random.default_rng(secrets.randbits(128))
