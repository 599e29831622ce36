"""Simulated, with the truth known: sets hold it as often as they say, calls are as rarely wrong.

Few repetitions, against a limit four standard errors away; `bench/coverage_ranks.py` has many.
"""

from __future__ import annotations

import numpy as np
import pytest

from kelisim.engine.frame import Floats
from kelisim.engine.ranking import rank_sets, threshold_decisions
from kelisim.engine.ranking.discovery import Rule

LEVEL = 0.9
REPETITIONS = 200
LIMIT = LEVEL - 4 * np.sqrt(LEVEL * (1 - LEVEL) / REPETITIONS)

EQUAL = np.zeros(8)
GROUPS = np.repeat([0.0, 6.0], 4)
COMMON = (np.eye(8) + 1) / 2
UNEQUAL = np.diag(np.linspace(0.5, 2, 8) ** 2)


@pytest.mark.parametrize("truth", [EQUAL, GROUPS], ids=["equal", "groups"])
@pytest.mark.parametrize("covariance", [np.eye(8), COMMON, UNEQUAL], ids=["1", "common", "unequal"])
def test_all_sets_hold_all_ranks_at_once_even_of_equal_areas(
    truth: Floats, covariance: Floats
) -> None:
    rng = np.random.default_rng(11)
    best = 1 + (truth[:, None] < truth).sum(axis=1)
    worst = 8 - (truth[:, None] > truth).sum(axis=1)
    held = []
    for seed in range(REPETITIONS):
        estimates = rng.multivariate_normal(truth, covariance)
        sets = rank_sets(estimates, covariance, LEVEL, draws=500, seed=seed)
        held.append(np.all((sets.low <= best) & (worst <= sets.high)))
    assert np.mean(held) >= LIMIT


def test_with_variances_from_five_units_the_degrees_of_freedom_keep_the_level() -> None:
    rng = np.random.default_rng(12)
    held: dict[bool, list[bool]] = {True: [], False: []}
    for seed in range(REPETITIONS):
        estimates, variances = rng.standard_normal(8), rng.chisquare(4, 8) / 4
        for given, every in held.items():
            df = 4 if given else None
            sets = rank_sets(estimates, variances, LEVEL, df=df, draws=500, seed=seed)
            every.append(bool(np.all((sets.low == 1) & (sets.high == 8))))
    assert np.mean(held[True]) >= LIMIT
    assert np.mean(held[False]) < LIMIT


@pytest.mark.parametrize("rule", ["bh", "by"])
@pytest.mark.parametrize("truth", [EQUAL, GROUPS], ids=["all at it", "half at it"])
def test_wrong_calls_at_a_threshold_are_as_rare_as_declared(truth: Floats, rule: Rule) -> None:
    rng = np.random.default_rng(13)
    wrong = []
    for _ in range(600):
        decided = threshold_decisions(truth + rng.standard_normal(8), np.ones(8), 0.0, 0.1, rule)
        above = np.array(decided.verdicts) == "above"
        wrong.append((above & (truth <= 0)).sum() / max(above.sum(), 1))
    assert np.mean(wrong) <= 0.1 + 4 * np.std(wrong) / np.sqrt(600)


def test_with_draws_of_the_right_model_the_bayesian_rule_keeps_its_rate_too() -> None:
    rng = np.random.default_rng(14)
    wrong = []
    for _ in range(400):
        truth = rng.standard_normal(8)
        estimates = truth + rng.standard_normal(8)
        draws = estimates / 2 + np.sqrt(1 / 2) * rng.standard_normal((400, 8))
        above = np.array(threshold_decisions(estimates / 2, draws, 0.0, 0.1).verdicts) == "above"
        wrong.append((above & (truth <= 0)).sum() / max(above.sum(), 1))
    assert np.mean(wrong) <= 0.1 + 4 * np.std(wrong) / np.sqrt(400)
