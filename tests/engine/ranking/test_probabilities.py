"""The probability of a rank is how often draws give it."""

from __future__ import annotations

from collections import Counter

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from kelisim.core.errors import ValueRefused
from kelisim.engine.frame import Floats
from kelisim.engine.ranking.probabilities import rank_probabilities


@given(
    arrays(np.float64, st.tuples(st.integers(1, 40), st.integers(1, 6)), elements=st.integers(0, 4))
)
@settings(deadline=None, max_examples=60)
def test_it_is_one_plus_how_many_are_larger_counted_draw_by_draw(draws: Floats) -> None:
    counted = Counter(
        (j, 1 + sum(other > value for other in row))
        for row in draws.tolist()
        for j, value in enumerate(row)
    )
    found = rank_probabilities(draws)
    for j, r in np.ndindex(found.shape):
        assert found[j, r] == pytest.approx(counted[j, r + 1] / len(draws))


def test_more_draws_than_a_block_are_counted_once_each() -> None:
    draws = np.tile([[2.0, 1.0], [1.0, 2.0], [3.0, 2.0]], (400, 1))
    assert rank_probabilities(draws) == pytest.approx(np.array([[2, 1], [1, 2]]) / 3)


def test_draws_of_errors_are_counted_around_the_estimates() -> None:
    errors = np.array([[0.0, 0.0], [-2.0, 0.0]])
    found = rank_probabilities(errors, np.array([2.0, 1.0]))
    assert found.tolist() == [[0.5, 0.5], [0.5, 0.5]]


@pytest.mark.parametrize("draws", [np.zeros(3), np.zeros((0, 2)), np.array([[1.0, np.nan]])])
def test_what_is_no_table_of_draws_is_refused(draws: Floats) -> None:
    with pytest.raises(ValueRefused, match="draws by areas"):
        rank_probabilities(draws)
