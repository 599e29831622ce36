"""Which terms a model gets, and interactions that are none."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import polars as pl
import pytest

from kelisim.core.errors import ColumnRefused, SettingRefused
from kelisim.engine.smallarea.model import choose_terms
from kelisim.engine.smallarea.reading import Population, read_population
from tests.engine.smallarea.cases import country


def population(**changes: pl.Expr) -> Population:
    return read_population(country().with_columns(**changes), "region", ["sex", "age"], "n")


def test_two_categories_are_a_contrast_and_more_are_random() -> None:
    terms = choose_terms(population(), np.ones((6, 1)), [("age", "sex"), ("region", "age")])
    assert terms.contrasts == (1,)
    assert [term.name for term in terms.random] == ["region", "age", "age:sex", "region:age"]
    assert [term.levels for term in terms.random] == [6, 3, 6, 18]
    assert terms.starts == (2, 8, 11, 17, 35)


def test_one_category_and_its_interactions_are_left_out() -> None:
    terms = choose_terms(population(sex=pl.lit("f")), np.ones((6, 1)), [("age", "sex")])
    assert terms.contrasts == ()
    assert [term.name for term in terms.random] == ["region", "age"]


def test_two_areas_still_vary_at_random_and_one_does_not() -> None:
    two = population(
        region=pl.when(pl.col("region") < "D").then(pl.lit("A")).otherwise(pl.lit("B"))
    )
    assert choose_terms(two, np.ones((2, 1)), []).random[0].levels == 2
    one = choose_terms(population(region=pl.lit("A")), np.ones((1, 1)), [])
    assert [term.name for term in one.random] == ["age"]
    assert not one.of_area


@pytest.mark.parametrize("wish", ["sex", ("sex",), ("sex", "sex"), ()])
def test_what_does_not_cross_two_variables_is_refused(wish: Sequence[str]) -> None:
    with pytest.raises(SettingRefused, match="not an interaction"):
        choose_terms(population(), np.ones((6, 1)), [wish])


def test_an_interaction_is_asked_for_once() -> None:
    with pytest.raises(SettingRefused, match="'sex', 'age' is asked for twice"):
        choose_terms(population(), np.ones((6, 1)), [("age", "sex"), ("sex", "age")])


def test_an_unknown_variable_is_named() -> None:
    with pytest.raises(ColumnRefused, match=r"no variable 'agee'.*Did you mean 'age'"):
        choose_terms(population(), np.ones((6, 1)), [("sex", "agee")])
