"""Check an answer against the input alone: checks.py NAME FOLDER ANSWER prints {"error": x}.

The error of an answer may not be above the `tolerance` of its workload. It is computed here anew,
by none of the programs that are compared.
"""

import json
import sys
from pathlib import Path

import numpy as np
import polars as pl


def rake(folder, answer):
    """Return the largest error of a margin, relative to the population."""
    data = pl.read_parquet(folder / "rake.parquet").with_columns(raked=pl.Series(answer))
    worst = 0.0
    for name, targets in json.loads((folder / "rake.json").read_text()).items():
        sums = dict(data.group_by(name).agg(pl.col("raked").sum()).iter_rows())
        error = max(abs(sums[category] - count) for category, count in targets.items())
        worst = max(worst, error / sum(targets.values()))
    return worst


def replicates(folder, answer):
    """Return the largest error of a margin in a replicate, relative to its count."""
    data = pl.read_parquet(folder / "replicates.parquet")
    weights = answer.reshape(data.height, -1)
    worst = 0.0
    for name, targets in json.loads((folder / "replicates.json").read_text()).items():
        column = data[name].to_numpy()
        for category, count in targets.items():
            sums = weights[column == category].sum(axis=0)
            worst = max(worst, float(np.abs(sums / count - 1).max()))
    return worst


def bootstrap(folder, answer):
    """Return the same error from the margins that the programs added up."""
    margins = json.loads((folder / "bootstrap.json").read_text())
    counts = np.concatenate([list(targets.values()) for targets in margins.values()])
    return np.abs(answer.reshape(counts.size, -1) / counts[:, None] - 1).max()


def ranks(folder, answer):
    """Return the share of bounds that no critical value near the right one gives.

    The right one is the 95 % point of the largest difference, or less where pairs have stepped
    down, but not below that of differences in one direction, which is near the 90 % point.
    """
    given = np.fromfile(folder / "ranks.bin", dtype="<f8")
    areas = int(given[0])
    estimates, covariance = given[2 : 2 + areas], given[2 + areas :].reshape(areas, areas)
    variances = covariance.diagonal()
    errors = np.sqrt(np.add.outer(variances, variances) - 2 * covariance)
    rng = np.random.default_rng(20_260)
    draws = rng.multivariate_normal(np.zeros(areas), covariance, 1000, method="cholesky")
    largest = np.zeros(len(draws))
    for j in range(1, areas):
        apart = np.abs(draws[:, j, None] - draws[:, :j]) / errors[j, :j]
        largest = np.maximum(largest, apart.max(axis=1))
    low, high = answer.reshape(2, areas)
    np.fill_diagonal(errors, np.inf)
    distance = np.subtract.outer(estimates, estimates) / errors
    outside = 0
    for c, widest in zip(np.quantile(largest, [0.88, 0.97]), (False, True), strict=True):
        best, worst = 1 + (distance < -c).sum(axis=1), areas - (distance > c).sum(axis=1)
        beyond = (low < best, high > worst) if widest else (low > best, high < worst)
        outside += sum(side.sum() for side in beyond)
    return outside / (2 * areas)


def votes(folder, answer):
    """Return the slowest hundredth in seconds; infinite if a vote was refused or is not kept."""
    asked = json.loads((folder / "votes.json").read_text())["votes"]
    told = json.loads(Path(sys.argv[3]).with_suffix(".told").read_text())
    return told["p99"] if (answer == asked).all() else float("inf")


if __name__ == "__main__":
    error = globals()[sys.argv[1]](Path(sys.argv[2]), np.fromfile(sys.argv[3], dtype="<f8"))
    print(json.dumps({"error": float(error)}))
