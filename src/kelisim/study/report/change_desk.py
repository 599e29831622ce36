"""What every section of a page of changes is written with: words, names, numbers, rows by group."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from kelisim.charts import ChangeWords, Row, Shift
from kelisim.charts import Words as ChartWords
from kelisim.core import kazakh
from kelisim.study.published import Published
from kelisim.study.report.facts import group_of
from kelisim.study.report.naming import Names
from kelisim.study.report.notes import spoken_note
from kelisim.study.report.numerals import Numerals, digits_for, number
from kelisim.study.report.prose import Prose, Span, prose, shortened
from kelisim.study.report.wording import Wording, wording
from kelisim.study.waves import ChangeRow, Comparison, Remark, WaveNote

_HEADING = 110


class SignedNumerals(Numerals):
    """The changes of one indicator in one language: with a sign, shares in percentage points."""

    __slots__ = ()

    def value(self, value: float | None) -> str:
        """Return a change with its sign."""
        written = self._bare(value)
        return f"+{written}" if value is not None and value > 0 else written


@dataclass(frozen=True, slots=True)
class Asked:
    """One indicator and its changes."""

    name: str
    column: str
    share: bool
    yes: tuple[str, ...]
    quantiles: bool
    rows: tuple[ChangeRow, ...]

    @property
    def categories(self) -> list[str]:
        """The categories, in the order of the rows."""
        return list(dict.fromkeys(row.category for row in self.rows))


@dataclass(frozen=True)
class ChangeDesk:
    """One comparison in one language."""

    comparison: Comparison
    words: Wording
    names: Names
    asked: tuple[Asked, ...]

    @property
    def language(self) -> str:
        """The language of the edition."""
        return self.words.language

    def levels(self, asked: Asked) -> Numerals:
        """Return how what a wave found is written."""
        return Numerals(self.language, asked.share, _digits(asked))

    def changes(self, asked: Asked) -> Numerals:
        """Return how a change is written."""
        return SignedNumerals(self.language, asked.share, _digits(asked))

    def title(self, asked: Asked) -> Prose:
        """Return the question, or the name of the indicator."""
        named = self.names.item(asked.column) if asked.column else Span(asked.name)
        if named.text == asked.column:
            named = Span(asked.name)
        return prose(named._replace(text=shortened(named.text, _HEADING)))

    def answer(self, asked: Asked, category: str) -> Span:
        """Return the label of an answer; of several that count as yes, all of them."""
        if asked.quantiles and category:
            return Span(self.words.text("quantile", level=number(float(category), self.language)))
        values = [category] if category else list(asked.yes)
        if not values:
            return Span(asked.name)
        found = [self.names.value(asked.column, value) for value in values]
        languages = {one.language for one in found}
        text = " / ".join(one.text for one in found)
        return Span(text, languages.pop() if len(languages) == 1 else "")

    def group(self, row: ChangeRow) -> Span:
        """Return the name of a row's group."""
        return self.names.group(group_of(row.domain))

    def leading(self, asked: Asked) -> ChangeRow:
        """Return the national row of the answer that most people gave in the second wave."""
        nation = [row for row in asked.rows if not row.domain] or list(asked.rows)
        return max(nation, key=lambda row: -1.0 if row.estimate_2 is None else row.estimate_2)

    def sets(self, asked: Asked) -> list[tuple[str, ...]]:
        """Return the sets of columns that groups were made by."""
        return list(dict.fromkeys(_columns(row) for row in asked.rows if row.domain))

    def within(self, asked: Asked, columns: tuple[str, ...], category: str) -> list[ChangeRow]:
        """Return the rows of one answer in the groups of one set."""
        return [row for row in asked.rows if row.category == category and _columns(row) == columns]

    def shift(self, asked: Asked, row: ChangeRow) -> Shift:
        """Return a change as a row of a chart."""
        label = self.group(row) if row.domain else self.answer(asked, row.category)
        note = "; ".join(filter(None, (self._remark(one) for one in row.remarks)))
        return Shift(
            Row(label.text, row.change, row.ci_low, row.ci_high, None, note, label.language),
            row.estimate_1,
            row.estimate_2,
        )

    def _remark(self, remark: Remark) -> str:
        wave, note = remark
        if note == WaveNote.INDEPENDENT:
            return ""
        said = spoken_note(note, self.words)
        key = {0: "", 1: "in_wave_1", 2: "in_wave_2"}[wave]
        return self.words.text(key, note=said) if key else said

    @property
    def volunteers(self) -> bool:
        """Whether nobody drew the sample of a wave."""
        return self.comparison.first.volunteers or self.comparison.second.volunteers

    def marked(self, title: str) -> str:
        """Return a title; where a wave is of volunteers it says that it is."""
        return f"{title} ({self.words.text('note_volunteers')})" if self.volunteers else title

    def told(self, sentence: Prose) -> Prose:
        """Return a sentence with numbers; where a wave is of volunteers it says that it is."""
        mark = Span(f" ({self.words.text('note_volunteers')})")
        return (*sentence, mark) if self.volunteers else sentence

    def chart_words(self, asked: Asked, title: str, description: str, head: str) -> ChangeWords:
        """Return the words of a chart of changes."""
        say, title = self.words.text, self.marked(title)
        change = say("change_points" if asked.share else "change")
        row = ChartWords(title, description, head, change, say("interval"), say("n"), say("note"))
        found = self.comparison
        return ChangeWords(
            row, self._dated("wave_1", found.first), self._dated("wave_2", found.second)
        )

    def _dated(self, key: str, release: Published) -> str:
        days, name = period(release), self.words.text(key)
        if days is None:
            return name
        dates = kazakh.date_range(*days, self.language)
        return self.words.text("wave_dated", wave=name, dates=dates)


def _columns(row: ChangeRow) -> tuple[str, ...]:
    return tuple(column for column, _ in group_of(row.domain))


def _digits(asked: Asked) -> int:
    if asked.share:
        return 1
    values = (value for row in asked.rows for value in (row.estimate_1, row.estimate_2))
    return digits_for((row.se for row in asked.rows), values)


def period(release: Published) -> tuple[date, date] | None:
    """Return the first and the last day of fieldwork, where they were given."""
    days = [date.fromisoformat(day) for day in release.manifest["fieldwork"]]
    return (days[0], days[1]) if days else None


def change_desk(comparison: Comparison, language: str) -> ChangeDesk:
    """Return what an edition in a language is written with."""
    words = wording(language)
    groups = {group_of(row.domain) for row in comparison.rows}
    return ChangeDesk(
        comparison, words, Names(comparison.labels, words, groups), tuple(_asked(comparison))
    )


def _asked(comparison: Comparison) -> Iterable[Asked]:
    for name, one in comparison.second.kinds.items():
        share = one["kind"] == "categorical" or (one["kind"] == "mean" and bool(one["yes"]))
        rows = tuple(row for row in comparison.rows if row.indicator == name)
        if rows:
            yield Asked(
                name, one["column"], share, tuple(one["yes"]), one["kind"] == "quantile", rows
            )
