"""Every form of ODK and pyxform that we were given is read, or refused with a sentence."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from kelisim.core.clock import SystemClock
from kelisim.core.errors import Refusal
from kelisim.surveys.xform.interview import Interview
from kelisim.surveys.xform.reading import read_form
from kelisim.surveys.xform.writing import read_instance, write_instance
from kelisim.surveys.xlsform import convert_workbook
from tests.conftest import SHARED

XFORMS = sorted((SHARED / "data" / "forms" / "xforms").glob("*.xml"))
XLSFORMS = sorted((SHARED / "data" / "forms" / "xlsforms").glob("*"))

NO_FORM = "This is no XForm"
WRONG = {
    "test-javarosa__resources__bad-range-form.xml": "/stats/balance",
    "test-javarosa__resources__lgas.xml": NO_FORM,
    "test-javarosa__resources__org__javarosa__core__model__actions__invalid-events.xml": "happens",
    "test-javarosa__resources__org__javarosa__core__model__actions__setgeopoint-action-bad-namespace"
    ".xml": "namespace",
    "test-javarosa__resources__org__javarosa__xform__parse__external-data.xml": NO_FORM,
    "test-javarosa__resources__populate-nodes-attributes-instance.xml": NO_FORM,
    "test-javarosa__resources__regression__issue_449_last_saved.xml": NO_FORM,
    "test-javarosa__resources__wards.xml": NO_FORM,
    "test-scenario__xml-attachment.xml": NO_FORM,
    "test-web-forms__simple-dag-cycle.xml": "in a circle: /data/group/a",
}
WITHOUT_THEIR_FILES = {
    "test-javarosa__resources__org__javarosa__xform__parse__external-secondary-instance-large.xml",
    "test-javarosa__resources__org__javarosa__xform__parse__external-secondary-instance.xml",
    "test-javarosa__resources__regression__issue_449.xml",
}
WRONG_BOOKS = {
    "bad_calc.xlsx": "/data/badcalc, calculate",
    "fruits.csv": "cannot be converted",
    "gps.csv": "has no label or hint",
    "survey_no_name.xlsx": "no sheet 'survey'",
    "unknown_question_type.xls": "Invalid headers",
    **{
        f"{name}.{kind}": "has not been included"
        for name in ("include", "include_json")
        for kind in ("csv", "md", "xls", "xlsx")
    },
}


@pytest.mark.parametrize("file", XFORMS, ids=lambda file: file.stem[-60:])
def test_an_xform_is_read_written_and_read_again_or_refused(file: Path) -> None:
    if file.name in WRONG:
        with pytest.raises(Refusal, match=WRONG[file.name]):
            read_form(file.read_bytes())
        return
    form = read_form(file.read_bytes())
    try:
        first = _opened(form, 1)
        sent = write_instance(first)
        again = Interview(
            form,
            clock=SystemClock(),
            chance=np.random.default_rng(2),
            answers=read_instance(form, sent),
        )
    except Refusal:
        if file.name not in WITHOUT_THEIR_FILES:
            raise
        return
    for question, node in first.answered():
        assert first.wording.label(question.label, node) is not None
    assert write_instance(again) == sent


def _opened(form, seed: int) -> Interview:  # type: ignore[no-untyped-def]  # a form
    return Interview(form, clock=SystemClock(), chance=np.random.default_rng(seed))


@pytest.mark.parametrize("file", XLSFORMS, ids=lambda file: file.name)
def test_a_workbook_is_converted_or_refused(file: Path) -> None:
    if file.name in WRONG_BOOKS:
        with pytest.raises(Refusal, match=WRONG_BOOKS[file.name]):
            convert_workbook(file.name, file.read_bytes())
    else:
        assert convert_workbook(file.name, file.read_bytes()).form.questions() is not None


def test_the_shared_forms_are_there(shared: Path) -> None:
    assert len(XFORMS) == 82
    assert len(XLSFORMS) == 69
