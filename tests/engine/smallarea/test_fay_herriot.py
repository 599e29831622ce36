"""Fay-Herriot as its user meets it."""

from __future__ import annotations

from typing import Any

import numpy as np
import polars as pl
import pytest

from kelisim.core.errors import ColumnRefused, IdRefused, SettingRefused, ValueRefused
from kelisim.engine.smallarea import AreaLevel, fay_herriot
from kelisim.engine.smallarea.area_level import shrink

RNG = np.random.default_rng(3)
TABLE = pl.DataFrame(
    {
        "region": list("HGFEDCBA"),
        "share": RNG.uniform(0.2, 0.6, 8),
        "error": RNG.uniform(0.02, 0.1, 8),
        "income": RNG.uniform(1, 9, 8),
        "zone": list("nsnsnsns"),
    }
)


def run(table: pl.DataFrame = TABLE, **settings: Any) -> AreaLevel:
    given = {"predictors": ["income", "zone"], **settings}
    return fay_herriot(table, "share", "error", "region", **given)


def test_estimates_are_those_of_the_mathematics_in_the_order_of_names() -> None:
    found = run(method="ml", level=0.9, indicator="unrest")
    table = TABLE.sort("region")
    X = np.column_stack([np.ones(8), table["income"], table["zone"] == "s"])
    shrunk = shrink(table["share"].to_numpy(), X, table["error"].to_numpy() ** 2, restricted=False)
    frame = found.estimates
    assert frame["domain"].to_list() == [f"region={name}" for name in "ABCDEFGH"]
    assert set(frame["indicator"]) == {"unrest"}
    assert set(frame["method"]) == {"fay-herriot"}
    np.testing.assert_allclose(frame["estimate"], shrunk.estimate)
    np.testing.assert_allclose(frame["se"], np.sqrt(shrunk.mse))
    np.testing.assert_allclose(frame["ci_high"] - frame["ci_low"], 2 * 1.6448536 * frame["se"])
    np.testing.assert_allclose(found.gamma, shrunk.gamma)
    assert found.variance == pytest.approx(shrunk.variance)
    assert found.coefficients.shape == found.coefficient_se.shape == (3,)
    assert frame["n"].null_count() == frame["deff"].null_count() == 8


def test_a_region_without_a_direct_estimate_is_flagged() -> None:
    gap = pl.when(pl.col("region") != "C")
    found = run(
        TABLE.with_columns(gap.then("share").alias("share"), gap.then("error").alias("error"))
    )
    assert found.estimates["note"].to_list() == [
        "no direct estimate in the area: the estimate is the predictors' alone" if k == 2 else ""
        for k in range(8)
    ]
    assert found.gamma[2] == 0


@pytest.mark.parametrize("error", [None, 0.0, -0.1])
def test_an_estimate_needs_a_positive_error(error: float | None) -> None:
    spoiled = pl.when(pl.col("region") == "E").then(pl.lit(error)).otherwise("error").alias("error")
    with pytest.raises(ValueRefused, match="standard error of 'E' is missing or not positive"):
        run(TABLE.with_columns(spoiled))


def test_too_few_estimates_for_the_coefficients_are_refused() -> None:
    with pytest.raises(ValueRefused, match="3 direct estimates do not determine 3 coefficients"):
        run(TABLE.with_columns(share=pl.when(pl.col("region") < "D").then("share")))
    north = pl.when(pl.col("zone") == "n").then("share").alias("share")
    with pytest.raises(ValueRefused, match="4 direct estimates do not determine 2 coefficients"):
        run(TABLE.with_columns(north), predictors=["zone"])


def test_a_region_twice_a_missing_column_and_an_unknown_method_are_refused() -> None:
    with pytest.raises(IdRefused, match="'H' occurs twice"):
        run(pl.concat([TABLE, TABLE.head(1)]))
    with pytest.raises(ColumnRefused, match="no column 'incme'"):
        run(predictors=["incme"])
    with pytest.raises(SettingRefused, match="method is 'moments'"):
        run(method="moments")
    with pytest.raises(SettingRefused, match="level 95"):
        run(level=95)
