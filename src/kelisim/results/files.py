"""Where studies lie on the disk: contents by their digest, and a folder a run."""

from __future__ import annotations

import os
import secrets
from collections.abc import Iterable, Mapping
from hashlib import sha256
from pathlib import Path

from django.conf import settings

from kelisim.core.errors import FileRefused
from kelisim.results.models import Run
from kelisim.study.settings import DECLARATION

MOST_BYTES = 512 * 1024 * 1024
"""The largest file of a study that the site takes; larger ones belong on the command line."""


def home() -> Path:
    """Return the folder of everything that studies keep."""
    place: Path = settings.STUDIES
    return place


def keep(pieces: Iterable[bytes]) -> tuple[str, int]:
    """Put a content on the disk under its digest, whole or not at all.

    Returns
    -------
    digest, size

    Raises
    ------
    FileRefused
        It is larger than the site takes.
    """
    store = home() / "contents"
    store.mkdir(parents=True, exist_ok=True)
    draft = store / f".{secrets.token_hex(8)}"
    found, size = sha256(), 0
    try:
        with draft.open("xb") as file:
            for piece in pieces:
                size += len(piece)
                if size > MOST_BYTES:
                    raise FileRefused(
                        "The file is larger than half a gigabyte.",
                        why="The site computes beside its pages, and would starve them.",
                        do="Run this study with 'kelisim poll run' on a machine of its own.",
                    )
                found.update(piece)
                file.write(piece)
            file.flush()
            os.fsync(file.fileno())
        draft.replace(store / found.hexdigest())
    finally:
        draft.unlink(missing_ok=True)
    return found.hexdigest(), size


def content(digest: str) -> Path:
    """Return where a content lies."""
    return home() / "contents" / digest


def folder(run: Run) -> Path:
    """Return the folder of a run: ``study`` went in, ``release`` came out."""
    return home() / "runs" / str(run.pk)


def lay(place: Path, declaration: str, inputs: Mapping[str, str]) -> None:
    """Lay a study folder: the declaration, and its files as links to their contents."""
    place.mkdir(parents=True)
    (place / DECLARATION).write_text(declaration, encoding="utf-8")
    for name, digest in inputs.items():
        (place / name).hardlink_to(content(digest))
