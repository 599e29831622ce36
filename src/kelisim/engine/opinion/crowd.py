"""How far those who came are from the country: total variation, beside what chance alone gives."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

import numpy as np

from kelisim.core.errors import ValueRefused
from kelisim.engine.frame import Floats

NEAR, FAR = 0.10, 0.30
"""Share of the crowd that would have to be others for it to look like the country."""

LUCK = 0.95
"""Share of random samples of the same size that are no further away than `Distance.by_chance`."""

DRAWS = 2_000


class Verdict(StrEnum):
    """How far a crowd is from the country."""

    ALIKE = "as close as a random sample"
    NEAR = "near"
    APART = "apart"
    FAR = "far"


@dataclass(frozen=True, slots=True)
class Distance:
    """How far the crowd is from the country in one variable.

    Attributes
    ----------
    total_variation
        Half the sum of absolute differences of the two distributions, 0 to 1: the share of the
        crowd that would have to be other people.
    by_chance
        What 95 % of random samples of the same size stay below.
    verdict
        ``as close as a random sample`` up to `by_chance`, else ``near`` below a tenth, ``far`` from
        three tenths on, ``apart`` between.
    design_effect
        Kish's design effect of weights that would mend this variable; infinite if a category of
        the country is absent.
    crowd, country
        Shape (C,): the two distributions.
    """

    total_variation: float
    by_chance: float
    verdict: Verdict
    design_effect: float
    crowd: Floats
    country: Floats


def distance(counts: Floats, population: Floats, rng: np.random.Generator) -> Distance:
    """Return how far counts of participants are from counts of the population.

    Parameters
    ----------
    counts
        Shape (C,): participants by category, not all 0.
    population
        Shape (C,): people by category, not all 0.
    rng
        Draws the random samples.

    Raises
    ------
    ValueRefused
        Nobody took part, or the population is empty.

    References
    ----------
    Kish (1965), Survey Sampling, for the design effect.

    Examples
    --------
    >>> found = distance(np.array([90.0, 10]), np.array([5e6, 5e6]), np.random.default_rng(0))
    >>> round(found.total_variation, 3), str(found.verdict)
    (0.4, 'far')
    """
    if not counts.sum() > 0 or not population.sum() > 0:
        raise ValueRefused(
            "There is nobody to compare with the country.",
            do="Give a population with people in it, and participants who tell where they belong.",
        )
    crowd, country = counts / counts.sum(), population / population.sum()
    apart = float(np.abs(crowd - country).sum() / 2)
    drawn = rng.multinomial(round(float(counts.sum())), country, DRAWS) / round(float(counts.sum()))
    luck = float(np.quantile(np.abs(drawn - country).sum(axis=1) / 2, LUCK))
    absent = (counts == 0) & (population > 0)
    here = counts > 0
    effect = np.inf if absent.any() else float(np.sum(country[here] ** 2 / crowd[here]))
    return Distance(apart, luck, _verdict(apart, luck), effect, crowd, country)


def _verdict(apart: float, luck: float) -> Verdict:
    if apart <= luck:
        return Verdict.ALIKE
    if apart < NEAR:
        return Verdict.NEAR
    return Verdict.FAR if apart >= FAR else Verdict.APART
