from __future__ import annotations

import numpy as np
import pytest

from kelisim.engine.opinion.live import live_opinion
from kelisim.engine.opinion.rand import adjusted_rand
from tests.engine.opinion.conversations import camps, matrix_votes


def test_a_page_gets_camps_their_statements_and_what_they_share() -> None:
    found = live_opinion(matrix_votes(camps(80, 24)))
    assert adjusted_rand(found.labels, np.repeat([0, 1], 40)) == 1.0
    assert {r.group for r in found.representatives} == {0, 1}
    assert all(r.statement < 12 for r in found.representatives)
    assert found.common_ground.score[12:].min() > found.common_ground.score[:12].max()


def test_it_starts_from_the_map_before() -> None:
    votes = matrix_votes(camps(80, 24))
    cold = live_opinion(votes)
    warm = live_opinion(votes, before=cold.map)
    assert warm.map.axes.passes < cold.map.axes.passes
    np.testing.assert_array_equal(warm.labels, cold.labels)


def test_weights_move_the_shares() -> None:
    matrix = camps(60, 20, unseen=0.0)
    heavy = np.where(np.arange(60) < 30, 3.0, 1.0)
    plain, weighted = live_opinion(matrix_votes(matrix)), live_opinion(matrix_votes(matrix, heavy))
    assert weighted.counts.seen[0].sum() == pytest.approx(3 * plain.counts.seen[0].sum(), rel=0.01)


@pytest.mark.parametrize("matrix", [np.array([[1.0]]), np.zeros((3, 2)), np.ones((2, 2))])
def test_the_least_of_votes_is_one_cluster(matrix: np.ndarray) -> None:
    found = live_opinion(matrix_votes(matrix))
    assert found.labels.tolist() == [0] * len(matrix)
    assert np.isfinite(found.common_ground.score).all()
