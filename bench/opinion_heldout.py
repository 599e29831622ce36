"""Held-out votes (protocol of section 5.1): opinion_heldout.py [SEEDS [CONVERSATION...]].

Statements not rejected and with 5 votes or more, then participants with 7 or more; a random fifth
of all votes is hidden; agree or disagree is predicted for the hidden votes that are not passes.

Compared with Polis' two principal components (filled with means, stretched for light voters) as a
reconstruction, calibrated by logistic regression on the visible votes (`theirs`), and on visible
votes held out in five folds (`theirs_folds`, a stricter rival). `coverage` is that of the 90 %
interval of the number of agreeing votes among the hidden votes of a statement, over statements with
5 or more of them. `coverage_error` is its binomial standard error over all intervals of all seeds,
as if they were independent (the seeds share their votes, so that it is a lower bound); `from_90` is
how many of these errors the coverage is from 90 %. One JSON document is printed.
"""

import json
import sys

import numpy as np
from conversations import matrix_of, names, votes_folder
from scipy.optimize import minimize

from kelisim.engine.opinion import choose_dimensions
from kelisim.engine.opinion.prediction import (
    agreement_log_odds,
    chance,
    covered,
    expected_counts,
    log_loss,
)
from kelisim.engine.opinion.reading import read_votes


def reconstruction(matrix, seen):
    """Return means and the part that two components add, for every cell."""
    count = np.maximum(seen.sum(axis=0), 1)
    means = np.where(seen, matrix, 0).sum(axis=0) / count
    filled = np.where(seen, matrix - means, 0.0)
    axes = np.linalg.svd(filled, full_matrices=False)[2][:2]
    stretch = np.sqrt(matrix.shape[1] / np.maximum(seen.sum(axis=1), 1))[:, None]
    return np.broadcast_to(means, matrix.shape), filled @ axes.T * stretch @ axes


def logistic(x, y):
    design = np.column_stack([np.ones(len(y)), x])

    def loss(beta):
        odds = design @ beta
        p = 1 / (1 + np.exp(-odds))
        value = np.logaddexp(0, odds).sum() - (y * odds).sum() + 1e-6 * (beta @ beta)
        return value, design.T @ (p - y) + 2e-6 * beta

    beta = minimize(loss, np.zeros(design.shape[1]), jac=True).x
    return lambda x: 1 / (1 + np.exp(-np.column_stack([np.ones(len(x)), x]) @ beta))


def theirs(matrix, seen, hidden, rng):
    means, added = reconstruction(matrix, seen)
    judged, asked = seen & (matrix != 0), hidden & (matrix != 0)
    plain = logistic((means + added)[judged], matrix[judged] == 1)((means + added)[asked])
    fold = rng.integers(0, 5, matrix.shape)
    at, more = np.zeros_like(matrix), np.zeros_like(matrix)
    for k in range(5):
        here, elsewhere = reconstruction(matrix, seen & (fold != k))
        at[fold == k], more[fold == k] = here[fold == k], elsewhere[fold == k]
    fit = logistic(np.column_stack([at[judged], more[judged]]), matrix[judged] == 1)
    return plain, fit(np.column_stack([means[asked], added[asked]]))


def one(matrix, seed):
    rng = np.random.default_rng(seed)
    hidden = ~np.isnan(matrix) & (rng.random(matrix.shape) < 0.2)
    seen = ~np.isnan(matrix) & ~hidden
    rows, columns = np.nonzero(seen)
    found = choose_dimensions(
        read_votes(
            {"participant": rows, "statement": columns, "vote": matrix[rows, columns].astype(int)}
        )
    )
    people = {p: i for i, p in enumerate(np.unique(rows))}
    statements = {s: j for j, s in enumerate(np.unique(columns))}
    asked = hidden & (matrix != 0)
    asked[[i for i in range(len(matrix)) if i not in people]] = False
    asked[:, [j for j in range(matrix.shape[1]) if j not in statements]] = False
    at = np.nonzero(asked)
    i, j = np.array([people[p] for p in at[0]]), np.array([statements[s] for s in at[1]])
    yes = (matrix[at] == 1).astype(float)
    ours = chance(agreement_log_odds(found.model, i, j), found.calibration)
    plain, folds = theirs(matrix, seen, asked, rng)
    counts = expected_counts(found.model, i, j, found.calibration)
    inside = covered(counts, np.bincount(j, yes, len(statements)))[counts.asked >= 5]
    losses = [log_loss(ours, yes), log_loss(plain, yes), log_loss(folds, yes)]
    return [*losses, float(inside.mean()), float(len(inside)), float(found.model.dimensions)]


def main(seeds, chosen):
    results, gains, folder = {}, [], votes_folder()
    for name in chosen or names(folder):
        matrix = matrix_of(folder / name)
        runs = np.mean([one(matrix, seed) for seed in range(seeds)], axis=0)
        gains.append([1 - runs[0] / runs[1], 1 - runs[0] / runs[2]])
        columns = ("ours", "theirs", "theirs_folds", "coverage", "intervals", "dimensions")
        results[name] = dict(zip(columns, np.round(runs, 4).tolist(), strict=True))
        error = float(np.sqrt(0.09 / max(runs[4] * seeds, 1)))
        results[name]["coverage_error"] = round(error, 4)
        results[name]["from_90"] = round(float(runs[3] - 0.9) / error, 2)
        print(name, results[name], file=sys.stderr)
    mean = np.round(np.mean(gains, axis=0), 4).tolist()
    print(json.dumps({"seeds": seeds, "mean_gain": mean, "conversations": results}, indent=2))


main(int(sys.argv[1]) if len(sys.argv) > 1 else 3, sys.argv[2:])
