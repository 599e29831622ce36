"""Neighbours: from pairs of areas to the scaled covariance of an intrinsic autoregression."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from scipy.sparse import csr_array
from scipy.sparse.csgraph import connected_components

from kelisim.core.errors import SettingRefused, nearest
from kelisim.engine.frame import Floats
from kelisim.engine.smallarea.prior import Spatial

WHERE = "neighbours"


def read_neighbours(
    pairs: Sequence[tuple[str, str]] | None, areas: Sequence[str]
) -> Spatial | None:
    """Return the spatial covariance of the areas, or None without pairs.

    Raises
    ------
    SettingRefused
        A pair is not two different areas of the population.
    """
    if pairs is None:
        return None
    touching = np.zeros((len(areas), len(areas)))
    for pair in pairs:
        first, second = _places(pair, areas)
        touching[first, second] = touching[second, first] = 1
    return scaled(touching)


def _places(pair: Sequence[str], areas: Sequence[str]) -> tuple[int, int]:
    if isinstance(pair, str) or len(set(pair)) != 2 or len(pair) != 2:
        raise SettingRefused(
            f"{pair!r} is not a pair of neighbours.",
            where=WHERE,
            do="Name two different areas each.",
        )
    for name in pair:
        if name not in areas:
            raise SettingRefused(
                f"The population has no area '{name}'.", where=WHERE, do=nearest(name, areas)
            )
    return areas.index(pair[0]), areas.index(pair[1])


def scaled(touching: Floats) -> Spatial:
    """Return the eigenvectors and variances of the scaled covariance.

    Every connected part is scaled by itself so that the geometric mean of its variances is 1; an
    area without neighbours has variance 1 and is independent (Freni-Sterrantino, Ventrucci and Rue
    2018).

    Parameters
    ----------
    touching
        Shape (A, A): 1 where two areas touch, symmetric, diagonal 0.
    """
    covariance = np.zeros_like(touching)
    count, component = connected_components(csr_array(touching), directed=False)
    for part in range(count):
        own = np.ix_(component == part, component == part)
        laplacian = np.diag(touching[own].sum(axis=1)) - touching[own]
        inverse = np.linalg.pinv(laplacian, hermitian=True) if len(laplacian) > 1 else np.eye(1)
        covariance[own] = inverse / np.exp(np.log(inverse.diagonal()).mean())
    variances, basis = np.linalg.eigh(covariance)
    return Spatial(basis, np.maximum(variances, 0.0))
