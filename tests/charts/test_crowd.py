from __future__ import annotations

import pytest

from kelisim.charts import Row, Sheet, Voiced, crowd_chart, crowd_table, table_html
from tests.charts.drawings import NUMBERS, SVG, WORDS, boxes, outside, overlaps, parsed

HERE = "Мұндағы дауыстар"
VOICED = (
    Voiced(Row("1. Автобустар жиірек жүруі керек.", 0.61, 0.5, 0.7, None), 0.8),
    Voiced(Row("2. Орталыққа кіру <ақылы> болсын.", 0.72, 0.6, 0.81, None), 0.4),
    Voiced(Row("3. Тұрақ тегін болсын.", None, None, None, None), 0.3),
)


def drawn(width: int = 640) -> str:
    return crowd_chart(VOICED, WORDS, HERE, NUMBERS, Sheet("country", width))


def test_the_table_twin_holds_what_the_chart_draws_the_largest_first() -> None:
    table = crowd_table(VOICED, WORDS, HERE, NUMBERS)
    assert table.head == (WORDS.group, HERE, WORDS.estimate, WORDS.interval)
    assert [row[1:] for row in table.rows] == [
        ("40.0%", "72.0%", "60.0–81.0"),
        ("80.0%", "61.0%", "50.0–70.0"),
        ("30.0%", "—", "—"),
    ]
    assert "&lt;ақылы&gt;" in table_html(table)


@pytest.mark.parametrize("width", [344, 640])
def test_a_hollow_dot_a_row_and_a_full_one_where_there_is_an_estimate(width: int) -> None:
    svg = parsed(drawn(width))
    circles = [len(g.findall(f"{SVG}circle")) for g in svg.iter(f"{SVG}g")]
    assert sum(circles) == 3 + 2 + 2
    said = {box.text for box in boxes(drawn(width))}
    assert {HERE, WORDS.estimate, "72.0%", "60.0–81.0"} <= said


@pytest.mark.parametrize("width", [344, 640])
def test_no_text_lies_on_another_or_outside(width: int) -> None:
    assert overlaps(drawn(width)) == []
    assert outside(drawn(width)) == []


def test_without_rows_there_is_an_empty_chart_and_an_empty_table() -> None:
    assert "<svg" in crowd_chart((), WORDS, HERE, NUMBERS, Sheet("none", 640))
    assert crowd_table((), WORDS, HERE, NUMBERS).rows == ()
