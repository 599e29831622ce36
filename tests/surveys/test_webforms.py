"""The same answers through our engine and that of ODK Web Forms: the same verdicts on every node.

What is compared after every step, for every node of the form: whether it is asked, whether it is
needed, whether its answer is right, whether it is missing, and its value.
"""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest

from kelisim.surveys.omnibus import write_omnibus
from kelisim.surveys.xform.reading import read_form
from kelisim.surveys.xlsform import convert_workbook
from tests.conftest import absent
from tests.surveys.walks import ORACLE, oracle, walk

HERE = Path(__file__).parent
STEPS = 10
SHARE = 1.0 if os.environ.get("KELISIM_REQUIRE_ALL") else 0.05
"""Continuous integration walks 1,000 paths; a hurried person one in twenty."""

WALKS = {
    "omnibus": 150,
    "logic": 250,
    "socio-economic": 200,
    "cascade": 200,
    "repeats": 200,
}


def _xml(name: str, shared: Path, folder: Path) -> str:
    forms = shared / "data" / "forms"
    match name:
        case "omnibus":
            write_omnibus(folder / "omnibus.xlsx")
            return convert_workbook("omnibus.xlsx", (folder / "omnibus.xlsx").read_bytes()).xform
        case "logic":
            return convert_workbook("logic.md", (HERE / "forms" / "logic.md").read_bytes()).xform
        case "socio-economic":
            file = forms / "xlsforms" / "socio-economic-survey-v20240515.xlsx"
            return convert_workbook(file.name, file.read_bytes()).xform
        case "cascade":
            file = forms / "xforms" / "test-javarosa__resources__Simpler_Cascading_Select_Form.xml"
        case _:
            file = forms / "xforms" / "repeats__10-repeat-with-multiple-children.xml"
    return file.read_text(encoding="utf-8")


@pytest.mark.parametrize("name", WALKS)
def test_both_engines_say_the_same_along_random_paths(
    name: str, shared: Path, tmp_path: Path
) -> None:
    if shutil.which("node") is None or not (ORACLE / "node_modules").is_dir():
        absent("the engine of ODK Web Forms (npm ci --prefix tests/oracles/webforms)")
    xml = _xml(name, shared, tmp_path)
    form = read_form(xml)
    walks = [walk(form, seed, STEPS) for seed in range(round(WALKS[name] * SHARE))]
    compared = 0
    for seed, (ours, theirs) in enumerate(zip(walks, oracle(xml, walks), strict=True)):
        for number, (mine, answer) in enumerate(zip(ours.told, theirs, strict=True)):
            assert answer["refused"] is None, (seed, number)
            other = {row[0]: tuple(row[1:]) for row in answer["nodes"]}
            for reference, told in mine.items():
                wanted = other[reference]
                # None: a group, or a value that nobody's verdict depends on.
                shown = wanted if told[4] is not None else (*wanted[:4], None)
                assert told == shown, (seed, number, reference, ours.steps[:number])
                compared += 1
    assert compared > 0
