"""The workload `ranks`, through kelisim.engine.ranking.rank_sets."""

import numpy as np
from measure import measured

from kelisim.engine.ranking import rank_sets


def read(folder):
    given = np.fromfile(folder / "ranks.bin", dtype="<f8")
    areas, draws = (int(number) for number in given[:2])
    estimates, covariance = np.split(given[2:], [areas])
    return estimates, covariance.reshape(areas, areas), draws


def work(estimates, covariance, draws):
    sets = rank_sets(estimates, covariance, 0.95, draws=draws, seed=1)
    return np.concatenate([sets.low, sets.high])


measured("kelisim", read, work)
