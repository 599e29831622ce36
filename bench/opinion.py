"""The workload `opinion`, through the layer that computes as Polis does."""

import numpy as np
import polars as pl
from measure import measured
from votes_input import arrays, on_the_scale_of_the_map, small

from kelisim.engine.opinion.polis import polis_map
from kelisim.engine.opinion.votes import from_codes


def named(count):
    return pl.Series(np.arange(count)).cast(pl.String)


def work(rows, columns, votes, people, statements):
    found = polis_map(from_codes(named(people), named(statements), rows, columns, votes))
    return on_the_scale_of_the_map(found.places)


def read(folder):
    work(*small())
    return arrays(folder)


measured("kelisim", read, work)
