"""The workload `rake`, through svy's Sample.weighting.rake; making the Sample is not charged."""

import json

import polars as pl
import svy
from measure import measured


def read(folder):
    data = pl.read_parquet(folder / "rake.parquet")
    sample = svy.Sample(data, svy.Design(wgt="weight"))
    return sample, json.loads((folder / "rake.json").read_text())


def work(sample, margins):
    raked = sample.weighting.rake(controls=margins, tol=1e-8, wgt_name="raked")
    return raked.data["raked"].to_numpy()


measured("svy", read, work)
