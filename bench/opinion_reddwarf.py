"""The workload `opinion`, through red-dwarf."""

import warnings

from measure import measured
from reddwarf.implementations.base import run_pipeline
from votes_input import arrays, on_the_scale_of_the_map, small

warnings.filterwarnings("ignore")


def read(folder):
    work(as_rows(*small()))
    return (as_rows(*arrays(folder)),)


def as_rows(rows, columns, votes, *_):
    cells = zip(rows.tolist(), columns.tolist(), votes.tolist(), strict=True)
    keys = ("participant_id", "statement_id", "vote", "modified")
    return [dict(zip(keys, (*cell, 0), strict=True)) for cell in cells]


def work(votes):
    found = run_pipeline(votes=votes, random_state=1)
    return on_the_scale_of_the_map(found.participants_df.sort_index()[["x", "y"]].to_numpy())


measured("red-dwarf", read, work)
