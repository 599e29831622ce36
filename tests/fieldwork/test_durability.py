"""The site is killed under load, and no interview that was acknowledged is missing.

A short form of ``python bench/intake_soak.py FOLDER 200 [DATABASE_URL]``.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.house.inventory import ROOT
from tests.serving import database_url

KILLS = 5


@pytest.mark.django_db(transaction=True)
def test_no_acknowledged_interview_is_lost_by_a_kill(tmp_path: Path) -> None:
    url = [database_url()] if os.environ.get("DATABASE_URL") else []
    command = [
        sys.executable,
        str(ROOT / "bench" / "intake_soak.py"),
        str(tmp_path),
        str(KILLS),
        *url,
    ]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    told = json.loads(done.stdout)
    assert told["kills"] == KILLS
    assert told["lost"] == 0
    assert told["rows"] >= told["acknowledged"] >= KILLS
