"""Every item of a questionnaire on one page, in one language, with its answers and conditions."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from kelisim.core.clock import SystemClock
from kelisim.core.errors import Refusal
from kelisim.surveys.drafts import spoken
from kelisim.surveys.models import Questionnaire
from kelisim.surveys.queries import files_of, form_of
from kelisim.surveys.xform.interview import Interview
from kelisim.surveys.xform.model import Control, Group, Question, Repeat
from kelisim.surveys.xform.node import Node

MOST_OPTIONS = 40


@dataclass(frozen=True, slots=True)
class Shown:
    """An item as it is shown: its words, its answers, when it is asked."""

    kind: str
    path: str
    label: str
    hint: str
    options: list[tuple[str, str]]
    more: int
    conditions: list[tuple[str, str]]


def preview(questionnaire: Questionnaire, language: str) -> list[Shown]:
    """Return every item of a version in the order in which it is asked."""
    form = form_of(questionnaire)
    interview = Interview(
        form,
        clock=SystemClock(),
        chance=np.random.default_rng(0),
        language=spoken(form, language),
        files=files_of(questionnaire),
    )
    return [_shown(interview, one) for one in form.controls()]


def _node(interview: Interview, path: str) -> Node:
    found = interview.nodes(path)
    return found[0] if found else interview.root


def _shown(interview: Interview, control: Control) -> Shown:
    node = _node(interview, control.path)
    say = interview.wording.label
    options: list[tuple[str, str]] = []
    if isinstance(control, Question):
        options = _options(interview, control, node)
    return Shown(
        kind=_kind(control),
        path=control.path,
        label=say(control.label, node),
        hint=say(control.hint, node) if isinstance(control, Question) else "",
        options=options[:MOST_OPTIONS],
        more=max(len(options) - MOST_OPTIONS, 0),
        conditions=_conditions(interview, control),
    )


def _kind(control: Control) -> str:
    if isinstance(control, Group):
        return "group"
    return "repeat" if isinstance(control, Repeat) else control.kind


def _options(interview: Interview, question: Question, node: Node) -> list[tuple[str, str]]:
    try:
        return [(one.value, one.label) for one in interview.wording.options(question, node)]
    except Refusal:
        # A table that is not uploaded yet has no answers to show.
        return []


def _conditions(interview: Interview, control: Control) -> list[tuple[str, str]]:
    bind = interview.form.binds.get(control.path)
    if bind is None:
        return []
    names = ("relevant", "required", "constraint", "calculate")
    return [(name, getattr(bind, name)) for name in names if getattr(bind, name)]
