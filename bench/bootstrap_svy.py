"""The workload `bootstrap`, through svy's create_bs_wgts (Rao-Wu) and rake."""

import json

import numpy as np
import polars as pl
import svy
from measure import measured


def read(folder):
    data = pl.read_parquet(folder / "bootstrap.parquet")
    sample = svy.Sample(data, svy.Design(stratum="stratum", psu="psu", wgt="weight"))
    return data, sample, json.loads((folder / "bootstrap.json").read_text())


def work(data, sample, margins):
    drawn = sample.weighting.create_bs_wgts(500, rep_prefix="drawn", rstate=1)
    raked = drawn.weighting.rake(controls=margins, tol=1e-8, wgt_name="raked")
    return data, margins, raked


def answer(data, margins, raked):
    weights = raked.data.select(f"raked{r}" for r in range(1, 501)).to_numpy()
    totals = []
    for name, counts in margins.items():
        column = data[name].to_numpy()
        totals += [weights[column == category].sum(axis=0) for category in counts]
    return np.stack(totals)


measured("svy", read, work, answer)
