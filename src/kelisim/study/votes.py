"""Votes in files: read from an export or a table, and the answer of a consultation written out."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl

from kelisim.charts.markup import Sheet
from kelisim.charts.opinions import Dot, GroupPlace, MapWords, opinion_chart
from kelisim.core.canonical import canonical_csv
from kelisim.core.errors import FileRefused, Refusal, VotesRefused
from kelisim.engine.frame import column
from kelisim.engine.opinion import OpinionMap, Votes, choose_dimensions, read_votes
from kelisim.engine.opinion.prediction import agreement_log_odds, chance
from kelisim.engine.opinion.reading import times_of
from kelisim.engine.opinion.votes import Indices
from kelisim.study.country import CountryEstimate
from kelisim.study.folder import whole_folder
from kelisim.study.sources import open_source

POLIS_NAMES = {"voter-id": "participant", "comment-id": "statement", "timestamp": "time"}
"""What Polis calls the columns of its exported votes."""

ROWS_AT_ONCE = 50_000

MOST_PLACED = 20_000
"""People up to whom each is handed to the chart; beyond that, neighbours are gathered before."""

FINE = 200
"""Cells along the map in which neighbours are gathered."""

FILES = (
    "participants.csv",
    "statements.csv",
    "groups.json",
    "slate.csv",
    "integrity.json",
    "map.svg",
)

COUNTRY_FILES = ("country.csv", "country_groups.csv", "country.json")

WORDS = {
    "en": MapWords(
        "Opinion map",
        "Each dot is a participant. People who vote alike stand close together.",
        "Opinion group",
        "Participants",
        "Share",
        "Between groups",
    ),
    "ru": MapWords(
        "Карта мнений",
        "Каждая точка — участник. Те, кто голосует похоже, стоят рядом.",
        "Группа мнений",
        "Участники",
        "Доля",
        "Между группами",
    ),
    "kk": MapWords(
        "Пікірлер картасы",
        "Әр нүкте — бір қатысушы. Ұқсас дауыс бергендер жақын тұрады.",
        "Пікірлес топ",
        "Қатысушылар",
        "Үлес",
        "Топтар арасында",
    ),
}


def read_table(file: Path) -> pl.DataFrame:
    """Return a CSV or Parquet file as a frame; columns with Polis' names get ours.

    Raises
    ------
    FileRefused
        The file is missing, of an unknown kind or not well-formed.
    """
    if not file.is_file():
        raise FileRefused(
            "There is no such file.", where=str(file), do="Correct the path to the file."
        )
    source = open_source(file)
    frame = source.read([name for name in source.columns if name]).frame
    renamed = {
        old: new
        for old, new in POLIS_NAMES.items()
        if old in frame.columns and new not in frame.columns
    }
    return frame.rename(renamed)


def read_vote_file(file: Path) -> Votes:
    """Return the votes of a file: Polis' matrix, Polis' list of votes, or a table of votes.

    Raises
    ------
    Refusal
        As `read_votes`, with the file named.
    """
    try:
        return read_votes(read_table(file))
    except Refusal as refusal:
        if not isinstance(refusal, FileRefused):
            refusal.where = f"{file.name}, {refusal.where}" if refusal.where else file.name
        raise


def read_rejected(file: Path) -> tuple[str, ...]:
    """Return the statements that a list of statements marks as rejected: ``moderated`` is -1."""
    frame = read_table(file)
    names = column(frame, "statement", role="the statements").cast(pl.String)
    verdicts = column(frame, "moderated", role="the moderators' verdicts").cast(pl.String)
    return tuple(sorted(names.filter(verdicts.str.strip_chars() == "-1").drop_nulls()))


def until(table: pl.DataFrame, at: float) -> pl.DataFrame:
    """Return the rows of a list of votes up to a time, in seconds since 1970."""
    return table.filter(pl.Series(times_of(table) <= at))


def write_opinion(
    found: OpinionMap, out: Path, language: str = "en", *, country: CountryEstimate | None = None
) -> list[str]:
    """Write the files of an opinion map into a folder that appears whole or not at all."""
    with whole_folder(out) as draft:
        for name, table in (
            ("participants.csv", found.participants),
            ("statements.csv", found.statements),
            ("slate.csv", found.slate),
        ):
            _write_csv(draft / name, table)
        groups = {**found.groups, "fit": found.fit}
        for name, document in (("groups.json", groups), ("integrity.json", found.integrity)):
            (draft / name).write_bytes(_json(document))
        (draft / "map.svg").write_text(map_svg(found, language), encoding="utf-8")
        if country is not None:
            _write_csv(draft / "country.csv", country.statements)
            _write_csv(draft / "country_groups.csv", country.groups)
            (draft / "country.json").write_bytes(_json(country.document()))
    return [*FILES, *(COUNTRY_FILES if country is not None else ())]


def _write_csv(file: Path, table: pl.DataFrame) -> None:
    """Write a table as canonical CSV, some rows at a time: not all of it is held as text."""
    with file.open("wb") as out:
        for first in range(0, max(len(table), 1), ROWS_AT_ONCE):
            text = canonical_csv(table.columns, table.slice(first, ROWS_AT_ONCE).rows())
            out.write(text[text.index(b"\n") + 1 :] if first else text)


def _json(document: Mapping[str, Any]) -> bytes:
    return (json.dumps(document, ensure_ascii=False, indent=2) + "\n").encode()


def map_svg(found: OpinionMap, language: str = "en") -> str:
    """Return the map as SVG with its title and description in a language."""
    placed = found.participants.filter(pl.col("x").is_not_null())
    letters = [group["group"] for group in found.groups["groups"]]
    number = {letter: i for i, letter in enumerate(letters)}
    rows = _gathered(placed) if len(placed) > MOST_PLACED else placed.with_columns(people=pl.lit(1))
    dots = [
        Dot(x, y, number.get(group), people)
        for x, y, group, people in rows.select("x", "y", "group", "people").rows()
    ]
    places = [
        GroupPlace(g["group"], g["centre"][0], g["centre"][1], g["participants"], g["share"])
        for g in found.groups["groups"]
    ]
    sheet = Sheet("opinion-map", 640, "system-ui, sans-serif")
    return opinion_chart(dots, places, WORDS[language], sheet) + "\n"


def _gathered(placed: pl.DataFrame) -> pl.DataFrame:
    """Return the mean place and the number of people by cell and group, in a fixed order."""
    across = placed["x"].to_numpy()
    step = max(float(across.max() - across.min()), 1e-9) / FINE
    cells = [(pl.col(axis) / step).floor().alias(f"{axis}_cell") for axis in ("x", "y")]
    return (
        placed.group_by("group", *cells)
        .agg(pl.col("x").mean(), pl.col("y").mean(), pl.len().alias("people"))
        .sort("group", "x_cell", "y_cell")
    )


def predict(train: Votes, pairs: pl.DataFrame) -> tuple[pl.DataFrame, dict[str, Any]]:
    """Return the pairs with ``p_agree``, and what a reader should know of the prediction.

    Who or what has no vote in the training votes is predicted from the prior: an average person,
    an average statement.

    Raises
    ------
    ColumnRefused
        A column is missing.
    VotesRefused
        There are no training votes.
    """
    if not len(train.signs):
        raise VotesRefused("There are no votes to learn from.", do="Give a file that holds votes.")
    people = column(pairs, "participant", role="the participants").cast(pl.String)
    statements = column(pairs, "statement", role="the statements").cast(pl.String)
    rows, columns = _positions(people, train.participants), _positions(statements, train.statements)
    widened = _with_strangers(train, int((rows < 0).any()), int((columns < 0).any()))
    chosen = choose_dimensions(widened)
    asked = np.where(rows < 0, widened.shape[0] - 1, rows)
    about = np.where(columns < 0, widened.shape[1] - 1, columns)
    chances = chance(agreement_log_odds(chosen.model, asked, about), chosen.calibration)
    table = pl.DataFrame(
        {"participant": people, "statement": statements, "p_agree": np.round(chances, 9)}
    )
    facts = {
        "pairs": len(table),
        "dimensions": chosen.model.dimensions,
        "pairs_of_unknown_participants": int((rows < 0).sum()),
        "pairs_of_unknown_statements": int((columns < 0).sum()),
    }
    return table, facts


def _positions(names: pl.Series, known: pl.Series) -> Indices:
    numbered = pl.DataFrame({"v": known, "c": np.arange(len(known))})
    found = names.to_frame("v").join(numbered, on="v", how="left", maintain_order="left")["c"]
    return found.fill_null(-1).to_numpy()


def _with_strangers(votes: Votes, people: int, statements: int) -> Votes:
    """Return the votes with one more participant and statement, without votes, if wanted."""
    last = votes.indptr[-1:]
    return Votes(
        pl.concat([votes.participants, pl.Series([""] * people, dtype=pl.String)]),
        pl.concat([votes.statements, pl.Series([""] * statements, dtype=pl.String)]),
        np.concatenate([votes.indptr, np.repeat(last, people)]),
        votes.indices,
        votes.signs,
        np.concatenate([votes.weights, np.ones(people)]),
        votes.times,
    )


def write_prediction(table: pl.DataFrame, file: Path) -> None:
    """Write a prediction as CSV, whole or not at all."""
    draft = file.with_name(f".{file.name}.partial")
    try:
        draft.write_bytes(canonical_csv(table.columns, table.rows()))
        draft.replace(file)
    finally:
        draft.unlink(missing_ok=True)
