"""The command line answers at once, in one document, with a status that means something."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import click
import pytest
from click.testing import CliRunner

from kelisim import __version__
from kelisim.cli.main import NOUNS, kelisim

KELISIM = [sys.executable, "-c", "from kelisim.cli.main import run; run()"]


def test_help_names_every_noun_and_the_statuses() -> None:
    result = CliRunner().invoke(kelisim, ["--help"])
    assert result.exit_code == 0
    assert all(noun in result.stdout for noun in NOUNS)
    assert "1 the input was refused" in " ".join(result.stdout.split())


def test_help_imports_no_noun_and_no_numbers() -> None:
    code = """
import sys
from click.testing import CliRunner
from kelisim.cli.main import kelisim
assert CliRunner().invoke(kelisim, ["--help"]).exit_code == 0
print([name for name in ("numpy", "polars", "scipy", "rich", "kelisim.cli.poll", "kelisim.study")
       if name in sys.modules])
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


@pytest.mark.parametrize("noun", ["demo", "poll"])
def test_every_noun_is_a_command_with_help(noun: str) -> None:
    result = CliRunner().invoke(kelisim, [noun, "--help"])
    assert result.exit_code == 0
    assert f"Usage: kelisim {noun}" in result.stdout


@pytest.mark.parametrize("verb", ["new", "check", "run"])
def test_every_verb_has_json_and_seed(verb: str) -> None:
    command = kelisim.get_command(click.Context(kelisim), "poll")
    assert isinstance(command, click.Group)
    options = {one for parameter in command.commands[verb].params for one in parameter.opts}
    assert {"--json", "--seed"} <= options


@pytest.mark.parametrize(
    "arguments",
    [
        ["pol"],
        ["poll", "rum"],
        ["poll", "run", "x"],
        ["poll", "run", "x", "--out"],
        ["poll", "new", "x", "--seed", "-1"],
        ["demo", "--port", "many"],
    ],
)
def test_wrong_usage_has_status_2_and_says_nothing_on_standard_output(
    arguments: list[str],
) -> None:
    result = CliRunner().invoke(kelisim, arguments)
    assert result.exit_code == 2
    assert result.stdout == ""
    assert "Error: " in result.stderr


def test_the_version_is_told() -> None:
    assert __version__ in CliRunner().invoke(kelisim, ["--version"]).stdout


def test_the_installed_command_answers_a_program(tmp_path: Path) -> None:
    done = subprocess.run(
        [*KELISIM, "poll", "check", str(tmp_path), "--json"],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 1
    assert json.loads(done.stdout)["findings"][0]["code"] == "file"
    assert "There is no study.toml" in done.stderr


def test_letters_that_a_terminal_cannot_show_are_escaped(tmp_path: Path) -> None:
    done = subprocess.run(
        [*KELISIM, "poll", "check", str(tmp_path / "Алматы")],
        capture_output=True,
        env={**os.environ, "PYTHONIOENCODING": "latin-1"},
        check=False,
    )
    assert done.returncode == 1
    assert b"\\u0410\\u043b" in done.stderr


def test_a_request_to_stop_ends_the_work_and_cleans_up(tmp_path: Path) -> None:
    code = """
import sys
from kelisim.cli import main
from kelisim.study import scaffold
def stuck(rng):
    print("working", flush=True)
    while True:
        pass
scaffold._interviews = stuck
main.run()
"""
    with subprocess.Popen(
        [sys.executable, "-c", code, "poll", "new", str(tmp_path / "study")],
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "working\n"
        assert [file.suffix for file in tmp_path.iterdir()] == [".partial"]
        process.send_signal(signal.SIGTERM)
        assert process.wait(timeout=20) == 128 + signal.SIGTERM
    assert list(tmp_path.iterdir()) == []
