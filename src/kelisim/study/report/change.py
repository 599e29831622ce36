"""Two waves compared, as a page in three languages: what changed, where, and how surely."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from kelisim import __version__
from kelisim.charts import change_chart, change_table
from kelisim.core import kazakh
from kelisim.study.model import LANGUAGES
from kelisim.study.published import Published
from kelisim.study.report.blocks import (
    Block,
    Edition,
    Figure,
    Fold,
    Heading,
    Paragraph,
    Points,
    Section,
    TableBlock,
    Terms,
    Words,
)
from kelisim.study.report.change_desk import Asked, ChangeDesk, change_desk, period
from kelisim.study.report.html import page
from kelisim.study.report.naming import spoken
from kelisim.study.report.numerals import EMPTY, number
from kelisim.study.report.opening import country_name
from kelisim.study.report.prose import Prose, Span, joined, plain, prose
from kelisim.study.report.remarks import spoken_remark
from kelisim.study.waves import ChangeRow, Comparison

_LONGEST = 120
"""Beyond so many groups a chart is no longer read, and the table stands alone."""
_MOST_NAMES = 6

_OVERLAPS = {"none": "overlap_none", "psu": "overlap_psu", "respondent": "overlap_respondent"}


def change_html(comparison: Comparison) -> str:
    """Return the page of a comparison as HTML; equal comparisons give equal bytes."""
    return page(tuple(_edition(change_desk(comparison, one)) for one in LANGUAGES))


def sections_of(comparison: Comparison, language: str) -> tuple[Section, ...]:
    """Return the sections of a comparison in one language, for a page with a frame of its own."""
    return _sections(change_desk(comparison, language))


def _sections(desk: ChangeDesk) -> tuple[Section, ...]:
    asked = (_section(desk, one, place) for place, one in enumerate(desk.asked, start=1))
    return (*asked, _method(desk))


def _edition(desk: ChangeDesk) -> Edition:
    say, manifest = desk.words.text, desk.comparison.second.manifest
    return Edition(
        language=desk.language,
        title=prose(spoken(manifest["title"], desk.language)),
        country=country_name(manifest["country"], desk.language),
        words=Words(
            document=say("change_document"),
            language=say("language"),
            skip=say("skip"),
            contents=say("contents"),
            tables_in_files="",
            undisplayed="",
            footer=desk.words.say("change_footer", version=__version__),
        ),
        opening=_opening(desk),
        sections=_sections(desk),
    )


def _opening(desk: ChangeDesk) -> tuple[Block, ...]:
    found, say = desk.comparison, desk.words.text
    rows: list[tuple[str, Prose]] = [
        (say("wave_1"), _wave(desk, found.first)),
        (say("wave_2"), _wave(desk, found.second)),
        (say("overlap"), prose(say(_OVERLAPS[found.overlap]))),
    ]
    if found.shared:
        rows.append((say("shared_units"), prose(number(found.shared, desk.language, 0))))
    return (Terms(tuple(rows)), Paragraph(desk.words.say("change_read"), "note"))


def _wave(desk: ChangeDesk, release: Published) -> Prose:
    title = spoken(release.manifest["title"], desk.language)._replace(name=True)
    days = period(release)
    mark = (Span(f" ({desk.words.text('note_volunteers')})"),) if release.volunteers else ()
    if days is None:
        return (title, *mark)
    return (title, Span(", "), Span(kazakh.date_range(*days, desk.language)), *mark)


def _section(desk: ChangeDesk, asked: Asked, place: int) -> Section:
    name = f"{desk.language}-q{place}"
    nation = [row for row in asked.rows if not row.domain]
    blocks: list[Block] = []
    if nation:
        title = desk.words.text("change_title")
        blocks = [
            Paragraph(desk.told(_sentence(desk, asked, desk.leading(asked))), "finding"),
            _figure(desk, asked, nation, title, desk.words.text("answer"), f"{name}-0"),
        ]
    for i, columns in enumerate(desk.sets(asked), start=1):
        blocks += _groups(desk, asked, columns, f"{name}-{i}")
    return Section(name, desk.title(asked), tuple(blocks))


def _sentence(desk: ChangeDesk, asked: Asked, row: ChangeRow) -> Prose:
    answer = desk.answer(asked, row.category)._replace(name=True)
    if row.change is None:
        return desk.words.say("change_unknown", answer=answer)
    levels, changes = desk.levels(asked), desk.changes(asked)
    said = desk.words.say(
        "change_share" if asked.share else "change_value",
        answer=answer,
        before=levels.value(row.estimate_1),
        after=levels.value(row.estimate_2),
        change=changes.value(row.change),
        span=changes.span(row.ci_low, row.ci_high)
        if row.ci_low is not None and row.ci_high is not None
        else EMPTY,
    )
    verdict = {1: "change_rise", -1: "change_fall", 0: "change_none"}[direction(row)]
    return (*said, Span(" "), *desk.words.say(verdict))


def direction(row: ChangeRow) -> int:
    """Return 1 for a rise that is established, -1 for a fall, 0 where neither is."""
    if row.ci_low is not None and row.ci_low > 0:
        return 1
    return -1 if row.ci_high is not None and row.ci_high < 0 else 0


def _groups(desk: ChangeDesk, asked: Asked, columns: tuple[str, ...], name: str) -> Iterator[Block]:
    yield Heading(desk.words.say("by_groups", groups=desk.names.columns(columns)))
    first = desk.leading(asked).category
    yield from _answer(desk, asked, columns, first, f"{name}-0")
    others = [one for one in asked.categories if one != first]
    folded = [
        block
        for i, one in enumerate(others, start=1)
        for block in _answer(desk, asked, columns, one, f"{name}-{i}")
    ]
    if folded:
        yield Fold(
            desk.words.text("other_answers" if asked.share else "other_quantiles"), tuple(folded)
        )


def _answer(
    desk: ChangeDesk, asked: Asked, columns: tuple[str, ...], category: str, name: str
) -> Iterator[Block]:
    rows = desk.within(asked, columns, category)
    if not rows:
        return
    yield Paragraph(desk.told(_verdicts(desk, rows)))
    title = desk.words.text(
        "change_groups",
        answer=desk.answer(asked, category).text,
        groups=desk.names.columns(columns).text,
    )
    yield _figure(desk, asked, rows, title, desk.names.columns(columns).text, name)


def _verdicts(desk: ChangeDesk, rows: list[ChangeRow]) -> Prose:
    parts: list[Span] = []
    for key, way in (("change_risen", 1), ("change_fallen", -1)):
        names = [desk.group(row) for row in rows if direction(row) == way]
        if names:
            found = joined(names[:_MOST_NAMES])
            if len(names) > _MOST_NAMES:
                more = str(len(names) - _MOST_NAMES)
                found = desk.words.say("and_more", names=found, n=more)
            parts += [*([Span(" ")] if parts else []), *desk.words.say(key, names=found)]
    return tuple(parts) or desk.words.say("change_nowhere")


def _figure(
    desk: ChangeDesk, asked: Asked, rows: list[ChangeRow], title: str, head: str, name: str
) -> Block:
    shifts = [desk.shift(asked, row) for row in rows]
    words = desk.chart_words(asked, title, plain(desk.words.say("change_read")), head)
    levels, changes = desk.levels(asked).numbers(), desk.changes(asked).numbers()
    table = change_table(shifts, words, levels, changes)
    if len(rows) > _LONGEST:
        return TableBlock(table)
    draw = partial(
        change_chart,
        shifts,
        words,
        levels,
        changes,
        bounds=(0.0, 1.0) if asked.share else None,
    )
    twin = desk.words.counted("table_rows", len(table.rows))
    return Figure(name, words.row.title, words.row.description, draw, table, twin)


def _method(desk: ChangeDesk) -> Section:
    found, say = desk.comparison, desk.words.say
    how = "change_method_none" if found.overlap == "none" else "change_method_shared"
    blocks: list[Block] = [
        Paragraph(say(key)) for key in (how, "change_method_share", "change_many")
    ]
    if found.notes:
        noted = tuple(spoken_remark(note, desk.words) for note in found.notes)
        blocks += [Heading(say("reading_notes")), Points(noted)]
    return Section(f"{desk.language}-method", say("change_method"), tuple(blocks))
