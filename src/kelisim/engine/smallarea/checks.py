"""Does the model meet the answers it was given? Area by area, as numbers for a report."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from kelisim.engine.frame import Floats
from kelisim.engine.smallarea.fitting import Answers, Fit
from kelisim.engine.smallarea.poststratify import (
    Cells,
    Parts,
    area_blocks,
    kinds,
    parts,
    probabilities,
    tally,
)
from kelisim.engine.smallarea.terms import AREA, Terms

REPLICATES = 400
"""Draws for which a new sample is made up; p-values are good to 0.05."""


@dataclass(frozen=True, slots=True)
class Checked:
    """Observed and replicated shares; K answers in the order of the splits, A areas.

    Attributes
    ----------
    sizes
        Shape (A,): respondents.
    observed
        Shape (K, A): their shares, NaN without respondents.
    replicated
        Shape (K, A, r): shares of made-up answers of the same respondents.
    pooling
        Shape (A,): posterior over prior variance of the area's effect in the first split, NaN
        without an area effect.
    """

    sizes: Floats
    observed: Floats
    replicated: Floats
    pooling: Floats


def check_areas(terms: Terms, answers: Answers, fits: tuple[Fit, ...], seed: int) -> Checked:
    """Return the posterior predictive check of each area (Gelman, Meng and Stern 1996)."""
    counts = answers.counts
    areas = len(terms.fixed)
    replicated = _replicate(terms, answers, fits, np.random.default_rng(seed))
    sizes = tally(answers.variables[:, AREA], counts.sum(axis=0), areas)
    observed = np.stack([tally(answers.variables[:, AREA], own, areas) for own in counts])
    with np.errstate(invalid="ignore"):
        return Checked(
            sizes, observed / sizes, replicated / sizes[:, None], _pooling(terms, fits[0])
        )


def _replicate(
    terms: Terms, answers: Answers, fits: tuple[Fit, ...], rng: np.random.Generator
) -> Floats:
    """Return made-up counts of each answer, shape (K, A, r)."""
    cells = Cells(answers.variables, answers.counts.sum(axis=0))
    people = kinds(cells.variables)
    split: list[Parts] = [parts(terms, cells, people, fit.draws[:, :REPLICATES]) for fit in fits]
    made = np.zeros((len(fits) + 1, len(terms.fixed), fits[0].draws[:, :REPLICATES].shape[1]))
    for area, block in area_blocks(cells):
        left = np.broadcast_to(
            cells.counts[block, None].astype(np.int64), (block.size, made.shape[2])
        )
        for place, part in enumerate(split):
            taken = rng.binomial(left, probabilities(part, people, area, block))
            made[place, area] += taken.sum(axis=0)
            left = left - taken
        made[-1, area] += left.sum(axis=0)
    return made


def _pooling(terms: Terms, fit: Fit) -> Floats:
    areas = len(terms.fixed)
    if not terms.of_area:
        return np.full(areas, np.nan)
    start = terms.starts[0]
    prior = fit.points.weights @ np.exp(2 * fit.points.theta[:, 0])
    posterior = fit.draws[start : start + areas].var(axis=1)
    return np.asarray(np.minimum(posterior / prior, 1.0))
