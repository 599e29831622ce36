"""The joint covariance of the estimates of areas: checked, drawn from, and turned to differences.

Two areas are compared by the standard error of their difference, not by two error bars; so the
covariance between areas is part of the estimate, and a wrong one is refused.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from kelisim.core.errors import CovarianceRefused
from kelisim.engine.frame import Floats

ROUNDING = 1e-12
"""A variance of a difference below this share of the two variances is zero: the estimates agree
in 12 digits or more, which is all that a covariance held in 16 digits can tell."""

INDEFINITE = 1e-8
"""How negative an eigenvalue of the correlation matrix may be and still be rounding."""

BLOCK = 1024
"""Draws in one product with the factor: the product is quick, and its memory is small."""

PANEL = 256
"""Areas in one product with the factor, whose zeros are left out as far as whole panels go."""


def joint_covariance(covariance: Floats, areas: int) -> Floats:
    """Return the covariance matrix of ``areas`` estimates.

    Parameters
    ----------
    covariance
        Shape (p, p); or shape (p,): the variances of independent estimates. NaN in a row and its
        column says that the area's variance is not known.

    Raises
    ------
    CovarianceRefused
        The shape is wrong, an entry is infinite, or the matrix is not symmetric.

    Examples
    --------
    >>> joint_covariance(np.array([1.0, 4.0]), 2)
    array([[1., 0.],
           [0., 4.]])
    """
    if covariance.shape == (areas,):
        covariance = np.diag(covariance)
    if covariance.shape != (areas, areas):
        raise CovarianceRefused(
            f"The covariance has the shape {covariance.shape}, and there are {areas} estimates.",
            do=f"Pass a {areas} by {areas} matrix, or {areas} variances of independent estimates.",
        )
    if np.isinf(covariance).any():
        raise CovarianceRefused(
            "An entry of the covariance is infinite.",
            where=_entry(np.isinf(covariance)),
            do="Give an area whose variance is not known as NaN.",
        )
    lopsided = np.abs(covariance - covariance.T) > INDEFINITE * _scale(covariance)
    if lopsided.any():
        raise CovarianceRefused(
            "The covariance is not symmetric.",
            where=_entry(lopsided),
            why="The covariance of two areas is one number.",
            do="Pass the whole matrix, as it was estimated.",
        )
    return (covariance + covariance.T) / 2


def known_areas(estimates: Floats, covariance: Floats) -> NDArray[np.bool_]:
    """Return which areas have an estimate and a variance, shape (p,).

    Raises
    ------
    CovarianceRefused
        A variance is negative, or the covariance of two known areas is missing.
    """
    variances = covariance.diagonal()
    if (variances < 0).any():
        raise CovarianceRefused(
            "A variance is negative.",
            where=f"area {int(np.flatnonzero(variances < 0)[0]) + 1}",
            do="Check how the covariance was estimated.",
        )
    known = ~np.isnan(estimates) & ~np.isnan(variances)
    missing = np.isnan(covariance) & known[:, None] & known
    if missing.any():
        raise CovarianceRefused(
            "The covariance of two areas is missing, and both have an estimate.",
            where=_entry(missing),
            why="Their difference cannot be judged.",
            do="Estimate the areas jointly, or pass 0 if their samples are independent.",
        )
    return known


def difference_errors(covariance: Floats) -> Floats:
    """Return s_jk = sqrt(V_jj + V_kk - 2 V_jk), exactly 0 where two estimates move as one.

    >>> difference_errors(np.array([[1.0, 1.0, 0.0], [1.0, 1.0, 0.0], [0.0, 0.0, 3.0]]))
    array([[0., 0., 2.],
           [0., 0., 2.],
           [2., 2., 0.]])
    """
    variances = covariance.diagonal()
    both = np.add.outer(variances, variances)
    square = both - 2 * covariance
    return np.sqrt(np.where(square > ROUNDING * both, square, 0.0))


def factor(covariance: Floats) -> Floats | None:
    """Return lower triangular F with F F' = V, or None if V is diagonal and needs none.

    Singular matrices have a factor: shares that sum to a constant, areas that move as one.

    Raises
    ------
    CovarianceRefused
        V has a combination of areas with negative variance, beyond rounding.
    """
    deviations = np.sqrt(covariance.diagonal())
    if not np.any(covariance - np.diag(covariance.diagonal())):
        return None
    # A correlation matrix shows rounding on one scale, whatever the units of the areas are.
    unit = np.where(deviations > 0, deviations, 1.0)
    correlation = covariance / np.outer(unit, unit)
    try:
        root = np.linalg.cholesky(correlation)
    except np.linalg.LinAlgError:
        root = _singular_root(correlation)
    return deviations[:, None] * root


def _singular_root(correlation: Floats) -> Floats:
    values, vectors = np.linalg.eigh(correlation)
    if values[0] < -INDEFINITE:
        raise CovarianceRefused(
            "The covariance is not positive semidefinite: a combination of the areas would have "
            f"the variance {values[0]:.3g} (in units of their own variances).",
            why="No estimates have such a covariance, so no confidence set follows from it.",
            do="Estimate all areas jointly by one method, and do not round the matrix.",
        )
    root = vectors * np.sqrt(np.maximum(values, 0.0))
    triangle: Floats = np.linalg.qr(root.T)[1]
    return triangle.T


def normal_draws(covariance: Floats, draws: int, rng: np.random.Generator) -> Floats:
    """Draw errors of the estimates, N(0, V).

    Returns
    -------
    Floats
        Shape (B, p). More draws leave the first ones as they are.
    """
    root = factor(covariance)
    z = rng.standard_normal((draws, len(covariance)))
    for start in range(0, draws, BLOCK):
        block = z[start : start + BLOCK]
        if root is None:
            block *= np.sqrt(covariance.diagonal())
        else:
            _correlate(block, root)
    return _as_one(z, difference_errors(covariance))


def _correlate(z: Floats, root: Floats) -> None:
    """Turn z into z F' in its own place: from the last areas, that need all, to the first."""
    for end in range(len(root), 0, -PANEL):
        panel = slice(max(end - PANEL, 0), end)
        z[:, panel] = z[:, :end] @ root[panel, :end].T


def _as_one(z: Floats, errors: Floats) -> Floats:
    """Give areas that move as one the same draws, to the last digit, so that ties stay ties."""
    later, earlier = np.nonzero(np.tril(errors == 0, -1))
    for area, first in zip(*np.unique(later, return_index=True), strict=True):
        z[:, area] = z[:, earlier[first]]
    return z


def _scale(covariance: Floats) -> Floats:
    deviations = np.sqrt(np.abs(covariance.diagonal()))
    return np.outer(deviations, deviations)


def _entry(where: NDArray[np.bool_]) -> str:
    row, column = np.argwhere(where)[0] + 1
    return f"row {row}, column {column}"
