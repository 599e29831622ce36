"""Shares on the logit scale, where a share and its error do not go together.

A share that happens to be small has a small standard error, so that it looks farther from others
than it is; intervals of shares are computed on the logit scale for the same reason.
"""

from __future__ import annotations

from typing import Literal

import numpy as np
from scipy.special import logit

from kelisim.core.errors import ValueRefused, listed
from kelisim.engine.frame import Floats

Scale = Literal["identity", "logit"]

SCALES: tuple[Scale, ...] = ("identity", "logit")


def check_scale(numbers: Floats, scale: Scale) -> None:
    """Refuse a scale that does not exist, and numbers that are no shares on the logit scale.

    Raises
    ------
    ValueRefused
        Either of them.
    """
    if scale not in SCALES:
        raise ValueRefused(
            f"There is no scale '{scale}' for estimates.", do=f"The scales are {listed(SCALES)}."
        )
    if scale == "logit" and ((numbers < 0) | (numbers > 1)).any():
        raise ValueRefused(
            "An estimate or the threshold is not a share.",
            why="Only numbers between 0 and 1 have a logit.",
            do="Pass shares of 1, not per cent, or leave the scale out.",
        )


def logits(shares: Floats, covariance: Floats) -> tuple[Floats, Floats]:
    """Return logits of shares and their covariance, by the delta method.

    A share of 0 or 1 has no logit, and an error of zero that says nothing: NaN.

    Parameters
    ----------
    shares, covariance
        Shapes (p,) and (p, p).

    Examples
    --------
    >>> t, V = logits(np.array([0.5, 1.0]), np.diag([0.01, 0.0]))
    >>> t.tolist(), V.round(4).tolist()
    ([0.0, nan], [[0.16, nan], [nan, nan]])
    """
    inside = np.where((shares > 0) & (shares < 1), shares, np.nan)
    slope = 1 / (inside * (1 - inside))
    return logit(inside), covariance * np.outer(slope, slope)
