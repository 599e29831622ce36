"""The live map: everyone's place on the two main axes of the votes, fit for a screen at once.

This is the fast layer. Axes are the principal axes of the votes as -1, 0, 1; a place is the ridge
regression of a person's own votes on the axes, so that what was not shown does not pull anybody to
the middle. The slower and more exact layer is `kelisim.engine.opinion.model`.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import polars as pl
from numba import njit

from kelisim.engine.frame import Floats
from kelisim.engine.opinion.spectrum import Axes, principal_axes
from kelisim.engine.opinion.votes import Indices, Pointers, Signs, Votes

ROUNDS = 4
"""Rounds of expectation and maximisation for the spread and the noise."""


@dataclass(frozen=True, slots=True)
class LiveMap:
    """Places on the map with their standard errors.

    Attributes
    ----------
    axes
        The axes, loadings of shape (m, 2).
    statements
        The names of the m statements.
    places
        Shape (n, 2): the mean of each participant's place; NaN for who has not voted. A place of
        (1, 0) shifts a vote, on the scale from -1 to 1, by the loading times the root of m.
    errors
        Shape (n, 2): standard deviations of the places, given the axes.
    spread, noise
        Variances of places along each axis, shape (2,), and of votes around the places.
    """

    axes: Axes
    statements: pl.Series
    places: Floats
    errors: Floats
    spread: Floats
    noise: float


def live_map(votes: Votes, *, before: LiveMap | None = None, tolerance: float = 1e-8) -> LiveMap:
    """Return the map of all votes; from an earlier map, only what the new votes change.

    Parameters
    ----------
    before
        The map of an earlier snapshot. Its axes are the start, and one or two passes over the votes
        usually suffice with ``tolerance=1e-3``.
    """
    start = None if before is None else carried(before, votes.statements)
    axes = principal_axes(votes, 2, tolerance=tolerance, start=start)
    scaled = axes.loadings * np.sqrt(max(votes.shape[1], 1))
    spread = np.ones(2) if before is None else before.spread
    noise = 0.5 if before is None else before.noise
    voters = votes.n_votes > 0
    weights = votes.weights * voters
    places, errors, squares = np.empty(0), np.empty(0), 0.0
    for _ in range(ROUNDS if before is None else 1):
        places, errors, squares = _place_all(
            votes.indptr,
            votes.indices,
            votes.signs,
            votes.weights,
            axes.means,
            scaled,
            spread,
            noise,
        )
        # With fewer votes than this a variance is its prior guess, not an estimate.
        total = max(weights.sum(), 1.0)
        spread = (np.einsum("n,nk->k", weights, places**2 + errors**2) + 1.0) / (total + 1.0)
        noise = (squares + 0.5) / (np.sum(weights * votes.n_votes) + 1.0)
    places[~voters] = np.nan
    return LiveMap(axes, votes.statements, places, errors, spread, noise)


def own_place(current: LiveMap, indices: Indices, signs: Signs) -> tuple[Floats, Floats]:
    """Return one participant's place and its standard errors on the map as it stands.

    Parameters
    ----------
    indices, signs
        The statements voted on and the votes, shape (k,) each.
    """
    scaled = current.axes.loadings * np.sqrt(max(len(current.statements), 1))
    pointers = np.array([0, len(indices)])
    places, errors, _ = _place_all(
        pointers,
        indices,
        signs,
        np.ones(1),
        current.axes.means,
        scaled,
        current.spread,
        current.noise,
    )
    return places[0], errors[0]


def carried(before: LiveMap, statements: pl.Series) -> Axes:
    """Return earlier axes on the present statements; a new statement starts without a loading."""
    if before.statements.equals(statements):
        return before.axes
    known = pl.DataFrame({"s": before.statements, "at": np.arange(len(before.statements))})
    at = statements.to_frame("s").join(known, on="s", how="left", maintain_order="left")["at"]
    there = at.is_not_null().to_numpy()
    loadings = np.zeros((len(statements), before.axes.loadings.shape[1]))
    loadings[there] = before.axes.loadings[at.drop_nulls().to_numpy()]
    return replace(before.axes, loadings=loadings)


@njit(cache=True)
def _place_all(
    indptr: Pointers,
    indices: Indices,
    signs: Signs,
    weights: Floats,
    means: Floats,
    loadings: Floats,
    spread: Floats,
    noise: float,
) -> tuple[Floats, Floats, float]:
    """Return posterior means and deviations of each place, and the expected squared residuals."""
    n = indptr.size - 1
    places, errors = np.zeros((n, 2)), np.zeros((n, 2))
    total = 0.0
    for i in range(n):
        xx, xy, yy = noise / spread[0], 0.0, noise / spread[1]
        rx, ry, squares = 0.0, 0.0, 0.0
        for k in range(indptr[i], indptr[i + 1]):
            j = indices[k]
            residual = signs[k] - means[j]
            x, y = loadings[j, 0], loadings[j, 1]
            xx += x * x
            xy += x * y
            yy += y * y
            rx += residual * x
            ry += residual * y
            squares += residual * residual
        det = xx * yy - xy * xy
        px, py = (yy * rx - xy * ry) / det, (xx * ry - xy * rx) / det
        places[i, 0], places[i, 1] = px, py
        errors[i, 0], errors[i, 1] = np.sqrt(noise * yy / det), np.sqrt(noise * xx / det)
        # E|r - x'p|^2 over the posterior: the prior's own share of the precision is taken out.
        fitted = px * rx + py * ry
        prior = noise * (px * px / spread[0] + py * py / spread[1])
        informed = 2.0 - noise * (yy / spread[0] + xx / spread[1]) / det
        total += weights[i] * max(squares - fitted - prior + noise * informed, 0.0)
    return places, errors, total
