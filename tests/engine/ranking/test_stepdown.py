"""Critical values: against published tables, and against the procedure written out."""

from __future__ import annotations

from itertools import permutations

import numpy as np
import pytest
from scipy.special import ndtr

from kelisim.core.errors import ValueRefused
from kelisim.engine.frame import Floats
from kelisim.engine.ranking.covariance import normal_draws
from kelisim.engine.ranking.sets import rank_sets
from kelisim.engine.ranking.stepdown import order_of_quantile

MANY = 60_000
NEAR = 0.025
"""Four standard errors of a quantile of so many draws."""


def critical(estimates: Floats, *, simultaneous: bool = True, step_down: bool = True) -> float:
    sets = rank_sets(
        estimates,
        np.ones(len(estimates)),
        simultaneous=simultaneous,
        step_down=step_down,
        draws=MANY,
    )
    return float(sets.critical_value[0])


@pytest.mark.parametrize(("areas", "tukey"), [(2, 2.772), (3, 3.314), (10, 4.474), (20, 5.012)])
def test_of_equal_areas_it_is_tukeys_studentised_range(areas: int, tukey: float) -> None:
    # Upper 5 % points of the studentised range, infinite degrees of freedom: printed tables.
    assert critical(np.zeros(areas)) == pytest.approx(tukey / np.sqrt(2), abs=NEAR)


@pytest.mark.parametrize(("others", "dunnett"), [(1, 1.96), (2, 2.21), (5, 2.51), (9, 2.69)])
def test_of_one_area_against_the_others_it_is_dunnetts(others: int, dunnett: float) -> None:
    # Two-sided 5 % points of Dunnett's test, infinite degrees of freedom: printed tables.
    found = critical(np.zeros(1 + others), simultaneous=False)
    assert found == pytest.approx(dunnett, abs=NEAR + 0.005)


def test_once_two_areas_are_separated_only_the_reverse_order_is_left() -> None:
    far_apart = np.array([9.0, 0.0])
    assert critical(far_apart, step_down=False) == pytest.approx(1.960, abs=NEAR)
    assert critical(far_apart) == pytest.approx(1.645, abs=NEAR)


def test_once_three_areas_are_separated_it_is_the_largest_of_three_reverse_differences() -> None:
    # With a = (z1 - z2) / sqrt 2 and b = (z2 - z3) / sqrt 2, b given a is N(-a / 2, 3 / 4), and
    # P(max(a, b, a + b) <= c) is one integral; it is 0.95 at the value found.
    c = critical(np.array([99.0, 50.0, 0.0]))
    a = np.linspace(-9, c, 100_001)
    below = ndtr((np.minimum(c, c - a) + a / 2) / np.sqrt(3 / 4))
    density = np.exp(-(a**2) / 2) / np.sqrt(2 * np.pi)
    assert np.trapezoid(density * below, a) == pytest.approx(0.95, abs=0.004)


def written_out(t: Floats, V: Floats, level: float, draws: int, only: int | None) -> float:
    """Return the critical value as the paper has it: every ordered pair is a hypothesis."""
    z = normal_draws(V, draws, np.random.default_rng(7))

    def s(j: int, k: int) -> float:
        return float(np.sqrt(V[j, j] + V[k, k] - 2 * V[j, k]))

    left = {p for p in permutations(range(len(t)), 2) if only is None or only in p}
    while True:
        maxima = sorted(max((row[j] - row[k]) / s(j, k) for j, k in left) for row in z)
        c = maxima[int(np.ceil(level * (draws + 1))) - 1]
        rejected = {(j, k) for j, k in left if (t[j] - t[k]) / s(j, k) > c}
        if not rejected:
            return float(c)
        left -= rejected


@pytest.mark.parametrize("only", [None, 0, 3])
@pytest.mark.parametrize("spread", [0.01, 2.0, 6.0])
def test_it_is_the_procedure_of_romano_and_wolf_written_out(
    spread: float, only: int | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    rng = np.random.default_rng(5)
    part = rng.standard_normal((6, 4))
    t = np.sort(spread * rng.standard_normal(6))[::-1]
    V = part @ part.T + np.diag(rng.uniform(0.1, 1, 6))
    monkeypatch.setattr("kelisim.engine.ranking.sets.stream_seed", lambda *_: 7)
    sets = rank_sets(t, V, 0.9, draws=699, simultaneous=only is None)
    expected = written_out(t, V, 0.9, 699, only)
    assert sets.critical_value[only or 0] == pytest.approx(expected, rel=1e-9)


def test_the_quantile_is_never_below_its_level() -> None:
    assert order_of_quantile(0.95, 19) == 19
    assert order_of_quantile(0.9, 99) == 90
    assert order_of_quantile(0.9, 100) == 91


def test_too_few_draws_for_the_level_are_refused_with_how_many_are_enough() -> None:
    with pytest.raises(ValueRefused, match="Use at least 19 draws"):
        order_of_quantile(0.95, 18)
    assert order_of_quantile(0.95, 19) == 19
