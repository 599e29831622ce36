from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from kelisim.engine.frame import Floats
from kelisim.engine.opinion import dimensions
from kelisim.engine.opinion.dimensions import choose_dimensions
from kelisim.engine.opinion.prediction import agreement_log_odds, chance, log_loss
from tests.engine.opinion.conversations import camps, conversation, dense, matrix_votes


def test_the_best_of_the_trials_is_chosen() -> None:
    found = choose_dimensions(matrix_votes(camps(80, 30)))
    losses = dict(found.trials)
    assert list(losses) == [1, 2, 3, 5, 8]
    assert losses[found.model.dimensions] == min(losses.values())


def test_every_vote_is_held_out_once_in_a_small_conversation() -> None:
    matrix = camps(20, 12)
    found = choose_dimensions(matrix_votes(matrix))
    assert found.held_out == np.isin(matrix, (1, -1)).sum()


def test_one_fold_is_enough_in_a_large_one(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(dimensions, "ENOUGH", 10)
    matrix = camps(20, 12)
    found = choose_dimensions(matrix_votes(matrix), candidates=(1,))
    assert 10 <= found.held_out < np.isin(matrix, (1, -1)).sum() / 3


@pytest.mark.parametrize("matrix", [np.zeros((3, 3)), np.array([[1.0]]), np.array([[0.0]])])
def test_votes_too_few_to_hold_out_leave_the_prior_alone(matrix: np.ndarray) -> None:
    found = choose_dimensions(matrix_votes(matrix))
    assert found.model.dimensions == 1
    assert np.isfinite(found.calibration.slope)


def test_a_single_person_has_one_dimension() -> None:
    found = choose_dimensions(matrix_votes(np.array([[1.0, -1.0, 1.0, 0.0, 1.0, -1.0]])))
    assert found.model.dimensions == 1
    assert found.held_out == 5


def polis_reconstruction(matrix: Floats, hidden: np.ndarray) -> Floats:
    """Return agreement predicted from two principal components, stretched and calibrated."""
    seen = ~np.isnan(matrix) & ~hidden
    count = np.maximum(seen.sum(axis=0), 1)
    means = np.where(seen, matrix, 0).sum(axis=0) / count
    filled = np.where(seen, matrix - means, 0.0)
    axes = np.linalg.svd(filled, full_matrices=False)[2][:2]
    stretch = np.sqrt(matrix.shape[1] / np.maximum(seen.sum(axis=1), 1))[:, None]
    rebuilt = means + filled @ axes.T * stretch @ axes
    judged = seen & (matrix != 0)
    x, y = rebuilt[judged], matrix[judged] == 1
    beta = np.zeros(2)
    design = np.stack([np.ones_like(x), x], axis=1)
    for _ in range(30):
        p = 1 / (1 + np.exp(-design @ beta))
        beta += np.linalg.solve((design.T * (p * (1 - p))) @ design, design.T @ (y - p))
    return np.asarray(1 / (1 + np.exp(-(beta[0] + beta[1] * rebuilt))), np.float64)


@pytest.mark.parametrize(
    ("name", "least_gain"), [("brexit-consensus", 0.05), ("15-per-hour-seattle", 0.01)]
)
def test_held_out_votes_are_predicted_better_than_by_two_components(
    shared: Path, name: str, least_gain: float
) -> None:
    """One seed of section 5.1's protocol; `bench` runs all conversations and seeds."""
    matrix = dense(conversation(shared, name))
    matrix = matrix[:, (~np.isnan(matrix)).sum(axis=0) >= 5]
    matrix = matrix[(~np.isnan(matrix)).sum(axis=1) >= 7]
    hidden = ~np.isnan(matrix) & (np.random.default_rng(0).random(matrix.shape) < 0.2)
    rows, columns = np.nonzero(hidden & (matrix != 0))
    yes = (matrix[rows, columns] == 1).astype(float)
    found = choose_dimensions(matrix_votes(np.where(hidden, np.nan, matrix)))
    ours = chance(agreement_log_odds(found.model, rows, columns), found.calibration)
    theirs = polis_reconstruction(matrix, hidden)[rows, columns]
    assert log_loss(ours, yes) < (1 - least_gain) * log_loss(theirs, yes)
