"""An output folder that appears whole or not at all."""

from __future__ import annotations

import secrets
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from kelisim.core.errors import OutputRefused


def refuse_taken(out: Path) -> None:
    """Refuse an output folder that holds something already.

    Raises
    ------
    OutputRefused
        The path is a file, or a folder that is not empty.
    """
    if out.is_dir() and not any(out.iterdir()):
        return
    if out.exists() or out.is_symlink():
        raise OutputRefused(
            "The folder exists already and is not empty." if out.is_dir() else "This is a file.",
            where=str(out),
            why="What stands there would be mixed with the new, or lost.",
            do="Name a folder that does not exist, or remove this one first.",
        )


@contextmanager
def whole_folder(out: Path) -> Iterator[Path]:
    """Yield a draft folder beside ``out`` that takes its place when all went well.

    Whatever ends the work early, a refusal, a fault or an interrupt, removes the draft.

    Raises
    ------
    OutputRefused
        The folder is taken, or cannot be made.
    """
    out = out.resolve()
    refuse_taken(out)
    home = next(folder for folder in out.parents if folder.is_dir())
    draft = home / f".{out.name}.{secrets.token_hex(4)}.partial"
    try:
        draft.mkdir()
        yield draft
        out.parent.mkdir(parents=True, exist_ok=True)
        draft.replace(out)
    except PermissionError as cause:
        raise OutputRefused(
            "The folder cannot be written.",
            where=str(out),
            do="Name a folder in a place where you may write.",
        ) from cause
    finally:
        shutil.rmtree(draft, ignore_errors=True)
