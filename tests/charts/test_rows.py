from __future__ import annotations

import math

from kelisim.charts import Row, by_estimate
from kelisim.charts.rows import ABSENT, row_table
from tests.charts.drawings import NUMBERS, ROWS, WORDS


def test_rows_stand_from_the_largest_to_the_least_and_then_the_missing() -> None:
    assert [row.label for row in by_estimate(ROWS)] == [
        "Солтүстік Қазақстан облысы",
        "Абай облысы",
        "Астана қаласы",
        "Ұлытау облысы",
    ]


def test_equal_estimates_keep_their_order() -> None:
    rows = [Row(name, 0.5, 0.4, 0.6) for name in "бав"]
    assert [row.label for row in by_estimate(rows)] == ["б", "а", "в"]


def test_a_number_that_is_not_finite_is_no_number() -> None:
    row = Row("a", math.nan, 0.1, 0.2)
    assert row.value is None
    assert row.span is None
    assert Row("a", 0.5, math.nan, 0.6).span is None
    assert Row("a", 0.5, None, 0.6).numbers == (0.5,)


def test_the_twin_holds_every_number_and_the_note() -> None:
    table = row_table(ROWS, WORDS, NUMBERS)
    assert table.head == ("Өңір", "n", "Үлес", "95% аралық", "Ескертпе")
    assert table.rows[0] == ("Абай облысы", "120", "31.0%", "22.0–41.0", "")
    assert table.rows[2] == ("Ұлытау облысы", "0", ABSENT, ABSENT, "ешкім жауап бермеген")


def test_there_is_no_column_of_notes_where_there_are_no_notes() -> None:
    table = row_table([Row("a", 0.5, 0.4, 0.6)], WORDS, NUMBERS)
    assert len(table.head) == len(table.rows[0]) == len(table.numeric) == 4
    assert table.rows[0][1] == ABSENT
