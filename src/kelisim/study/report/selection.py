"""Volunteers in the report: what unmeasured selection would do to their shares."""

from __future__ import annotations

from collections.abc import Iterator

from kelisim.charts import Cell, Table
from kelisim.study.report.blocks import Block, Paragraph, Section, TableBlock
from kelisim.study.report.desk import Desk
from kelisim.study.report.numerals import number

RATIO = 1.5
"""The selection whose bounds the report prints; selection.csv has more."""


def selection_section(desk: Desk) -> Section | None:
    """Return the bounds of every national share, or nothing where the sample was drawn."""
    found = desk.result.selection
    if found is None:
        return None
    blocks: list[Block] = [Paragraph(desk.words.say("selection_text"))]
    body: list[tuple[str | Cell, ...]] = []
    for facts in desk.facts:
        numerals = desk.numerals(facts)
        for answer in facts.answers:
            rows = found.filter(
                indicator=facts.settings.name, category=answer.category, domain=""
            ).iter_rows(named=True)
            for row in rows:
                span = numerals.whole_span(row[f"low_{RATIO}"], row[f"high_{RATIO}"])
                body.append(
                    (
                        desk.cell(desk.answer(facts, answer)),
                        numerals.value(row["estimate"]),
                        span,
                        numerals.value(row["other"]),
                        number(row["ratio_to_other"], desk.language, 2),
                    )
                )
    say = desk.words.text
    head = (
        say("answer"),
        say("share"),
        say("selection_bounds", ratio=number(RATIO, desk.language)),
        say("selection_other"),
        say("selection_ratio"),
    )
    title = desk.marked(say("selection"))
    blocks.append(TableBlock(Table(title, head, tuple(body), (False, True, True, True, True))))
    blocks += _model(desk)
    return Section(f"{desk.language}-selection", desk.words.say("selection"), tuple(blocks))


def _model(desk: Desk) -> Iterator[Block]:
    """Yield what a model of taking part makes of every share and mean, at every phi."""
    found = desk.result.selection_model
    if found is None or found.is_empty():
        return
    say, language = desk.words.text, desk.language
    degrees = found["phi"].drop_nulls().unique().sort().to_list()
    body: list[tuple[str | Cell, ...]] = []
    for facts in desk.facts:
        for answer in () if facts.modelled else facts.answers:
            rows = found.filter(indicator=facts.settings.name, category=answer.category).to_dicts()
            if rows:
                by_phi = {row["phi"]: row["estimate"] for row in rows}
                numerals = desk.numerals(facts)
                body.append(
                    (
                        desk.cell(desk.answer(facts, answer)),
                        numerals.value(rows[0]["published"]),
                        number(rows[0]["correlation"], language, 2),
                        *(numerals.value(by_phi.get(degree)) for degree in degrees),
                    )
                )
    heads = (say("answer"), say("estimate"), say("selection_correlation"))
    columns = tuple(f"φ = {number(degree, language)}" for degree in degrees)
    yield Paragraph(desk.words.say("selection_model_text"))
    yield TableBlock(
        Table(
            desk.marked(say("selection_model")),
            (*heads, *columns),
            tuple(body),
            (False, *(True,) * (2 + len(degrees))),
        )
    )
