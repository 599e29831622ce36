"""The workloads `opinion_live` and `opinion_million`, through the live layer."""

import numpy as np
import polars as pl
from measure import measured
from votes_input import arrays, small

from kelisim.engine.opinion.live import live_opinion
from kelisim.engine.opinion.votes import from_codes


def named(count):
    return pl.Series(np.arange(count)).cast(pl.String)


def work(rows, columns, votes, people, statements):
    found = live_opinion(from_codes(named(people), named(statements), rows, columns, votes))
    return found.common_ground.score


def read(folder):
    work(*small())
    return arrays(folder)


measured("kelisim", read, work)
