"""How far weights are from equal."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kelisim.engine.weighting import diagnostics

weights = st.lists(st.floats(0.01, 100), min_size=1, max_size=30)


@given(weights, st.floats(0.01, 100))
@settings(deadline=None, max_examples=50)
def test_the_design_effect_is_one_plus_the_squared_coefficient_of_variation(
    w: list[float], scale: float
) -> None:
    found = diagnostics(w)
    assert found.kish_deff == pytest.approx(1 + float(np.std(w) / np.mean(w)) ** 2)
    assert found.n_eff == pytest.approx(len(w) / found.kish_deff)
    assert diagnostics(np.array(w) * scale).kish_deff == pytest.approx(found.kish_deff)


def test_equal_weights_lose_nothing() -> None:
    found = diagnostics([3.0, 3.0, 3.0, 3.0])
    assert (found.n, found.sum, found.kish_deff, found.n_eff) == (4, 12.0, 1.0, 4.0)


def test_ratios_are_to_the_base_weights() -> None:
    found = diagnostics([2.0, 3.0], [4.0, 1.0])
    assert (found.min_ratio, found.max_ratio) == (0.5, 3.0)
