"""What every section of an edition is written with: words, names, numbers, and the result."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from kelisim.charts import Cell, Row, Words
from kelisim.study.model import PollResult
from kelisim.study.report.facts import Answer, Estimate, IndicatorFacts, indicators
from kelisim.study.report.naming import Names
from kelisim.study.report.notes import spoken_note
from kelisim.study.report.numerals import Numerals, digits_for, number
from kelisim.study.report.prose import Prose, Span, shortened
from kelisim.study.report.wording import Wording, wording

MANY = 400
"""Beyond so many estimates the PDF keeps to charts and main tables."""

VERY_MANY = 2500
"""Beyond so many estimates only the leading answer of a question is drawn by groups."""

_HEADING = 110
"""Letters of a question in a heading."""

LONGEST = 120
"""Beyond so many groups a chart is no longer read, and the table stands alone."""


@dataclass(frozen=True)
class Desk:
    """One result in one language."""

    result: PollResult
    words: Wording
    names: Names
    facts: tuple[IndicatorFacts, ...]

    @property
    def language(self) -> str:
        """The language of the edition."""
        return self.words.language

    @cached_property
    def several_methods(self) -> bool:
        """Whether some indicator was estimated by more than one method."""
        names = [fact.settings.name for fact in self.facts]
        return len(set(names)) < len(names)

    def numerals(self, facts: IndicatorFacts) -> Numerals:
        """Return how the numbers of an indicator are written."""
        if facts.share:
            return Numerals(self.language, True, 1)
        found = list(facts.estimates())
        digits = digits_for((one.se for one in found), (one.estimate for one in found))
        return Numerals(self.language, False, digits)

    def measure(self, facts: IndicatorFacts, answer: Answer) -> str:
        """Return what the numbers are called: share, mean, median."""
        if facts.share:
            return self.words.text("share")
        if facts.settings.kind == "quantile":
            return self._quantile(answer.category, facts.settings.at)
        return self.words.text(_MEASURES[facts.settings.kind])

    def _quantile(self, category: str, at: tuple[float, ...]) -> str:
        level = float(category) if category else at[0]
        if level == 0.5:
            return self.words.text("median")
        return self.words.text("quantile", level=number(level, self.language))

    def question(self, facts: IndicatorFacts) -> Span:
        """Return the wording of the item, or the names of the columns of a ratio."""
        settings = facts.settings
        if settings.column is None:
            return Span(settings.name)
        named = self.names.item(settings.column)
        return Span(settings.name) if named.text == settings.column else named

    def title(self, facts: IndicatorFacts) -> Prose:
        """Return the question as a heading; two indicators of one question differ by the answer."""
        question = self.question(facts)
        head = question._replace(text=shortened(question.text, _HEADING))
        if facts.modelled:
            return (head, Span(" — "), *self._named(facts), Span(self.words.text("areas_title")))
        same = [
            one
            for one in self.facts
            if one.settings.column == facts.settings.column and not one.modelled
        ]
        if facts.settings.column is None or len(same) < 2:
            return (head,)
        named = self.answer(facts, facts.leading) if len(facts.answers) == 1 else Span("")
        if not named.text:
            return (head,)
        return (head, Span(" — "), named._replace(text=shortened(named.text, _HEADING)))

    def _named(self, facts: IndicatorFacts) -> Prose:
        """Return the answer that is modelled, where the question has several."""
        if len(facts.answers) > 1 or not facts.settings.yes:
            return ()
        named = self.answer(facts, facts.leading)
        return (named._replace(text=shortened(named.text, _HEADING)), Span(" — "))

    def answer(self, facts: IndicatorFacts, answer: Answer) -> Span:
        """Return the label of an answer; of several that count as yes, all of them."""
        column = facts.settings.column or ""
        if answer.category and facts.settings.kind == "categorical":
            return self.names.value(column, answer.category)
        if facts.share and facts.settings.yes:
            found = [self.names.value(column, value) for value in facts.settings.yes]
            languages = {one.language for one in found}
            text = " / ".join(one.text for one in found)
            return Span(text, languages.pop() if len(languages) == 1 else "")
        return Span(self.measure(facts, answer))

    def cell(self, name: Span) -> str | Cell:
        """Return a name as a cell of a table."""
        return Cell(name.text, name.language) if name.language else name.text

    def row(self, estimate: Estimate, label: Span) -> Row:
        """Return an estimate as a row of a chart."""
        return Row(
            label.text,
            estimate.estimate,
            estimate.low,
            estimate.high,
            estimate.n,
            spoken_note(estimate.note, self.words),
            label.language,
        )

    @property
    def volunteers(self) -> bool:
        """Whether nobody drew the sample."""
        return self.result.study.nonprobability is not None

    @property
    def mark(self) -> str:
        """What is said beside every number of volunteers; empty where the sample was drawn."""
        return self.words.text("note_volunteers") if self.volunteers else ""

    def marked(self, title: str) -> str:
        """Return the title of a chart or table; of volunteers it says that they are."""
        return f"{title} ({self.mark})" if self.volunteers else title

    def told(self, sentence: Prose) -> Prose:
        """Return a sentence with numbers; of volunteers it says that they are."""
        return (*sentence, Span(f" ({self.mark})")) if self.volunteers else sentence

    def chart_words(self, title: str, description: str, group: str, estimate: str) -> Words:
        """Return the words of a chart and its twin."""
        say, title = self.words.text, self.marked(title)
        return Words(title, description, group, estimate, say("interval"), say("n"), say("note"))


_MEASURES = {"mean": "mean", "total": "total", "ratio": "ratio", "variance": "variance"}


def desk(result: PollResult, language: str) -> Desk:
    """Return what an edition in a language is written with."""
    words = wording(language)
    facts = indicators(result)
    groups = {one.group for fact in facts for one in fact.estimates()}
    return Desk(result, words, Names(result.labels, words, groups), facts)
