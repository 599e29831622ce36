"""The workload `opinion`, through the layer that computes as Polis does."""

import numpy as np
import polars as pl
from measure import measured
from votes_input import arrays, on_the_scale_of_the_map

from kelisim.engine.opinion.polis import polis_map
from kelisim.engine.opinion.votes import from_codes


def named(count):
    return pl.Series(np.arange(count)).cast(pl.String)


def work(rows, columns, votes, people, statements):
    found = polis_map(from_codes(named(people), named(statements), rows, columns, votes))
    return on_the_scale_of_the_map(found.places)


def read(folder):
    given = arrays(folder)
    # Compiled once per machine and kept; a first call in a process still loads the code.
    work(np.zeros(1, np.int32), np.zeros(1, np.int32), np.ones(1, np.int8), 1, 1)
    return given


measured("kelisim", read, work)
