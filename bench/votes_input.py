"""The votes of the opinion workloads, read alike by every program."""

import json

import numpy as np


def arrays(folder):
    """Return participants, statements and votes of each vote cast, and the two sizes."""
    people, statements = json.loads((folder / "size.json").read_text())
    found = (np.load(folder / f"{name}.npy") for name in ("rows", "columns", "votes"))
    return (*found, people, statements)


def small():
    """Return a conversation of 40 people and 10 statements in the form of `arrays`.

    Every program maps it before its clock starts: by then its machine code is loaded.
    """
    rows, columns = np.indices((40, 10), np.int32).reshape(2, -1)
    votes = np.random.default_rng(0).integers(-1, 2, rows.size).astype(np.int8)
    return rows, columns, votes, 40, 10


def on_the_scale_of_the_map(places):
    """Return places without their sign, from one map's breadth up.

    The sign of an axis is a choice, and a place beside the middle has no relative error.
    """
    far = np.abs(places)
    return far.max() + far
