"""The workload `estimates`, through kelisim.estimate."""

import numpy as np
import polars as pl
from measure import measured

from kelisim import Design, estimate

DESIGN = Design("weight", strata="stratum", psu="psu")


def read(folder):
    data = pl.read_parquet(folder / "estimates.parquet")
    items = [name for name in data.columns if name.startswith("item")]
    return data, [{"name": name, "kind": "mean", "column": name} for name in items]


def work(data, indicators):
    table = estimate(data, DESIGN, indicators, [["domain"]]).to_polars()
    return np.ravel(table.select("estimate", "se", "ci_low", "ci_high", "df", "n"))


measured("kelisim", read, work)
