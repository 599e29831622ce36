from __future__ import annotations

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from kelisim.core.errors import ValueRefused, WeightRefused
from kelisim.engine.opinion.votes import (
    _sorted_rows,
    _tally,
    from_codes,
    keep,
    tally,
    without_statements,
)
from tests.engine.opinion.conversations import dense, matrix_votes, names

MATRIX = np.array([[1.0, np.nan, -1.0], [np.nan, np.nan, np.nan], [0.0, 1.0, np.nan]])


def test_a_snapshot_holds_the_matrix_and_keeps_people_and_statements_without_votes() -> None:
    votes = matrix_votes(MATRIX)
    assert votes.shape == (3, 3)
    assert votes.n_votes.tolist() == [2, 0, 2]
    np.testing.assert_array_equal(dense(votes), MATRIX)


@settings(deadline=None, max_examples=25)
@given(st.permutations(range(4)))
def test_the_order_in_which_votes_are_written_down_changes_nothing(order: list[int]) -> None:
    rows, columns = np.array([0, 0, 2, 2], np.int32), np.array([0, 2, 0, 1], np.int32)
    signs = np.array([1, -1, 0, 1], np.int8)
    votes = from_codes(names("p", 3), names("s", 3), rows[order], columns[order], signs[order])
    np.testing.assert_array_equal(dense(votes), MATRIX)


def test_times_travel_with_their_votes() -> None:
    votes = from_codes(
        names("p", 2),
        names("s", 2),
        np.array([1, 0, 1], np.int32),
        np.array([1, 0, 0], np.int32),
        np.array([1, -1, 0], np.int8),
        times=np.array([30.0, 10.0, 20.0]),
    )
    assert votes.times is not None
    assert votes.times.tolist() == [10.0, 20.0, 30.0]
    fewer = keep(votes, np.array([True, False, True]))
    assert fewer.times is not None
    assert fewer.times.tolist() == [10.0, 30.0]


@pytest.mark.parametrize("wrong", [2, -2, 127])
def test_a_vote_that_is_not_one_of_three_is_refused(wrong: int) -> None:
    with pytest.raises(ValueRefused, match=rf"A vote is {wrong} \(1 such votes\)"):
        from_codes(
            names("p", 1),
            names("s", 2),
            np.array([0, 0], np.int32),
            np.array([0, 1], np.int32),
            np.array([1, wrong], np.int8),
        )


def test_two_votes_of_one_participant_on_one_statement_are_refused() -> None:
    with pytest.raises(ValueRefused, match=r"'p0001' votes twice on statement 's{60}\.\.\.'"):
        from_codes(
            names("p", 2),
            pl.Series(["s" * 10_000]),
            np.array([0, 1, 1], np.int32),
            np.array([0, 0, 0], np.int32),
            np.array([1, 1, -1], np.int8),
        )


@pytest.mark.parametrize("wrong", [0.0, -1.0, np.nan, np.inf])
def test_a_weight_must_be_a_positive_number(wrong: float) -> None:
    with pytest.raises(WeightRefused, match="The weight of 'p0001' is not a positive number"):
        matrix_votes(MATRIX, np.array([1.0, wrong, 1.0]))


def test_leaving_out_votes_or_statements_drops_nobody() -> None:
    votes = matrix_votes(MATRIX)
    fewer = keep(votes, votes.signs != 1)
    assert fewer.shape == (3, 3)
    np.testing.assert_array_equal(dense(fewer), np.where(MATRIX == 1, np.nan, MATRIX))
    narrow = without_statements(votes, np.array([True, False, False]))
    assert narrow.statements.to_list() == ["s0001", "s0002"]
    np.testing.assert_array_equal(dense(narrow), MATRIX[:, 1:])


@settings(deadline=None, max_examples=20)
@given(
    arrays(np.int8, (6, 4), elements=st.sampled_from([-1, 0, 1, 9])),
    arrays(np.int8, 6, elements=st.sampled_from([-1, 0, 1])),
)
def test_a_tally_counts_by_block_what_a_loop_counts(cells: np.ndarray, block: np.ndarray) -> None:
    matrix = np.where(cells == 9, np.nan, cells.astype(float))
    weights = np.arange(1.0, 7.0)
    votes = matrix_votes(matrix, weights)
    for weighted in (True, False):
        counts = tally(votes, block.astype(np.int32), 2, weighted=weighted)
        w = weights if weighted else np.ones(6)
        for g in range(2):
            for found, sign in ((counts.agree, 1), (counts.passed, 0), (counts.disagree, -1)):
                expected = ((matrix == sign) * (w * (block == g))[:, None]).sum(axis=0)
                np.testing.assert_allclose(found[g], expected)
    np.testing.assert_allclose(counts.seen.sum(), (~np.isnan(matrix))[block >= 0].sum())


def test_compiled_and_plain_python_agree() -> None:
    rows, columns = np.array([2, 0, 2, 0], np.int32), np.array([1, 2, 0, 0], np.int32)
    for compiled, plain in zip(
        _sorted_rows(rows, columns, 3, 3), _sorted_rows.py_func(rows, columns, 3, 3), strict=True
    ):
        np.testing.assert_array_equal(compiled, plain)
    votes = matrix_votes(MATRIX)
    arguments = (
        votes.indptr,
        votes.indices,
        votes.signs,
        np.ones(3),
        np.array([0, 0, -1], np.int32),
        1,
        3,
    )
    np.testing.assert_array_equal(_tally(*arguments), _tally.py_func(*arguments))
