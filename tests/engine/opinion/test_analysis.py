from __future__ import annotations

import json
from typing import Any, Literal

import numpy as np
import polars as pl
import pytest

from kelisim.core.errors import ValueRefused, VotesRefused
from kelisim.engine.opinion import OpinionMap, opinion_map
from kelisim.engine.opinion.analysis import LAYERS
from tests.engine.opinion.conversations import camps, dense, matrix_votes
from tests.engine.opinion.test_integrity import attacked

Layer = Literal["model", "live", "polis"]


def as_rows(matrix: np.ndarray, order: np.ndarray | None = None) -> dict[str, list[Any]]:
    rows, columns = np.nonzero(~np.isnan(matrix))
    order = np.arange(len(rows)) if order is None else order
    return {
        "participant": [f"p{i:03d}" for i in rows[order]],
        "statement": [f"s{j:02d}" for j in columns[order]],
        "vote": [int(v) for v in matrix[rows, columns][order]],
    }


def written(found: OpinionMap) -> str:
    """Return everything that would be written, as one text."""
    tables = [found.participants, found.statements, found.slate]
    documents = [found.groups, found.integrity, found.fit]
    return "".join([*(t.write_csv() for t in tables), *(json.dumps(d) for d in documents)])


@pytest.mark.parametrize("layer", LAYERS)
def test_the_order_of_rows_changes_no_byte_of_the_answer(layer: Layer) -> None:
    matrix = camps(60, 24)
    count = int((~np.isnan(matrix)).sum())
    shuffled = as_rows(matrix, np.random.default_rng(1).permutation(count))
    assert written(opinion_map(as_rows(matrix), layer=layer)) == written(
        opinion_map(shuffled, layer=layer)
    )


def test_the_model_layer_fills_every_table() -> None:
    found = opinion_map(matrix_votes(camps(80, 40)))
    assert found.participants.columns == [
        "participant",
        "x",
        "y",
        "x_se",
        "y_se",
        "group",
        "n_votes",
    ]
    assert found.participants["x"].null_count() == 0
    assert (found.participants["x_se"] > 0).all()
    assert set(found.participants["group"].drop_nulls()) == {"A", "B"}
    assert found.statements.columns[:8] == [
        "statement",
        "n_agree",
        "n_disagree",
        "n_pass",
        "agree_share",
        "common_ground",
        "common_ground_low",
        "common_ground_high",
    ]
    assert [g["group"] for g in found.groups["groups"]] == ["A", "B"]
    assert all(g["statements"] for g in found.groups["groups"])
    assert found.groups["stability"]["least_pairwise_ari"] >= 0.9
    assert found.slate["slate"].unique().sort().to_list() == ["common ground", "differences"]
    assert found.integrity["checked"]
    assert not found.integrity["alarm"]
    assert found.fit["dimensions"] in (1, 2, 3, 5, 8)


def test_ranks_put_what_is_surely_shared_before_what_few_have_voted_on() -> None:
    matrix = camps(80, 40)
    matrix[:, 39] = np.nan
    matrix[::20, 39], matrix[:, 38] = 1.0, 1.0
    table = opinion_map(matrix_votes(matrix)).statements
    ranks = table["common_ground_rank"].to_numpy()
    low = table["common_ground_low"].to_numpy()
    assert sorted(ranks) == list(range(1, 41))
    assert (np.diff(low[np.argsort(ranks)]) <= 1e-9).all()
    assert ranks[38] < ranks[39]


def test_common_ground_is_what_both_camps_agree_on() -> None:
    found = opinion_map(matrix_votes(camps(80, 40)))
    score = found.statements["common_ground"].to_numpy()
    assert score[20:].min() > score[:20].max()
    low = found.statements["common_ground_low"].to_numpy()
    high = found.statements["common_ground_high"].to_numpy()
    assert (low <= score).all()
    assert (score <= high).all()


def test_the_layers_say_which_they_are() -> None:
    votes = matrix_votes(camps(40, 20))
    for layer in ("live", "polis"):
        found = opinion_map(votes, layer=layer)
        assert found.layer == found.groups["layer"] == found.fit["layer"] == layer
        assert not found.integrity["checked"]
    polis = opinion_map(votes, layer="polis")
    assert polis.participants["x_se"].null_count() == 40
    assert "group_informed_consensus" in polis.statements.columns
    assert set(polis.slate["slate"]) == {"representative"}
    live = opinion_map(votes, layer="live")
    assert live.statements["common_ground"].null_count() == 0
    assert live.statements["common_ground_low"].null_count() == 20


def test_a_coordinated_twentieth_is_named_capped_and_its_influence_shown() -> None:
    honest = camps(100, 40, apart=1.5)
    plain = opinion_map(matrix_votes(honest))
    found = opinion_map(attacked(honest, 6))
    assert found.integrity["alarm"]
    cluster = found.integrity["clusters"][0]
    assert set(cluster["participants"]) >= {f"p{i:04d}" for i in range(100, 106)}
    assert min(i["common_ground"] for i in cluster["influence_if_not_capped"]) < 0
    assert found.integrity["deleted"] == 0
    assert found.participants.height == 106
    before, after = (m.statements["common_ground"].to_numpy() for m in (plain, found))
    assert np.abs(before - after).max() < 0.1


def test_what_five_per_cent_of_coordinated_accounts_could_change_is_stated() -> None:
    found = opinion_map(matrix_votes(camps(80, 40)), dimensions=1)
    stated = found.integrity["sensitivity"]
    assert stated["coordinated_share"] == 0.05
    assert stated["of_the_first"] == len(stated["statements"]) == 5
    assert stated["stay"] == sum(one["stays"] for one in stated["statements"])
    assert found.fit["dimensions"] == 1
    for one in stated["statements"]:
        assert one["common_ground_after_block"] <= one["common_ground"]
    few = opinion_map({"participant": [1, 2], "statement": [1, 1], "vote": [1, 1]})
    assert few.integrity["sensitivity"]["stay"] == 1
    with pytest.raises(ValueRefused, match="A model of 0 dimensions"):
        opinion_map(matrix_votes(camps(10, 4)), dimensions=0)


def test_ten_thousand_votes_a_minute_are_flagged() -> None:
    matrix = camps(30, 80, unseen=0.0)
    rows = as_rows(matrix)
    hurried = [0.006 * k if p == "p000" else 60.0 * k for k, p in enumerate(rows["participant"])]
    found = opinion_map(rows | {"time": hurried})
    assert found.integrity["bursts"] == [{"participant": "p000", "votes_in_a_minute": 80}]
    assert found.integrity["times"]


def test_people_and_statements_without_votes_stay_in_the_tables() -> None:
    matrix = camps(30, 12)
    matrix[4], matrix[:, 5] = np.nan, np.nan
    for layer in LAYERS:
        found = opinion_map(matrix_votes(matrix), layer=layer)  # type: ignore[arg-type]  # as above
        assert found.participants.height == 30
        assert found.participants.row(4)[1:] == (None, None, None, None, None, 0)
        assert found.statements.row(5)[1:4] == (0, 0, 0)
        assert found.statements.row(5)[4:] == (None,) * (found.statements.width - 4)


@pytest.mark.parametrize("layer", LAYERS)
@pytest.mark.parametrize(
    "matrix",
    [
        np.array([[1.0, -1.0, 0.0]]),
        np.array([[1.0]]),
        np.zeros((6, 5)),
        np.array([[1.0, -1.0], [1.0, -1.0]]),
        np.ones((30, 9)),
    ],
    ids=["one person", "one vote", "all pass", "two alike", "all agree"],
)
def test_the_least_of_votes_is_mapped_without_groups_being_invented(
    layer: Layer, matrix: np.ndarray
) -> None:
    found = opinion_map(matrix_votes(matrix), layer=layer)
    assert found.participants["x"].null_count() == 0
    assert len(found.groups["groups"]) <= 1
    if layer == "model":
        assert found.groups["groups"] == []
        assert found.groups["reason"]


def test_texts_of_every_kind_are_carried_safely() -> None:
    texts = ["<script>alert(1)</script>", "مرحبا", "👍🏽", "x" * 10_000, '=1+1,"q"\n', "Қазақ"]
    matrix = camps(30, 6, unseen=0.0)
    table = pl.DataFrame(
        {"participant": range(30), **{t: matrix[:, j] for j, t in enumerate(texts)}}
    )
    found = opinion_map(table)
    assert found.statements["statement"].to_list() == sorted(texts)
    assert set(found.slate["statement"]) <= set(texts)


def test_rejected_statements_are_left_out() -> None:
    votes = matrix_votes(camps(40, 20))
    found = opinion_map(votes, rejected=("s0003",))
    assert found.statements.height == 19
    assert dense(found.votes).shape == (40, 19)


def test_what_cannot_be_mapped_is_refused() -> None:
    votes = matrix_votes(camps(10, 4))
    with pytest.raises(VotesRefused, match="There is no statement 'zzz'"):
        opinion_map(votes, rejected=("zzz",))
    with pytest.raises(VotesRefused, match="There are no votes"):
        opinion_map(votes, rejected=tuple(votes.statements))
    with pytest.raises(VotesRefused, match="There are no votes"):
        opinion_map({"participant": ["a"], "1": [None]})
    with pytest.raises(ValueRefused, match="There is no layer 'best'"):
        opinion_map(votes, layer="best")  # type: ignore[arg-type]  # what a stranger may write
    with pytest.raises(ValueRefused, match="A slate of 0"):
        opinion_map(votes, slate=0)
