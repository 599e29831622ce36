"""The workload `replicates`, through svy's Sample.weighting.rake; making the Sample is not charged.

It is given the same drawn replicates, and rakes the sample and each of them.
"""

import json

import polars as pl
import svy
from measure import measured


def read(folder):
    data = pl.read_parquet(folder / "replicates.parquet")
    margins = json.loads((folder / "replicates.json").read_text())
    drawn = [name for name in data.columns if name.startswith("drawn")]
    weights = svy.BootstrapWgts(prefix="drawn", n_reps=len(drawn))
    return svy.Sample(data, svy.Design(wgt="weight", rep_wgts=weights)), margins, len(drawn)


def work(sample, margins, count):
    raked = sample.weighting.rake(controls=margins, tol=1e-8, wgt_name="raked")
    return raked.data.select(f"raked{r}" for r in range(1, count + 1)).to_numpy()


measured("svy", read, work)
