"""What our table of clients says of ODK Web Forms, its own engine shows."""

from __future__ import annotations

import json
import os
import shutil
import subprocess

import pytest

from kelisim.surveys.xlsform import convert_workbook
from tests.conftest import absent
from tests.surveys.walks import ORACLE

TOLD = """| survey |
| | type | name | label | calculation |
| | integer | a | A | |
| | calculate | c | | {} |
"""


def opens(expression: str) -> bool:
    """Say whether Web Forms opens a form that calculates an expression."""
    if shutil.which("node") is None or not (ORACLE / "node_modules").is_dir():
        absent("the engine of ODK Web Forms (npm ci --prefix tests/oracles/webforms)")
    xml = convert_workbook("a.md", TOLD.format(expression).encode()).xform
    done = subprocess.run(
        ["node", "engine.mjs"],
        cwd=ORACLE,
        input=json.dumps({"form": xml, "files": {}, "paths": [[]]}),
        capture_output=True,
        text=True,
        env=os.environ | {"TZ": "Asia/Almaty"},
        check=False,
        timeout=120,
    )
    return done.returncode == 0 and "refused" in done.stdout and "nodes" in done.stdout


@pytest.mark.parametrize(
    ("expression", "opened"),
    [
        ("coalesce(${a}, 1, 2)", False),
        ("coalesce(${a}, 1)", True),
        ("thousands-sep(${a})", False),
    ],
)
def test_web_forms_opens_or_breaks_as_the_table_says(expression: str, opened: bool) -> None:
    assert opens(expression) is opened
