"""Answers as files: CSV and Parquet block by block, SPSS and Stata whole."""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from pathlib import Path
from zipfile import ZIP_DEFLATED, ZipFile

import polars as pl
import pyreadstat

from kelisim.core.errors import OutputRefused
from kelisim.surveys import queries
from kelisim.surveys.analysis import blocks, columns, labelled, published, schema
from kelisim.surveys.coding import Coding, coding
from kelisim.surveys.labelling import headings
from kelisim.surveys.models import Survey
from kelisim.surveys.queries import form_of
from kelisim.surveys.tables import Tables

KINDS = ("csv", "parquet", "sav", "dta")
MOST_WHOLE = 500_000
"""Interviews that an SPSS or Stata file may hold: they are written from memory, not streamed."""

LONGEST_WORDING = {"sav": 250, "dta": 76}
"""Bytes of UTF-8 that the label of a column may have."""

LONGEST_ANSWER = 118
"""Bytes of UTF-8 that the label of a code may have."""

Progress = Callable[[int, int], None]


def export(survey: Survey, kind: str, language: str, file: Path, progress: Progress) -> None:
    """Write the answers of a survey; the file appears whole or not at all.

    Parameters
    ----------
    kind
        One of `KINDS`. With repeated groups CSV and Parquet become a ZIP of one table each.
    progress
        Hears how many interviews of how many are written.

    Raises
    ------
    OutputRefused
        The survey was never published, or is too large for the kind.
    """
    if not published(survey):
        raise OutputRefused(
            "The survey has no published questionnaire.", do="Publish a version first."
        )
    told = coding(survey, language)
    try:
        _export(survey, kind, language, file, progress, told)
    except pl.exceptions.ComputeError:
        # Somebody answered what no version's list has: such columns are read as text.
        _export(survey, kind, language, file, progress, told.without_strange(survey))


def _export(
    survey: Survey, kind: str, language: str, file: Path, progress: Progress, told: Coding
) -> None:
    total = queries.received(survey).count()
    with tempfile.TemporaryDirectory(dir=file.parent) as folder:
        draft = Path(folder)
        if kind in ("sav", "dta"):
            made = _whole(survey, kind, language, draft, total, progress, told)
        else:
            made = _streamed(survey, kind, language, draft, total, progress, told)
        made.replace(file)


def _streamed(
    survey: Survey,
    kind: str,
    language: str,
    folder: Path,
    total: int,
    progress: Progress,
    told: Coding,
) -> Path:
    done = 0
    with Tables(folder, kind) as tables:
        for block in blocks(survey, coded=told.coded):
            tables.add("answers", told.named(labelled(block.answers, survey, language)))
            for path, frame in block.repeats.items():
                tables.add(path.strip("/").replace("/", "_"), frame)
            done += block.answers.height
            progress(done, total)
        if not done:
            empty = pl.DataFrame(schema={**schema(survey), **told.coded})
            tables.add("answers", told.named(empty))
    return _one_file(tables.files, folder)


def _one_file(files: list[Path], folder: Path) -> Path:
    if len(files) == 1:
        return files[0]
    packed = folder / "answers.zip"
    with ZipFile(packed, "w", ZIP_DEFLATED, compresslevel=1) as archive:
        for one in files:
            archive.write(one, one.name)
    return packed


def _whole(
    survey: Survey,
    kind: str,
    language: str,
    folder: Path,
    total: int,
    progress: Progress,
    told: Coding,
) -> Path:
    if total > MOST_WHOLE:
        raise OutputRefused(
            f"The survey has {total:,} interviews; a .{kind} file is written for at most "
            f"{MOST_WHOLE:,}.",
            do="Choose Parquet or CSV.",
        )
    found, done = [], 0
    labels: dict[str, dict[int, str]] = {}
    for block in blocks(survey, coded=told.coded):
        frame, labels = told.numbered(block.answers)
        found.append(frame)
        done += frame.height
        progress(done, total)
    frame = pl.concat(found) if found else pl.DataFrame(schema=schema(survey))
    found.clear()
    form, asked = form_of(published(survey)[0]), columns(survey)
    longest = LONGEST_WORDING[kind]
    names = {one: _short(text, longest) for one, text in headings(form, asked, language).items()}
    file = folder / f"answers.{kind}"
    frame = frame.with_columns(pl.col("_received").dt.to_string("iso")).rename(_plain_names(frame))
    write = pyreadstat.write_sav if kind == "sav" else pyreadstat.write_dta
    write(
        frame,
        str(file),
        column_labels=[names.get(one, "") for one in _old_names(frame)],
        variable_value_labels={
            _plain(one): {code: _short(text, LONGEST_ANSWER) for code, text in called.items()}
            for one, called in labels.items()
        },
    )
    return file


def _plain(name: str) -> str:
    return f"q{name}" if name.startswith("_") else name


def _plain_names(frame: pl.DataFrame) -> dict[str, str]:
    return {name: _plain(name) for name in frame.columns}


def _old_names(frame: pl.DataFrame) -> list[str]:
    return [name.removeprefix("q") if name.startswith("q_") else name for name in frame.columns]


def _short(text: str, longest: int) -> str:
    """Return a label that the file can hold: cut between letters, never inside one."""
    raw = " ".join(text.split()).encode()
    return raw[:longest].decode(errors="ignore")
