"""The estimates of small areas: a table, the draws behind it, and its checks."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
import polars as pl

from kelisim.core.errors import SettingRefused
from kelisim.engine.frame import Floats
from kelisim.engine.smallarea.checks import check_areas
from kelisim.engine.smallarea.fitting import Answers, Fit
from kelisim.engine.smallarea.poststratify import tally
from kelisim.engine.smallarea.reading import Outcome, Population
from kelisim.engine.smallarea.table import Labels, check_table, estimate_table, spread_table
from kelisim.engine.smallarea.terms import AREA, Terms


@dataclass(frozen=True, slots=True)
class Fitted:
    """A fitted model: what was read, the terms, the answers by cell, and a fit for each split."""

    population: Population
    outcome: Outcome
    terms: Terms
    answers: Answers
    fits: tuple[Fit, ...]


@dataclass(frozen=True, slots=True)
class SmallAreas:
    """What `mrp` returns.

    Attributes
    ----------
    estimates
        A row an estimate, the nation (empty ``domain``) before the areas, with the columns of
        estimates.csv. ``estimate`` and ``se`` are the mean and standard deviation of the draws,
        ``ci_low`` and ``ci_high`` their quantiles; ``n_eff`` is the size of the simple random
        sample that would know the share as well; ``df`` and ``deff`` are null.
    draws
        Posterior draws of the shares: shape (draws, areas) for a yes-or-no question, else
        (draws, areas, categories).
    national
        Draws of the national share: shape (draws,), or (draws, categories).
    areas
        The areas in the order of `draws`.
    categories
        The answers in the order of `draws`; the one empty text for a yes-or-no question.
    spreads
        Posterior of the standard deviation of each group of effects, on the logit scale:
        ``split, term, mean, se``.
    effective_points
        Effective number of the 64 points of the integral over the standard deviations, the smallest
        of all splits; below about 10 the intervals lean on few points.
    level
        Level of the intervals.
    """

    estimates: pl.DataFrame
    draws: Floats
    national: Floats
    areas: tuple[str, ...]
    categories: tuple[str, ...]
    spreads: pl.DataFrame
    effective_points: float
    level: float
    _fitted: Fitted = field(repr=False)

    def checks(self, *, seed: int = 1) -> pl.DataFrame:
        """Return how the model meets the answers of each area, as data for a report.

        Columns: ``domain, category, n``; ``direct`` and ``direct_se``, the unweighted share among
        the respondents; ``estimate``; ``predicted, predicted_low, predicted_high``, the share that
        the model would see among these same respondents in a new sample; ``p_value``, two-sided,
        of the share that was seen; ``pooling``, from 0 (the area speaks for itself) to 1 (it
        says nothing beyond the other areas), null without an area effect. Numbers that need a
        respondent are null where there is none.
        """
        fitted = self._fitted
        checked = check_areas(fitted.terms, fitted.answers, fitted.fits, seed)
        areas = self.estimates.filter(pl.col("domain") != "")
        return check_table(areas, checked, fitted.outcome.shown, self.level)


def check_settings(draws: int, level: float) -> None:
    """Refuse a number of draws or a level that gives no interval."""
    if draws < 100:
        raise SettingRefused(
            f"{draws} draws are too few for an interval.", where="draws", do="Take 1000."
        )
    if not 0 < level < 1:
        raise SettingRefused(
            f"The level is {level}.", where="level", do="Give a number between 0 and 1: 0.95."
        )


def summarise(fitted: Fitted, shares: Floats, indicator: str, level: float) -> SmallAreas:
    """Return the result from draws of the shares, shape (K, A, draws)."""
    people, outcome = fitted.population, fitted.outcome
    weights = tally(people.cells.variables[:, AREA], people.cells.counts, len(people.areas))
    national = np.einsum("a,kad->kd", weights / weights.sum(), shares)
    variables, counts = fitted.answers.variables[:, AREA], fitted.answers.counts.sum(axis=0)
    sizes = tally(variables, counts, len(weights))
    labels = Labels(indicator, outcome.categories, people.names[AREA], people.areas)
    every = np.concatenate([national[:, None], shares], axis=1)
    draws = shares.transpose(2, 1, 0)
    return SmallAreas(
        estimate_table(labels, every, sizes, level),
        np.ascontiguousarray(draws[:, :, 0] if outcome.binary else draws),
        national[0] if outcome.binary else national.T,
        people.areas,
        outcome.categories,
        spread_table(fitted.terms, fitted.fits),
        min(fit.points.effective for fit in fitted.fits),
        level,
        fitted,
    )
