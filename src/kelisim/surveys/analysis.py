"""Submissions as typed columns, block by block: what exports and the pipeline of a study read."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import polars as pl
from django.db.models import CharField
from django.db.models.functions import Cast

from kelisim.surveys.answers import Column, layout, read_cell
from kelisim.surveys.labelling import codes
from kelisim.surveys.models import Questionnaire, Submission, Survey
from kelisim.surveys.queries import form_of

BLOCK = 20_000
_TYPES: Mapping[str, type[pl.DataType]] = {"whole": pl.Int64, "number": pl.Float64}
ABOUT = {
    "_id": pl.Int64(),
    "_received": pl.Datetime("us", "UTC"),
    "_channel": pl.String(),
    "_language": pl.String(),
    "_version": pl.Int64(),
}
"""Columns about the interview, before those of its answers."""


_WORDS = ("_received", "_channel", "_language")


@dataclass(frozen=True, slots=True)
class Block:
    """Some interviews: their answers, and the rows of their repeated groups by path."""

    answers: pl.DataFrame
    repeats: Mapping[str, pl.DataFrame]


def columns(survey: Survey) -> tuple[Column, ...]:
    """Return the columns of a survey: those of its newest version, then what older ones had."""
    found: dict[str, Column] = {}
    for version in published(survey):
        for column in layout(form_of(version)).root:
            found.setdefault(column.name, column)
    return tuple(found.values())


def published(survey: Survey) -> list[Questionnaire]:
    """Return the versions that may have answers, the newest first."""
    rows = survey.questionnaires.filter(published_at__isnull=False)
    return list(rows.order_by("-number").defer("source"))


def schema(survey: Survey) -> dict[str, pl.DataType]:
    """Return the types of all columns of a survey's answers."""
    told = {one.name: _TYPES.get(one.kind, pl.String)() for one in columns(survey)}
    return {**ABOUT, **told}


def blocks(
    survey: Survey, *, size: int = BLOCK, coded: Mapping[str, pl.Enum] | None = None
) -> Iterator[Block]:
    """Yield the complete interviews of a survey in blocks, in the order they were received.

    Parameters
    ----------
    coded
        Columns that are read as numbers of a list of codes (`coding.Coding`).

    Raises
    ------
    polars.exceptions.ComputeError
        A column holds what its list of codes does not.
    """
    wanted = {**schema(survey), **(coded or {})}
    for version in reversed(published(survey)):
        rows = Submission.objects.filter(
            questionnaire=version, complete=True, aside="", answers__isnull=False
        ).order_by("pk")
        # As text the moment passes through no converter a row; Polars reads a whole column of them.
        moment = Cast("received_at", CharField())
        fields = ("pk", "answers", moment, "channel", "language")
        stream = rows.values_list(*fields).iterator(chunk_size=size)
        while batch := _taken(stream, size):
            yield _block(version, batch, wanted)


Row = tuple[int, bytes, str, str, str]


def _taken(stream: Iterator[Row], size: int) -> list[Row]:
    return [row for _number, row in zip(range(size), stream, strict=False)]


def _block(
    version: Questionnaire, batch: Sequence[Row], wanted: Mapping[str, pl.DataType]
) -> Block:
    told = layout(form_of(version))
    if told.repeats:
        parts = [bytes(row[1]).partition(b"\n") for row in batch]
        lines = b"\n".join([first for first, _, _ in parts]) + b"\n"
    else:  # the second line is empty everywhere: what is stored is the line with its end
        parts, lines = [], b"".join([row[1] for row in batch])
    frame = _read(told.root, lines, wanted)
    about = pl.DataFrame(
        {
            "_id": [row[0] for row in batch],
            "_received": [row[2] for row in batch],
            "_channel": [row[3] for row in batch],
            "_language": [row[4] for row in batch],
        },
        schema={"_id": ABOUT["_id"], **dict.fromkeys(_WORDS, pl.String())},
    ).with_columns(
        # PostgreSQL leaves out the zeros that end a fraction, and adds its zone, which is UTC.
        pl.col("_received")
        .str.extract(r"^([-\d]+ [:\d]+(?:\.\d{1,6})?)")
        .str.to_datetime("%Y-%m-%d %H:%M:%S%.f", time_unit="us", time_zone="UTC")
    )
    whole = about.with_columns(pl.lit(version.number, pl.Int64).alias("_version")).hstack(frame)
    absent = [
        pl.lit(None, kind).alias(name) for name, kind in wanted.items() if name not in whole.columns
    ]
    repeats = {path: _of_group(path, inside, batch, parts) for path, inside in told.repeats.items()}
    return Block(whole.with_columns(absent).select(list(wanted)), repeats)


def _read(told: Sequence[Column], lines: bytes, wanted: Mapping[str, pl.DataType]) -> pl.DataFrame:
    """Return CSV lines as typed columns; what was escaped is written out again."""
    types = {one.name: _type(one, wanted) for one in told}
    if not types:
        return pl.DataFrame({})
    frame = pl.read_csv(lines, has_header=False, schema=types)
    if b"\\" not in lines:
        return frame
    escaped = [
        name
        for name, kind in types.items()
        if kind == pl.String and frame[name].str.contains("\\", literal=True).any()
    ]
    return frame.with_columns(
        pl.col(name).map_elements(read_cell, return_dtype=pl.String) for name in escaped
    )


def _type(one: Column, wanted: Mapping[str, pl.DataType]) -> pl.DataType:
    """Return the type of a column: its list of codes where one is given, else that of its kind."""
    given = wanted.get(one.name)
    return given if isinstance(given, pl.Enum) else _TYPES.get(one.kind, pl.String)()


def _of_group(
    path: str, told: Sequence[Column], batch: Sequence[Row], parts: list[tuple[bytes, bytes, bytes]]
) -> pl.DataFrame:
    rows: list[list[object]] = []
    for (pk, *_rest), (_line, _, more) in zip(batch, parts, strict=True):
        if more:
            inside = json.loads(more).get(path, [])
            rows += [[pk, number, *row] for number, row in enumerate(inside, 1)]
    types = {one.name: _TYPES.get(one.kind, pl.String)() for one in told}
    names = {"_id": pl.Int64(), "_number": pl.Int64(), "_above": pl.Int64()}
    frame = pl.DataFrame(rows, schema=[*names, *types], orient="row", infer_schema_length=None)
    return frame.with_columns(
        *(pl.col(name).cast(kind) for name, kind in names.items()),
        *(
            pl.when(pl.col(name).cast(pl.String) == "")
            .then(None)
            .otherwise(pl.col(name))
            .cast(kind)
            .alias(name)
            for name, kind in types.items()
        ),
    )


def labelled(frame: pl.DataFrame, survey: Survey, language: str) -> pl.DataFrame:
    """Return answers with what they are called in a language in the place of codes."""
    form = form_of(published(survey)[0])
    return frame.with_columns(
        _named(one, codes(form, one, language))
        for one in columns(survey)
        if one.kind in ("one", "many") and frame.schema[one.name] == pl.String
    )


def _named(column: Column, names: Mapping[str, str]) -> pl.Expr:
    whole = pl.col(column.name)
    if not names:
        return whole
    if column.kind == "one":
        return whole.replace(dict(names))
    return whole.str.split(" ").list.eval(pl.element().replace(dict(names))).list.join("; ")


def answers(survey: Survey) -> pl.DataFrame:
    """Return all interviews of a survey in one frame, codes and numbers as they were given."""
    found = [block.answers for block in blocks(survey)]
    return pl.concat(found) if found else pl.DataFrame(schema=schema(survey))
