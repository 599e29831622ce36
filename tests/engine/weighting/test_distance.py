"""Distances of calibration: F is 1 at 0, rises, keeps its bounds, and is the derivative of G."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from kelisim.core.errors import SettingRefused
from kelisim.engine.weighting.distance import distance_of
from kelisim.engine.weighting.fitting import Bounds

KINDS: list[tuple[str, Bounds | None]] = [
    ("linear", None),
    ("linear", (0.4, 2.5)),
    ("raking", None),
    ("raking", (0.4, 2.5)),
    ("raking", (0.0, 2.5)),
    ("logit", (0.4, 2.5)),
    ("logit", (0.0, 1.2)),
]


@pytest.mark.parametrize(("name", "bounds"), KINDS)
def test_f_is_the_derivative_of_g_and_its_slope_that_of_f(name: str, bounds: Any) -> None:
    chosen = distance_of(name, bounds)
    eta = np.linspace(-3, 3, 61) + 0.0123
    h = 1e-6
    np.testing.assert_allclose(
        (chosen.G(eta + h) - chosen.G(eta - h)) / (2 * h), chosen.F(eta), rtol=1e-7, atol=1e-7
    )
    np.testing.assert_allclose(
        (chosen.F(eta + h) - chosen.F(eta - h)) / (2 * h), chosen.slope(eta), rtol=1e-6, atol=1e-6
    )


@pytest.mark.parametrize(("name", "bounds"), KINDS)
def test_f_starts_at_one_rises_and_keeps_its_bounds(name: str, bounds: Any) -> None:
    chosen = distance_of(name, bounds)
    assert chosen.F(np.zeros(1)) == pytest.approx(1)
    assert chosen.slope(np.zeros(1)) == pytest.approx(1)
    ratios = chosen.F(np.linspace(-800, 800, 999))
    assert (np.diff(ratios) >= 0).all()
    if bounds:
        assert ratios.min() == pytest.approx(bounds[0])
        assert ratios.max() == pytest.approx(bounds[1])


@pytest.mark.parametrize(
    ("name", "bounds", "words"),
    [
        ("lineer", None, "Did you mean 'linear'"),
        ("euclid", None, "Choose one of linear, raking, logit"),
        ("logit", None, "The logit distance has no bounds"),
        ("linear", (1.0, 2.0), "1 lies between the bounds"),
    ],
)
def test_what_is_no_distance_is_refused(name: str, bounds: Any, words: str) -> None:
    with pytest.raises(SettingRefused, match=words):
        distance_of(name, bounds)
