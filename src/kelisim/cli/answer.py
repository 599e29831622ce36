"""How a command answers: text for a person or one JSON document, and a sentence when refused."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import wraps
from typing import Any, TypeVar

import click

from kelisim.core.errors import FileRefused, Refusal

DONE, REFUSED = 0, 1
DEBUG = "KELISIM_DEBUG"

F = TypeVar("F", bound=Callable[..., "Answer"])


@dataclass(frozen=True, slots=True)
class Answer:
    """What a command has to say.

    Attributes
    ----------
    document
        For a program: what ``--json`` prints.
    text
        For a person.
    status
        The exit status.
    then
        What is still to be done once this has been said, such as serving pages.
    """

    document: Mapping[str, Any]
    text: str
    status: int = DONE
    then: Callable[[], None] | None = None


def answering(command: F) -> Callable[..., None]:
    """Give a command ``--json``, and turn what it raises into a sentence and an exit status."""

    @click.option("--json", "as_json", is_flag=True, help="Print one JSON document.")
    @wraps(command)
    def answer(*args: Any, as_json: bool, **options: Any) -> None:
        try:
            reply = command(*args, **options)
        except Refusal as refusal:
            reply = _refused(refusal)
        except OSError as cause:
            reply = _refused(_system_refused(cause))
        except (click.ClickException, click.exceptions.Exit, click.Abort):
            raise
        except (KeyboardInterrupt, SystemExit):
            raise
        except BaseException as cause:  # a panic of Polars is no Exception
            if os.environ.get(DEBUG):
                raise
            reply = _failed(cause)
        if as_json:
            click.echo(json.dumps(reply.document, ensure_ascii=False, indent=2).encode())
        elif reply.text and reply.status == DONE:
            click.echo(reply.text)
        if reply.status != DONE:
            if reply.text:
                click.echo(reply.text, err=True)
            sys.exit(reply.status)
        if reply.then:
            reply.then()

    return answer


def seed_option(command: Callable[..., Any]) -> Callable[..., Any]:
    """Give a command ``--seed``."""
    return click.option(
        "--seed",
        type=click.IntRange(min=0),
        default=0,
        show_default=True,
        help="Makes chance repeatable: equal seeds give equal bytes.",
    )(command)


def _refused(refusal: Refusal) -> Answer:
    return Answer({"refused": refusal.as_dict()}, str(refusal), REFUSED)


def _system_refused(cause: OSError) -> Refusal:
    """Return what the operating system refused (no right, no space) as a sentence."""
    reason = cause.strerror or str(cause) or type(cause).__name__
    return FileRefused(
        f"The system refused: {reason}.",
        where=str(cause.filename or ""),
        do="Check the path, your rights to it and the free space.",
    )


def _failed(cause: BaseException) -> Answer:
    text = (
        f"kelisim met a fault of its own ({type(cause).__name__}: {cause}). Nothing was written. "
        f"Please report it with what {DEBUG}=1 prints when you run the command again."
    )
    fault = {"type": type(cause).__name__, "message": str(cause)}
    return Answer({"failed": fault}, text, REFUSED)
