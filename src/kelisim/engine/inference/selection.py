"""What unmeasured selection would do to an estimate: bounds that need no faith, and a model.

Weights make volunteers like the population in what was measured. If those who take part differ in
their answers from people of their own kind who do not, estimates stay biased, and no interval shows
it. Here it is said how strong that would have to be.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike
from scipy.special import ndtr, ndtri

from kelisim.core.errors import ValueRefused
from kelisim.engine.frame import Floats


@dataclass(frozen=True, slots=True)
class Bounds:
    """Between what a share lies, if selection was not stronger than stated.

    Attributes
    ----------
    ratio
        At most so many times as often did people who say yes take part as those of their kind who
        do not, or the other way round.
    low, high
        The bounds, before sampling error.
    """

    ratio: float
    low: Floats
    high: Floats


def bounds_of_selection(share: ArrayLike, ratio: float) -> Bounds:
    r"""Return the bounds of a share if taking part depends on the answer by a factor.

    If in every cell those who say yes take part :math:`\gamma` times as often as those who do not,
    the cell's share of p among volunteers is :math:`p / (p + \gamma (1 - p))` in the population. It
    is convex in p, so that by Jensen's inequality the same formula of the weighted share bounds the
    weighted mean over cells, whatever they are and however the factor varies below
    :math:`\gamma`.

    Parameters
    ----------
    share
        Weighted shares among volunteers, 0 to 1.
    ratio
        gamma, at least 1.

    Raises
    ------
    ValueRefused
        A share is none, or the ratio is below 1.

    References
    ----------
    Rosenbaum (2002), Observational studies, section 4; the bound of Manski (1989) is its limit.

    Examples
    --------
    >>> found = bounds_of_selection([0.6], 1.5)
    >>> found.low.round(3).tolist(), found.high.round(3).tolist()
    ([0.5], [0.692])
    """
    p = np.asarray(share, dtype=np.float64)
    if not ratio >= 1:
        raise ValueRefused(
            f"The ratio of selection is {ratio:g}.", do="Give 1 for none, 2 for twice as often."
        )
    _refuse_no_shares(p)
    return Bounds(ratio, p / (p + ratio * (1 - p)), ratio * p / (ratio * p + 1 - p))


def selection_to_reach(share: ArrayLike, other: ArrayLike) -> Floats:
    """Return the least ratio of selection that could turn one share into another.

    It is the ratio of their odds; no weaker selection can do it, in whatever cells it hides.

    Parameters
    ----------
    share, other
        Shares strictly between 0 and 1; infinite where one of them is 0 or 1.

    Examples
    --------
    >>> selection_to_reach(0.6, 0.5).round(3).item()
    1.5
    """
    p, t = np.asarray(share, dtype=np.float64), np.asarray(other, dtype=np.float64)
    _refuse_no_shares(np.append(p, t))
    with np.errstate(divide="ignore", invalid="ignore"):
        ratio = p * (1 - t) / (t * (1 - p))
        return np.asarray(np.where(p == t, 1.0, np.maximum(ratio, 1 / ratio)))


def _refuse_no_shares(p: Floats) -> None:
    inside = p[~np.isnan(p)]
    if ((inside < 0) | (inside > 1)).any():
        raise ValueRefused("A share is below 0 or above 1.", do="Give shares of 1.")


@dataclass(frozen=True, slots=True)
class ProxyModel:
    """Estimates of the population under a proxy pattern-mixture model.

    Attributes
    ----------
    phi
        How far selection depends on the answer itself: 0 on its predictor alone, 1 on the answer
        alone.
    estimate
        Shape of ``phi``; NaN where no population fits: its normal variable would have to vary less
        than not at all.
    correlation
        Of the answer with its best predictor: where it is weak, the estimates spread wide.
    """

    phi: Floats
    estimate: Floats
    correlation: float


@dataclass(frozen=True, slots=True)
class Proxy:
    """The best linear prediction of an answer from what is known of everybody.

    Attributes
    ----------
    values
        Shape (n,), of those who answered.
    mean, variance
        Over the population.
    """

    values: Floats
    mean: float
    variance: float


def best_proxy(y: ArrayLike, design: ArrayLike, reference: ArrayLike, counts: ArrayLike) -> Proxy:
    """Return the fitted values of a least-squares regression, and their moments in the population.

    Parameters
    ----------
    y
        Shape (n,): answers of volunteers.
    design, reference
        Shapes (n, k) and (c, k): the same columns, a constant among them, of volunteers and of the
        population.
    counts
        Shape (c,): how many people a row of the reference stands for.

    References
    ----------
    Little, West, Boonstra and Hu (2020), section 2.

    Examples
    --------
    >>> x = np.array([[1.0, 0], [1, 0], [1, 1], [1, 1]])
    >>> found = best_proxy([1, 3, 6, 8], x, [[1, 0], [1, 1]], [300, 100])
    >>> found.values.round(3).tolist(), round(found.mean, 3)
    ([2.0, 2.0, 7.0, 7.0], 3.25)
    """
    x, there = np.asarray(design, dtype=np.float64), np.asarray(reference, dtype=np.float64)
    people = np.asarray(counts, dtype=np.float64)
    beta = np.linalg.lstsq(x, np.asarray(y, dtype=np.float64), rcond=None)[0]
    expected = there @ beta
    mean = float(people @ expected / people.sum())
    variance = float(people @ (expected - mean) ** 2 / people.sum())
    return Proxy(x @ beta, mean, variance)


def proxy_model(
    y: ArrayLike,
    predictor: ArrayLike,
    population_mean: float,
    population_variance: float,
    *,
    binary: bool = False,
    phi: ArrayLike = (0.0, 0.5, 1.0),
) -> ProxyModel:
    r"""Return the population mean of y if selection depends on (1 - phi) x + phi y.

    With r the correlation of y and its proxy x among volunteers,
    :math:`g = (\phi + (1 - \phi) r) / (\phi r + 1 - \phi)`, and the mean of those who did not come
    is that of volunteers plus g times the standardised difference of the proxy. Of a binary y this
    holds for the normal variable whose sign it is. Volunteers are taken for so few that those who
    did not come are the population.

    Parameters
    ----------
    y
        Shape (n,): answers of volunteers; 0 and 1 where binary.
    predictor
        Shape (n,): the proxy, the best prediction of y from what is known of everybody.
    population_mean, population_variance
        Of the proxy, over the population.
    phi
        0 to 1, any number of them.

    Raises
    ------
    ValueRefused
        y or its proxy does not vary, or the proxy does not rise with y.

    References
    ----------
    Little, West, Boonstra and Hu (2020), Measures of the degree of departure from ignorable sample
    selection. Journal of Survey Statistics and Methodology 8. Andridge, West, Little, Boonstra and
    Alvarado-Leiton (2019), Indices of non-ignorable selection bias for proportions estimated from
    non-probability samples. JRSS C 68.

    Examples
    --------
    >>> y, x = np.array([1.0, 2, 3, 4]), np.array([1.5, 1.5, 3.5, 3.5])
    >>> proxy_model(y, x, 2.0, 1.0).estimate.round(3).tolist()
    [2.0, 1.941, 1.875]
    """
    answers, proxy = np.asarray(y, dtype=np.float64), np.asarray(predictor, dtype=np.float64)
    degree = np.asarray(phi, dtype=np.float64)
    if answers.std() == 0 or proxy.std() == 0:
        raise ValueRefused(
            "The answers, or what predicts them, are the same for everybody.",
            do="Selection cannot be seen in what does not vary: use bounds_of_selection.",
        )
    z = (population_mean - proxy.mean()) / proxy.std()
    r = float(np.corrcoef(answers, proxy)[0, 1])
    if binary:
        mean = float(answers.mean())
        # The biserial correlation: of the proxy with the normal variable behind yes and no.
        height = np.exp(-0.5 * ndtri(mean) ** 2) / np.sqrt(2 * np.pi)
        # Computed from moments it may pass 1, where the answer is as good as known.
        r = min(r * np.sqrt(mean * (1 - mean)) / height, 0.999)
    if r <= 0:
        raise ValueRefused(
            f"The answers and their prediction have the correlation {r:.3f}.",
            why="A proxy must rise with what it stands for.",
            do="Use as predictor the fitted values of a regression of the answers.",
        )
    g = (degree + (1 - degree) * r) / (degree * r + 1 - degree)
    if not binary:
        return ProxyModel(degree, answers.mean() + g * z * answers.std(), r)
    spread = 1 + g**2 * (population_variance / proxy.var() - 1)
    spread = np.where(spread > 0, spread, np.nan)
    return ProxyModel(degree, ndtr((ndtri(mean) + g * z) / np.sqrt(spread)), r)
