from __future__ import annotations

import re
from xml.etree import ElementTree

import pytest

from kelisim.charts.markup import Sheet
from kelisim.charts.opinions import (
    GRID,
    Dot,
    GroupPlace,
    MapWords,
    OwnPlace,
    gathered_dots,
    opinion_chart,
    opinion_table,
    own_shape,
)
from kelisim.charts.rows import Numbers

WORDS = MapWords("Map <1>", "Who & where", "Group", "People", "Share", "Between")
SHEET = Sheet("m", 640)
GROUPS = [GroupPlace("A", -1.0, 0.0, 2, 0.5), GroupPlace("B", 1.0, 0.5, 1, 0.25)]
DOTS = [Dot(-1.0, 0.1, 0), Dot(-1.1, 0.0, 0), Dot(1.0, 0.5, 1), Dot(0.0, 0.0, None)]
NUMBERS = Numbers(
    lambda v: f"{v:.0%}",
    lambda a, b: f"{a}-{b}",
    lambda v: f"{v}",
    lambda n: f"{n}",
    lambda v: f"{v}",
)


def circles(svg: str) -> list[tuple[float, float, float]]:
    return [
        (float(x), float(y), float(r))
        for x, y, r in re.findall(r'<circle cx="([^"]+)" cy="([^"]+)" r="([^"]+)"/>', svg)
    ]


def test_every_person_has_a_dot_inside_the_sheet() -> None:
    found = circles(opinion_chart(DOTS, GROUPS, WORDS, SHEET))
    assert len(found) == 4
    assert all(0 <= x <= 640 and 0 <= y <= 480 for x, y, _ in found)


def test_one_scale_serves_both_axes_so_that_distances_stay_true() -> None:
    square = [Dot(0, 0, 0), Dot(1, 0, 0), Dot(0, 1, 0)]
    (x0, y0, _), (x1, _, _), (_, y2, _) = circles(opinion_chart(square, [], WORDS, SHEET))
    assert x1 - x0 == pytest.approx(y0 - y2, abs=0.2)


def test_words_are_escaped_and_groups_carry_letters_beside_colours() -> None:
    svg = opinion_chart(DOTS, GROUPS, WORDS, SHEET)
    ElementTree.fromstring(svg)  # noqa: S314  (our own text)
    assert '<title id="m-t">Map &lt;1&gt;</title>' in svg
    assert re.findall(r">([AB])</text>", svg) == ["A", "B"]
    assert 'class="opinion-0"' in svg
    assert 'class="between"' in svg


def test_a_crowd_shares_discs_on_a_grid() -> None:
    crowd = [Dot((i % 100) / 10, (i // 100) / 10, i % 2) for i in range(5000)]
    found = circles(opinion_chart(crowd, [], WORDS, SHEET))
    assert 100 < len(found) <= 2 * (GRID + 1) ** 2
    assert max(r for _, _, r in found) > 3.2


@pytest.mark.parametrize("dots", [[], [Dot(0.3, 0.3, None)]])
def test_a_map_of_nobody_or_one_is_drawn(dots: list[Dot]) -> None:
    svg = opinion_chart(dots, [], WORDS, SHEET)
    assert len(circles(svg)) == len(dots)
    assert "nan" not in svg


def test_the_table_says_what_the_map_shows() -> None:
    table = opinion_table(GROUPS, (1, 0.25), WORDS, NUMBERS)
    assert table.rows == (("A", "2", "50%"), ("B", "1", "25%"), ("Between", "1", "25%"))


def test_the_readers_own_place_lies_within_its_halo_and_on_the_sheet() -> None:
    own = OwnPlace(0.5, 0.2, 0.3, 0.1)
    svg = opinion_chart(DOTS, GROUPS, WORDS, SHEET, own)
    ElementTree.fromstring(svg)  # noqa: S314  (our own drawing)
    shape = own_shape(DOTS, own, 640)
    assert f'cx="{shape.x:g}"' in svg
    assert shape.across > shape.down > 0
    outside = own_shape(DOTS, OwnPlace(50.0, -50.0, 9.0, 9.0), 640)
    assert 0 < outside.x < 640
    assert 0 < outside.y < 480


def test_gathered_dots_keep_every_person() -> None:
    many = [Dot(x / 50, y / 50, (x + y) % 2 or None) for x in range(50) for y in range(50)]
    few = gathered_dots(many, most=100, grid=10)
    assert len(few) < 300
    assert sum(dot.people for dot in few) == len(many)
    assert gathered_dots(DOTS) == DOTS
