"""The workload `bootstrap`: replicates drawn and raked. The answer is the margins of each.

Machine code is loaded before the clock starts, as svy loads its own with its import.
"""

import json

import numpy as np
import polars as pl
from measure import measured

from kelisim.engine.inference import Design, replicate_weights
from kelisim.engine.weighting import rake, rerake
from kelisim.engine.weighting.reraking import load_kernel


def read(folder):
    load_kernel()
    data = pl.read_parquet(folder / "bootstrap.parquet")
    return data, json.loads((folder / "bootstrap.json").read_text())


def work(data, margins):
    raked = rake(data, margins, weight="weight", tolerance=1e-8)
    drawn = replicate_weights(data, Design("weight", strata="stratum", psu="psu"), count=500)
    return data, margins, rerake(raked, drawn.factors, tolerance=1e-8)


def answer(data, margins, weights):
    """Add up who the replicates stand for; not charged."""
    totals = []
    for name, counts in margins.items():
        column = data[name].to_numpy()
        totals += [weights[column == category].sum(axis=0) for category in counts]
    return np.stack(totals)


measured("kelisim", read, work, answer)
