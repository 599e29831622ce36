"""The workload `opinion_visit`: one more vote moves a person's own dot, a thousand times."""

import numpy as np
import polars as pl
from measure import measured
from votes_input import arrays

from kelisim.engine.opinion.live import live_map
from kelisim.engine.opinion.visit import map_document, map_from, place_one
from kelisim.engine.opinion.votes import from_codes

PEOPLE = 1_000


def read(folder):
    rows, columns, votes, people, statements = arrays(folder)
    names = (pl.Series(np.arange(size)).cast(pl.String) for size in (people, statements))
    snapshot = from_codes(*names, rows, columns, votes)
    current = map_from(map_document(live_map(snapshot)))
    known = snapshot.statements.to_list()
    cast = []
    for i in range(PEOPLE):
        own = slice(snapshot.indptr[i], snapshot.indptr[i + 1])
        cast.append(
            {
                known[j]: int(v)
                for j, v in zip(snapshot.indices[own], snapshot.signs[own], strict=True)
            }
        )
    work(current, cast[:1])
    return current, cast


def work(current, cast):
    return [place_one(current, votes).x for votes in cast]


measured("kelisim", read, work)
