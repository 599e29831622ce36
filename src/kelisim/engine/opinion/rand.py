"""How far two groupings of the same people agree, beyond chance."""

from __future__ import annotations

import numpy as np

from kelisim.engine.opinion.votes import Indices


def adjusted_rand(one: Indices, other: Indices) -> float:
    """Return the adjusted Rand index of two labellings, 1 for the same, about 0 for chance.

    Two labellings that both put everybody into one group are the same.

    References
    ----------
    Hubert, Arabie (1985), Comparing partitions, Journal of Classification 2, 193-218.

    Examples
    --------
    >>> adjusted_rand(np.array([0, 0, 1, 1]), np.array([5, 5, 3, 3]))
    1.0
    """
    a = np.unique(one, return_inverse=True)[1]
    b = np.unique(other, return_inverse=True)[1]
    table = np.zeros((a.max(initial=0) + 1, b.max(initial=0) + 1))
    np.add.at(table, (a, b), 1)
    both, rows, columns, all_pairs = (
        float(np.sum(counts * (counts - 1) / 2))
        for counts in (table, table.sum(axis=1), table.sum(axis=0), table.sum())
    )
    expected = rows * columns / all_pairs if all_pairs else 0.0
    most = (rows + columns) / 2
    return 1.0 if most == expected else (both - expected) / (most - expected)
