"""Batteries in the report: how scores moved over waves and cohorts, and whether to trust them."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import Any

import polars as pl

from kelisim.charts import Row, Series, Sheet, Table, series_chart, series_table
from kelisim.study.model import Battery, Scales
from kelisim.study.report.blocks import Block, Figure, Heading, Paragraph, Section, TableBlock
from kelisim.study.report.desk import Desk
from kelisim.study.report.notes import spoken_note
from kelisim.study.report.numerals import EMPTY, Numerals, number
from kelisim.study.report.prose import Span, prose

VALUES = {
    "openness_to_change": "value_openness_to_change",
    "self_enhancement": "value_self_enhancement",
    "conservation": "value_conservation",
    "self_transcendence": "value_self_transcendence",
    "self_direction": "value_self_direction",
    "stimulation": "value_stimulation",
    "hedonism": "value_hedonism",
    "achievement": "value_achievement",
    "power": "value_power",
    "security": "value_security",
    "conformity": "value_conformity",
    "tradition": "value_tradition",
    "benevolence": "value_benevolence",
    "universalism": "value_universalism",
}
"""Schwartz's values to the messages that name them, those of higher order first."""

HIGHER = 4
DIGITS = 2


def scales_section(desk: Desk) -> Section | None:
    """Return what batteries gave, or nothing where the study has none."""
    scales = desk.result.scales
    if scales is None:
        return None
    blocks: list[Block] = [Paragraph(desk.words.say("scales_text"))]
    for place, battery in enumerate(desk.result.study.batteries, start=1):
        blocks.append(Heading(prose(Span(battery.name, name=True))))
        if battery.kind == "pvq21":
            blocks.append(Paragraph(desk.words.say("scales_values"), "note"))
        blocks += _figures(desk, battery, scales.scores, f"{desk.language}-s{place}")
        blocks.append(TableBlock(_reliability(desk, battery, scales)))
        if battery.language:
            blocks += _bias(desk, battery, scales)
    return Section(f"{desk.language}-scales", desk.words.say("scales"), tuple(blocks))


def _name(desk: Desk, score: str) -> str:
    return desk.words.text(VALUES[score]) if score in VALUES else score


def _figures(desk: Desk, battery: Battery, scores: pl.DataFrame, name: str) -> Iterator[Block]:
    """Yield the scores over waves, then each of the main scores over waves by cohort."""
    mine = scores.filter(battery=battery.name)
    order = list(VALUES) if battery.kind == "pvq21" else [battery.name]
    time = "wave" if battery.wave else "cohort"
    other = "cohort" if time == "wave" else "wave"
    over = mine.filter((pl.col(time) != "") & (pl.col(other) == ""))
    if over.is_empty():
        yield TableBlock(_national(desk, order, mine))
        return
    series = [_series(desk, _name(desk, score), over.filter(score=score), time) for score in order]
    yield _figure(desk, desk.words.text("scales_title"), series, time, f"{name}-0")
    if not (battery.wave and battery.cohort):
        return
    for k, score in enumerate(order[:HIGHER], start=1):
        crossed = mine.filter((pl.col("wave") != "") & (pl.col("cohort") != ""), score=score)
        cohorts = crossed["cohort"].unique().sort().to_list()
        by_cohort = [_series(desk, one, crossed.filter(cohort=one), time) for one in cohorts]
        title = desk.words.text("scales_cohorts", score=_name(desk, score))
        yield _figure(desk, title, by_cohort, time, f"{name}-{k}")


def _series(desk: Desk, label: str, rows: pl.DataFrame, time: str) -> Series:
    points = tuple(
        Row(
            row[time],
            row["estimate"],
            row["ci_low"],
            row["ci_high"],
            row["n"],
            spoken_note(row["note"] or "", desk.words),
        )
        for row in rows.sort(time).iter_rows(named=True)
    )
    return Series(label, points)


def _figure(desk: Desk, title: str, series: list[Series], time: str, name: str) -> Figure:
    say = desk.words.text
    words = desk.chart_words(title, say("scales_chart"), say("scales_score"), say("mean"))
    numbers = Numerals(desk.language, False, DIGITS).numbers()
    periods = sorted({row.label for one in series for row in one.points})
    period = say("scales_wave") if time == "wave" else say("scales_cohort")
    table = series_table(series, words, numbers, period)
    twin = desk.words.counted("table_rows", len(table.rows))

    def draw(sheet: Sheet) -> str:
        return series_chart(series, periods, words, numbers, sheet)

    return Figure(name, words.title, words.description, draw, table, twin)


def _national(desk: Desk, order: list[str], mine: pl.DataFrame) -> Table:
    numerals, say = Numerals(desk.language, False, DIGITS), desk.words.text
    rows = []
    for score in order:
        (row,) = mine.filter(score=score, wave="", cohort="").iter_rows(named=True)
        rows.append(
            (
                _name(desk, score),
                numerals.number_of(row["n"]),
                numerals.value(row["estimate"]),
                numerals.whole_span(row["ci_low"], row["ci_high"]),
            )
        )
    head = (say("scales_score"), say("n"), say("mean"), say("interval"))
    title = desk.marked(say("nation_title"))
    return Table(title, head, tuple(rows), (False, True, True, True))


def _reliability(desk: Desk, battery: Battery, scales: Scales) -> Table:
    say = desk.words.text
    rows = [
        (
            _name(desk, row["score"]),
            row["wave"] or say("scales_all"),
            number(row["n"], desk.language, 0),
            _coefficient(desk, row, "alpha"),
            _coefficient(desk, row, "omega"),
        )
        for row in scales.reliability.filter(battery=battery.name).iter_rows(named=True)
    ]
    head = (say("scales_score"), say("scales_wave"), say("n"), say("alpha"), say("omega"))
    return Table(
        desk.marked(say("reliability")), head, tuple(rows), (False, False, True, True, True)
    )


def _coefficient(desk: Desk, row: dict[str, Any], name: str) -> str:
    value, low, high = (row[f"{name}{end}"] for end in ("", "_low", "_high"))
    if value is None or math.isnan(value):
        return EMPTY
    span = Numerals(desk.language, False, DIGITS).whole_span(low, high)
    return f"{number(value, desk.language, DIGITS)} ({span})"


def _bias(desk: Desk, battery: Battery, scales: Scales) -> Iterator[Block]:
    found = scales.bias.filter(battery=battery.name)
    if found.is_empty():
        return
    say, language = desk.words.text, desk.language
    column = battery.language or ""
    first, second = (desk.names.value(column, found[side][0]) for side in ("first", "second"))
    yield Paragraph(desk.words.say("bias_text", first=first, second=second))
    rows = tuple(
        (
            desk.cell(desk.names.item(row["item"])),
            number(row["odds_ratio"], language, 2),
            number(row["delta"], language, 2),
            number(row["p_adjusted"], language, 3),
            row["grade"],
        )
        for row in found.iter_rows(named=True)
    )
    head = (say("bias_item"), say("bias_odds"), say("bias_delta"), say("bias_p"), say("bias_grade"))
    title = desk.marked(say("bias"))
    yield TableBlock(Table(title, head, rows, (False, True, True, True, False)))
