from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from kelisim.core.errors import ValueRefused
from kelisim.engine.opinion.common_ground import agreement_matrix
from kelisim.engine.opinion.groups import Groups
from kelisim.engine.opinion.model import ideal_point
from kelisim.engine.opinion.slate import (
    _seats,
    complete,
    ejr_violations,
    equal_shares,
    proportional_slate,
    slate_of_differences,
)
from tests.conftest import absent
from tests.engine.opinion.conversations import camps, conversation, matrix_votes

APPROVALS = arrays(np.bool_, st.tuples(st.integers(3, 9), st.integers(3, 6)))


def oracle(approvals: np.ndarray) -> object:
    try:
        from abcvoting import preferences
    except ModuleNotFoundError:
        absent("abcvoting (uv sync --group oracles)")
    profile = preferences.Profile(approvals.shape[1])
    profile.add_voters([{int(c) for c in np.flatnonzero(row)} for row in approvals])
    return profile


@pytest.mark.filterwarnings("ignore")
@settings(deadline=None, max_examples=40)
@given(APPROVALS, st.integers(1, 3))
def test_rules_and_certificate_are_those_of_abcvoting(approvals: np.ndarray, size: int) -> None:
    profile = oracle(approvals)
    from abcvoting import abcrules, properties

    weights = np.ones(len(approvals))
    greedy = complete(approvals, weights, (), size)
    theirs = abcrules.compute_seqpav(profile, size, resolute=False)
    assert set(greedy) in [set(committee) for committee in theirs]
    bought = equal_shares(approvals, weights, size)
    theirs = abcrules.compute_equal_shares(profile, size, resolute=False, completion=None)
    assert set(bought) in [set(committee) for committee in theirs]
    if len(greedy) == size:
        fair = properties.check_EJR_plus(profile, set(greedy))
        assert (not ejr_violations(approvals, weights, greedy, size)) == fair


@settings(deadline=None, max_examples=60)
@given(APPROVALS, st.integers(1, 5))
def test_no_slate_leaves_a_violation(approvals: np.ndarray, size: int) -> None:
    found = proportional_slate(approvals, np.ones(len(approvals)), size)
    assert len(found.statements) == min(size, approvals.shape[1])
    assert found.violations == ()
    np.testing.assert_array_equal(found.approved, approvals[:, list(found.statements)].sum(axis=1))


@settings(deadline=None, max_examples=30)
@given(APPROVALS, st.integers(1, 3), st.data())
def test_a_weight_counts_a_person_as_many(
    approvals: np.ndarray, size: int, data: st.DataObject
) -> None:
    weights = np.array(
        data.draw(st.lists(st.integers(1, 3), min_size=len(approvals), max_size=len(approvals)))
    )
    repeated = np.repeat(approvals, weights, axis=0)
    one = proportional_slate(approvals, weights.astype(float), size)
    other = proportional_slate(repeated, np.ones(len(repeated)), size)
    assert one.statements == other.statements
    assert one.rule == other.rule


def test_equal_shares_steps_in_where_the_greedy_rule_is_unfair() -> None:
    """From six seats on the greedy rule can leave out a sixth of the people who think alike.

    The profile is the solution of the linear programme 'each of six statements gains at least 1
    in turn, with as few people as can be'; whoever approves statement 6 alone weighs 0.99.
    """
    profile = {
        (3,): 0.505, (4,): 0.442, (5,): 0.569, (1, 3): 0.056, (1, 4): 0.396, (2, 3): 0.257,
        (2, 4): 0.146, (2, 5): 0.04, (0, 2, 4): 0.522, (0, 2, 5): 0.466, (0, 3, 4): 0.008,
        (1, 2, 3): 0.166, (1, 2, 5): 0.374, (0, 1, 3, 4): 0.458, (0, 1, 3, 5): 0.522, (6,): 0.99,
    }  # fmt: skip
    approvals = np.array([[s in who for s in range(7)] for who in profile])
    weights = np.array(list(profile.values()))
    greedy = complete(approvals, weights, (), 6)
    assert [v.statement for v in ejr_violations(approvals, weights, greedy, 6)] == [6]
    found = proportional_slate(approvals, weights, 6)
    assert found.rule == "equal shares"
    assert 6 in found.statements
    assert found.violations == ()


def test_a_minority_large_enough_has_its_place() -> None:
    approvals = np.zeros((12, 9), np.bool_)
    approvals[:9, :6], approvals[9:, 6:] = True, True
    found = proportional_slate(approvals, np.ones(12), 4)
    assert sum(s >= 6 for s in found.statements) == 1


def test_a_slate_without_the_minority_is_convicted() -> None:
    approvals = np.zeros((12, 9), np.bool_)
    approvals[:9, :6], approvals[9:, 6:] = True, True
    violations = ejr_violations(approvals, np.ones(12), (0, 1, 2, 3), 4)
    assert [v.statement for v in violations] == [6, 7, 8]
    assert {(v.entitled, v.weight) for v in violations} == {(1, 3.0)}


def test_a_slate_of_nothing_is_refused() -> None:
    with pytest.raises(ValueRefused, match="A slate of 0 statements"):
        proportional_slate(np.ones((2, 2), np.bool_), np.ones(2), 0)


@pytest.mark.parametrize("name", ["brexit-consensus", "london.youth.policing"])
def test_real_conversations_get_slates_without_a_violation(shared: Path, name: str) -> None:
    votes = conversation(shared, name)
    chances = agreement_matrix(ideal_point(votes, 2, tolerance=1e-2))
    found = proportional_slate(chances > 0.5, votes.weights, 8)
    assert found.violations == ()


def differing(labels: np.ndarray, shares: list[float]) -> Groups:
    count = len(shares)
    return Groups(
        labels, np.empty((len(labels), count)), np.array(shares), np.zeros((count, 2)), None, ""
    )


def test_the_slate_of_differences_gives_each_group_what_it_holds_and_others_do_not() -> None:
    votes = matrix_votes(camps(60, 20))
    chances = agreement_matrix(ideal_point(votes, 1))
    found = slate_of_differences(
        chances, chances > 0.5, votes.weights, differing(np.repeat([0, 1], 30), [0.5, 0.5]), 4
    )
    assert found.groups == (0, 0, 1, 1)
    assert all(s < 10 for s in found.statements)
    assert all(chances[:30, s].mean() > chances[30:, s].mean() for s in found.statements[:2])
    assert all(chances[:30, s].mean() < chances[30:, s].mean() for s in found.statements[2:])
    assert found.violations == ()


def test_without_groups_there_is_nothing_to_tell_apart() -> None:
    found = slate_of_differences(
        np.ones((3, 2)), np.ones((3, 2), np.bool_), np.ones(3), differing(np.full(3, -1), []), 4
    )
    assert found.statements == ()


def test_a_group_with_too_few_statements_of_its_own_takes_what_is_left() -> None:
    chances = np.array([[0.9, 0.8, 0.7, 0.6], [0.1, 0.2, 0.3, 0.4]])
    found = slate_of_differences(
        chances, chances > 0.5, np.ones(2), differing(np.array([0, 1]), [0.5, 0.5]), 4
    )
    assert sorted(found.statements) == [0, 1, 2, 3]


@pytest.mark.parametrize(
    ("shares", "size", "seats"),
    [([0.6, 0.4], 8, [5, 3]), ([0.9, 0.1], 4, [3, 1]), ([0.5, 0.3, 0.2], 2, [1, 1, 1])],
)
def test_seats_go_by_largest_remainder_and_none_goes_without(
    shares: list[float], size: int, seats: list[int]
) -> None:
    assert _seats(np.array(shares), size) == seats
