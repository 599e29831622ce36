"""The banded factor against dense algebra, below and above the size where the inverse changes."""

from __future__ import annotations

import numpy as np
import pytest

from kelisim.engine.smallarea.factor import WIDE, factor


@pytest.mark.parametrize("size", [1, 7, 130, WIDE + 5])
def test_solutions_are_those_of_dense_algebra(size: int) -> None:
    rng = np.random.default_rng(size)
    root = rng.standard_normal((size, 2 * size + 2))
    matrix = root @ root.T
    found, right = factor(matrix), rng.standard_normal((size, 3))
    lower = np.linalg.cholesky(matrix)
    np.testing.assert_allclose(matrix @ found.solve(right[:, 0]), right[:, 0], atol=1e-9)
    np.testing.assert_allclose(lower @ found.whiten(right), right, atol=1e-9)
    np.testing.assert_allclose(lower.T @ found.colour(right), right, atol=1e-9)
    np.testing.assert_allclose(matrix @ found.inverse(), np.eye(size), atol=1e-8)
    assert found.log_determinant() == pytest.approx(np.linalg.slogdet(matrix)[1])
