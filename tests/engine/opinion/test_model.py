from __future__ import annotations

import numpy as np
import pytest
from scipy.special import expit

from kelisim.engine.frame import Floats
from kelisim.engine.opinion.model import (
    IdealPoint,
    _curvature,
    agreement,
    curvature_of,
    ideal_point,
    passing,
)
from kelisim.engine.opinion.prediction import agreement_log_odds
from tests.engine.opinion.conversations import camps, matrix_votes


def jaakkola_jordan(matrix: Floats, start: IdealPoint, weights: Floats) -> IdealPoint:
    """One round of the updates, person by person and statement by statement, from the paper."""
    from kelisim.engine.opinion.model import Gaussian

    n, m = matrix.shape
    k = start.dimensions
    questions = (
        (matrix == 1, ~np.isnan(matrix) & (matrix != 0), start.agreeing),
        (matrix == 0, ~np.isnan(matrix), start.passing),
    )

    def curvature(i: int, s: int, c: int) -> float:
        t, at = questions[c][2], [c, *range(2, k + 2)]
        z, zv = start.people.mean[i, at], start.people.covariance[i][np.ix_(at, at)]
        y, yv = t.mean[s], t.covariance[s]
        second = (np.outer(z[1:], z[1:]) + zv[1:, 1:]) * (np.outer(y[1:], y[1:]) + yv[1:, 1:])
        level = z[0] ** 2 + zv[0, 0] + y[0] ** 2 + yv[0, 0] + 2 * z[0] * y[0]
        cross = 2 * ((z[0] * z[1:] + zv[0, 1:]) @ y[1:] + (y[0] * y[1:] + yv[0, 1:]) @ z[1:])
        root = np.sqrt(level + cross + second.sum())
        return float(np.tanh(root / 2) / (2 * root))

    omega = {
        (i, s, c): curvature(i, s, c)
        for c in range(2)
        for i in range(n)
        for s in range(m)
        if questions[c][1][i, s]
    }
    mean, cov = np.zeros((n, k + 2)), np.zeros((n, k + 2, k + 2))
    for i in range(n):
        precision = np.diag(np.concatenate([1 / start.priors.habit, np.ones(k)]))
        right = np.zeros(k + 2)
        for (row, s, c), w in omega.items():
            if row == i:
                t, at = questions[c][2], [c, *range(2, k + 2)]
                x = np.concatenate([[1.0], t.mean[s, 1:]])
                second = np.outer(x, x)
                second[1:, 1:] += t.covariance[s][1:, 1:]
                offset = t.mean[s, 0] * x + np.concatenate([[0.0], t.covariance[s][0, 1:]])
                precision[np.ix_(at, at)] += w * second
                right[at] += (questions[c][0][i, s] - 0.5) * x - w * offset
        cov[i] = np.linalg.inv(precision)
        mean[i] = cov[i] @ right
    found = []
    for c in range(2):
        level, loading = start.priors.level[c], start.priors.loading[c]
        tm, tv = np.zeros((m, k + 1)), np.zeros((m, k + 1, k + 1))
        for s in range(m):
            precision = np.diag(1 / np.concatenate([[level], loading]))
            right = np.zeros(k + 1)
            right[0] = start.priors.level_mean[c] / level
            for (i, column, question), w in omega.items():
                if column == s and question == c:
                    x = np.concatenate([[1.0], mean[i, 2:]])
                    second = np.outer(x, x)
                    second[1:, 1:] += cov[i][2:, 2:]
                    offset = mean[i, c] * x + np.concatenate([[0.0], cov[i][c, 2:]])
                    precision += weights[i] * w * second
                    right += weights[i] * ((questions[c][0][i, s] - 0.5) * x - w * offset)
            tv[s] = np.linalg.inv(precision)
            tm[s] = tv[s] @ right
        found.append(Gaussian(tm, tv))
    return IdealPoint(Gaussian(mean, cov), found[0], found[1], start.priors, 1)


def test_a_round_is_the_update_of_the_paper_written_out(monkeypatch: pytest.MonkeyPatch) -> None:
    matrix = camps(9, 6, passing=0.2, seed=3)
    weights = np.linspace(0.5, 1.5, 9)
    votes = matrix_votes(matrix, weights)
    start = ideal_point(votes, 2)
    expected = jaakkola_jordan(matrix, start, weights)
    monkeypatch.setattr("kelisim.engine.opinion.model.MOST_ROUNDS", 1)
    found = ideal_point(votes, 2, start=start)
    for name in ("people", "agreeing", "passing"):
        one, other = getattr(found, name), getattr(expected, name)
        np.testing.assert_allclose(one.mean, other.mean, atol=1e-9)
        np.testing.assert_allclose(one.covariance, other.covariance, atol=1e-9)


def test_camps_stand_apart_along_one_dimension() -> None:
    model = ideal_point(matrix_votes(camps()), 1)
    side = np.sign(model.people.mean[:, 2])
    assert (side[:30] == side[0]).all()
    assert (side[30:] == -side[0]).all()


def test_true_log_odds_are_found_from_simulated_votes() -> None:
    rng = np.random.default_rng(5)
    u, w, b = rng.normal(size=(150, 2)), rng.normal(size=(60, 2)), rng.normal(size=60)
    odds = u @ w.T + b
    matrix = np.where(rng.random(odds.shape) < expit(odds), 1.0, -1.0)
    model = ideal_point(matrix_votes(matrix), 2)
    rows, columns = (g.ravel() for g in np.indices(odds.shape))
    found = agreement_log_odds(model, rows, columns)
    assert np.corrcoef(found.mean, odds.ravel())[0, 1] > 0.9
    # 90 % intervals of the log-odds; mean-field posteriors are a little too narrow.
    inside = np.abs(found.mean - odds.ravel()) < 1.645 * np.sqrt(found.variance)
    assert 0.8 < inside.mean() < 0.95


def test_one_vote_gives_a_position_and_little_certainty() -> None:
    matrix = camps(40, 12)
    matrix[0] = np.nan
    matrix[0, 1] = matrix[1, 1] = 1.0
    matrix[2] = np.nan
    model = ideal_point(matrix_votes(matrix), 1)
    variance = model.people.covariance[:, 2, 2]
    assert abs(model.people.mean[0, 2]) > 0.1
    assert variance[5] < variance[0] < variance[2] == pytest.approx(1.0)
    assert model.people.mean[2, 2] == 0.0


def test_identical_people_stand_in_one_place() -> None:
    matrix = camps(30, 10)
    matrix[4] = matrix[3]
    model = ideal_point(matrix_votes(matrix), 2)
    np.testing.assert_allclose(model.people.mean[4], model.people.mean[3])


def test_a_heavier_person_moves_the_statements_and_not_the_doubt_about_the_others() -> None:
    matrix = camps(30, 10)
    matrix[0] = -1.0
    weights = np.ones(30)
    plain = ideal_point(matrix_votes(matrix, weights), 1)
    weights[0] = 30.0
    heavy = ideal_point(matrix_votes(matrix, weights), 1)
    assert (heavy.agreeing.mean[:, 0] < plain.agreeing.mean[:, 0]).mean() > 0.8


def test_only_ratios_of_weights_matter() -> None:
    matrix = camps(20, 10)
    one = ideal_point(matrix_votes(matrix, np.full(20, 0.1)), 1)
    other = ideal_point(matrix_votes(matrix, np.full(20, 7.0)), 1)
    np.testing.assert_allclose(one.people.mean, other.people.mean, atol=1e-6)


@pytest.mark.parametrize(
    "matrix", [np.zeros((4, 3)), np.ones((4, 3)), np.array([[1.0]]), np.full((5, 2), -1.0)]
)
def test_votes_without_difference_leave_everybody_in_the_middle(matrix: Floats) -> None:
    model = ideal_point(matrix_votes(matrix), 2)
    np.testing.assert_allclose(model.people.mean[:, 2:], 0.0, atol=1e-6)
    assert np.isfinite(model.agreeing.mean).all()


def test_passes_answer_another_question_than_agreement() -> None:
    votes = matrix_votes(np.array([[1.0, 0.0, -1.0, np.nan]]))
    assert agreement(votes).centred.tolist() == [0.5, -0.5]
    assert passing(votes).centred.tolist() == [-0.5, 0.5, -0.5]


def test_compiled_and_plain_python_agree() -> None:
    votes = matrix_votes(camps(6, 5))
    model = ideal_point(votes, 1)
    question = agreement(votes)
    people = model.people.part(np.array([0, 2]))
    from kelisim.engine.opinion.model import _crossed, _moments

    moments = _crossed(_moments(people), 2), _moments(model.agreeing)
    np.testing.assert_allclose(
        _curvature.py_func(question.indptr, question.indices, *moments),
        curvature_of(question, people, model.agreeing),
    )
