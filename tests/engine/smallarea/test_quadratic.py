"""Weighted cross-products through the sparse trick are those of the matrix written out."""

from __future__ import annotations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from kelisim.engine.smallarea.quadratic import quadratic
from kelisim.engine.smallarea.terms import model_rows
from tests.engine.smallarea.cases import dense_matrix, terms, variables

WHOLE = dense_matrix(terms(), variables())
SPARSE = quadratic(model_rows(terms(), variables()))


def test_the_matrix_has_every_entry_in_its_place() -> None:
    assert terms().columns == 2 + 1 + 4 + 3 + 6 + 12
    np.testing.assert_array_equal(SPARSE.matrix.toarray(), WHOLE)
    np.testing.assert_array_equal(SPARSE.transposed.toarray(), WHOLE.T)


@given(st.integers(0, 10**6))
@settings(deadline=None, max_examples=20)
def test_gram_and_forms_equal_dense_algebra(seed: int) -> None:
    rng = np.random.default_rng(seed)
    weights = rng.uniform(0, 9, len(WHOLE))
    root = rng.standard_normal((WHOLE.shape[1], WHOLE.shape[1]))
    np.testing.assert_allclose(SPARSE.gram(weights), WHOLE.T @ np.diag(weights) @ WHOLE, atol=1e-12)
    V = root @ root.T
    np.testing.assert_allclose(
        SPARSE.forms(V), [row @ V @ row for row in WHOLE], rtol=1e-11, atol=1e-11
    )


def test_a_model_without_an_area_effect_or_a_contrast_has_only_its_own_columns() -> None:
    model = terms()
    bare = type(model)(model.fixed, (), model.random[1:2])
    rows = quadratic(model_rows(bare, variables()))
    np.testing.assert_array_equal(rows.matrix.toarray(), dense_matrix(bare, variables()))
