"""The workload `estimates`, through svy's estimation.mean; making the Sample is not charged.

Kelisim always adds design effects; svy is not asked for them.
"""

import numpy as np
import polars as pl
import svy
from measure import measured


def read(folder):
    data = pl.read_parquet(folder / "estimates.parquet")
    design = svy.Design(stratum="stratum", psu="psu", wgt="weight")
    return svy.Sample(data, design), [name for name in data.columns if name.startswith("item")]


def work(sample, items):
    nation, domains = (sample.estimation.mean(items, by=by) for by in (None, "domain"))
    tables = [one.to_polars() for pair in zip(nation, domains, strict=True) for one in pair]
    columns = ["est", "se", "lci", "uci", "df", "n"]
    rows = [table.sort(table.columns[0]).select(columns) for table in tables]
    return np.concatenate([np.ravel(table) for table in rows])


measured("svy", read, work)
