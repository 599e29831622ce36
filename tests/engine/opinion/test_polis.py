from __future__ import annotations

import csv
from pathlib import Path

import numpy as np
import polars as pl
import pytest

from kelisim.engine.opinion.polis import polis_map
from kelisim.engine.opinion.rand import adjusted_rand
from kelisim.engine.opinion.reading import read_votes
from tests.engine.opinion.conversations import camps, matrix_votes


def test_places_are_the_projection_of_the_filled_matrix_stretched_for_light_voters() -> None:
    matrix = camps(30, 20)
    found = polis_map(matrix_votes(matrix))
    seen = ~np.isnan(matrix)
    means = np.where(seen, matrix, 0).sum(axis=0) / seen.sum(axis=0)
    filled = np.where(seen, matrix - means, 0.0)
    axes = np.linalg.svd(filled, full_matrices=False)[2][:2]
    expected = filled @ axes.T * np.sqrt(20 / seen.sum(axis=1))[:, None]
    np.testing.assert_allclose(np.abs(found.places), np.abs(expected), atol=1e-6)


def test_light_voters_are_in_no_group_and_two_camps_are_two_groups() -> None:
    matrix = camps(40, 20)
    matrix[0, 6:] = np.nan
    found = polis_map(matrix_votes(matrix))
    assert found.labels[0] == -1
    assert adjusted_rand(found.labels[1:], np.repeat([0, 1], [19, 20])) == 1.0


@pytest.mark.parametrize(
    ("name", "least"),
    [
        ("austria-climate.2vkxcncppn.2022-07-07", 0.96),
        ("scoop-hivemind.biodiversity", 0.91),
        ("brexit-consensus", 0.87),
    ],
)
def test_groups_are_near_those_that_polis_exported(shared: Path, name: str, least: float) -> None:
    """Polis' groups depend on its history too; red-dwarf 0.4.0 reaches .967, .954 and .876."""
    folder = shared / "data" / "votes" / name
    table = pl.read_csv(folder / "participants-votes.csv", infer_schema_length=None)
    with (folder / "comments.csv").open(encoding="utf-8", newline="") as lines:
        out = [row["comment-id"] for row in csv.DictReader(lines) if row["moderated"] == "-1"]
    votes = read_votes(table)
    theirs = dict(zip(table["participant"].cast(pl.String), table["group-id"], strict=True))
    groups = np.array([-1 if theirs[p] is None else theirs[p] for p in votes.participants])
    found = polis_map(votes, rejected=votes.statements.is_in(out).to_numpy(), groups=2)
    both = (groups >= 0) & (found.labels >= 0)
    assert adjusted_rand(groups[both], found.labels[both]) >= least


def test_a_rejected_statement_has_no_consensus() -> None:
    votes = matrix_votes(camps(30, 12))
    found = polis_map(votes, rejected=np.arange(12) < 2)
    assert found.consensus.shape == (10,)


def test_a_conversation_of_light_voters_has_places_and_no_groups() -> None:
    found = polis_map(matrix_votes(np.array([[1.0, -1.0], [-1.0, 1.0]])))
    assert found.labels.tolist() == [-1, -1]
    assert np.isfinite(found.places).all()
    assert found.representatives == ()
