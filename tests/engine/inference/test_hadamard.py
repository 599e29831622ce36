"""Hadamard's property, and the orders at hand."""

from __future__ import annotations

import numpy as np
import pytest

from kelisim.engine.inference.hadamard import hadamard


@pytest.mark.parametrize("least", [*range(1, 50), 60, 101])
def test_columns_are_balanced_against_each_other(least: int) -> None:
    signs = hadamard(least).astype(np.int64)
    order = len(signs)
    assert order >= least
    assert set(np.unique(signs)) <= {-1, 1}
    np.testing.assert_array_equal(signs.T @ signs, order * np.eye(order))
    assert (signs[:, 0] == 1).all()


def test_no_multiple_of_four_up_to_48_is_left_out() -> None:
    orders = {len(hadamard(least)) for least in range(3, 49)}
    assert orders == set(range(4, 49, 4))
