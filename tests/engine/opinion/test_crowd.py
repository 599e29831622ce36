from __future__ import annotations

import numpy as np
import pytest

from kelisim.core.errors import ValueRefused
from kelisim.engine.opinion.crowd import Verdict, distance


def rng() -> np.random.Generator:
    return np.random.default_rng(0)


def test_the_distance_is_the_share_that_would_have_to_be_others() -> None:
    found = distance(np.array([30.0, 70.0, 0.0]), np.array([5e6, 4e6, 1e6]), rng())
    assert found.total_variation == pytest.approx(0.3)
    assert found.verdict is Verdict.FAR
    assert found.design_effect == np.inf


@pytest.mark.parametrize(
    ("counts", "verdict"),
    [
        ([500.0, 500.0], Verdict.ALIKE),
        ([560.0, 440.0], Verdict.NEAR),
        ([700.0, 300.0], Verdict.APART),
        ([850.0, 150.0], Verdict.FAR),
    ],
)
def test_verdicts_go_from_like_a_random_sample_to_far(
    counts: list[float], verdict: Verdict
) -> None:
    assert distance(np.array(counts), np.array([1e6, 1e6]), rng()).verdict is verdict


def test_few_participants_can_be_far_by_chance_alone() -> None:
    few = distance(np.array([7.0, 3.0]), np.array([1e6, 1e6]), rng())
    assert few.verdict is Verdict.ALIKE
    assert few.by_chance > few.total_variation


def test_random_samples_are_called_so_about_ninety_five_times_in_a_hundred() -> None:
    draws, share = rng(), np.array([0.5, 0.3, 0.2])
    verdicts = [
        distance(draws.multinomial(300, share).astype(float), share * 1e6, rng()).verdict
        for _ in range(200)
    ]
    assert 0.9 <= np.mean([v is Verdict.ALIKE for v in verdicts]) <= 0.99


def test_the_design_effect_is_that_of_the_weights_that_mend_the_crowd() -> None:
    counts, population = np.array([30.0, 70.0]), np.array([6e6, 4e6])
    weights = np.repeat(population / counts, [30, 70])
    kish = 100 * np.sum(weights**2) / weights.sum() ** 2
    assert distance(counts, population, rng()).design_effect == pytest.approx(kish)


@pytest.mark.parametrize(("counts", "population"), [([0.0, 0.0], [1.0, 1.0]), ([1.0], [0.0])])
def test_nobody_cannot_be_compared(counts: list[float], population: list[float]) -> None:
    with pytest.raises(ValueRefused, match="nobody to compare"):
        distance(np.array(counts), np.array(population), rng())
