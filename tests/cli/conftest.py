"""A command line in this process, and a study folder to spoil."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from kelisim.cli.main import kelisim
from kelisim.study.scaffold import write_example


@dataclass(frozen=True, slots=True)
class Folder:
    """A study folder that runs, until it is changed."""

    path: Path

    @property
    def out(self) -> Path:
        """Where a release would appear."""
        return self.path.parent / "out"

    def change(self, file: str, old: str, new: str, times: int = 1) -> None:
        """Replace text in a file of the folder; the text must be there."""
        target = self.path / file
        text = target.read_text(encoding="utf-8")
        assert old in text, f"{old!r} is not in {file}"
        target.write_text(text.replace(old, new, times), encoding="utf-8")

    def recode(self, pattern: str, replacement: str) -> None:
        """Change the interviews by a regular expression that matches within lines."""
        target = self.path / "interviews.csv"
        text, changes = re.subn(pattern, replacement, target.read_text("utf-8"), flags=re.MULTILINE)
        assert changes, f"{pattern!r} matches nothing"
        target.write_text(text, encoding="utf-8")

    def run(self, *options: str) -> Result:
        """Call ``kelisim poll run`` on the folder."""
        return invoke("poll", "run", str(self.path), "--out", str(self.out), *options)

    def check(self, *options: str) -> Result:
        """Call ``kelisim poll check`` on the folder."""
        return invoke("poll", "check", str(self.path), *options)


def invoke(*arguments: str) -> Result:
    """Call the command line in this process."""
    return CliRunner().invoke(kelisim, arguments)


@pytest.fixture
def folder(tmp_path: Path) -> Folder:
    """The example study, in a folder of its own."""
    write_example(tmp_path / "study")
    return Folder(tmp_path / "study")
