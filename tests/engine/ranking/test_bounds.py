"""A bound is never below what it bounds, and what it spares is never the maximum."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from kelisim.engine.frame import Floats
from kelisim.engine.ranking import bounds
from kelisim.engine.ranking.bounds import exact_maxima, extremes, private_scale, upper_bounds
from kelisim.engine.ranking.covariance import difference_errors, normal_draws
from kelisim.engine.ranking.maxima import Pairs, all_pairs, largest_differences, pairs_with


def weighed(covariance: Floats) -> Floats:
    s = difference_errors(covariance)
    return np.divide(1.0, s, out=np.zeros_like(s), where=s > 0)


def bounds_and_maxima(covariance: Floats, pairs: Pairs) -> tuple[Floats, Floats]:
    z = normal_draws(covariance, 256, np.random.default_rng(2))
    scale = private_scale(covariance, difference_errors(covariance))
    weights = weighed(covariance)[pairs.rows]
    above = upper_bounds(z, scale, extremes(z, scale), pairs)
    return above, largest_differences(z, weights, weights, pairs)


parts = arrays(
    np.float64, st.tuples(st.integers(2, 6), st.integers(1, 6)), elements=st.integers(-9, 9)
)
own = st.sampled_from([0.0, 1e-3, 1.0, 30.0])
law = settings(deadline=None, max_examples=80)


@given(parts, own)
@law
def test_no_difference_exceeds_its_bound(part: Floats, own: float) -> None:
    covariance = part @ part.T + own * np.eye(len(part))
    for pairs in (all_pairs(len(part)), pairs_with(0), pairs_with(len(part) - 1)):
        bound, maxima = bounds_and_maxima(covariance, pairs)
        assert np.all(maxima <= bound)


def test_an_exact_area_among_uncertain_ones_is_bounded_too() -> None:
    bound, maxima = bounds_and_maxima(np.diag([0.0, 1.0, 2.0]), all_pairs(3))
    assert np.all(maxima <= bound)


def test_exact_areas_alone_have_the_bound_zero() -> None:
    bound, _ = bounds_and_maxima(np.zeros((3, 3)), all_pairs(3))
    assert not bound.any()


@pytest.mark.parametrize("common", [0.0, 5.0])
def test_many_independent_areas_nearly_reach_the_bound_whatever_moves_them_all(
    common: float,
) -> None:
    bound, maxima = bounds_and_maxima(np.eye(60) + common, all_pairs(60))
    assert np.median(bound / maxima) < 1.02


@pytest.mark.parametrize("contests", [0, 2, 99], ids=["none alone", "some alone", "all alone"])
@given(part=parts, own=own, left_out=st.floats(0, 1))
@law
def test_pairing_only_the_areas_that_contend_leaves_the_maxima(
    contests: int, part: Floats, own: float, left_out: float
) -> None:
    covariance = part @ part.T + own * np.eye(len(part))
    rng = np.random.default_rng(3)
    weights = weighed(covariance) * (rng.uniform(size=covariance.shape) >= left_out)
    z = normal_draws(covariance, 40, rng)
    scale = private_scale(covariance, difference_errors(covariance))
    arguments = weights, weights.T, all_pairs(len(part))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(bounds, "FEW", 1)
        patch.setattr(bounds, "CONTESTS", contests)
        found = exact_maxima(z, scale, *arguments)
    assert np.allclose(found, largest_differences(z, *arguments), rtol=1e-14, atol=0)
