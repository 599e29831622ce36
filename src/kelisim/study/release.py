"""A result becomes a release folder: tables, reports, and a manifest of what went in and out."""

from __future__ import annotations

import json
import os
import platform
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path
from typing import Any

import polars as pl

from kelisim import __version__
from kelisim.core.canonical import canonical_csv, canonical_json, digest, digest_of_stream
from kelisim.study.area_models import CHECKS, SPREADS, model_tables
from kelisim.study.declaration import read_declaration
from kelisim.study.folder import whole_folder
from kelisim.study.model import IndicatorSettings, PollResult, Study
from kelisim.study.progress import Progress, silent
from kelisim.study.published import KIND, LEVEL, MANIFEST
from kelisim.study.settings import DECLARATION
from kelisim.study.volunteers import MARK, marked

STEPS = ("Writing tables", "Writing report.html", "Writing report.pdf", "Writing the manifest")


def write_release(
    result: PollResult, out: Path, *, seed: int = 0, progress: Progress = silent
) -> list[str]:
    """Write a release folder and return the names of its files.

    Equal results give equal bytes: nothing in the folder depends on the time or on the place.

    Raises
    ------
    OutputRefused
        The folder is taken or cannot be written; nothing is left behind.
    """
    from kelisim.study.report import write_html, write_pdf

    with whole_folder(out) as draft:
        progress(STEPS[0], 0, len(STEPS))
        _write_tables(result, draft)
        progress(STEPS[1], 1, len(STEPS))
        write_html(result, draft / "report.html")
        progress(STEPS[2], 2, len(STEPS))
        write_pdf(result, draft / "report.pdf")
        progress(STEPS[3], 3, len(STEPS))
        files = [_described(file, file.name) for file in sorted(draft.iterdir())]
        manifest = canonical_json(manifest_of(result.study, files, seed))
        (draft / MANIFEST).write_bytes(manifest)
        return sorted([*(file["path"] for file in files), MANIFEST])


def _write_tables(result: PollResult, folder: Path) -> None:
    estimates, ranks = plain(result.estimates), plain(result.ranks)
    (folder / "estimates.csv").write_bytes(canonical_csv(estimates.columns, estimates.rows()))
    (folder / "ranks.csv").write_bytes(canonical_csv(ranks.columns, ranks.rows()))
    if not result.decisions.is_empty():
        decisions = plain(result.decisions)
        rows = canonical_csv(decisions.columns, decisions.rows())
        (folder / "thresholds.csv").write_bytes(rows)
    result.estimates.write_parquet(folder / "estimates.parquet")
    for name, table in _more_tables(result):
        found = plain(table)
        (folder / name).write_bytes(canonical_csv(found.columns, found.rows()))
    (folder / "estimates.json").write_text(_json_rows(result.estimates), encoding="utf-8")
    weights = pl.DataFrame(
        [
            result.ids.alias("id"),
            result.base_weight.alias("base_weight"),
            result.weight.alias("weight"),
        ]
    )
    if result.study.nonprobability is not None:
        weights = weights.with_columns(note=pl.lit(MARK))
    weights.write_parquet(folder / "weights.parquet")
    (folder / "diagnostics.json").write_text(
        json.dumps(diagnostics_of(result), ensure_ascii=False, indent=2) + "\n", encoding="utf-8"
    )


def _more_tables(result: PollResult) -> Iterator[tuple[str, pl.DataFrame]]:
    if result.areas:
        checks, spreads = model_tables(result.areas)
        yield CHECKS, marked(result.study, checks)
        yield SPREADS, marked(result.study, spreads)
    if result.selection is not None:
        yield "selection.csv", result.selection
    if result.selection_model is not None:
        yield "selection_model.csv", result.selection_model
    if result.scales is not None:
        yield "scales.csv", result.scales.scores
        yield "reliability.csv", result.scales.reliability
        yield "item_bias.csv", result.scales.bias


def plain(table: pl.DataFrame) -> pl.DataFrame:
    """Return a table with null for empty text and for NaN, so that its CSV cells are empty."""
    return table.with_columns(
        pl.col(pl.String).replace("", None), pl.col(pl.Float64).fill_nan(None)
    )


def _json_rows(table: pl.DataFrame) -> str:
    """Return a JSON list with a row a line, which a person can search and compare."""
    rows = table.with_columns(pl.col(pl.Float64).fill_nan(None)).iter_rows(named=True)
    lines = (json.dumps(row, ensure_ascii=False, allow_nan=False) for row in rows)
    return "[\n" + ",\n".join(lines) + "\n]\n"


def diagnostics_of(result: PollResult) -> dict[str, Any]:
    """Return what diagnostics.json holds."""
    return {
        **asdict(result.diagnostics),
        "design_df": result.design_df,
        "strata": result.strata,
        "psus": result.psus,
        "lonely_psu": result.study.design.lonely_psu,
        "probability_sample": result.study.nonprobability is None,
        "note": MARK if result.study.nonprobability else "",
        "notes": list(result.notes),
    }


def manifest_of(study: Study, files: list[dict[str, Any]], seed: int) -> dict[str, Any]:
    """Return the manifest: what went in, what came out, and what computed it.

    ``study`` is the digest of the canonical JSON of the declaration: it changes with a setting and
    not with a comment. Paths of inputs are those of the declaration.
    """
    declaration = read_declaration(study.folder / DECLARATION).table
    return {
        "kind": KIND,
        "title": dict(study.title),
        "country": study.country,
        "fieldwork": [day.isoformat() for day in study.fieldwork or ()],
        "level": LEVEL,
        "probability_sample": study.nonprobability is None,
        "indicators": [_indicator(one) for one in study.indicators],
        "study": digest(canonical_json(_plain(declaration))),
        "seed": seed,
        "inputs": [_described(file, _path(study, file)) for file in _inputs(study)],
        "files": files,
        "versions": {
            "kelisim": __version__,
            "python": platform.python_version(),
            **{name: _version(name) for name in ("numpy", "polars", "scipy", "typst")},
        },
    }


def _indicator(settings: IndicatorSettings) -> dict[str, Any]:
    """Return what a later wave must ask in the same way to be compared."""
    return {
        "name": settings.name,
        "kind": settings.kind,
        "column": settings.column or "",
        "yes": list(settings.yes),
        "at": list(settings.at),
    }


def _plain(value: Any) -> Any:
    """Return a TOML value with dates as text."""
    match value:
        case dict():
            return {key: _plain(one) for key, one in value.items()}
        case list():
            return [_plain(one) for one in value]
        case bool() | int() | float() | str():
            return value
        case _:
            return value.isoformat()


def _version(package: str) -> str:
    from importlib.metadata import version

    return version(package)


def _inputs(study: Study) -> Iterator[Path]:
    yield study.folder / DECLARATION
    yield study.interviews.file
    if study.population:
        yield study.population.file
    for other in (study.nonresponse, study.nonprobability):
        if other and not (study.population and other.file == study.population.file):
            yield other.file
    if study.questionnaire:
        yield study.questionnaire
    if study.smallarea:
        tables = (study.smallarea.predictors, study.smallarea.neighbours)
        yield from (table.file for table in tables if table)


def _path(study: Study, file: Path) -> str:
    return Path(os.path.relpath(file, study.folder)).as_posix()


def _described(file: Path, path: str) -> dict[str, Any]:
    with file.open("rb") as stream:
        return {
            "path": path,
            "sha256": digest_of_stream(stream),
            "bytes": file.stat().st_size,
        }
