"""Distances: what calibrated weights are close to the base weights in.

Calibration minimises sum d G*(w/d) subject to sum w x = T. Its solution is w = d F(x'l), F being
the inverse of the derivative of the distance G*. A distance is known here by F, its slope F', and
G with G' = F, the convex conjugate: l minimises sum d G(x'l) - T'l.
(Deville and Särndal 1992, Calibration estimators in survey sampling, JASA 87.)
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from kelisim.core.errors import SettingRefused, nearest
from kelisim.engine.frame import Floats
from kelisim.engine.weighting.fitting import Bounds

DISTANCES = ("linear", "raking", "logit")

_FAR = 690.0
"""The exponential of more than this is no number."""

Function = Callable[[Floats], Floats]


@dataclass(frozen=True, slots=True)
class Distance:
    """The ratio of weight to base weight as a function of x'l.

    Attributes
    ----------
    F, slope, G
        Functions of an array, elementwise; F(0) = 1 and F'(0) = 1 where bounds allow it.
    """

    F: Function
    slope: Function
    G: Function


def distance_of(name: str, bounds: Bounds | None) -> Distance:
    """Return a distance by its name.

    Parameters
    ----------
    name
        ``linear`` (the generalised regression estimator; weights may be negative), ``raking``
        (exponential, weights are positive), ``logit`` (between bounds).
    bounds
        Lowest and highest ratio, below and above 1 for ``logit``. They cut the others off.

    Raises
    ------
    SettingRefused
        There is no such distance, or it and the bounds do not go together.

    Examples
    --------
    >>> eta = np.array([-2.0, 0.0, 2.0])
    >>> distance_of("linear", (0.5, 1.6)).F(eta).tolist()
    [0.5, 1.0, 1.6]
    >>> distance_of("logit", (0.5, 2.0)).F(eta).round(3).tolist()
    [0.502, 1.0, 1.993]
    """
    if name not in DISTANCES:
        raise SettingRefused(
            f"'{name}' is not a distance of calibration.",
            where="distance",
            do=nearest(name, DISTANCES) or f"Choose one of {', '.join(DISTANCES)}.",
        )
    if bounds is not None and not bounds[0] < 1 < bounds[1]:
        raise SettingRefused(
            f"The bounds are {bounds[0]:g} and {bounds[1]:g}.",
            where="bounds",
            why="A weight may be its base weight, so that 1 lies between the bounds.",
            do="Write a ratio below 1 and one above it, such as [0.5, 2.0].",
        )
    if name == "logit":
        return _logit(bounds)
    free = _linear() if name == "linear" else _raking()
    if bounds is None:
        return free
    ends = bounds if name == "raking" else (bounds[0] - 1, bounds[1] - 1)
    return _cut(free, bounds, np.log(np.maximum(ends, 1e-300)) if name == "raking" else ends)


def _share(eta: Floats) -> Floats:
    """Return the logistic function: scipy's takes longer to load than a calibration takes."""
    return np.asarray((1 + np.tanh(eta / 2)) / 2)


def _linear() -> Distance:
    return Distance(lambda eta: 1 + eta, np.ones_like, lambda eta: eta + eta**2 / 2)


def _raking() -> Distance:
    def exponential(eta: Floats) -> Floats:
        return np.exp(np.minimum(eta, _FAR))

    return Distance(exponential, exponential, exponential)


def _logit(bounds: Bounds | None) -> Distance:
    if bounds is None:
        raise SettingRefused(
            "The logit distance has no bounds.",
            where="bounds",
            why="It holds weights between two bounds.",
            do="Give a lower and an upper ratio, such as [0.5, 2.0].",
        )
    low, high = bounds
    width, start = high - low, np.log((1 - low) / (high - 1))
    steep = width / ((1 - low) * (high - 1))

    def slope(eta: Floats) -> Floats:
        share = _share(steep * eta + start)
        return np.asarray(width * steep * share * (1 - share))

    return Distance(
        lambda eta: low + width * _share(steep * eta + start),
        slope,
        lambda eta: low * eta + width / steep * np.logaddexp(0, steep * eta + start),
    )


def _cut(free: Distance, bounds: Bounds, ends: tuple[float, float] | Floats) -> Distance:
    """Return a distance whose F stays at the bounds beyond the ends of eta that reach them."""
    low, high = bounds
    first, last = float(ends[0]), float(ends[1])

    def conjugate(eta: Floats) -> Floats:
        outside = low * np.minimum(eta - first, 0) + high * np.maximum(eta - last, 0)
        return free.G(np.clip(eta, first, last)) + outside

    return Distance(
        lambda eta: np.clip(free.F(eta), low, high),
        lambda eta: free.slope(eta) * ((eta > first) & (eta < last)),
        conjugate,
    )
