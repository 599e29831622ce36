"""The part of the report that lays the country beside the voices."""

from __future__ import annotations

from collections.abc import Iterable

from django.utils.translation import gettext as _

from kelisim.charts import Table
from kelisim.consultations.beside import Apart, Crowd
from kelisim.consultations.country import CountryChart
from kelisim.study.report.blocks import Block, Figure, Paragraph, Section, TableBlock
from kelisim.study.report.prose import prose

PAGE = 16
"""Statements of a chart on one page of print."""

MOST_DRAWN = 64
"""Statements up to which they are drawn; a longer list is read in its table."""


def country_section(crowd: Crowd, chart: CountryChart | None, language: str) -> Section:
    """Return how far those who came are from the country, and every statement here and there."""
    blocks: list[Block] = [
        Paragraph(prose(crowd.mark), "finding"),
        Paragraph(prose(crowd.told)),
        TableBlock(_apart(crowd.rows)),
    ]
    if chart is not None:
        blocks.append(_statements(chart, language))
    supposed = _(
        "The estimate supposes that within a region, sex, age and settlement those who came may "
        "still think otherwise than those who did not, by about 7 points; that doubt is in the "
        "interval."
    )
    blocks.append(Paragraph(prose(supposed), "note"))
    return Section(f"{language}-country", prose(_("Voices here and the country")), tuple(blocks))


def _apart(rows: Iterable[Apart]) -> Table:
    head = (
        _("Compared"),
        _("Would have to be other people"),
        _("By chance alone up to"),
        _("In words"),
    )
    told = tuple((row.variable, row.apart, row.by_chance, row.verdict) for row in rows)
    title = _("How far those who came are from the country")
    return Table(title, head, told, (False, True, True, False))


def _statements(chart: CountryChart, language: str) -> Block:
    if len(chart.voiced) > MOST_DRAWN:
        return TableBlock(chart.table())
    return Figure(
        f"{language}-here-and-country",
        chart.words.title,
        chart.words.description,
        chart.drawn,
        chart.table(),
        _("The same as a table"),
        tuple(part.drawn for part in chart.parts(PAGE)),
    )
