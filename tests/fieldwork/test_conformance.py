"""Our own server does everything that our own check of OpenRosa servers asks for."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from kelisim.fieldwork.conformance import __main__
from kelisim.fieldwork.conformance.ground import CHECKS
from kelisim.fieldwork.models import Device
from tests.fieldwork.field import field
from tests.serving import serving

pytestmark = pytest.mark.django_db(transaction=True)


def checked(url: str) -> tuple[int, dict[str, str]]:
    command = [sys.executable, "-m", "kelisim.fieldwork.conformance", url, "--json"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode in (0, 1), done.stderr
    found = json.loads(done.stdout)["checks"]
    return done.returncode, {one["sentence"]: one["trouble"] for one in found}


def test_our_server_does_everything(tmp_path: Path) -> None:
    given = field()
    with serving(tmp_path) as site:
        status, found = checked(site + given.path)
    assert {sentence: trouble for sentence, trouble in found.items() if trouble} == {}
    assert status == 0
    assert __main__.ROOMS, "what fills the list of checks"
    assert len(found) == len(CHECKS) >= 40


def test_a_server_that_is_not_one_fails_most_checks(tmp_path: Path) -> None:
    given = field()
    with serving(tmp_path) as site:
        Device.objects.all().delete()
        status, found = checked(site + given.path)
    assert status == 1
    held = [sentence for sentence, trouble in found.items() if not trouble]
    assert len(held) < 10, held
