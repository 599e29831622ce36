"""Small areas by a model: what it is, what it changes, and whether it meets the answers."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from functools import partial
from typing import Any

import polars as pl

from kelisim.charts import (
    Pull,
    PullWords,
    Row,
    Table,
    agreement_chart,
    interval_chart,
    interval_table,
    shrinkage_chart,
    shrinkage_table,
)
from kelisim.charts.shrinkage import by_respondents
from kelisim.study.model import AreaModel
from kelisim.study.report.blocks import Block, Figure, Heading, Paragraph, TableBlock
from kelisim.study.report.comparison import names_of
from kelisim.study.report.desk import LONGEST, Desk
from kelisim.study.report.facts import Answer, Estimate, Group, IndicatorFacts, group_of
from kelisim.study.report.numerals import number, percent
from kelisim.study.report.prose import Prose, Span, joined, plain

_WHAT = {"mrp": "areas_mrp", "fay-herriot": "areas_fay"}
"""Method of an estimate to the paragraph that says what it is."""

_PAGE = 34


def model_of(desk: Desk, facts: IndicatorFacts) -> AreaModel | None:
    """Return the model behind an indicator's estimates, or nothing where they are direct."""
    for one in desk.result.areas:
        if (one.indicator, one.method) == (facts.settings.name, facts.method):
            return one
    return None


def explanation(desk: Desk, facts: IndicatorFacts) -> tuple[Block, ...]:
    """Return what the model is, what it knows, and where it is alone."""
    settings = desk.result.study.smallarea
    blocks: list[Block] = [Paragraph(desk.words.say(_WHAT[facts.method]))]
    if settings is None:
        return tuple(blocks)
    parts: list[Prose] = []
    if settings.cells:
        parts.append(desk.words.say("areas_cells", names=_items(desk, settings.cells)))
    if settings.predictors:
        names = _items(desk, settings.predictors.columns)
        parts.append(desk.words.say("areas_predictors", names=names))
    if settings.neighbours:
        parts.append(desk.words.say("areas_neighbours"))
    unseen = [one.group for one in _rows(facts.leading) if one.n == 0]
    if unseen:
        parts.append(desk.words.say("areas_unseen", names=names_of(desk, unseen)))
    blocks += [Paragraph(part, "note") for part in parts]
    return tuple(blocks)


def _items(desk: Desk, columns: tuple[str, ...]) -> Prose:
    return joined([desk.names.item(column) for column in columns])


def _rows(answer: Answer) -> tuple[Estimate, ...]:
    return answer.sets[0].rows if answer.sets else ()


def checks(desk: Desk, facts: IndicatorFacts, model: AreaModel, name: str) -> tuple[Block, ...]:
    """Return the charts that show how far to trust the model."""
    blocks: list[Block] = [Heading(desk.words.say("areas_checks"))]
    pulls = _pulls(desk, facts, model)
    if len(pulls) <= LONGEST:
        blocks += _changed(desk, facts, pulls, name)
    if "predicted" in model.checks.columns:
        blocks += _expected(desk, facts, model, f"{name}-expected")
    blocks += [TableBlock(_spreads(desk, model))]
    return tuple(blocks)


def _pulls(desk: Desk, facts: IndicatorFacts, model: AreaModel) -> list[Pull]:
    """Return every area as it is estimated directly and by the model, in alphabetical order."""
    direct = dict(_direct(desk, facts))
    pooling = {
        group_of(row["domain"]): row["pooling"]
        for row in model.checks.iter_rows(named=True)
        if (row.get("category") or "") == facts.leading.category
    }
    by_group = {row.group: row for row in _rows(facts.leading)}
    return [
        Pull(
            desk.row(by_group[group], desk.names.group(group)),
            direct.get(group),
            _written(pooling.get(group), desk.language),
        )
        for group in desk.names.in_order(tuple(by_group))
    ]


def _written(pooling: float | None, language: str) -> str:
    return "" if pooling is None else percent(pooling, language, 0)


def _direct(desk: Desk, facts: IndicatorFacts) -> Iterator[tuple[Group, float]]:
    """Yield the direct estimate of every area that has one."""
    for other in desk.facts:
        if other.settings is facts.settings and not other.modelled:
            for answer in other.answers:
                if answer.category == facts.leading.category:
                    for groups in answer.sets:
                        for row in groups.rows:
                            if row.estimate is not None:
                                yield row.group, row.estimate


def _changed(desk: Desk, facts: IndicatorFacts, pulls: list[Pull], name: str) -> Iterator[Block]:
    """Yield the chart of what the model changes, and that of both estimates against each other."""
    say, numerals = desk.words.text, desk.numerals(facts)
    answer = desk.answer(facts, facts.leading).text
    by = desk.names.columns(tuple(column for column, _ in _rows(facts.leading)[0].group)).text
    bounds = (0.0, 1.0) if facts.share else None
    told = say("areas_shrunk_text")
    title = say("areas_shrunk", answer=answer)
    row_words = desk.chart_words(title, told, by, say("areas_model"))
    words = PullWords(row_words, say("areas_direct"), say("areas_model"), say("areas_pooling"))
    chart = partial(
        shrinkage_chart, words=words, numbers=numerals.numbers(), beside=pulls, bounds=bounds
    )
    table = shrinkage_table(pulls, words, numerals.numbers())
    twin = desk.words.counted("table_rows", len(table.rows))
    ordered = by_respondents(pulls)
    parts = [ordered[start : start + _PAGE] for start in range(0, len(ordered), _PAGE)]
    yield Paragraph((Span(told),))
    yield Figure(
        f"{name}-shrunk",
        row_words.title,
        told,
        lambda sheet: chart(pulls, sheet=sheet),
        table,
        twin,
        tuple(partial(_part, chart, part) for part in parts),
    )
    told = say("areas_agree_text")
    title = desk.marked(say("areas_agree", answer=answer))
    words = replace(words, row=replace(row_words, title=title, description=told))
    draw = partial(agreement_chart, pulls, words, numerals.numbers(), bounds=bounds)
    yield Paragraph((Span(told),))
    yield Figure(f"{name}-agree", title, told, draw, table, twin, repeats=True)


def _part(chart: Any, rows: list[Any], sheet: Any) -> str:
    return str(chart(rows, sheet=sheet))


def _expected(desk: Desk, facts: IndicatorFacts, model: AreaModel, name: str) -> Iterator[Block]:
    """Yield the posterior predictive check of every area."""
    say, numerals = desk.words.text, desk.numerals(facts)
    checked = model.checks.filter(
        (pl.col("category") == facts.leading.category) & pl.col("direct").is_not_null()
    )
    rows = {group_of(row["domain"]): row for row in checked.iter_rows(named=True)}
    if not rows:
        return
    beyond = [group for group, row in rows.items() if _beyond(row)]
    sentence = (
        desk.words.say("areas_outside", names=names_of(desk, beyond))
        if beyond
        else desk.words.say("areas_within")
    )
    told = say("areas_expected_text")
    title = say("areas_expected", answer=desk.answer(facts, facts.leading).text)
    by = desk.names.columns(tuple(column for column, _ in next(iter(rows)))).text
    words = desk.chart_words(title, f"{told} {plain(sentence)}", by, say("areas_seen"))
    words = replace(words, interval=say("areas_range"))
    drawn = [_check_row(desk, group, rows[group]) for group in desk.names.in_order(tuple(rows))]
    table = interval_table(drawn, words, numerals.numbers())
    yield Paragraph((Span(f"{told} "), *sentence))
    if len(drawn) > LONGEST:
        yield TableBlock(table)
        return
    chart = partial(
        interval_chart, words=words, numbers=numerals.numbers(), bounds=(0.0, 1.0), beside=drawn
    )
    parts = [drawn[start : start + _PAGE] for start in range(0, len(drawn), _PAGE)]
    yield Figure(
        name,
        words.title,
        words.description,
        partial(_part, chart, drawn),
        table,
        desk.words.counted("table_rows", len(table.rows)),
        tuple(partial(_part, chart, part) for part in parts),
    )


def _beyond(row: Mapping[str, Any]) -> bool:
    return not row["predicted_low"] <= row["direct"] <= row["predicted_high"]


def _check_row(desk: Desk, group: Group, row: Mapping[str, Any]) -> Row:
    label = desk.names.group(group)
    return Row(
        label.text,
        row["direct"],
        row["predicted_low"],
        row["predicted_high"],
        row["n"],
        desk.words.text("areas_beyond") if _beyond(row) else "",
        label.language,
    )


def _spreads(desk: Desk, model: AreaModel) -> Table:
    """Return the standard deviations of the effects; of several answers, of each split in turn."""
    say, language = desk.words.text, desk.language
    several = model.spreads["split"].max() != 1
    heads: tuple[str, ...] = ("areas_effect", "areas_spread", "areas_error")
    title = say("areas_spreads")
    if model.method == "fay-herriot":
        title, heads = say("areas_spread_between"), heads[:-1]
    rows = []
    for row in model.spreads.iter_rows(named=True):
        term = " × ".join(desk.names.item(column).text for column in row["term"].split(":"))
        named = f"{row['split']}. {term}" if several else term
        figures = (number(row["mean"], language, 3), number(row["se"], language, 3))
        rows.append((named, *figures[: len(heads) - 1]))
    title = desk.marked(title)
    return Table(title, tuple(map(say, heads)), tuple(rows), (False, *(True,) * (len(heads) - 1)))
