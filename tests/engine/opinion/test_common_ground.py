from __future__ import annotations

import numpy as np
import pytest

from kelisim.engine.opinion.common_ground import (
    agreement_matrix,
    common_ground,
    live_common_ground,
)
from kelisim.engine.opinion.groups import Groups
from kelisim.engine.opinion.model import ideal_point
from kelisim.engine.opinion.prediction import agreement_log_odds, chance
from kelisim.engine.opinion.votes import Tally
from tests.engine.opinion.conversations import camps, matrix_votes

VOTES = matrix_votes(camps(60, 20))
MODEL = ideal_point(VOTES, 1)
CHANCES = agreement_matrix(MODEL)
ONE = np.ones(60)


def grouping(labels: np.ndarray, shares: list[float]) -> Groups:
    count = len(shares)
    return Groups(
        labels, np.empty((len(labels), count)), np.array(shares), np.zeros((count, 2)), None, ""
    )


NONE = grouping(np.full(60, -1), [])
HALVES = grouping(np.repeat([0, 1], 30), [0.5, 0.5])


def test_the_matrix_holds_the_chance_of_every_pair() -> None:
    odds = agreement_log_odds(MODEL, np.array([3, 9]), np.array([2, 17]))
    np.testing.assert_allclose(CHANCES[[3, 9], [2, 17]], chance(odds))


def test_without_groups_the_score_is_that_of_the_lowest_tenth() -> None:
    found = common_ground(MODEL, CHANCES, ONE, NONE)
    np.testing.assert_allclose(found.score, np.sort(CHANCES, axis=0)[5])
    np.testing.assert_allclose(found.after_block, np.sort(CHANCES, axis=0)[3])
    np.testing.assert_allclose(found.mean, CHANCES.mean(axis=0))
    assert np.isinf(found.group).all()


def test_a_statement_that_parts_the_camps_is_no_common_ground() -> None:
    found = common_ground(MODEL, CHANCES, ONE, HALVES)
    assert found.score[10:].min() > 0.5 > found.score[:10].max()
    np.testing.assert_allclose(
        found.group, np.minimum(CHANCES[:30].mean(axis=0), CHANCES[30:].mean(axis=0))
    )
    assert (found.score == np.minimum(found.tenth, found.group)).all()


def test_intervals_hold_the_score_and_are_wider_where_fewer_voted() -> None:
    matrix = camps(60, 20)
    matrix[6:, 19] = np.nan
    votes = matrix_votes(matrix)
    model = ideal_point(votes, 1)
    for groups in (NONE, HALVES):
        found = common_ground(model, agreement_matrix(model), ONE, groups)
        assert (found.low < found.score).all()
        assert (found.score < found.high).all()
        width = found.high - found.low
        assert width[19] > np.median(width[10:19])


def test_a_group_below_a_twentieth_has_no_veto() -> None:
    labels = np.where(np.arange(60) < 2, 1, 0)
    small = common_ground(MODEL, CHANCES, ONE, grouping(labels, [58 / 60, 2 / 60]))
    np.testing.assert_allclose(small.group, CHANCES[2:].mean(axis=0))


def test_a_group_of_a_fifteenth_that_disagrees_is_heard_where_the_lowest_tenth_is_not() -> None:
    chances = CHANCES.copy()
    chances[:4] = 0.02
    labels = np.where(np.arange(60) < 4, 1, 0)
    found = common_ground(MODEL, chances, ONE, grouping(labels, [56 / 60, 4 / 60]))
    np.testing.assert_allclose(found.score, 0.02)
    assert (found.tenth[10:] > 0.02).all()
    assert (found.low < 0.02).all()


def test_a_block_of_a_twentieth_lowers_the_score_no_further_than_is_said() -> None:
    """Honest people and an added block that disagrees with all: the tenth of all of them."""
    found = common_ground(MODEL, CHANCES, ONE, NONE)
    block = 60 * 0.05 / 0.95
    weights = np.append(ONE, block)
    attacked = np.vstack([CHANCES, np.zeros(20)])
    order = np.argsort(attacked, axis=0)
    below = np.cumsum(weights[order], axis=0) / weights.sum()
    lowered = np.take_along_axis(attacked, order, axis=0)[
        np.argmax(below >= 0.10 - 1e-12, axis=0), np.arange(20)
    ]
    np.testing.assert_allclose(lowered, found.after_block)


def test_who_does_not_count_changes_nothing() -> None:
    weights = np.where(np.arange(60) % 3 == 0, 0.0, 1.0)
    kept = weights > 0
    whole = common_ground(MODEL, CHANCES, weights, NONE)
    np.testing.assert_allclose(whole.tenth, np.sort(CHANCES[kept], axis=0)[3])


def counts(agree: list[list[float]], disagree: list[list[float]]) -> Tally:
    a, d = np.array(agree, float), np.array(disagree, float)
    return Tally(a, d, np.zeros_like(a))


def test_the_live_score_is_the_least_agreeing_cell_or_group() -> None:
    cells = counts([[90, 10], [90, 100], [10, 100]], [[10, 90], [10, 0], [0, 0]])
    groups = counts([[100, 110], [90, 100]], [[10, 90], [10, 0]])
    found = live_common_ground(cells, groups)
    whole = (190 + 1) / (210 + 2)
    assert found.mean[0] == pytest.approx(whole)
    assert found.tenth[0] == pytest.approx((90 + 2 * whole) / 102)
    assert found.score[1] < 0.15
    assert np.isnan(found.low).all()


def test_one_live_group_is_no_group() -> None:
    cells = counts([[9.0], [1.0]], [[1.0], [9.0]])
    found = live_common_ground(cells, counts([[10.0]], [[10.0]]))
    assert np.isinf(found.group).all()
