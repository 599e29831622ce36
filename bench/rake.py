"""The workload `rake`, through kelisim.rake."""

import json

import polars as pl
from measure import measured

from kelisim import rake


def read(folder):
    return pl.read_parquet(folder / "rake.parquet"), json.loads((folder / "rake.json").read_text())


def work(data, margins):
    return rake(data, margins, weight="weight", tolerance=1e-8).weights


measured("kelisim", read, work)
