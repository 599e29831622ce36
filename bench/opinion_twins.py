"""Can a copy be told from a person by its votes? opinion_twins.py [DRAWS [NAME...]]

The push attack of opinion_manipulation.py, in which each account copies a real person's votes. For
each pair of accounts the likelihood ratio of 'one voice' (the same judgement in 95 % of the
statements both judged) to independent judgements under the model of two dimensions is an e-value;
pairs are named at a false discovery rate of 1 % under any dependence (Wang, Ramdas 2022, False
discovery rate control with e-values). Printed: pairs named in the honest conversation, and how many
of the copies are in a named pair, by draw. Conversations of up to 500 people.
"""

import json
import os
import sys

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

import numpy as np
from conversations import as_table, matrix_of, names, votes_folder
from opinion_manipulation import contested, push

from kelisim.engine.opinion import ideal_point, read_votes
from kelisim.engine.opinion.prediction import agreement_log_odds, chance

SAME, RATE, LARGEST = 0.95, 0.01, 500


def log_ratios(matrix):
    """Return the log e-value of each pair, minus infinity off the upper triangle."""
    votes = read_votes(as_table(matrix))
    model = ideal_point(votes, 2, tolerance=5e-3)
    rows, columns = np.nonzero(np.isin(matrix, (-1, 1)))
    agree, judged = np.zeros(matrix.shape), np.zeros(matrix.shape)
    agree[rows, columns] = chance(agreement_log_odds(model, rows, columns))
    judged[rows, columns] = 1
    found = np.full((len(matrix), len(matrix)), -np.inf)
    for i in range(len(matrix) - 1):
        p = agree[i] * agree[i + 1 :] + (1 - agree[i]) * (1 - agree[i + 1 :])
        p = np.clip(p, 1 - SAME, SAME)
        told = np.where(matrix[i] == matrix[i + 1 :], SAME / p, (1 - SAME) / (1 - p))
        found[i, i + 1 :] = (judged[i] * judged[i + 1 :] * np.log(told)).sum(axis=1)
    return found


def named(ratios):
    """Return the pairs that e-BH names."""
    pairs = np.argwhere(np.isfinite(ratios))
    logs = ratios[tuple(pairs.T)]
    order = np.argsort(-logs)
    rank = np.arange(1, len(logs) + 1)
    enough = np.flatnonzero(logs[order] >= np.log(len(logs) / (rank * RATE)))
    return pairs[order[: enough[-1] + 1]] if enough.size else pairs[:0]


def one(matrix, draws):
    targets, copies = contested(matrix), []
    for draw in range(draws):
        after = push(matrix, targets[draw % 3], 0.2, np.random.default_rng([0, draw, 2]))
        seconds = named(log_ratios(after))[:, 1]
        copies.append(len(set(seconds[seconds >= len(matrix)].tolist())))
    return {
        "people": len(matrix),
        "honest_pairs_named": len(named(log_ratios(matrix))),
        "copies": round(0.2 * len(matrix)),
        "copies_named": copies,
    }


def main(draws, wanted):
    folder = votes_folder()
    found = {name: matrix_of(folder / name) for name in wanted or names(folder)}
    small = {name: one(m, draws) for name, m in found.items() if len(m) <= LARGEST}
    print(json.dumps(small, indent=2))


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 4, sys.argv[2:])
