"""Multilevel regression and poststratification: small areas from a national sample."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from kelisim.engine.frame import MISSING, as_frame
from kelisim.engine.smallarea.fitting import collapse, fit_splits
from kelisim.engine.smallarea.model import choose_terms
from kelisim.engine.smallarea.poststratify import poststratify
from kelisim.engine.smallarea.predictors import read_predictors
from kelisim.engine.smallarea.prior import Prior
from kelisim.engine.smallarea.reading import read_outcome, read_population, read_sample
from kelisim.engine.smallarea.result import Fitted, SmallAreas, check_settings, summarise
from kelisim.engine.smallarea.spatial import read_neighbours


def mrp(
    data: Any,
    population: Any,
    outcome: str,
    area: str,
    cells: Sequence[str],
    *,
    interactions: Sequence[Sequence[str]] = (),
    area_predictors: Any = None,
    neighbours: Sequence[tuple[str, str]] | None = None,
    count: str = "n",
    yes: Sequence[object] = (),
    every: bool = False,
    indicator: str | None = None,
    draws: int = 1000,
    level: float = 0.95,
    seed: int = 1,
) -> SmallAreas:
    """Estimate the share of each answer in every area, from a sample too small to ask each area.

    A logistic model with crossed random effects of the area, of every cell variable and of the
    chosen interactions is fitted on cells by a Laplace approximation, the standard deviations of
    the effects are integrated over, and each area's share is summed over its population cells.

    Parameters
    ----------
    data
        A Polars, pandas or Arrow table, or a dict of arrays, with a row a respondent.
    population
        The same, with a row a cell: the area, the cell variables and the count.
    outcome
        A column of 0/1 or true/false, or of several answers. Rows without an answer are left out.
    area, cells
        The columns of the area and of the cell variables, in both tables.
    interactions
        Variables that cross, such as ``[("educ", "age")]``; the area may be one of them.
    area_predictors
        A table with the area and predictors: numbers are standardised, text becomes indicators.
    neighbours
        Pairs of areas that touch; the effects of areas are then partly spatial (BYM2).
    count
        The population's column of people.
    yes
        The answers that count as yes.
    every
        Whether each answer has its own share even where the answers are 0 and 1.
    indicator
        Name of the indicator in the table; the outcome's when not given.
    draws
        Posterior draws.
    level
        Level of the intervals.
    seed
        Any integer; equal seeds give equal results.

    Raises
    ------
    ColumnRefused
        A column is missing or named twice.
    ValueRefused
        A category, count or predictor is missing or not possible; the sample has a category that
        the population lacks; predictors are collinear.
    IdRefused
        An area has two rows of predictors.
    IndicatorRefused
        Nobody answered, or there is nothing to tell apart.
    SettingRefused
        A number, interaction or pair of neighbours is not possible.

    Notes
    -----
    Priors: fixed coefficients N(0, 2.5^2), effects N(0, sigma^2), sigma half-normal(1). A variable
    of two categories enters as a fixed contrast of -1/2 and +1/2. Several answers are split off one
    by one, the most frequent first, with a model for each split (continuation-ratio logits).
    Weights of respondents play no part: what they would correct must be among the cells.

    Examples
    --------
    >>> people = {"region": ["A"] * 6 + ["B"] * 4, "sex": list("fmfmfmfmfm"),
    ...           "agrees": [1, 1, 1, 1, 0, 1, 0, 1, 0, 0]}
    >>> country = {"region": list("AABBCC"), "sex": list("fmfmfm"), "n": [9, 8, 7, 6, 5, 5]}
    >>> m = mrp(people, country, "agrees", "region", ["sex"], seed=1)
    >>> m.estimates["domain"].to_list(), m.draws.shape
    (['', 'region=A', 'region=B', 'region=C'], (1000, 3))
    >>> m.estimates["note"][3]
    "no respondent in the area: the estimate is the model's alone"
    """
    check_settings(draws, level)
    frame = as_frame(data)
    people = read_population(as_frame(population), area, cells, count)
    answer = read_outcome(frame, outcome, yes, every=every)
    variables = read_sample(frame.filter(answer.codes != MISSING), people)
    predictors = read_predictors(area_predictors, area, people.areas)
    terms = choose_terms(people, predictors, interactions)
    prior = Prior(terms.starts, spatial=read_neighbours(neighbours, people.areas))
    answers = collapse(variables, answer.splits, len(answer.order))
    fits = fit_splits(answers, terms, prior, draws, seed)
    shares = poststratify(terms, people.cells, [fit.draws for fit in fits])
    fitted = Fitted(people, answer, terms, answers, fits)
    return summarise(fitted, shares[answer.shown], indicator or outcome, level)
