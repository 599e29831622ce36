"""Whom a quota counts: an expression of the questionnaire, asked of an interview's own answers."""

from __future__ import annotations

import re

import numpy as np

from kelisim.core.clock import SystemClock
from kelisim.core.errors import QuestionnaireRefused, Refusal, nearest
from kelisim.surveys.models import Questionnaire
from kelisim.surveys.queries import files_of, form_of
from kelisim.surveys.xform.interview import Interview
from kelisim.surveys.xform.model import Form
from kelisim.surveys.xform.references import references
from kelisim.surveys.xform.writing import read_instance
from kelisim.surveys.xform.xpath.compiling import compiled
from kelisim.surveys.xform.xpath.scope import Scope
from kelisim.surveys.xform.xpath.values import to_boolean

_NAME = re.compile(r"\$\{\s*([^}\s]+)\s*\}")


def expression_of(condition: str, form: Form) -> str:
    """Return a condition with the paths of a form in the place of ``${names}``.

    Raises
    ------
    QuestionnaireRefused
        It is no expression, or looks at what the form does not ask.
    """
    paths = {path.rpartition("/")[2]: path for path in reversed(_paths(form))}

    def path(found: re.Match[str]) -> str:
        if found[1] not in paths:
            raise QuestionnaireRefused(
                f"The questionnaire asks nothing called '{found[1]}'.",
                do=nearest(found[1], paths) or "Use a name of the questionnaire.",
            )
        return paths[found[1]]

    text = _NAME.sub(path, condition)
    compiled(text)
    strange = references(text, form.root.path()) - set(_paths(form))
    if strange:
        raise QuestionnaireRefused(
            f"The questionnaire has no place '{min(strange)}'.",
            do="Name what is asked as ${name}, like in an XLSForm.",
        )
    return text


def _paths(form: Form) -> list[str]:
    roots = (form.root, *form.repeats.values())
    return list(dict.fromkeys(node.path() for root in roots for node in root.walk()))


class Answers:
    """The answers of one interview, read when the first condition asks."""

    def __init__(self, questionnaire: Questionnaire, xml: bytes) -> None:
        self._questionnaire = questionnaire
        self._xml = xml
        self._read: Interview | None = None

    def hold(self, condition: str) -> bool:
        """Say whether a condition holds; one that the version cannot be asked does not."""
        if not condition:
            return True
        try:
            text = expression_of(condition, form_of(self._questionnaire))
            told = self._interview()
            return to_boolean(compiled(text)(Scope(told, told.root, told.root)))
        except Refusal:
            return False

    def _interview(self) -> Interview:
        if self._read is None:
            form = form_of(self._questionnaire)
            self._read = Interview(
                form,
                clock=SystemClock(),
                chance=np.random.default_rng(0),
                files=files_of(self._questionnaire),
                answers=read_instance(form, self._xml),
            )
        return self._read
