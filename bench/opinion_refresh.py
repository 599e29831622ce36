"""The workload `opinion_refresh`: a thousand more votes, and everybody's map after them."""

import numpy as np
import polars as pl
from measure import measured
from votes_input import arrays

from kelisim.engine.opinion.live import live_opinion
from kelisim.engine.opinion.updating import with_changes
from kelisim.engine.opinion.votes import from_codes

CHANGES = 1_000


def named(count):
    return pl.Series(np.arange(count)).cast(pl.String)


def snapshot(rows, columns, votes, people, statements):
    return from_codes(named(people), named(statements), rows, columns, votes)


def read(folder):
    rows, columns, votes, people, statements = arrays(folder)
    early = slice(None, -CHANGES), slice(-CHANGES, None)
    before, changes = (
        snapshot(rows[part], columns[part], votes[part], people, statements) for part in early
    )
    found = live_opinion(before)
    work(before, changes, found)
    return before, changes, found


def work(before, changes, found):
    return live_opinion(with_changes(before, changes), before=found.map).common_ground.score


measured("kelisim", read, work)
