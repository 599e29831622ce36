"""The files of ``kelisim mediate``: a case in JSON, two tables, an assignment written whole."""

from __future__ import annotations

import json
import secrets
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import polars as pl

from kelisim.core.canonical import canonical_csv
from kelisim.core.errors import FileRefused, OutputRefused
from kelisim.study.encoding import not_utf8
from kelisim.study.sources import open_source

COLUMNS = ("case", "mediator", "same_region", "possible", "reason")


def read_document(file: Path) -> dict[str, Any]:
    """Return the JSON object of a file; a key that is written twice is refused.

    Raises
    ------
    FileRefused
        There is no such file, or it does not hold one JSON object.
    """
    _must_exist(file)
    content = file.read_bytes()
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as cause:
        raise not_utf8(file.name, content) from cause
    try:
        document = json.loads(text, object_pairs_hook=lambda pairs: _once(file, pairs))
    except (json.JSONDecodeError, RecursionError) as cause:
        line = f", line {cause.lineno}" if isinstance(cause, json.JSONDecodeError) else ""
        raise FileRefused(
            "The file is not JSON.",
            where=f"{file.name}{line}",
            do="Correct it there; every name and text stands in double quotation marks.",
        ) from cause
    if not isinstance(document, dict):
        raise FileRefused(
            "The file does not hold a JSON object.",
            where=file.name,
            do='Begin it with { and write "parties", "issues" and "points".',
        )
    return document


def _once(file: Path, pairs: Sequence[tuple[str, Any]]) -> dict[str, Any]:
    known: dict[str, Any] = {}
    for key, value in pairs:
        if key in known:
            raise FileRefused(
                f"'{key}' is written twice in one place.",
                where=file.name,
                why="Only one of the two would be read.",
                do="Keep one of them.",
            )
        known[key] = value
    return known


def _must_exist(file: Path) -> None:
    if not file.is_file():
        raise FileRefused(
            "There is no such file.", where=str(file), do="Correct the path of the file."
        )


def read_rows(file: Path) -> pl.DataFrame:
    """Return every column of a table (.csv, .parquet)."""
    _must_exist(file)
    source = open_source(file)
    return source.read(source.columns).frame


def refuse_taken_file(out: Path) -> None:
    """Refuse a file that exists, or whose kind is not known."""
    if out.suffix.lower() not in (".json", ".csv"):
        raise OutputRefused(
            f"'{out.suffix or out.name}' is not a kind of file that can be written.",
            where=str(out),
            do="Name a .json or a .csv file.",
        )
    if out.exists():
        raise OutputRefused(
            "The file exists already.",
            where=str(out),
            why="It would be lost.",
            do="Name a file that does not exist, or remove this one first.",
        )


def write_matching(document: dict[str, Any], out: Path) -> None:
    """Write an assignment, whole or not at all."""
    if out.suffix.lower() == ".json":
        content = json.dumps(document, ensure_ascii=False, indent=2).encode() + b"\n"
    else:
        rows = document["assignments"]
        content = canonical_csv(COLUMNS, [[row.get(name) for name in COLUMNS] for row in rows])
    out.parent.mkdir(parents=True, exist_ok=True)
    draft = out.with_name(f".{out.name}.{secrets.token_hex(4)}.partial")
    try:
        draft.write_bytes(content)
        draft.replace(out)
    finally:
        draft.unlink(missing_ok=True)
