"""The workload `settlement`, through negmas, which lists every outcome; making ufuns is free."""

import numpy as np
from measure import measured
from negmas import make_issue, make_os
from negmas.preferences import LinearAdditiveUtilityFunction
from negmas.preferences.ops import nash_points, pareto_frontier
from negmas.preferences.value_fun import TableFun


def read(folder):
    given = np.fromfile(folder / "settlement.bin", dtype="<i8")
    count, options = (int(number) for number in given[:2])
    tables = given[2:].reshape(count, 2, options)
    issues = [make_issue(list(range(options)), f"i{j}") for j in range(count)]
    space = make_os(issues)
    ufuns = [
        LinearAdditiveUtilityFunction(
            values=[TableFun(dict(enumerate(map(float, table[i])))) for table in tables],
            weights=[1.0] * count,
            outcome_space=space,
        )
        for i in (0, 1)
    ]
    return ufuns, issues


def work(ufuns, issues):
    found, _ = pareto_frontier(ufuns, issues=issues, sort_by_welfare=False)
    ((best, _), *_) = nash_points(ufuns, found, ranges=[(0.0, 1.0)] * 2)
    return np.concatenate([np.unique(np.array(found), axis=0).ravel(), best])


measured("negmas", read, work)
