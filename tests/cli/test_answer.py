"""What a command raises becomes a sentence, a document and a status; never a traceback."""

from __future__ import annotations

import json

import click
import polars as pl
import pytest
from click.testing import CliRunner, Result

from kelisim.cli.answer import DEBUG, Answer, answering
from kelisim.core.errors import ValueRefused


def invoke(raised: BaseException | Answer, *options: str) -> Result:
    @click.command()
    @answering
    def command() -> Answer:
        if isinstance(raised, BaseException):
            raise raised
        return raised

    return CliRunner().invoke(command, options)


def test_text_for_a_person_and_one_document_for_a_program() -> None:
    answer = Answer({"имя": 1}, "Done.")
    assert invoke(answer).stdout == "Done.\n"
    assert json.loads(invoke(answer, "--json").stdout) == {"имя": 1}
    assert "имя" in invoke(answer, "--json").stdout


def test_what_is_left_to_do_is_done_after_the_answer() -> None:
    said = invoke(Answer({}, "First.", then=lambda: click.echo("Then.")))
    assert said.stdout == "First.\nThen.\n"


def test_a_refusal_is_a_sentence_with_status_1() -> None:
    refusal = ValueRefused("It is wrong.", where="line 3", why="So.", do="Do.")
    plain, program = invoke(refusal), invoke(refusal, "--json")
    assert (plain.exit_code, plain.stdout) == (1, "")
    assert plain.stderr == "line 3: It is wrong. So. Do.\n"
    assert (program.exit_code, program.stderr) == (1, plain.stderr)
    assert json.loads(program.stdout) == {"refused": refusal.as_dict()}


def test_what_the_system_refuses_is_a_sentence_too() -> None:
    result = invoke(OSError(28, "No space left on device", "/out"))
    assert result.exit_code == 1
    assert "/out: The system refused: No space left on device." in result.stderr


def test_a_fault_of_the_program_asks_to_be_reported(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(DEBUG, raising=False)
    result = invoke(ZeroDivisionError("division by zero"), "--json")
    assert result.exit_code == 1
    assert json.loads(result.stdout)["failed"]["type"] == "ZeroDivisionError"
    assert "Please report it with what KELISIM_DEBUG=1 prints" in result.stderr
    assert "Traceback" not in result.stderr


def test_a_panic_of_polars_is_a_fault_like_another() -> None:
    assert "PanicException" in invoke(pl.exceptions.PanicException("oh")).stderr


def test_a_developer_may_see_the_traceback(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(DEBUG, "1")
    assert isinstance(invoke(ZeroDivisionError()).exception, ZeroDivisionError)


def test_an_interrupt_and_wrong_usage_stay_what_they_are() -> None:
    assert invoke(KeyboardInterrupt()).exit_code == 1
    assert invoke(click.UsageError("no")).exit_code == 2
