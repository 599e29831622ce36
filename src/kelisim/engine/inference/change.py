"""Change between two waves: the difference of two estimates, and how exactly it is known.

Waves of separate samples add their variances. Waves that share sampling units are seen as one
design over the units of both: the linearised values of the first wave enter with a minus, a shared
unit adds the two, and the variance is that of one sum. So the covariance of the waves is inside.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.special import stdtr

from kelisim.engine.frame import Codes, Floats
from kelisim.engine.inference.answers import Answers, block
from kelisim.engine.inference.groups import Bools, Matrix, summation
from kelisim.engine.inference.intervals import Interval, wald
from kelisim.engine.inference.joint import sums
from kelisim.engine.inference.overlap import Union
from kelisim.engine.inference.survey import Survey


@dataclass(frozen=True, slots=True)
class Change:
    """K changes from the first wave to the second.

    Attributes
    ----------
    change, se, low, high
        Shape (K,): the difference, its standard error and t interval; NaN where there is none.
    df
        Shape (K,): degrees of freedom of the interval.
    p
        Shape (K,): two-sided, of no change; NaN also where nothing varies.
    """

    change: Floats
    se: Floats
    low: Floats
    high: Floats
    df: Floats
    p: Floats


@dataclass(frozen=True, slots=True)
class Linearised:
    """K estimates of one wave, and what each of its P units of the first stage adds to them.

    Attributes
    ----------
    estimate
        Shape (K,); NaN where nobody answered.
    totals
        Shape (P, K): weighted linearised values summed over units, less what a calibration
        explains of them; in the units of the estimate.
    present
        Shape (P, K): which units hold rows that answered.
    """

    estimate: Floats
    totals: Floats
    present: Bools


def independent(estimate: Floats, se: Floats, df: Floats, level: float = 0.95) -> Change:
    """Return the change between two samples drawn separately: V = V1 + V2.

    Degrees of freedom are those of Welch and Satterthwaite, V^2 / (V1^2/df1 + V2^2/df2), so that
    the wave that is known worse rules the interval.

    Parameters
    ----------
    estimate, se, df
        Shape (2, K): the first wave, then the second.

    References
    ----------
    Satterthwaite (1946), An approximate distribution of estimates of variance components.
    Biometrics Bulletin 2.

    Examples
    --------
    >>> p, se, df = np.array([[0.4], [0.5]]), np.array([[0.03], [0.04]]), np.full((2, 1), 40)
    >>> both = independent(p, se, df)
    >>> round(float(both.change[0]), 3), round(float(both.se[0]), 3), round(float(both.df[0]), 1)
    (0.1, 0.05, 74.2)
    """
    V = se**2
    total = V.sum(axis=0)
    share = np.divide(V, total, out=np.full(V.shape, 0.5), where=total > 0)
    freedom = 1 / (share**2 / np.where(df >= 1, df, np.nan)).sum(axis=0)
    return _concluded(estimate[1] - estimate[0], total, freedom, level)


def overlapping(first: Linearised, second: Linearised, union: Union, level: float = 0.95) -> Change:
    r"""Return the change between two samples that share sampling units.

    With :math:`z_p = z_{2p} - z_{1p}` over the units of both waves, 0 for a unit that a wave did
    not visit, the variance is that of ultimate clusters,

    .. math:: V = \sum_h c_h \sum_{p \in h} (z_p - k_h \bar z_h)^2 ,

    as on a stacked file whose domains are the waves. Where all units are shared it is
    V1 + V2 - 2 C; where only some are, it is a little larger, because a unit that a wave did not
    visit counts as one of its units that answered nothing. Degrees of freedom are units less
    strata with answers of either wave.

    References
    ----------
    Berger (2004), Variance estimation for measures of change in probability sampling. Canadian
    Journal of Statistics 32. Wood (2008), On the covariance between related Horvitz-Thompson
    estimators. Journal of Official Statistics 24.
    """
    group, size = union.stage.units.group, union.stage.units.size
    z = _placed(second.totals, union.second, group.size)
    z -= _placed(first.totals, union.first, group.size)
    of_group = summation(group, size.size)
    mean = np.asarray(of_group @ z) * (union.stage.centred / size)[:, None]
    V = union.stage.coefficient @ np.asarray(of_group @ (z - mean[group]) ** 2)
    return _concluded(
        second.estimate - first.estimate, V, _units_less_strata(first, second, union), level
    )


def square_and_add(estimate: Floats, low: Floats, high: Floats) -> Interval:
    """Return an interval of a difference from the intervals of two estimates.

    It holds where standard errors do not: where all answers of a wave are equal. The covariance is
    taken as 0, which makes the interval wide where the waves are positively correlated.

    Parameters
    ----------
    estimate, low, high
        Shape (2, K): the first wave, then the second.

    References
    ----------
    Newcombe (1998), Interval estimation for the difference between independent proportions.
    Statistics in Medicine 17, method 10. Zou and Donner (2008), Construction of confidence limits
    about effect measures. Statistics in Medicine 27.

    Examples
    --------
    >>> p, low, high = np.array([[0.0], [0.2]]), np.array([[0.0], [0.1]]), np.array([[0.03], [0.3]])
    >>> [round(float(end[0]), 4) for end in square_and_add(p, low, high)]
    [0.0956, 0.3]
    """
    change = estimate[1] - estimate[0]
    below, above = estimate - low, high - estimate
    return change - np.hypot(below[1], above[0]), change + np.hypot(above[1], below[0])


def linearised(answers: Answers, place: int, survey: Survey) -> Linearised:
    """Linearise all categories of one indicator in every domain of a set; K by category, domain.

    Raises
    ------
    IndicatorRefused
        The indicator is a quantile: its interval does not come from a linearised variable.
    """
    found = sums(answers, range(len(answers.categories)), place, survey)
    totals = found.stages[0].toarray()
    residuals = survey.residuals[place]
    if residuals is not None and found.slopes is not None:
        totals -= np.asarray(residuals.auxiliaries.stages[0].units @ found.slopes)
    return Linearised(found.estimate, totals, _present(answers, place, survey))


def chosen(wave: Linearised, columns: NDArray[np.intp]) -> Linearised:
    """Return some of the K estimates of a wave, in the order of their places."""
    return Linearised(wave.estimate[columns], wave.totals[:, columns], wave.present[:, columns])


def _present(answers: Answers, place: int, survey: Survey) -> Bools:
    part = survey.partitions[place]
    cells = part.cells[0]
    rows = cells.rows.matrix
    count = Matrix((np.ones(rows.data.size), rows.indices, rows.indptr), shape=rows.shape)
    answered = block([(answers, 0)], survey.sample.weights).answered
    present = np.zeros((cells.stage.units.group.size, part.size), dtype=np.bool_)
    present[cells.unit, cells.domain] = np.asarray(count @ answered)[:, 0] > 0
    return np.tile(present, len(answers.categories))


def _placed(rows: Floats, place: Codes, units: int) -> Floats:
    placed = np.zeros((units, rows.shape[1]))
    placed[place] = rows
    return placed


def _units_less_strata(first: Linearised, second: Linearised, union: Union) -> Floats:
    group, size = union.stage.units.group, union.stage.units.size
    present = _placed(first.present.astype(np.float64), union.first, group.size)
    present += _placed(second.present.astype(np.float64), union.second, group.size)
    units = (present > 0).astype(np.float64)
    strata = np.asarray(summation(group, size.size) @ units) > 0
    return np.asarray(units.sum(axis=0) - strata.sum(axis=0))


def _concluded(change: Floats, V: Floats, df: Floats, level: float) -> Change:
    known = ~np.isnan(change) & (df >= 1)
    se = np.where(known, np.sqrt(V), np.nan)
    low, high = wald(change, se, df, level)
    varies = known & (se > 0)
    t = np.divide(change, se, out=np.full(change.shape, np.nan), where=varies)
    return Change(change, se, low, high, df, 2 * stdtr(df, -np.abs(t)))
