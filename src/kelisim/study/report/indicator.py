"""One indicator: the question, the nation, and every set of groups as chart, sentence and table."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from kelisim.charts import (
    Row,
    Sheet,
    Table,
    Tile,
    Words,
    by_estimate,
    interval_chart,
    interval_table,
    share_chart,
    tile_map,
    tile_table,
)
from kelisim.study.report.areas import checks, explanation, model_of
from kelisim.study.report.blocks import Block, Figure, Fold, Heading, Paragraph, Section, TableBlock
from kelisim.study.report.comparison import comparison
from kelisim.study.report.desk import LONGEST, VERY_MANY, Desk
from kelisim.study.report.facts import Answer, GroupSet, IndicatorFacts
from kelisim.study.report.naming import is_region, tile_place
from kelisim.study.report.numerals import number
from kelisim.study.report.opening import finding
from kelisim.study.report.prose import Prose, Span, plain, shortened

_HEADING = 110
_PAGE = 34


def indicator_section(
    desk: Desk, facts: IndicatorFacts, place: int, only: int | None = None
) -> Section:
    """Return everything about one indicator, or the nation and one set of groups."""
    question = desk.question(facts)
    title = desk.title(facts)
    name = f"{desk.language}-q{place}"
    whole = (Paragraph((question,)),) if question not in title else ()
    shown = [place for place, _ in enumerate(facts.leading.sets) if only in (None, place)]
    groups = (block for i in shown for block in _groups(desk, facts, i, f"{name}-{i}"))
    model = model_of(desk, facts)
    first: tuple[Block, ...] = (
        Paragraph(finding(desk, facts, question=False), "finding"),
        *_nation(desk, facts, f"{name}-n"),
    )
    return Section(
        name,
        title,
        (
            *whole,
            Paragraph(_source(desk, facts), "note"),
            *(explanation(desk, facts) if facts.modelled else first),
            *groups,
            *(checks(desk, facts, model, f"{name}-m") if model else ()),
        ),
    )


def _source(desk: Desk, facts: IndicatorFacts) -> Prose:
    settings = facts.settings
    column = settings.column or f"{settings.numerator} / {settings.denominator}"
    parts = desk.words.say("indicator_source", name=Span(settings.name), column=Span(column))
    if desk.several_methods:
        parts += desk.words.say("indicator_method", method=facts.method)
    return parts


def _nation(desk: Desk, facts: IndicatorFacts, name: str) -> tuple[Block, ...]:
    table = TableBlock(nation_table(desk, facts))
    if len(facts.answers) == 1 or not facts.share:
        return (table,)
    rows = [desk.row(a.nation, desk.answer(facts, a)) for a in facts.answers if a.nation]
    title = desk.words.text("nation_title")
    words = desk.chart_words(
        title,
        plain(finding(desk, facts, question=True)),
        desk.words.text("answer"),
        desk.words.text("share"),
    )
    draw = partial(share_chart, rows, words, desk.numerals(facts).numbers())
    return (Figure(name, words.title, words.description, draw, table.table, ""),)


def nation_table(desk: Desk, facts: IndicatorFacts) -> Table:
    """Return the national estimates with standard error and design effect."""
    say, numerals = desk.words.text, desk.numerals(facts)
    first = "answer" if facts.share else "quantity"
    heads = (first, "n", "estimate", "interval", "error", "deff")
    rows = []
    for answer in facts.answers:
        if answer.nation is None:
            continue
        one, named = answer.nation, desk.answer(facts, answer)
        rows.append(
            (
                desk.cell(named),
                numerals.number_of(one.n),
                numerals.value(one.estimate),
                numerals.whole_span(one.low, one.high),
                numerals.finer(one.se),
                number(one.deff, desk.language, 2),
            )
        )
    return Table(
        desk.marked(say("nation_title")),
        tuple(map(say, heads)),
        tuple(rows),
        (False, True, True, True, True, True),
    )


def _groups(desk: Desk, facts: IndicatorFacts, place: int, name: str) -> list[Block]:
    """Return one set of groups: the leading answer in full, the others folded."""
    leading = facts.leading
    groups = leading.sets[place]
    by = desk.names.columns(groups.columns)
    name_of = by._replace(text=shortened(by.text, _HEADING))
    found: list[Block] = [Heading(desk.words.say("by_groups", groups=name_of))]
    found += _answer_by_groups(desk, facts, leading, place, f"{name}-0")
    others = [
        (i, answer)
        for i, answer in enumerate(facts.answers)
        if answer is not leading and len(answer.sets) > place
    ]
    if others and desk.result.estimates.height <= VERY_MANY:
        folded = [
            block
            for i, answer in others
            for block in _answer_by_groups(desk, facts, answer, place, f"{name}-{i + 1}")
        ]
        name_of_fold = "other_answers" if facts.share else "other_quantiles"
        found.append(Fold(desk.words.text(name_of_fold), tuple(folded)))
    elif others:
        found.append(Paragraph(desk.words.say("others_in_files"), "note"))
    return found


def _answer_by_groups(
    desk: Desk, facts: IndicatorFacts, answer: Answer, place: int, name: str
) -> list[Block]:
    groups, numerals = answer.sets[place], desk.numerals(facts)
    sentence = comparison(desk, answer, groups, numerals)
    words = _words(desk, facts, answer, groups, plain(sentence))
    nation = Span(desk.words.text("nation"))
    reference = desk.row(answer.nation, nation) if answer.nation else None
    rows = _rows(desk, groups)
    table = interval_table(rows, words, numerals.numbers(), reference=reference)
    first = Paragraph(sentence)
    if len(rows) > LONGEST:
        return [first, TableBlock(table)]
    chart = partial(
        interval_chart,
        words=words,
        numbers=numerals.numbers(),
        reference=reference,
        bounds=(0.0, 1.0) if facts.share else None,
        beside=rows,
    )
    figure = Figure(
        name,
        words.title,
        words.description,
        partial(_part, chart, rows),
        table,
        desk.words.counted("table_rows", len(table.rows)),
        tuple(partial(_part, chart, part) for part in _pages(rows)),
    )
    found: list[Block] = [first, figure]
    if answer is facts.leading and _of_regions(groups):
        found.append(_map(desk, facts, groups, words, reference, f"{name}-map"))
    return found


def _part(chart: Callable[..., str], rows: list[Row], sheet: Sheet) -> str:
    return chart(rows, sheet=sheet)


def _pages(rows: list[Row]) -> list[list[Row]]:
    """Return the rows of a chart in parts of even length that fit a page of print."""
    rows = by_estimate(rows)
    parts = -(-len(rows) // _PAGE)
    size = -(-len(rows) // parts)
    return [rows[start : start + size] for start in range(0, len(rows), size)]


def _words(
    desk: Desk, facts: IndicatorFacts, answer: Answer, groups: GroupSet, sentence: str
) -> Words:
    by = desk.names.columns(groups.columns)
    title = desk.words.text("groups_title", answer=desk.answer(facts, answer).text, groups=by.text)
    return desk.chart_words(title, sentence, by.text, desk.measure(facts, answer))


def _rows(desk: Desk, groups: GroupSet) -> list[Row]:
    """Return the rows of a set, equal estimates in alphabetical order."""
    by_group = {row.group: row for row in groups.rows}
    return [
        desk.row(by_group[group], desk.names.group(group))
        for group in desk.names.in_order(tuple(by_group))
    ]


def _of_regions(groups: GroupSet) -> bool:
    values = [group[1] for row in groups.rows for group in row.group]
    return len(groups.columns) == 1 and len(values) > 1 and all(map(is_region, values))


def _map(
    desk: Desk,
    facts: IndicatorFacts,
    groups: GroupSet,
    words: Words,
    reference: Row | None,
    name: str,
) -> Figure:
    numbers = desk.numerals(facts).numbers()
    tiles = []
    for row in groups.rows:
        ((_, iso),) = row.group
        estimate = desk.row(row, desk.names.group(row.group))
        tiles.append(Tile(*tile_place(iso), desk.names.tile(iso), estimate))
    title = desk.words.text("map_title", title=words.title)
    mapped = desk.chart_words(
        title, desk.words.text("map_description"), words.group, words.estimate
    )
    draw = partial(
        tile_map,
        tiles,
        mapped,
        numbers,
        reference=reference,
        hatched=desk.words.text("map_hatched"),
        bounds=(0.0, 1.0) if facts.share else None,
    )
    table = tile_table(tiles, mapped, numbers)
    twin = desk.words.counted("table_rows", len(table.rows))
    return Figure(name, mapped.title, mapped.description, draw, table, twin, repeats=True)
