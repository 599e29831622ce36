"""What a calibration leaves behind for the variance: the weights it started from, and on what.

Produced by `kelisim.engine.weighting`, consumed by `kelisim.engine.inference`; it stands below both
because those rooms do not know each other.
"""

from __future__ import annotations

from dataclasses import dataclass

from kelisim.engine.frame import Codes, Floats


@dataclass(frozen=True, slots=True)
class Calibration:
    """The auxiliary information a set of weights was calibrated to.

    Attributes
    ----------
    base_weights
        Shape (n,): the design weights before calibration.
    weights
        Shape (n,): the calibrated weights.
    margins
        K arrays of shape (n,): the category of each row in each margin, all >= 0.
    levels
        K: the number of categories of each margin.
    covariates
        Shape (n, q) or None: numeric calibration variables beside the margins.
    untrimmed
        Shape (n,) or None: the weights that met the margins, where ``weights`` are these trimmed.
        A trimmed sample keeps the residuals of its calibration.
    """

    base_weights: Floats
    weights: Floats
    margins: tuple[Codes, ...]
    levels: tuple[int, ...]
    covariates: Floats | None = None
    untrimmed: Floats | None = None
