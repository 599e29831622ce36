from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from kelisim.engine.opinion import groups as room
from kelisim.engine.opinion.groups import (
    Groups,
    NoGroups,
    Stability,
    _drawn,
    _reason,
    find_groups,
)
from kelisim.engine.opinion.model import ideal_point
from kelisim.engine.opinion.positions import positions
from kelisim.engine.opinion.rand import adjusted_rand
from kelisim.engine.opinion.votes import Votes, keep
from tests.engine.opinion.conversations import camps, conversation, matrix_votes


def grouped(votes: Votes, dimensions: int = 2) -> Groups:
    model = ideal_point(votes, dimensions)
    return find_groups(votes, model, positions(model, votes.weights))


@pytest.mark.parametrize("dimensions", [1, 2])
def test_two_camps_are_two_groups_that_leaving_out_votes_does_not_change(dimensions: int) -> None:
    votes = matrix_votes(camps(80, 40))
    found = grouped(votes, dimensions)
    assert found.count == 2
    assert found.reason == ""
    placed = found.labels >= 0
    assert placed.mean() > 0.9
    assert adjusted_rand(found.labels[placed], np.repeat([0, 1], 40)[placed]) == 1.0
    np.testing.assert_allclose(found.shares, 0.5, atol=0.05)
    assert found.stability is not None
    assert found.stability.least == 1.0
    np.testing.assert_allclose(found.membership.sum(axis=1), 1.0)


def test_one_cloud_of_opinions_has_no_groups_and_says_so() -> None:
    rng = np.random.default_rng(0)
    u, w = rng.normal(size=80), rng.normal(size=30)
    matrix = np.where(rng.random((80, 30)) < 1 / (1 + np.exp(-np.outer(u, w))), 1.0, -1.0)
    found = grouped(matrix_votes(matrix))
    assert found.count == 0
    assert found.reason == NoGroups.ONE_CLOUD
    assert (found.labels == -1).all()


def test_a_handful_of_people_has_no_groups() -> None:
    found = grouped(matrix_votes(camps(12, 20)))
    assert found.reason == NoGroups.FEW_PEOPLE
    assert found.stability is None
    assert found.centres.shape == (0, 2)


def test_who_has_not_voted_is_in_no_group() -> None:
    matrix = camps(80, 40)
    matrix[7] = np.nan
    assert grouped(matrix_votes(matrix)).labels[7] == -1


def test_whatever_is_shown_is_stable_in_a_real_conversation(shared: Path) -> None:
    found = grouped(conversation(shared, "canadian-electoral-reform"), 3)
    assert found.stability is not None
    if found.count:
        assert found.stability.least >= room.STABLE
        assert found.shares.min() >= room.LEAST_SHARE
    else:
        assert found.reason in list(NoGroups)
        assert (found.labels == -1).all()


@pytest.mark.parametrize(
    ("least", "shares", "assigned", "reason"),
    [
        (0.95, [0.6, 0.4], 0.9, ""),
        (0.89, [0.6, 0.4], 0.9, NoGroups.UNSTABLE),
        (0.95, [0.6, 0.4], 0.4, NoGroups.UNCLEAR),
        (0.95, [0.96, 0.04], 0.9, NoGroups.SMALL),
    ],
)
def test_groups_are_shown_only_if_stable_clear_and_large_enough(
    least: float, shares: list[float], assigned: float, reason: str
) -> None:
    assert _reason(Stability(least, 1.0, 0.8, 5), np.array(shares), assigned) == reason


def test_groups_that_are_not_shown_leave_their_stability(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(room, "STABLE", 1.1)
    found = grouped(matrix_votes(camps(80, 40)))
    assert found.count == 0
    assert found.reason == NoGroups.UNSTABLE
    assert found.stability is not None


def test_a_tenth_of_the_votes_is_left_out_another_tenth_each_time() -> None:
    votes = matrix_votes(camps(100, 50))
    runs = [_drawn(votes, run) for run in range(3)]
    for run in runs:
        assert 0.08 < run.mean() < 0.12
    assert (runs[0] & runs[1]).mean() < 0.03
    assert keep(votes, ~runs[0]).shape == votes.shape
