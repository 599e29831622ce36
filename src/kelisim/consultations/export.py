"""Open data: votes as a table and as Polis has them, statements; nobody can be told by it."""

from __future__ import annotations

from collections.abc import Callable
from io import BytesIO

import polars as pl

from kelisim.consultations import analysis, states
from kelisim.consultations.models import Consultation, Standing, Statement
from kelisim.core.canonical import canonical_csv
from kelisim.core.kazakh import LANGUAGES


def votes(consultation: Consultation) -> pl.DataFrame:
    """Return the last votes, a row a vote, under random names of participants.

    Of the time only the day is told (UTC), so that nobody is found by the minute in which they
    were seen voting.
    """
    table = analysis.last_votes(consultation)
    return table.select(
        "participant",
        "statement",
        "vote",
        "language",
        "mode",
        day=pl.from_epoch(pl.col("time").cast(pl.Int64)).dt.strftime("%Y-%m-%d"),
    ).sort("participant", "statement")


def votes_csv(consultation: Consultation) -> bytes:
    """Return the last votes as CSV, as ``kelisim consultation map`` reads them."""
    table = votes(consultation)
    return canonical_csv(table.columns, table.rows())


def votes_parquet(consultation: Consultation) -> bytes:
    """Return the last votes as Parquet."""
    into = BytesIO()
    votes(consultation).write_parquet(into)
    return into.getvalue()


def polis_csv(consultation: Consultation) -> bytes:
    """Return a row a participant in the columns of Polis' ``participants-votes.csv``."""
    table = votes(consultation)
    groups = _groups(consultation)
    counts = table.group_by("participant").agg(
        pl.len().alias("n-votes"),
        (pl.col("vote") == 1).sum().alias("n-agree"),
        (pl.col("vote") == -1).sum().alias("n-disagree"),
    )
    wide = table.pivot("statement", index="participant", values="vote", sort_columns=True)
    numbers = sorted((name for name in wide.columns if name != "participant"), key=int)
    full = counts.join(wide, on="participant").sort("participant")
    header = ["participant", "group-id", "n-comments", "n-votes", "n-agree", "n-disagree", *numbers]
    rows = [
        (
            row["participant"],
            groups.get(row["participant"]),
            0,
            *(row[name] for name in header[3:]),
        )
        for row in full.iter_rows(named=True)
    ]
    return canonical_csv(header, rows)


def _groups(consultation: Consultation) -> dict[str, int]:
    row = (
        Standing.objects.filter(pk=consultation.pk).values_list("findings_state", flat=True).first()
    )
    state = states.unpack_model(bytes(row or b""))
    if state is None:
        return {}
    pairs = zip(state.aliases.tolist(), state.labels.tolist(), strict=True)
    return {alias: label for alias, label in pairs if label >= 0}


def statements_csv(consultation: Consultation) -> bytes:
    """Return every statement with its wordings and what was decided about it."""
    rows = (
        Statement.objects.filter(consultation=consultation)
        .exclude(state="waiting")
        .select_related("clause")
        .prefetch_related("wordings")
        .order_by("number")
    )
    header = ["statement", "origin", "clause", "moderated", "reason", *LANGUAGES]
    return canonical_csv(header, [_statement(row) for row in rows])


def _statement(row: Statement) -> tuple[object, ...]:
    # What was not accepted is counted, and not spread any further.
    shown = row.state == "accepted"
    texts = {one.language: one.text for one in row.wordings.all()} if shown else {}
    return (
        row.number,
        row.origin,
        row.clause.number if row.clause else "",
        1 if shown else -1,
        row.reason,
        *(texts.get(code, "") for code in LANGUAGES),
    )


FILES: dict[str, tuple[str, Callable[[Consultation], bytes]]] = {
    "votes.csv": ("text/csv; charset=utf-8", votes_csv),
    "votes.parquet": ("application/vnd.apache.parquet", votes_parquet),
    "participants-votes.csv": ("text/csv; charset=utf-8", polis_csv),
    "statements.csv": ("text/csv; charset=utf-8", statements_csv),
}
"""Names of the files, what they are, and who writes them."""
