"""A release folder read back: whole, unaltered, and what it says of the poll behind it."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import polars as pl

from kelisim.core.canonical import digest_of_stream
from kelisim.core.errors import FileRefused, listed
from kelisim.study.volunteers import MARK

MANIFEST = "manifest.json"
KIND = "poll release"
LEVEL = 0.95
"""Confidence level of every interval in a release."""


@dataclass(frozen=True, slots=True)
class Published:
    """A release whose files are those of its manifest.

    Attributes
    ----------
    folder
        Where it was read from.
    manifest
        What manifest.json holds.
    estimates
        The columns of estimates.csv.
    """

    folder: Path
    manifest: Mapping[str, Any]
    estimates: pl.DataFrame

    @property
    def volunteers(self) -> bool:
        """Whether nobody drew the sample: every estimate then carries the mark."""
        notes = self.estimates["note"].drop_nulls()
        return bool(notes.str.starts_with(MARK).any())

    @property
    def kinds(self) -> dict[str, dict[str, Any]]:
        """Indicator to its kind, its categories that count as yes and its quantiles."""
        return {one["name"]: one for one in self.manifest["indicators"]}


def read_published(folder: Path) -> Published:
    """Read a release folder and hold its files to their digests.

    Raises
    ------
    FileRefused
        The folder is not a release, is one of an older Kelisim, or a file of it is missing or
        altered.
    """
    manifest = _manifest(folder)
    refuse_altered(folder, manifest["files"], f"The release in {folder}")
    return Published(folder, manifest, pl.read_parquet(folder / "estimates.parquet"))


def _manifest(folder: Path) -> dict[str, Any]:
    try:
        manifest = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
    except (OSError, ValueError) as cause:
        raise _not_a_release(folder) from cause
    if not isinstance(manifest, dict) or manifest.get("kind") != KIND:
        raise _not_a_release(folder)
    if not {"level", "indicators", "fieldwork", "country", "files", "inputs"} <= set(manifest):
        raise FileRefused(
            "The release was made by an older Kelisim, which did not write down its indicators.",
            where=str(folder / MANIFEST),
            why="Whether two waves asked the same cannot be told without them.",
            do="Run the study again with 'kelisim poll run'.",
        )
    return manifest


def _not_a_release(folder: Path) -> FileRefused:
    return FileRefused(
        "The folder is not a release of a poll.",
        where=str(folder),
        why=f"A release has a {MANIFEST} that says what it is and what belongs to it.",
        do="Name a folder that 'kelisim poll run' wrote.",
    )


def refuse_altered(folder: Path, files: Iterable[Mapping[str, Any]], what: str) -> None:
    """Refuse a folder in which a file is missing or has another digest than the manifest says.

    Raises
    ------
    FileRefused
        With the names of all such files.
    """
    wrong = [file["path"] for file in files if _digest(folder / file["path"]) != file["sha256"]]
    if wrong:
        raise FileRefused(
            f"{what} has been altered: {listed(wrong)} {'is' if len(wrong) == 1 else 'are'} not "
            "what the manifest says.",
            where=str(folder),
            why="Figures are compared only as they were published.",
            do="Take the folder as it was published, or run the study again.",
        )


def _digest(file: Path) -> str:
    try:
        with file.open("rb") as stream:
            return digest_of_stream(stream)
    except OSError:
        return ""
