"""Points come from ratings and swings; contradictions are shown, never mended."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kelisim.core.errors import CaseRefused
from kelisim.engine.settlement.elicit import consistency, swing_points
from kelisim.engine.settlement.reading import read_case
from tests.engine.settlement.cases import document


@given(
    st.lists(st.integers(0, 100), min_size=1, max_size=9).filter(any), st.sampled_from([100, 1000])
)
def test_the_best_options_sum_to_the_total_in_the_order_of_the_swings(
    swings: list[int], total: int
) -> None:
    ratings = {f"issue {k}": {"best": 10, "middle": 5, "worst": 0} for k in range(len(swings))}
    weights = dict(zip(ratings, swings, strict=True))
    points = swing_points(ratings, weights, total=total)
    assert sum(max(row.values()) for row in points.values()) == total
    assert all(row["worst"] == 0 for row in points.values())
    for one in ratings:
        for other in ratings:
            if weights[one] > weights[other]:
                assert points[one]["best"] >= points[other]["best"]


def test_an_issue_without_a_swing_needs_no_difference() -> None:
    points = swing_points({"a": {"x": 1, "y": 1}, "b": {"x": 0, "y": 1}}, {"a": 0, "b": 3})
    assert points == {"a": {"x": 0, "y": 0}, "b": {"x": 0, "y": 100}}


@pytest.mark.parametrize(
    ("ratings", "swings", "words"),
    [
        ({"a": {"x": 0, "y": 1}}, {}, "'a' has either ratings or a swing"),
        ({"a": {"x": 0, "y": 1}}, {"a": 0}, "Every swing is 0"),
        ({"a": {"x": 0, "y": 1}}, {"a": -1}, "-1 is negative"),
        ({"a": {"x": 0, "y": float("nan")}}, {"a": 1}, "not a finite number"),
        ({"a": {"x": 2, "y": 2}}, {"a": 1}, "All options are rated alike"),
    ],
)
def test_ratings_that_say_nothing_are_refused(
    ratings: dict[str, dict[str, float]], swings: dict[str, float], words: str
) -> None:
    with pytest.raises(CaseRefused, match=words):
        swing_points(ratings, swings)


def test_choices_are_compared_with_the_points() -> None:
    case = read_case(document([[[3, 0, 3], [1, 0, 0]], [[0, 1, 0], [1, 0, 0]]]))
    found = consistency(case, 0, [((0, 0), (1, 0)), ((1, 0), (0, 1)), ((0, 0), (2, 0))])
    assert found.agree == pytest.approx(1 / 3)
    assert (found.contradicted, found.tied, found.circular) == ((1,), (2,), False)
    chain = consistency(case, 0, [((0, 0), (1, 0)), ((1, 0), (2, 0)), ((2, 0), (0, 0))])
    assert chain.circular
    assert consistency(case, 0, []).agree == 1
