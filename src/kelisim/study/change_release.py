"""A comparison of two waves becomes a folder: table, page, and a manifest of what was compared."""

from __future__ import annotations

import json
from dataclasses import fields
from pathlib import Path
from typing import Any

from kelisim import __version__
from kelisim.core.canonical import canonical_csv, canonical_json, digest
from kelisim.study.folder import whole_folder
from kelisim.study.published import MANIFEST, Published
from kelisim.study.waves import ChangeRow, Comparison

COLUMNS = (*(field.name for field in fields(ChangeRow) if field.name != "remarks"), "note")


def write_comparison(comparison: Comparison, out: Path, *, seed: int = 0) -> list[str]:
    """Write the folder of a comparison and return the names of its files.

    Equal releases give equal bytes.

    Raises
    ------
    OutputRefused
        The folder is taken or cannot be written; nothing is left behind.
    """
    from kelisim.study.report.change import change_html

    rows = [_cells(row) for row in comparison.rows]
    contents = {
        "change.csv": canonical_csv(
            COLUMNS,
            ([cell or None if isinstance(cell, str) else cell for cell in row] for row in rows),
        ),
        "change.html": change_html(comparison).encode(),
        "change.json": _json(rows).encode(),
    }
    contents[MANIFEST] = canonical_json(_manifest(comparison, contents, seed))
    with whole_folder(out) as draft:
        for name, content in contents.items():
            (draft / name).write_bytes(content)
    return sorted(contents)


def _cells(row: ChangeRow) -> list[str | float | None]:
    return [getattr(row, name) for name in COLUMNS]


def _json(rows: list[list[str | float | None]]) -> str:
    """Return a JSON list with a row a line."""
    lines = (
        json.dumps(dict(zip(COLUMNS, row, strict=True)), ensure_ascii=False, allow_nan=False)
        for row in rows
    )
    return "[\n" + ",\n".join(lines) + "\n]\n"


def _manifest(comparison: Comparison, contents: dict[str, bytes], seed: int) -> dict[str, Any]:
    return {
        "kind": "comparison of two releases",
        "overlap": comparison.overlap,
        "shared_units": comparison.shared,
        "probability_sample": not (comparison.first.volunteers or comparison.second.volunteers),
        "level": comparison.first.manifest["level"],
        "seed": seed,
        "inputs": [_release(one) for one in (comparison.first, comparison.second)],
        "files": [
            {"path": name, "sha256": digest(content), "bytes": len(content)}
            for name, content in sorted(contents.items())
        ],
        "versions": {"kelisim": __version__},
    }


def _release(release: Published) -> dict[str, Any]:
    content = (release.folder / MANIFEST).read_bytes()
    return {
        "title": release.manifest["title"],
        "fieldwork": release.manifest["fieldwork"],
        "sha256": digest(content),
    }
