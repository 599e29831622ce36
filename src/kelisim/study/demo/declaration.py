"""The study.toml of the demo poll, with what is simulated said at its head."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping

from kelisim.study.demo.items import OPINIONS, TITLE
from kelisim.study.demo.paradata import FIELDWORK
from kelisim.study.demo.truth import DISSATISFIED, DOMAINS

_PREFACE = """\
# SIMULATED: nobody was interviewed. The sizes of the regions and the national shares of urban
# people and of ethnic groups are published facts; everything else is drawn by chance and says
# nothing about any region. Nonresponse depends on settlement, sex and age only, so that raking
# removes it. truth.csv holds what everybody in the simulated country would have answered.

"""

_STUDY = {
    "title": TITLE,
    "country": "KZ",
    "fieldwork": {"start": FIELDWORK[0], "end": FIELDWORK[1]},
    "sponsor": "Kelisim (simulated)",
    "conductor": "Kelisim (simulated)",
    "mode": "face-to-face",
}

_INTERVIEWS = {
    "file": "interviews.csv",
    "id": "case_id",
    "interviewer": "interviewer",
    "start": "start",
    "end": "end",
}

_DESIGN = {"weight": "base_weight", "strata": "stratum", "psu": "psu"}

_POPULATION = {
    "file": "population.csv",
    "count": "n",
    "rake": ["region*settlement", "sex*age", "group"],
}


def declaration() -> str:
    """Return the text of study.toml."""
    return _PREFACE + "\n".join(_tables())


def _tables() -> Iterator[str]:
    yield _table("[study]", _STUDY)
    yield _table("[interviews]", _INTERVIEWS)
    yield _table("[design]", _DESIGN)
    yield _table("[questionnaire]", {"file": "questionnaire.xlsx"})
    yield _table("[population]", _POPULATION)
    for item in OPINIONS:
        yield _indicator(name=item.name, column=item.name, kind="categorical")
    yield _indicator(
        name="dissatisfied",
        column="akim",
        kind="categorical",
        yes=list(DISSATISFIED),
        threshold={"above": 0.3},
    )
    yield _indicator(name="income", column="income", kind="mean")
    yield _table("[domains]", {"by": [list(by) for by in DOMAINS]})


def _indicator(**settings: object) -> str:
    return _table("[[indicator]]", settings)


def _table(header: str, settings: Mapping[str, object]) -> str:
    lines = (f"{key} = {_toml(value)}\n" for key, value in settings.items())
    return f"{header}\n{''.join(lines)}"


def _toml(value: object) -> str:
    if isinstance(value, Mapping):
        return f"{{{', '.join(f'{key} = {_toml(one)}' for key, one in value.items())}}}"
    if isinstance(value, str | list | float):
        return json.dumps(value, ensure_ascii=False)
    return str(value)
