"""The workload `replicates`: one bootstrap, drawn beforehand, raked again in every replicate.

Machine code is loaded before the clock starts, as svy loads its own with its import.
"""

import json

import polars as pl
from measure import measured

from kelisim.engine.weighting import rake, rerake
from kelisim.engine.weighting.reraking import load_kernel


def read(folder):
    load_kernel()
    data = pl.read_parquet(folder / "replicates.parquet")
    margins = json.loads((folder / "replicates.json").read_text())
    drawn = [name for name in data.columns if name.startswith("drawn")]
    return data, margins, drawn


def work(data, margins, drawn):
    weight = data["weight"].to_numpy()
    raked = rake(data, margins, weight=weight, tolerance=1e-8)
    factors = data.select(drawn).to_numpy(writable=True)
    factors /= weight[:, None]
    return rerake(raked, factors, tolerance=1e-8)


measured("kelisim", read, work)
