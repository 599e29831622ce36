"""The workload `mrp`, through kelisim.engine.smallarea.mrp."""

import polars as pl
from measure import measured

from kelisim.engine.smallarea import mrp

INTERACTIONS = [("sex", "ethnicity"), ("education", "age"), ("education", "ethnicity")]


def read(folder):
    return [pl.read_csv(folder / f"{name}.csv") for name in ("people", "population", "areas")]


def work(people, population, areas):
    cells = ["ethnicity", "sex", "age", "education"]
    found = mrp(people, population, "yes", "area", cells, interactions=INTERACTIONS,
                area_predictors=areas, draws=1000)  # fmt: skip
    return found.estimates["estimate"][1:]


measured("kelisim", read, work)
