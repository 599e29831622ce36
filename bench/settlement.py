"""The workload `settlement`, through kelisim: the frontier of two parties and Nash on it."""

import numpy as np
from measure import measured

from kelisim.engine.settlement.frontier import frontier_of_two
from kelisim.engine.settlement.rules import nash


def read(folder):
    given = np.fromfile(folder / "settlement.bin", dtype="<i8")
    issues, options = given[:2]
    return (list(given[2:].reshape(issues, 2, options)),)


def work(tables):
    points = frontier_of_two(tables).points
    return np.concatenate([points.ravel(), points[nash(points, (0, 0), (1, 1))[0]]])


measured("kelisim", read, work)
