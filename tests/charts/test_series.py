"""Series over periods: panels of one scale, broken where nothing is known, twin as text."""

from __future__ import annotations

import pytest

from kelisim.charts import Row, Series, Sheet, series_chart, series_table
from tests.charts.drawings import NUMBERS, SVG, WORDS, outside, overlaps, parsed

SERIES = (
    Series("1940–1959", (Row("1996", 0.2, 0.1, 0.3, 90), Row("2011", 0.3, 0.2, 0.4, 80))),
    Series(
        "1960–1979",
        (
            Row("1996", 0.4, 0.3, 0.5, 95),
            Row("2011", None, None, None, 0, "ешкім жауап бермеген"),
            Row("2026", 0.5, None, None, 70),
        ),
    ),
)
PERIODS = ("1996", "2011", "2026")


@pytest.mark.parametrize("width", [360, 640])
def test_a_panel_a_series_on_one_scale(width: int) -> None:
    svg = series_chart(SERIES, PERIODS, WORDS, NUMBERS, Sheet("s", width), bounds=(0, 1))
    assert not overlaps(svg)
    assert not outside(svg)
    dots = parsed(svg).findall(f".//{SVG}circle")
    assert len(dots) == 4
    across = [float(dot.attrib["cx"]) for dot in dots]
    assert across[0] == across[2] < across[1] < across[3]
    lines = [path.attrib["d"] for path in parsed(svg).iter(f"{SVG}path")
             if path.get("class") == "reference"]  # fmt: skip
    assert [way.count("L") for way in lines] == [1, 0]


def test_names_of_many_periods_do_not_touch() -> None:
    years = [str(year) for year in range(1990, 2027)]
    many = [Series("бәрі", tuple(Row(year, 0.5, 0.4, 0.6, 9) for year in years))]
    svg = series_chart(many, years, WORDS, NUMBERS, Sheet("s", 360))
    assert not overlaps(svg)
    assert not outside(svg)


def test_the_twin_has_a_row_a_point_and_notes_where_there_are_any() -> None:
    table = series_table(SERIES, WORDS, NUMBERS, "Толқын")
    assert table.head == ("Өңір", "Толқын", "n", "Үлес", "95% аралық", "Ескертпе")
    assert table.rows[3][1:] == ("2011", "0", "—", "—", "ешкім жауап бермеген")
    assert len(series_table(SERIES[:1], WORDS, NUMBERS, "Толқын").head) == 5
