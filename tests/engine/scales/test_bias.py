"""Item bias: R's mantelhaen.test, an item that is biased on purpose, and refusals."""

from __future__ import annotations

import numpy as np
import polars as pl
import pytest

from kelisim.core.errors import IndicatorRefused
from kelisim.engine.inference import Design
from kelisim.engine.scales import Bias, item_bias, mantel_haenszel

BERKELEY = np.array(
    [
        [[512, 313], [89, 19]],
        [[353, 207], [17, 8]],
        [[120, 205], [202, 391]],
        [[138, 279], [131, 244]],
        [[53, 138], [94, 299]],
        [[22, 351], [24, 317]],
    ],
    dtype=np.float64,
)
"""Admissions at Berkeley in 1973 by department, sex and outcome (Bickel, Hammel, O'Connell 1975).

R: mantelhaen.test(UCBAdmissions)
"""


def test_the_common_odds_ratio_is_that_of_r() -> None:
    found = mantel_haenszel(BERKELEY)
    assert found.odds_ratio == pytest.approx(0.904696828258623, rel=1e-12)
    assert found.statistic == pytest.approx(1.42694622858669, rel=1e-12)
    assert found.p == pytest.approx(0.232263462817048, rel=1e-12)
    ends = np.exp(np.log(found.odds_ratio) + np.array([-1, 1]) * 1.959963984540054 * found.log_se)
    np.testing.assert_allclose(ends, [0.77190736175935, 1.06032976443666], rtol=1e-10)


def battery(seed: int, biased: float, n: int = 1500) -> tuple[Bias, ...]:
    """Simulated: six items of five answers; the second is easier in the second language."""
    rng = np.random.default_rng(seed)
    second = rng.random(n) < 0.4
    trait = rng.normal(size=n) + 0.3 * second
    latent = trait[:, None] + rng.normal(size=(n, 6))
    latent[second, 1] += biased
    answers = np.clip(np.round(3 + latent), 1, 5)
    answers[rng.random((n, 6)) < 0.02] = np.nan
    frame = pl.DataFrame({"w": rng.gamma(4, 0.25, n)})
    names = [f"item {k}" for k in range(6)]
    return item_bias(answers, names, second, (1, 5), frame, Design("w"))


def test_a_biased_item_is_found_and_the_others_are_not() -> None:
    found = battery(1, 1.2)
    assert [one.grade for one in found] == ["A", "C", "A", "A", "A", "A"]
    assert found[1].mantel_haenszel.delta < -1.5
    assert found[1].uniform > 0
    assert found[1].adjusted_p < 1e-6


def test_without_bias_few_items_are_called_biased() -> None:
    """Twenty batteries of six items; at a false discovery rate of 5 %, 3 is far beyond chance."""
    called = sum(one.grade != "A" for seed in range(20) for one in battery(seed, 0.0, 600))
    assert called <= 3


def test_an_item_that_the_score_decides_is_left_to_mantel_haenszel() -> None:
    """Above exactly where the rest is: within a class of scores both answers are there."""
    rng = np.random.default_rng(3)
    rest = np.round(rng.uniform(1, 5, 800), 2)
    answers = np.stack([np.where(rest > 3, 5.0, 1.0), rest, rest], axis=1)
    second = np.arange(800) % 2 == 0
    frame = pl.DataFrame({"w": np.ones(800)})
    found = item_bias(answers, list("abc"), second, (1, 5), frame, Design("w"))
    assert np.isnan(found[0].uniform_p)
    assert found[0].grade == "A"


def test_items_that_cannot_be_compared_are_refused() -> None:
    second = np.arange(100) < 50
    answers = np.stack([np.where(second, 5.0, 1.0)] * 2, axis=1)
    frame = pl.DataFrame({"w": np.ones(100)})
    with pytest.raises(IndicatorRefused, match="no class of equal score"):
        item_bias(answers, list("ab"), second, (1, 5), frame, Design("w"))


def test_a_group_of_a_few_is_refused() -> None:
    answers = np.ones((100, 3))
    for second, name in ((np.arange(100) < 9, "second"), (np.arange(100) >= 9, "first")):
        with pytest.raises(IndicatorRefused, match=f"The {name} group has 9 people"):
            item_bias(
                answers, list("abc"), second, (1, 5), pl.DataFrame({"w": [1.0] * 100}), Design()
            )
