"""The house as written down is the house as built."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from tests.house.inventory import ROOT, modules, rows, sentence

LONGEST = 400


def test_the_inventory_of_architecture_md_is_the_tree() -> None:
    text = (ROOT / "ARCHITECTURE.md").read_text(encoding="utf-8")
    inventory = text.partition("<!-- inventory -->\n")[2].partition("\n<!-- /inventory -->")[0]
    assert inventory.splitlines() == rows(), (
        "write the output of `python tests/house/inventory.py` between the inventory marks"
    )


@pytest.mark.parametrize("path", list(modules()), ids=lambda path: path.name)
def test_every_module_says_what_it_is_in_one_line(path: Path) -> None:
    assert sentence(path).endswith((".", ":", "?"))


def test_no_file_of_code_is_longer_than_400_lines() -> None:
    tracked = subprocess.run(
        ["git", "ls-files", "src/*.py", "tests/*.py", "bench/*.py"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    ).stdout.splitlines()
    lengths = {
        name: len((ROOT / name).read_text(encoding="utf-8").splitlines())
        for name in tracked
        if "/migrations/" not in name  # written by Django, read by nobody
    }
    assert {name: n for name, n in lengths.items() if n > LONGEST} == {}
