"""A poll over many waves, as a page in three languages: every answer and group along time."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

import polars as pl

from kelisim import __version__
from kelisim.charts import Row, Series, Sheet, series_chart, series_table
from kelisim.charts import Words as ChartWords
from kelisim.study.model import LANGUAGES
from kelisim.study.report.blocks import Block, Edition, Figure, Paragraph, Section, Words
from kelisim.study.report.facts import group_of
from kelisim.study.report.html import page
from kelisim.study.report.naming import Names, spoken
from kelisim.study.report.notes import spoken_note
from kelisim.study.report.numerals import Numerals, digits_for
from kelisim.study.report.opening import country_name
from kelisim.study.report.prose import Span, joined, prose
from kelisim.study.report.wording import Wording, wording
from kelisim.study.waves import Trend, WaveNote

MOST = 40
"""Beyond so many groups a set is left to trend.csv."""


def trend_html(trend: Trend) -> str:
    """Return the page of a trend as HTML; equal releases give equal bytes."""
    return page(tuple(_edition(trend, language) for language in LANGUAGES))


def _edition(trend: Trend, language: str) -> Edition:
    words, manifest = wording(language), trend.releases[-1].manifest
    say = words.text
    groups = {group_of(domain or "") for domain in trend.table["domain"].unique().to_list()}
    names = Names(trend.labels, words, groups)
    return Edition(
        language=language,
        title=prose(spoken(manifest["title"], language)),
        country=country_name(manifest["country"], language),
        words=Words(
            document=say("trend_document"),
            language=say("language"),
            skip=say("skip"),
            contents=say("contents"),
            tables_in_files="",
            undisplayed="",
            footer=words.say("trend_footer", version=__version__),
        ),
        opening=tuple(_opening(trend, words, names)),
        sections=tuple(
            _section(trend, words, names, indicator, f"{language}-q{place}")
            for place, indicator in enumerate(manifest["indicators"], start=1)
        ),
    )


def _opening(trend: Trend, words: Wording, names: Names) -> Iterator[Paragraph]:
    """Yield how to read the page, which waves are of volunteers, and what became of regions."""
    if trend.volunteers:
        waves = ", ".join(trend.volunteers)
        yield Paragraph(words.say("trend_volunteers", waves=waves), "finding")
    yield Paragraph(words.say("trend_read"), "note")
    for note, key in ((WaveNote.JOINED, "trend_joined"), (WaveNote.SPLIT, "trend_split")):
        rows = trend.table.filter(pl.col("note").str.contains(str(note), literal=True))
        groups = {group_of(domain) for domain in rows["domain"].unique().to_list()}
        if groups:
            whole = [one for one in names.in_order(tuple(groups)) if len(one) == 1]
            said = words.say(key, names=joined([names.group(one) for one in whole]))
            yield Paragraph(said, "note")


def _section(
    trend: Trend, words: Wording, names: Names, indicator: dict[str, object], name: str
) -> Section:
    rows = trend.table.filter(indicator=indicator["name"])
    share = indicator["kind"] == "categorical" or bool(indicator["yes"])
    errors, values = rows["se"].to_list(), rows["estimate"].to_list()
    numerals = Numerals(words.language, share, 1 if share else digits_for(errors, values))
    draw = partial(_figure, trend, words, numerals, bounds=(0.0, 1.0) if share else None)
    column = str(indicator["column"] or "")
    blocks: list[Block] = []
    nation = rows.filter(domain="")
    answers = nation["category"].unique(maintain_order=True).to_list()
    series = [
        _series(words, names.value(column, one) if one else Span(words.text("nation")), part)
        for one in answers
        for part in [nation.filter(category=one)]
    ]
    blocks.append(draw(series, words.text("trend_nation"), words.text("answer"), f"{name}-0"))
    leading = nation.sort("estimate", descending=True, nulls_last=True)["category"][0]
    one_border = rows.filter(~pl.col("note").str.contains(str(WaveNote.SPLIT), literal=True))
    for place, (columns, domains) in enumerate(_sets(one_border), start=1):
        by = names.columns(columns)
        chosen = rows.filter(category=leading)
        groups = [
            _series(words, names.group(group_of(one)), chosen.filter(domain=one)) for one in domains
        ]
        if len(groups) <= MOST:
            answer = names.value(column, leading).text if leading else str(indicator["name"])
            title = words.text("groups_title", answer=answer, groups=by.text)
            blocks.append(draw(groups, title, by.text, f"{name}-{place}"))
    return Section(name, prose(Span(str(indicator["name"]), name=True)), tuple(blocks))


def _sets(rows: pl.DataFrame) -> Iterator[tuple[tuple[str, ...], list[str]]]:
    """Yield the columns of each set of domains, and its domains."""
    sets: dict[tuple[str, ...], list[str]] = {}
    for domain in rows["domain"].unique(maintain_order=True).to_list():
        if domain:
            sets.setdefault(tuple(column for column, _ in group_of(domain)), []).append(domain)
    yield from sets.items()


def _series(words: Wording, label: Span, rows: pl.DataFrame) -> Series:
    points = tuple(
        Row(
            row["wave"],
            row["estimate"],
            row["ci_low"],
            row["ci_high"],
            row["n"],
            spoken_note(row["note"] or "", words),
        )
        for row in rows.iter_rows(named=True)
    )
    return Series(label.text, points, label.language)


def _figure(
    trend: Trend,
    words: Wording,
    numerals: Numerals,
    series: list[Series],
    title: str,
    group: str,
    name: str,
    bounds: tuple[float, float] | None,
) -> Figure:
    say = words.text
    if trend.volunteers:
        title = f"{title} ({say('note_volunteers')})"
    chart_words = ChartWords(
        title, say("trend_chart"), group, say("estimate"), say("interval"), say("n"), say("note")
    )
    numbers = numerals.numbers()
    table = series_table(series, chart_words, numbers, say("scales_wave"))

    def draw(sheet: Sheet) -> str:
        return series_chart(series, trend.waves, chart_words, numbers, sheet, bounds=bounds)

    twin = words.counted("table_rows", len(table.rows))
    return Figure(name, title, chart_words.description, draw, table, twin)
