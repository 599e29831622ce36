"""Raking replicates: every replicate weight is raked to the margins of the full sample, quickly.

Replicates differ from the full sample in nothing but a factor per unit, so each starts from the
raked weights times its factor, which already nearly meet the margins. Eight replicates are fitted
side by side: a row's category is looked up once for all of them, and one step of the vector unit
serves four.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import cache

import numpy as np
from scipy.sparse import csr_array

from kelisim.core.errors import NotConverged, listed
from kelisim.engine.frame import Floats
from kelisim.engine.weighting.cells import Cells, Places
from kelisim.engine.weighting.fitting import Bounds, Fit, Problem, fit, fit_within
from kelisim.engine.weighting.raking import Raking

LANES = 8
"""Replicates that are fitted together."""

FEW = 1 << 20
"""Up to so many weights, replicates are raked one by one: the compiler takes longer to load."""

SWEEPS = 60
"""Steps after which a replicate is left to Newton's method with its own Hessian."""


def rerake(
    raking: Raking,
    factors: Floats,
    *,
    bounds: Bounds | None = None,
    tolerance: float = 1e-8,
    few: int = FEW,
) -> Floats:
    """Rake every replicate of a raked sample to the same margins.

    Parameters
    ----------
    raking
        Of the full sample.
    factors
        Shape (n, R): replicate weight over weight, before raking; >= 0.
    bounds
        Those of the raking, lowest and highest ratio to the replicate's base weight.
    tolerance
        Largest misfit of a category, relative to its count.
    few
        Up to so many weights no compiler is loaded.

    Returns
    -------
    Floats
        Shape (n, R): the raked replicate weights.

    Raises
    ------
    NotConverged
        A replicate holds nobody of a category, or its margins cannot be met; it is named.

    References
    ----------
    Canty and Davison (1999), Resampling-based variance estimation for labour force surveys. The
    Statistician 48.

    Examples
    --------
    >>> from kelisim.engine.weighting.raking import rake
    >>> r = rake({"sex": ["f", "f", "m", "m"]}, {"sex": {"f": 60, "m": 40}})
    >>> rerake(r, np.array([[0.0], [2.0], [0.5], [1.5]])).round(6).ravel().tolist()
    [0.0, 60.0, 10.0, 30.0]
    """
    known = raking.calibration
    codes = tuple(code.astype(np.intp) for code in known.margins)
    cells = Cells(None, codes, known.levels)
    targets = tuple(cells.margin_totals(raking.weights))
    # Bounds are of the ratio to the base weight, so that replicates start from there.
    start = raking.weights if bounds is None else raking.base_weights
    weights = start[:, None] * factors
    fitted = np.zeros(weights.shape[1], dtype=np.bool_)
    if bounds is None and weights.size > few:
        fitted = _together(weights, raking.weights, cells, targets, tolerance)
    if not fitted.all():
        _refuse_absent(raking, cells, factors)
    for replicate in np.flatnonzero(~fitted):
        problem = Problem(cells, weights[:, replicate], targets)
        found = _alone(problem, bounds, tolerance)
        if not found.converged:
            raise _unmet(int(replicate), found)
        weights[:, replicate] = problem.mass * found.ratio
    return weights


def _alone(problem: Problem, bounds: Bounds | None, goal: float) -> Fit:
    found = fit(problem, goal=goal)
    return (
        found
        if bounds is None or not found.converged
        else fit_within(bounds, found, problem, goal=goal)
    )


def _together(
    weights: Floats, full: Floats, cells: Cells, targets: tuple[Floats, ...], goal: float
) -> np.ndarray:
    """Rake replicates eight by eight, in place; return which of them meet the margins."""
    rows, count = weights.shape
    ends = np.cumsum((0, *cells.levels))
    column = np.stack([code + end for code, end in zip(cells.codes, ends, strict=False)], axis=1)
    inverse, target = inverse_of(full, column, int(ends[-1])), np.concatenate(targets)
    fitted = np.zeros(count, dtype=np.bool_)
    kernel, places = load_kernel(), column.astype(np.int32)

    def work(first: int) -> None:
        lanes = np.zeros((rows, LANES))
        width = min(LANES, count - first)
        lanes[:, :width] = weights[:, first : first + width]
        lanes[:, width:] = weights[:, first, None]
        error = kernel(lanes, places, target, inverse, goal)
        fitted[first : first + width] = error[:width] < goal
        # A replicate that is left to Newton's method starts from where it was.
        done = first + np.flatnonzero(fitted[first : first + width])
        weights[:, done] = lanes[:, done - first]

    with ThreadPoolExecutor(os.cpu_count() or 1) as pool:
        list(pool.map(work, range(0, count, LANES)))
    return fitted


def inverse_of(full: Floats, column: Places, size: int) -> Floats:
    """Return the generalised inverse of sum w x x' of the full sample: shape (q, q)."""
    rows, margins = column.shape
    pointer = np.arange(0, rows * margins + 1, margins)
    x = csr_array((np.ones(rows * margins), column.ravel(), pointer), shape=(rows, size))
    H = (x.T @ (x * full[:, None])).toarray()
    return np.ascontiguousarray(np.linalg.pinv(H, rcond=1e-10, hermitian=True))


def by_lanes(W: Floats, column: Places, target: Floats, inverse: Floats, goal: float) -> Floats:
    """Fit eight replicates by Newton steps with the Hessian of the full sample.

    A step crosses the rows once for all margins; the Hessian of a replicate differs little from
    that of the sample it was drawn from, so that each step leaves a fifth of the misfit.

    Parameters
    ----------
    W
        Shape (n, 8): weights, raked in place.
    column
        Shape (n, K): the category of each row in each margin, numbered through all margins.
    target
        Shape (q,): of all categories.
    inverse
        Shape (q, q): of the full sample's sum w x x'.

    Returns
    -------
    Floats
        Shape (8,): the misfit each replicate was last met with; NaN where steps ran away.
    """
    rows, margins = column.shape
    size = target.size
    s, g, misfit = np.zeros((size, 8)), np.ones((size, 8)), np.zeros((size, 8))
    error = np.zeros(8)
    steps = 0
    while True:
        s[:] = 0.0
        for i in range(rows):
            w = W[i]
            # Written out, because the compiler does not see that the rows are apart.
            w0, w1, w2, w3, w4, w5, w6, w7 = w[0], w[1], w[2], w[3], w[4], w[5], w[6], w[7]
            for k in range(margins):
                f = g[column[i, k]]
                w0, w1, w2, w3 = w0 * f[0], w1 * f[1], w2 * f[2], w3 * f[3]
                w4, w5, w6, w7 = w4 * f[4], w5 * f[5], w6 * f[6], w7 * f[7]
            for k in range(margins):
                t = s[column[i, k]]
                t0, t1, t2, t3 = t[0] + w0, t[1] + w1, t[2] + w2, t[3] + w3
                t4, t5, t6, t7 = t[4] + w4, t[5] + w5, t[6] + w6, t[7] + w7
                t[0], t[1], t[2], t[3], t[4], t[5], t[6], t[7] = t0, t1, t2, t3, t4, t5, t6, t7
        error[:] = 0.0
        for j in range(size):
            for r in range(8):
                misfit[j, r] = target[j] - s[j, r]
                error[r] = max(error[r], abs(misfit[j, r]) / target[j])
                if s[j, r] == 0.0:  # nobody is left to be given more
                    misfit[j, r] = 0.0
        if steps == SWEEPS or not error.max() >= goal:
            break
        for j in range(size):
            for r in range(8):
                move = 0.0
                for m in range(size):
                    move += inverse[j, m] * misfit[m, r]
                g[j, r] *= np.exp(move)
        steps += 1
    for i in range(rows):
        for k in range(margins):
            for r in range(8):
                W[i, r] *= g[column[i, k], r]
    return error


@cache
def load_kernel() -> Callable[..., Floats]:
    """Return `by_lanes` as machine code, loaded once a process.

    `rerake` calls it when there is much to do: small studies never pay for the compiler, whose
    loading takes longer than 500 replicates of 10,000 rows. A program that stays (a worker, a
    notebook) may call it beforehand.
    """
    from numba import njit

    kernel: Callable[..., Floats] = njit(cache=True, nogil=True, error_model="numpy")(by_lanes)
    none = np.zeros((1, 1), dtype=np.int32)
    kernel(np.ones((1, LANES)), none, np.ones(1), np.ones((1, 1)), 0.5)
    return kernel


def _refuse_absent(raking: Raking, cells: Cells, factors: Floats) -> None:
    """Refuse categories that nobody of a replicate is in."""
    present = [totals_of(code, factors, levels) > 0 for code, levels in _margins(cells)]
    for (margin, known), here in zip(raking.factors.items(), present, strict=True):
        absent = [label for label, row in zip(known, here, strict=True) if not row.all()]
        if absent:
            times = int((~here.all(axis=0)).sum())
            raise NotConverged(
                f"In {times} of {factors.shape[1]} replicates nobody is left of "
                f"{listed(absent)}, so these replicates cannot be raked.",
                where=f"margin '{margin}'",
                why="Those who would carry the weight of the category are in units that the "
                "replicate leaves out.",
                do="Merge the category with a neighbouring one, or do not rake the replicates "
                "again.",
            )


def _margins(cells: Cells) -> zip[tuple[Places, int]]:
    return zip(cells.codes, cells.levels, strict=True)


def totals_of(code: Places, factors: Floats, levels: int) -> Floats:
    """Add the factors of each replicate up by category: (n, R) to (levels, R)."""
    table = np.zeros((levels, factors.shape[1]))
    order = np.argsort(code, kind="stable")
    starts = np.searchsorted(code[order], np.arange(levels))
    np.add.reduceat(factors[order], starts, axis=0, out=table)
    return table


def _unmet(replicate: int, found: Fit) -> NotConverged:
    return NotConverged(
        f"Raking replicate {replicate + 1} did not converge: a category is still off by "
        f"{found.error:.1%} of its count.",
        where="replicates",
        why="Without the people whom the replicate leaves out the margins contradict each other, "
        "or cannot be met within the bounds.",
        do="Merge small categories, widen the bounds, or do not rake the replicates again.",
    )
