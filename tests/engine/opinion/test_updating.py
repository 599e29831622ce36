from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kelisim.engine.opinion.reading import read_votes
from kelisim.engine.opinion.updating import _merged, with_changes
from kelisim.engine.opinion.votes import Votes

NAMES = st.sampled_from(["1", "2", "10", "3"])
WORDS = st.sampled_from(["1", "2", "b", "a", "10"])


def events(names: st.SearchStrategy[str]) -> st.SearchStrategy[list[tuple[str, str, int]]]:
    return st.lists(st.tuples(names, names, st.integers(-1, 1)), max_size=14)


def table(cast: list[tuple[str, str, int]], first: int) -> dict[str, list[Any]]:
    return {
        "participant": [p for p, _, _ in cast],
        "statement": [s for _, s, _ in cast],
        "vote": [v for _, _, v in cast],
        "time": [float(first + k) for k in range(len(cast))],
    }


def same(one: Votes, other: Votes) -> None:
    assert one.participants.to_list() == other.participants.to_list()
    assert one.statements.to_list() == other.statements.to_list()
    for name in ("indptr", "indices", "signs", "weights", "times"):
        np.testing.assert_array_equal(getattr(one, name), getattr(other, name))


@settings(deadline=None, max_examples=150)
@given(st.one_of(events(NAMES), events(WORDS)), st.one_of(events(NAMES), events(WORDS)))
def test_votes_added_are_as_if_all_had_been_read_at_once(
    before: list[tuple[str, str, int]], after: list[tuple[str, str, int]]
) -> None:
    one = read_votes(table(before, 0)) if before else None
    if one is None or not after:
        return
    changes = read_votes(table(after, len(before)))
    whole = table(before + after, 0)
    same(with_changes(one, changes), read_votes(whole))


def test_a_weight_given_before_stays_and_a_newcomer_brings_one() -> None:
    before = read_votes({"participant": ["a"], "statement": ["s"], "vote": [1], "weight": [2.0]})
    changes = read_votes(
        {"participant": ["a", "b"], "statement": ["t", "s"], "vote": [1, 0], "weight": [5.0, 3.0]}
    )
    found = with_changes(before, changes)
    assert found.weights.tolist() == [2.0, 3.0]
    assert found.times is None


@pytest.mark.parametrize("timed", [True, False])
def test_compiled_and_plain_python_agree(*, timed: bool) -> None:
    arguments = (
        np.array([0, 2, 3]), np.array([0, 4, 1], np.int32), np.array([1, 1, 0], np.int8),
        np.zeros(3 * timed),
        np.array([0, 2, 2]), np.array([2, 4], np.int32), np.array([-1, 0], np.int8),
        np.ones(2 * timed),
    )  # fmt: skip
    for one, other in zip(_merged(*arguments), _merged.py_func(*arguments), strict=True):
        np.testing.assert_array_equal(one, other)
