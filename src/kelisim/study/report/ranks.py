"""Places with the doubt about them: never a rank without its interval."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import partial
from typing import Any

import polars as pl

from kelisim.charts import Cell, Numbers, Row, Sheet, Table, by_estimate, interval_chart
from kelisim.study.ranks import modelled
from kelisim.study.report.blocks import Block, Figure, Heading, Paragraph, Section, TableBlock
from kelisim.study.report.desk import LONGEST, Desk
from kelisim.study.report.facts import Group, IndicatorFacts, group_of
from kelisim.study.report.numerals import percent
from kelisim.study.report.prose import Prose, Span, joined, prose

DECISIONS = {
    "above": "decision_above",
    "below": "decision_below",
    "undecided": "decision_undecided",
}
"""A decision at a threshold to the message that says it."""

Places = list[tuple[Group, Mapping[str, Any]]]
"""Groups with their rows of ranks.csv and the ``decision`` of thresholds.csv, first place first."""

_PAGE = 34
_MOST_NAMES = 20


def rank_section(desk: Desk) -> Section | None:
    """Return the places of groups, or nothing where none were computed."""
    if desk.result.ranks.is_empty():
        return None
    blocks: list[Block] = [Paragraph(desk.words.say("ranks_text"))]
    for place, facts in enumerate(desk.facts):
        sets = places_of(desk, facts)
        if sets:
            blocks.append(Heading(desk.title(facts)))
            if facts.modelled:
                blocks.append(Paragraph(desk.words.say("ranks_model"), "note"))
        for number, (columns, places) in enumerate(sets.items()):
            blocks += _decided(desk, facts, places)
            blocks.append(
                _figure(desk, facts, columns, places, f"{desk.language}-r{place}-{number}")
            )
        answers = desk.result.ranks.filter(indicator=facts.settings.name)["category"]
        if sets and answers.n_unique() > 1:
            blocks.append(Paragraph(desk.words.say("others_ranked"), "note"))
    return Section(f"{desk.language}-ranks", desk.words.say("ranks"), tuple(blocks))


def places_of(desk: Desk, facts: IndicatorFacts) -> dict[tuple[str, ...], Places]:
    """Return the places by the leading answer that belong to estimates of one method, by set."""
    key = {"indicator": facts.settings.name}
    ranks = desk.result.ranks.filter(
        pl.col("category").fill_null("") == facts.leading.category, **key
    )
    decisions = _decisions(desk, facts)
    sets: dict[tuple[str, ...], Places] = {}
    for row in ranks.sort("rank", "rank_low", maintain_order=True).iter_rows(named=True):
        group = group_of(row["domain"])
        columns = tuple(column for column, _ in group)
        if modelled(desk.result.study, facts.settings.name, columns) == facts.modelled:
            decided = {**row, "decision": decisions.get(row["domain"], "")}
            sets.setdefault(columns, []).append((group, decided))
    return sets


def _decisions(desk: Desk, facts: IndicatorFacts) -> dict[str, str]:
    """Return the decision of every domain at the indicator's threshold."""
    found = desk.result.decisions
    if found.is_empty():
        return {}
    own = found.filter(indicator=facts.settings.name)
    return dict(own.select("domain", "decision").iter_rows())


def _decided(desk: Desk, facts: IndicatorFacts, places: Places) -> list[Block]:
    """Say which groups are above and below the threshold, and which are not decided."""
    if not any(row["decision"] for _, row in places):
        return []
    named = {
        decision: _names(
            desk, [desk.names.group(group) for group, row in places if row["decision"] == decision]
        )
        for decision in DECISIONS
    }
    threshold = desk.numerals(facts).value(facts.settings.threshold)
    rate = percent(desk.result.decisions["error_rate"][0], desk.language, 0)
    said = desk.words.say("decisions", threshold=threshold, rate=rate, **named)
    return [Paragraph(desk.told(said), "finding")]


def _names(desk: Desk, names: list[Span]) -> Prose:
    if not names:
        return prose(desk.words.text("none_of_them"))
    found = joined(names[:_MOST_NAMES])
    if len(names) <= _MOST_NAMES:
        return found
    return desk.words.say("and_more", names=found, n=str(len(names) - _MOST_NAMES))


def _figure(
    desk: Desk, facts: IndicatorFacts, columns: tuple[str, ...], places: Places, name: str
) -> Block:
    """Return the intervals of ranks as a chart, its table beneath; of very many the table."""
    say = desk.words.text
    by = desk.names.columns(columns)
    answer = desk.answer(facts, facts.leading).text
    title = say("ranks_title", answer=answer, groups=by.text)
    table = _table(desk, facts, desk.marked(title), by, places)
    if len(places) > LONGEST:
        return TableBlock(table)
    words = replace(desk.chart_words(title, say("ranks_chart"), by.text, say("rank")), n="")
    drawn = [
        Row(label.text, row["rank"], row["rank_low"], row["rank_high"], language=label.language)
        for group, row in places
        for label in [desk.names.group(group)]
    ]
    chart = partial(interval_chart, words=words, numbers=_WHOLE, beside=drawn, rising=True)
    ordered = by_estimate(drawn, rising=True)
    parts = [ordered[start : start + _PAGE] for start in range(0, len(ordered), _PAGE)]
    return Figure(
        name,
        words.title,
        words.description,
        partial(_part, chart, drawn),
        table,
        "",
        tuple(partial(_part, chart, part) for part in parts),
    )


def _part(chart: Callable[..., str], rows: list[Row], sheet: Sheet) -> str:
    return chart(rows, sheet=sheet)


def _whole(rank: float) -> str:
    return f"{rank:g}" if rank >= 1 and float(rank).is_integer() else ""


_WHOLE = Numbers(
    value=_whole,
    span=lambda low, high: f"{low:g}–{high:g}",
    half=_whole,
    count=str,
    tick=_whole,
)
"""How ranks are written; an axis has no tick between two ranks."""


def _table(desk: Desk, facts: IndicatorFacts, title: str, by: Span, places: Places) -> Table:
    say, numerals = desk.words.text, desk.numerals(facts)
    chances = any(_given(row["p_above_threshold"]) for _, row in places)
    head = [by.text, say("estimate"), say("rank")]
    if chances:
        threshold = numerals.value(facts.settings.threshold)
        head += [say("above_threshold", threshold=threshold), say("decision")]
    body: list[tuple[str | Cell, ...]] = []
    for group, row in places:
        cells = (desk.cell(desk.names.group(group)), numerals.value(row["estimate"]), _rank(row))
        decided = (_chance(row, desk.language), _decision(desk, row)) if chances else ()
        body.append(cells + decided)
    numeric = (False, True, True, True, False)[: len(head)]
    return Table(title, tuple(head), tuple(body), numeric)


def _given(value: float | None) -> bool:
    return value is not None and not math.isnan(value)


def _rank(row: Mapping[str, Any]) -> str:
    return f"{row['rank']:g} ({row['rank_low']:g}–{row['rank_high']:g})"


def _decision(desk: Desk, row: Mapping[str, Any]) -> str:
    return desk.words.text(DECISIONS[row["decision"]]) if row["decision"] else ""


def _chance(row: Mapping[str, Any], language: str) -> str:
    """Return a probability; no simulation or approximation is sure beyond one in a hundred."""
    chance: float | None = row["p_above_threshold"]
    if chance is not None and chance > 0.99:
        return f"> {percent(0.99, language, 0)}"
    if chance is not None and chance < 0.01:
        return f"< {percent(0.01, language, 0)}"
    return percent(chance, language, 0)
