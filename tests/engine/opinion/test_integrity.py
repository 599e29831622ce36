from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import polars as pl
import pytest

from kelisim.engine.frame import Floats
from kelisim.engine.opinion import integrity as room
from kelisim.engine.opinion.integrity import (
    Burst,
    Cluster,
    capped_weights,
    check_integrity,
    clusters_within,
    vote_bursts,
)
from kelisim.engine.opinion.model import ideal_point
from kelisim.engine.opinion.prediction import agreement_log_odds
from kelisim.engine.opinion.reading import read_votes
from kelisim.engine.opinion.resemblance import Resemblance, resemblance
from kelisim.engine.opinion.votes import Votes
from tests.engine.opinion.conversations import camps, conversation, dense, matrix_votes


def attacked(matrix: Floats, accounts: int, seed: int = 0) -> Votes:
    """Add accounts that each vote on 30 statements along one invented pattern (section 5.3)."""
    rng = np.random.default_rng(seed)
    pattern = np.where(rng.random(matrix.shape[1]) < 0.5, 1.0, -1.0)
    agree, disagree = (matrix == 1).sum(axis=0), (matrix == -1).sum(axis=0)
    top = np.argsort(-(agree + 1) / (agree + disagree + 2))[:5]
    pattern[top] = -1
    added = np.full((accounts, matrix.shape[1]), np.nan)
    for row in added:
        seen = np.union1d(rng.choice(matrix.shape[1], min(30, matrix.shape[1]), replace=False), top)
        row[seen] = pattern[seen]
    return matrix_votes(np.vstack([matrix, added]))


@pytest.mark.parametrize("seed", range(3))
def test_a_twentieth_of_invented_accounts_is_found_to_the_last(shared: Path, seed: int) -> None:
    matrix = dense(conversation(shared, "brexit-consensus"))
    honest = matrix[(~np.isnan(matrix)).sum(axis=1) >= 7]
    found = check_integrity(attacked(honest, 9, seed))
    assert found.alarm
    assert found.clusters[0].members.tolist() == list(range(len(honest), len(honest) + 9))
    assert found.clusters[0].tightness > 0.95
    assert found.weights[len(honest) :].sum() == pytest.approx(1.0)
    assert (found.weights[: len(honest)] == 1.0).all()


@pytest.mark.parametrize("name", ["brexit-consensus", "canadian-electoral-reform"])
def test_honest_people_raise_no_alarm_thinned_or_whole(shared: Path, name: str) -> None:
    matrix = dense(conversation(shared, name))
    matrix = matrix[(~np.isnan(matrix)).sum(axis=1) >= 7]
    thinned = np.where(np.random.default_rng(1).random(matrix.shape) < 0.2, np.nan, matrix)
    for votes in (matrix_votes(matrix), matrix_votes(thinned)):
        found = check_integrity(votes)
        assert not found.alarm
        np.testing.assert_array_equal(found.weights, votes.weights)


def test_camps_that_agree_because_they_think_alike_are_not_coordinated() -> None:
    assert not check_integrity(matrix_votes(camps(80, 40))).clusters


def test_two_identical_people_are_no_cluster() -> None:
    matrix = camps(40, 30)
    matrix[1] = matrix[0]
    assert not check_integrity(matrix_votes(matrix)).clusters


def test_a_large_crowd_is_compared_in_blocks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(room, "BLOCK", 50)
    found = check_integrity(attacked(camps(120, 60), 10))
    inside = {int(i) for cluster in found.clusters for i in cluster.members}
    assert inside <= set(range(118, 130))


@pytest.mark.parametrize("matrix", [np.array([[1.0]]), np.zeros((3, 2)), np.full((4, 9), 1.0)])
def test_the_least_of_votes_raises_no_alarm(matrix: Floats) -> None:
    assert not check_integrity(matrix_votes(matrix)).alarm


def test_people_who_only_look_are_no_cluster() -> None:
    looking = np.where(np.random.default_rng(3).random((30, 40)) < 0.5, 0.0, np.nan)
    assert not check_integrity(matrix_votes(np.vstack([camps(60, 40), looking]))).alarm


def test_a_conversation_with_its_rejected_statements_raises_no_alarm(shared: Path) -> None:
    file = shared / "data" / "votes" / "vtaiwan.uberx" / "participants-votes.csv"
    assert not check_integrity(read_votes(pl.read_csv(file, infer_schema_length=None))).alarm


def test_resemblance_is_counted_over_the_statements_both_judged() -> None:
    matrix = camps(12, 8, passing=0.3)
    votes = matrix_votes(matrix)
    model = ideal_point(votes, 1)
    found = resemblance(votes, model, np.array([2, 5, 9]))
    common = np.flatnonzero(np.isin(matrix[2], (-1, 1)) & np.isin(matrix[9], (-1, 1)))
    same = float((matrix[2] == matrix[9])[common].sum())
    alike = []
    for s in common:
        both = np.ones(2)
        for i in (2, 9):
            at = np.array([i]), np.array([s])
            agree = 1 / (1 + np.exp(-agreement_log_odds(model, *at).mean[0]))
            both = both * np.array([1 - agree, agree])
        alike.append(both.sum())
    assert found.excess[0, 2] == pytest.approx(same - sum(alike))
    assert found.room[0, 2] == pytest.approx(len(common) - sum(alike))
    assert found.variance[0, 2] == pytest.approx(sum(p - p * p for p in alike))
    assert np.diag(found.excess).tolist() == [0.0, 0.0, 0.0]


def test_when_everybody_votes_as_one_the_cluster_is_everybody() -> None:
    off = 1 - np.eye(5)
    pairs = Resemblance(np.arange(5), 20.0 * off, 2.0 * off, 20.0 * off)
    found = clusters_within(pairs, matrix_votes(np.ones((5, 4))))
    assert [c.members.tolist() for c in found] == [[0, 1, 2, 3, 4]]
    assert found[0].tightness == pytest.approx(1.0)
    assert found[0].seconds is None


def test_a_loose_camp_that_holds_the_closest_accounts_hides_nobody() -> None:
    """Two hundred who often agree are no cluster; ten who agree in the little they share are."""
    camp = np.arange(210) < 200
    inside = np.where(np.logical_and.outer(camp, camp), 1.0, 0.0)
    few = np.where(np.logical_and.outer(~camp, ~camp), 1.0, 0.0)
    np.fill_diagonal(inside, 0.0)
    np.fill_diagonal(few, 0.0)
    pairs = Resemblance(
        np.arange(210), 12.0 * inside + 2.7 * few, 5.0 * inside + few, 20.0 * inside + 3.0 * few
    )
    found = clusters_within(pairs, matrix_votes(np.ones((210, 4))))
    assert [c.members.tolist() for c in found] == [list(range(200, 210))]


def timed(seconds: float, count: int) -> Votes:
    votes = matrix_votes(np.ones((2, count)))
    times = np.concatenate([np.arange(count) * seconds, np.arange(count) * 15.0]).astype(np.float64)
    return replace(votes, times=times)


def test_a_burst_is_more_votes_in_a_minute_than_anybody_can_read() -> None:
    found = check_integrity(timed(0.006, 200))
    assert found.bursts == (Burst(0, 200),)
    assert found.weights.tolist() == [0.01, 1.0]
    assert found.alarm


def test_an_account_that_votes_at_a_readers_pace_is_no_burst() -> None:
    assert vote_bursts(timed(2.0, 200)) == ()


def test_without_times_no_burst_can_be_seen() -> None:
    assert vote_bursts(matrix_votes(np.ones((1, 500)))) == ()


def test_a_cluster_weighs_as_one_account_and_nobody_is_deleted() -> None:
    weights = np.array([1.0, 2.0, 4.0, 3.0])
    capped = capped_weights(
        weights, (Cluster(np.array([0, 1, 3]), 1.0, 5.0, None),), (Burst(2, 99),)
    )
    np.testing.assert_allclose(capped, [1 / 3, 2 / 3, 0.04, 1.0])
    assert (capped > 0).all()


def test_a_cluster_tells_in_what_time_it_voted(shared: Path) -> None:
    votes = attacked(camps(60, 40), 8)
    votes = replace(votes, times=votes.rows().astype(np.float64) * 10.0)
    cluster = check_integrity(votes).clusters[0]
    assert cluster.seconds == pytest.approx((len(cluster.members) - 1) * 10.0)
