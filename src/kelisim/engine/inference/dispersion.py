"""The variance of an item in the population: a mean of squares around the domain's mean."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from kelisim.engine.frame import Floats
from kelisim.engine.inference.answers import Answers, block
from kelisim.engine.inference.linearise import linearise
from kelisim.engine.inference.partition import Partition


def deviations(answers: Answers, partition: Partition, weights: Floats) -> Answers:
    """Return an item as squared deviations n/(n-1) (y - mean)^2 within each domain.

    Its mean is the variance of the population with R ``svyvar``'s factor. That the mean of the item
    is estimated does not change the linearisation: the derivative by it is zero.
    """
    around, _ = linearise(block([(answers, 0)], weights), partition)
    n = around.n[:, :1]
    factor = np.divide(n, n - 1, out=np.ones(n.shape), where=n > 1)
    row = partition.domains.codes
    values = factor[row, 0] * (answers.values - around.estimate[row, 0]) ** 2
    known = np.isfinite(values) & (row >= 0)
    if answers.answered is not None:
        known &= answers.answered
    return replace(answers, values=np.where(known, values, 0.0))
