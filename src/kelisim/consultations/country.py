"""Every statement here and in the country: one chart and its table, for the page and the report."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import gettext as _

from kelisim.charts import Numbers, Row, Sheet, Table, Voiced, Words, crowd_chart, crowd_table
from kelisim.consultations.beside import Beside, share_numbers
from kelisim.consultations.models.words import Said, reading


@dataclass(frozen=True, slots=True)
class CountryChart:
    """Shares here and in the country, in the language that was read when it was made."""

    voiced: list[Voiced]
    words: Words
    here: str
    numbers: Numbers

    def drawn(self, sheet: Sheet) -> str:
        """Return the chart as SVG, the country's largest share on top."""
        return crowd_chart(self.voiced, self.words, self.here, self.numbers, sheet)

    def table(self) -> Table:
        """Return the same as a table, in the order of the chart."""
        return crowd_table(self.voiced, self.words, self.here, self.numbers)

    def parts(self, most: int) -> list[CountryChart]:
        """Return charts of so many statements at most, that together show what this one does."""
        rows = sorted(self.voiced, key=lambda one: -(one.country.value or 0.0))
        return [
            CountryChart(rows[start : start + most], self.words, self.here, self.numbers)
            for start in range(0, len(rows), most)
        ]


def voiced(number: int, words: Said, found: Beside) -> Voiced:
    """Return a statement as a row of the chart."""
    other = "" if words.lang == reading() else words.lang
    label = f"{number}. {words}"
    row = Row(label, found.country, found.low, found.high, language=other)
    return Voiced(row, found.voices)


def country_chart(rows: list[Voiced]) -> CountryChart:
    """Return the chart of statements in the language that is read now."""
    words = Words(
        _("Voices here and the country"),
        _(
            "For each statement a hollow dot is the share of agreement among those here who agreed "
            "or disagreed, a full dot with its line the country estimate with its interval. "
            "The list of every statement says the same in figures."
        ),
        _("Statement"),
        _("Country estimate"),
        _("90%% interval") % {},
        "",
        "",
    )
    return CountryChart(rows, words, _("Voices here"), share_numbers(reading()))
