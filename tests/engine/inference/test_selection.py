"""What selection would do: exact in simulated populations, and the limits of the model."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kelisim.core.errors import ValueRefused
from kelisim.engine.inference.selection import (
    best_proxy,
    bounds_of_selection,
    proxy_model,
    selection_to_reach,
)

SHARES = st.floats(0.01, 0.99)


@given(
    st.lists(st.tuples(SHARES, st.floats(0.1, 10), st.floats(0.2, 5)), min_size=1, max_size=8),
    st.floats(0.001, 0.1),
)
def test_no_selection_within_cells_escapes_the_bounds(
    cells: list[tuple[float, float, float]], chance: float
) -> None:
    """Populations of cells: true share, size, and how much more often yes takes part."""
    truth, size, factor = (np.array(column) for column in zip(*cells, strict=True))
    yes, no = truth * factor * chance, (1 - truth) * chance
    seen = yes / (yes + no)
    ratio = float(np.maximum(factor, 1 / factor).max())
    found = bounds_of_selection(np.average(seen, weights=size), ratio)
    real = np.average(truth, weights=size)
    assert found.low - 1e-9 <= real <= found.high + 1e-9


@given(SHARES, SHARES)
def test_the_ratio_to_reach_a_share_reaches_it(share: float, other: float) -> None:
    ratio = float(selection_to_reach(share, other))
    found = bounds_of_selection(share, max(ratio, 1.0))
    end = found.low if other < share else found.high
    assert float(end) == pytest.approx(other, rel=1e-6)


def test_a_share_of_nothing_is_not_moved() -> None:
    assert np.isinf(selection_to_reach(0.5, 1.0))
    assert float(selection_to_reach(0.3, 0.3)) == 1.0


def test_the_proxy_model_is_exact_where_its_world_is_true() -> None:
    """Simulated, a million people: the answer and its proxy normal, selection by the answer."""
    rng = np.random.default_rng(1)
    x = rng.normal(size=1_000_000)
    y = 0.6 * x + 0.8 * rng.normal(size=x.size)
    came = rng.random(x.size) < 1 / (1 + np.exp(4 - 0.8 * y))
    found = proxy_model(y[came], x[came], x.mean(), x.var(), phi=[0.0, 1.0])
    assert abs(found.estimate[1] - y.mean()) < 0.05
    assert abs(found.estimate[0] - y.mean()) > 0.3
    assert found.correlation == pytest.approx(0.6, abs=0.03)


def test_of_a_share_the_model_holds_for_the_normal_variable_behind_it() -> None:
    rng = np.random.default_rng(2)
    x = rng.normal(size=1_000_000)
    latent = 0.7 * x + np.sqrt(0.51) * rng.normal(size=x.size)
    yes = (latent > 0.3) * 1.0
    came = rng.random(x.size) < 1 / (1 + np.exp(5 - 0.7 * x))
    found = proxy_model(yes[came], x[came], x.mean(), x.var(), binary=True, phi=[0.0])
    assert abs(float(found.estimate[0]) - yes.mean()) < 0.01
    assert yes[came].mean() - yes.mean() > 0.1
    assert found.correlation == pytest.approx(0.7, abs=0.02)


def test_of_a_share_no_population_is_made_up_where_none_fits() -> None:
    """Volunteers vary more than the population in a weak proxy: no mean could be told at phi 1."""
    group = np.repeat([0, 1], 500)
    yes = np.r_[np.arange(500) < 225, np.arange(500) < 275] * 1.0
    proxy = best_proxy(yes, np.eye(2)[group], np.eye(2), [800.0, 200.0])
    phi = [0.0, 0.5, 1.0]
    found = proxy_model(yes, proxy.values, proxy.mean, proxy.variance, binary=True, phi=phi)
    # At 0 the regression of the normal variable itself, whose variance is never used up.
    assert found.estimate[0] == pytest.approx(0.8 * 0.45 + 0.2 * 0.55, abs=0.002)
    assert np.isnan(found.estimate[2])
    known = found.estimate[np.isfinite(found.estimate)]
    assert ((known > 0) & (known < 1)).all()


def test_refusals() -> None:
    with pytest.raises(ValueRefused, match="Give 1 for none"):
        bounds_of_selection([0.5], 0.9)
    with pytest.raises(ValueRefused, match="below 0 or above 1"):
        bounds_of_selection([1.5], 2)
    with pytest.raises(ValueRefused, match="same for everybody"):
        proxy_model([1, 1, 1], [1, 2, 3], 0, 1)
    with pytest.raises(ValueRefused, match="must rise"):
        proxy_model([1, 2, 3], [3, 2, 1], 0, 1)


def test_the_proxy_without_selection_is_the_regression_estimate() -> None:
    """At phi = 0 the mean of numbers is that of the regression, taken over the population."""
    rng = np.random.default_rng(5)
    group = rng.integers(0, 3, 400)
    y = 2.0 * group + rng.normal(size=400)
    design, reference = np.eye(3)[group], np.eye(3)
    counts = np.array([100.0, 300.0, 600.0])
    proxy = best_proxy(y, design, reference, counts)
    means = np.array([y[group == g].mean() for g in range(3)])
    expected = means @ counts / counts.sum()
    assert proxy.mean == pytest.approx(expected)
    assert proxy.variance == pytest.approx(counts @ (means - expected) ** 2 / counts.sum())
    found = proxy_model(y, proxy.values, proxy.mean, proxy.variance)
    assert found.estimate[0] == pytest.approx(expected)
    assert found.correlation == pytest.approx(proxy.values.std() / y.std())
