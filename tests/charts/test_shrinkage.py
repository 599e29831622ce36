"""What a model changes, as two dots a row; and both estimates against each other."""

from __future__ import annotations

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kelisim.charts import Pull, PullWords, Row, Sheet, agreement_chart, shrinkage_chart
from kelisim.charts.shrinkage import shrinkage_table
from tests.charts.drawings import NUMBERS, SVG, WORDS, boxes, outside, overlaps, parsed

TWO = PullWords(WORDS, "Тікелей бағалау", "Модель", "Жақындату")
PULLS = (
    Pull(Row("Астана қаласы", 0.40, 0.36, 0.44, 329), 0.41, "5%"),
    Pull(Row("Абай облысы", 0.35, 0.27, 0.43, 40), 0.25, "60%"),
    Pull(Row("Ұлытау облысы", 0.38, 0.25, 0.52, 0, "ешкім сұралмаған"), None),
)


def drawn(pulls: tuple[Pull, ...] = PULLS, width: int = 640) -> str:
    return shrinkage_chart(pulls, TWO, NUMBERS, Sheet("q1", width), bounds=(0.0, 1.0))


def circles(svg: str, kind: str) -> list[dict[str, str]]:
    groups = [g for g in parsed(svg).iter(f"{SVG}g") if g.get("class") == kind]
    return [dict(one.attrib) for g in groups for one in g.findall(f"{SVG}circle")]


def test_areas_with_the_fewest_respondents_stand_on_top() -> None:
    table = shrinkage_table(PULLS, TWO, NUMBERS)
    assert [row[0] for row in table.rows] == ["Ұлытау облысы", "Абай облысы", "Астана қаласы"]
    assert table.rows[0] == (
        "Ұлытау облысы",
        "0",
        "—",
        "38.0%",
        "25.0–52.0",
        "—",
        "ешкім сұралмаған",
    )
    assert table.rows[1][2:6] == ("25.0%", "35.0%", "27.0–43.0", "60%")
    assert len(shrinkage_table(PULLS[:2], TWO, NUMBERS).head) == 6


@pytest.mark.parametrize("width", [344, 640])
def test_a_line_leads_from_the_direct_estimate_to_that_of_the_model(width: int) -> None:
    svg = drawn(width=width)
    assert len(circles(svg, "mark")) == 3 + 1  # and that of the legend
    assert len(circles(svg, "open")) == 2 + 1
    (move,) = (p for p in parsed(svg).iter(f"{SVG}path") if p.get("class") == "move")
    starts = [float(x) for x in re.findall(r"M([\d.]+) ", move.attrib["d"])]
    ends = [float(x) for x in re.findall(r"H([\d.]+)", move.attrib["d"])]
    assert starts[0] < ends[0]  # Abai is drawn up
    assert starts[1] > ends[1]
    said = {box.text for box in boxes(svg)}
    assert {TWO.direct, TWO.model} <= said


def test_an_area_that_was_not_estimated_has_its_note_and_no_dot() -> None:
    gone = Pull(Row("Жетісу облысы", None, None, None, 0, "жоқ"), None)
    svg = drawn((PULLS[0], gone))
    assert len(circles(svg, "mark")) == 2
    assert "жоқ" in {box.text for box in boxes(svg)}
    whole = Pull(Row("Жетісу облысы", 0.3, None, None, 5), 0.4)
    assert "span" not in drawn((whole,))


def test_equal_estimates_lie_on_the_slanted_line_and_larger_areas_are_larger() -> None:
    pulls = [
        Pull(Row("a", 0.3, 0.2, 0.4, 900), 0.3),
        Pull(Row("b", 0.5, 0.2, 0.6, 100), 0.4),
        Pull(Row("c", 0.5, 0.2, 0.6, 1), 0.6),
        PULLS[2],
    ]
    svg = agreement_chart(pulls, TWO, NUMBERS, Sheet("q1"), bounds=(0.0, 1.0))
    on, above, below = ({k: float(v) for k, v in one.items()} for one in circles(svg, "open"))
    (line,) = (p for p in parsed(svg).iter(f"{SVG}path") if p.get("class") == "reference")
    x0, y0, x1, y1 = map(float, re.findall(r"[\d.]+", line.attrib["d"]))

    def height(x: float) -> float:
        return y0 + (y1 - y0) * (x - x0) / (x1 - x0)

    assert on["cy"] == pytest.approx(height(on["cx"]), abs=0.2)
    assert above["cy"] < height(above["cx"]) - 5
    assert below["cy"] > height(below["cx"]) + 5
    assert on["r"] > above["r"] > below["r"]
    assert on["r"] ** 2 / above["r"] ** 2 == pytest.approx(9, rel=0.1)  # the circle is the people


def test_without_a_direct_estimate_the_square_is_empty() -> None:
    svg = agreement_chart(PULLS[2:], TWO, NUMBERS, Sheet("q1"))
    assert not circles(svg, "open")


SHARES = st.floats(0, 1)


@settings(max_examples=60, deadline=None)
@given(
    pulls=st.lists(
        st.builds(
            lambda name, at, n, direct: Pull(Row(name, at, at / 2, (1 + at) / 2, n), direct),
            st.text(st.characters(codec="utf-8", exclude_categories=["C"]), max_size=40),
            SHARES,
            st.integers(0, 10**6),
            SHARES | st.none(),
        ),
        min_size=1,
        max_size=12,
    ),
    width=st.sampled_from([344, 640]),
)
def test_no_text_overlaps_or_leaves_the_sheet(pulls: list[Pull], width: int) -> None:
    for svg in (
        drawn(tuple(pulls), width),
        agreement_chart(pulls, TWO, NUMBERS, Sheet("q1", width), bounds=(0.0, 1.0)),
    ):
        assert overlaps(svg) == []
        assert outside(svg) == []
