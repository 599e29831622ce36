from __future__ import annotations

import numpy as np
import pytest

from kelisim.engine.frame import Floats
from kelisim.engine.opinion.representative import (
    agree_shares,
    group_informed_consensus,
    representative_statements,
)
from kelisim.engine.opinion.votes import Tally


def counts(agree: list[list[float]], disagree: list[list[float]]) -> Tally:
    a, d = np.array(agree, float), np.array(disagree, float)
    return Tally(a, d, np.zeros_like(a))


def test_consensus_is_the_product_of_smoothed_shares() -> None:
    found = counts([[8, 0], [3, 0]], [[0, 4], [1, 0]])
    np.testing.assert_allclose(agree_shares(found), [[0.9, 1 / 6], [4 / 6, 0.5]])
    np.testing.assert_allclose(group_informed_consensus(found), [0.6, 1 / 12])


def test_typical_of_a_group_is_what_it_holds_and_the_others_do_not() -> None:
    found = representative_statements(counts([[40, 40, 2], [2, 40, 40]], [[2, 2, 40], [40, 2, 2]]))
    assert [(r.group, r.statement, r.side) for r in found] == [
        (0, 0, "agree"),
        (0, 2, "disagree"),
        (1, 2, "agree"),
        (1, 0, "disagree"),
    ]
    assert found[0].share > 0.9 > 0.1 > found[0].elsewhere


def test_the_two_tests_are_those_of_polis() -> None:
    """Figures worked out by hand from the documented formulas."""
    found = representative_statements(counts([[30], [5]], [[10], [35]]))
    inside, outside = 31 / 41, 6 / 41
    pooled = 37 / 82
    z = (inside - outside) / np.sqrt(pooled * (1 - pooled) * (2 / 41))
    assert found[0].z == pytest.approx(z)
    assert found[0].share == pytest.approx(31 / 42)


def test_no_more_than_a_few_are_named() -> None:
    many = [[40.0] * 9, [2.0] * 9]
    assert (
        len([r for r in representative_statements(counts(many, many[::-1])) if r.group == 0]) == 5
    )


def test_a_group_without_a_clear_statement_gets_the_one_that_differs_most() -> None:
    found = representative_statements(counts([[3, 2], [2, 2]], [[2, 2], [2, 2]]))
    assert [(r.group, r.statement) for r in found] == [(0, 0), (1, 0)]


def test_a_group_that_never_voted_gets_none() -> None:
    assert [r.group for r in representative_statements(counts([[9], [0]], [[0], [0]]))] == [0]


@pytest.mark.parametrize("agree", [np.ones((1, 3)), np.zeros((1, 0))])
def test_one_group_alone_has_nothing_to_differ_from(agree: Floats) -> None:
    assert representative_statements(Tally(agree, agree, agree)) == ()


def test_a_vote_that_all_cast_everywhere_tells_nobody_apart() -> None:
    found = representative_statements(counts([[0, 9], [0, 2]], [[0, 0], [0, 5]]))
    assert all(np.isfinite(r.z) for r in found)
