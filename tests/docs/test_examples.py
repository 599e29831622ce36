"""What the documentation quotes is what the program prints."""

from __future__ import annotations

import os
import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.conftest import SHARED, absent
from tests.house.inventory import ROOT

PAGES = sorted([ROOT / "README.md", *(ROOT / "docs").rglob("*.md")])
BLOCK = re.compile(r"```console\n(.*?)```", re.DOTALL)
ELLIPSIS = "…"


def steps(page: Path) -> list[tuple[str, str]]:
    """Return the commands of a page in order, each with the output that is quoted below it."""
    found = []
    for block in BLOCK.findall(page.read_text(encoding="utf-8")):
        for step in block.split("$ ")[1:]:
            command, _, output = step.partition("\n")
            found.append((command, output))
    return found


def matches(quoted: str, printed: str) -> bool:
    """Compare line by line; … stands for anything within its line, or for lines when alone."""
    pattern = re.escape(quoted.strip()).replace(re.escape(f"\n{ELLIPSIS}\n"), r"\n(?:.*\n)*?")
    return re.fullmatch(pattern.replace(re.escape(ELLIPSIS), ".*"), printed.strip()) is not None


@pytest.mark.parametrize(
    "page", [page for page in PAGES if steps(page)], ids=lambda page: page.stem
)
def test_the_commands_of_a_page_print_what_it_quotes(page: Path, tmp_path: Path) -> None:
    if not SHARED.is_dir():
        absent(f"the shared data folder {SHARED}")
    checkout = tmp_path / "kelisim"
    checkout.mkdir()
    (tmp_path / "shared").symlink_to(SHARED)
    shutil.copytree(ROOT / "docs" / "examples", checkout / "docs" / "examples")
    place = {
        **os.environ,
        "PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}",
        "COLUMNS": "100",
    }
    for command, quoted in steps(page):
        done = subprocess.run(
            ["bash", "-c", command],
            cwd=checkout,
            env=place,
            capture_output=True,
            text=True,
            check=False,
        )
        printed = done.stdout + done.stderr
        assert matches(quoted, printed), f"$ {shlex.quote(command)}\n{printed}"
