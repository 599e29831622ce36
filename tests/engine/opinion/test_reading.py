from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kelisim.core.errors import ColumnRefused, IdRefused, ValueRefused, WeightRefused
from kelisim.engine.opinion.reading import read_votes
from tests.engine.opinion.conversations import dense

ROWS = {"participant": ["b", "a", "b"], "statement": ["2", "10", "10"], "vote": [1, -1, 0]}


def test_rows_and_a_matrix_give_the_same_snapshot() -> None:
    matrix = {"participant": ["b", "a"], "10": [0, -1], "2": [1, None]}
    by_rows, by_matrix = read_votes(ROWS), read_votes(matrix)
    assert by_rows.statements.to_list() == by_matrix.statements.to_list() == ["2", "10"]
    np.testing.assert_array_equal(dense(by_rows), dense(by_matrix))
    np.testing.assert_array_equal(dense(by_rows), [[np.nan, -1], [1, 0]])


def test_polis_columns_about_participants_are_not_statements() -> None:
    votes = read_votes(
        {
            "participant": [1, 2],
            "group-id": [0, None],
            "n-votes": [1, 0],
            "xid": ["x", "y"],
            "7": [1, None],
        }
    )
    assert votes.statements.to_list() == ["7"]
    assert votes.n_votes.tolist() == [1, 0]


def test_an_export_of_polis_and_its_list_of_votes_with_revotes_are_one(shared: Path) -> None:
    folder = shared / "data" / "votes" / "brexit-consensus"
    listed = pl.read_csv(folder / "votes.csv").rename(
        {"voter-id": "participant", "comment-id": "statement", "timestamp": "time"}
    )
    matrix = read_votes(pl.read_csv(folder / "participants-votes.csv"))
    votes = read_votes(listed)
    assert votes.participants.to_list() == matrix.participants.to_list()
    np.testing.assert_array_equal(dense(votes), dense(matrix))


@pytest.mark.parametrize(
    "times",
    [
        [3.0, 1.0, 2.0],
        ["3", "1", "2"],
        [3e12, 1e12, 2e12],
        ["2026-03-02T10:15:02Z", "2026-03-02T10:15:00Z", "2026-03-02T10:15:01Z"],
        [datetime(2026, 3, day, tzinfo=UTC) for day in (4, 2, 3)],
    ],
)
def test_the_last_vote_counts_whatever_the_form_of_the_time(times: list[object]) -> None:
    votes = read_votes(
        {"participant": ["a"] * 3, "statement": ["s"] * 3, "vote": [1, -1, 0], "time": times}
    )
    assert votes.signs.tolist() == [1]


def test_milliseconds_become_seconds() -> None:
    votes = read_votes(
        {"participant": [1], "statement": [1], "vote": [1], "time": [1_700_000_000_000]}
    )
    assert votes.times is not None
    assert votes.times.tolist() == [1_700_000_000.0]


def test_the_same_event_written_twice_counts_once() -> None:
    votes = read_votes(
        {"participant": ["a"] * 2, "statement": ["s"] * 2, "vote": [1, 1], "time": [5, 5]}
    )
    assert votes.signs.tolist() == [1]


def test_two_different_votes_at_one_time_are_refused() -> None:
    with pytest.raises(ValueRefused, match="two different votes on one statement at the same time"):
        read_votes(
            {"participant": ["a"] * 2, "statement": ["s"] * 2, "vote": [1, -1], "time": [5, 5]}
        )


def test_two_votes_without_a_time_are_refused() -> None:
    with pytest.raises(ValueRefused, match=r"votes twice on statement 's'.*add a column 'time'"):
        read_votes({"participant": ["a"] * 2, "statement": ["s"] * 2, "vote": [1, 1]})


@pytest.mark.parametrize("times", [["5", None], ["2026-03-02T10:15:00Z", "yesterday"]])
def test_a_vote_without_a_readable_time_is_refused(times: list[object]) -> None:
    with pytest.raises(ValueRefused, match="row 2"):
        read_votes({"participant": [1, 2], "statement": [1, 1], "vote": [1, 1], "time": times})


@pytest.mark.parametrize(
    ("vote", "said"), [(2, "A vote is 2"), (0.5, "A vote is 0.5"), (7, "A vote is 7")]
)
def test_a_vote_outside_the_three_is_refused_with_its_row(vote: float, said: str) -> None:
    with pytest.raises(ValueRefused, match=said) as refused:
        read_votes({"participant": [1, 2], "statement": [1, 1], "vote": [1.0, vote]})
    assert refused.value.where == "column 'vote', row 2"
    with pytest.raises(ValueRefused, match=said) as refused:
        read_votes({"participant": [1, 2], "a": [None, vote]})
    assert refused.value.where == "column 'a', row 2"


@pytest.mark.parametrize("column", ["participant", "statement"])
@pytest.mark.parametrize("blank", [None, ""])
def test_a_vote_by_nobody_or_on_nothing_is_refused(column: str, blank: str | None) -> None:
    rows = {"participant": ["a", "b"], "statement": ["s", "s"], "vote": [1, 1]}
    with pytest.raises(ValueRefused, match="has no name"):
        read_votes(rows | {column: ["a", blank]})


def test_numbers_that_are_missing_are_no_names() -> None:
    with pytest.raises(ValueRefused, match="A participant has no name"):
        read_votes({"participant": [1.0, float("nan")], "statement": [1, 1], "vote": [1, 1]})


def test_a_participant_with_two_rows_in_a_matrix_is_refused() -> None:
    with pytest.raises(IdRefused, match="'a' has more than one row"):
        read_votes({"participant": ["a", "a"], "1": [1, -1]})


def test_a_table_without_participants_is_refused() -> None:
    with pytest.raises(ColumnRefused, match="no column 'participant'"):
        read_votes({"person": ["a"], "1": [1]})


def test_weights_are_one_for_each_person() -> None:
    assert read_votes(ROWS | {"weight": [2.0, 3.0, 2.0]}).weights.tolist() == [3.0, 2.0]
    assert read_votes(
        {"participant": ["b", "a"], "weight": [2, 3], "1": [1, 0]}
    ).weights.tolist() == [3, 2]
    with pytest.raises(WeightRefused, match="'b' has two different weights"):
        read_votes(ROWS | {"weight": [2.0, 3.0, 4.0]})
    with pytest.raises(WeightRefused, match="not a positive number"):
        read_votes(ROWS | {"weight": [2.0, None, 2.0]})


@settings(deadline=None, max_examples=20)
@given(st.permutations(range(3)))
def test_the_order_of_rows_changes_nothing(order: list[int]) -> None:
    shuffled = {name: [cells[i] for i in order] for name, cells in ROWS.items()}  # type: ignore[index]
    np.testing.assert_array_equal(dense(read_votes(shuffled)), dense(read_votes(ROWS)))


def test_statements_of_any_text_are_carried_as_they_are() -> None:
    texts = [
        "<script>alert(1)</script>",
        "مرحبا بالعالم",
        "👍🏽 иә",
        "x" * 10_000,
        'a,"b"\n',
        "Қазақ",
    ]
    votes = read_votes({"participant": ["p"] * 6, "statement": texts, "vote": [1] * 6})
    assert votes.statements.to_list() == sorted(texts)


def test_an_empty_table_holds_no_votes() -> None:
    votes = read_votes(
        pl.DataFrame(
            schema={
                "participant": pl.String,
                "statement": pl.String,
                "vote": pl.Int8,
                "time": pl.Float64,
            }
        )
    )
    assert votes.shape == (0, 0)
