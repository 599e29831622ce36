"""Ranks that admit doubt: for every area, the ranks its data cannot exclude.

A league table of estimates is mostly noise. Here an area's rank is a set, and all the sets hold
the true ranks at once with the stated probability (Mogstad, Romano, Shaikh and Wilhelm 2023,
'Inference for ranks with applications to mobility across neighbourhoods and academic achievement
across countries', Review of Economic Studies 91).
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from kelisim.core.errors import ValueRefused
from kelisim.core.rng import stream_seed
from kelisim.engine.frame import Floats
from kelisim.engine.ranking.comparison import critical_values, families_of, separation
from kelisim.engine.ranking.covariance import joint_covariance, known_areas, normal_draws
from kelisim.engine.ranking.probabilities import rank_probabilities
from kelisim.engine.ranking.shares import Scale, check_scale, logits
from kelisim.engine.ranking.stepdown import order_of_quantile
from kelisim.engine.ranking.student import degrees_of_freedom

Ranks = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class RankSets:
    """Ranks of p areas with their confidence sets; rank 1 is the largest estimate.

    An area without an estimate or a variance has no rank: 0 in ``rank``, ``low`` and ``high``. The
    ranks of the others are ranks among the areas that have one.

    Attributes
    ----------
    rank
        Shape (p,): the rank of the estimate; equal estimates share the best of their ranks.
    low, high
        Shape (p,): the best and the worst rank that the data do not exclude.
    critical_value
        Shape (p,): how many standard errors of a difference separate two areas, with a standard
        error that is known; the same for all areas where the sets are simultaneous. NaN where the
        area has no rank.
    probability
        Shape (p, p): P(rank = r) in column r - 1, from normal draws around the estimates. NaN where
        the area has no rank.
    ranked
        Shape (p,): whether the area has a rank.
    exact
        Shape (p,): whether the area's standard error is zero, so that it was taken as known.
    level
        The probability that the sets hold the true ranks.
    simultaneous
        Whether ``level`` is of all sets at once, or of each alone.
    """

    rank: Ranks
    low: Ranks
    high: Ranks
    critical_value: Floats
    probability: Floats
    ranked: NDArray[np.bool_]
    exact: NDArray[np.bool_]
    level: float
    simultaneous: bool

    def best_k(self, k: int) -> NDArray[np.bool_]:
        """Return the areas that may be among the best k, shape (p,).

        With simultaneous sets, all of the truly best k are among them with probability ``level``.
        """
        return self.ranked & (self.low <= self._rank(k))

    def probability_best(self, k: int) -> Floats:
        """Return P(rank <= k) of each area, shape (p,)."""
        reached: Floats = self.probability[:, : self._rank(k)].sum(axis=1)
        return reached

    @property
    def note(self) -> str:
        """What a reader of the ranks must be told, or an empty text."""
        return " ".join(self.notes)

    @property
    def notes(self) -> tuple[str, ...]:
        """What a reader of the ranks must be told, sentence by sentence."""
        without = len(self.rank) - int(self.ranked.sum())
        told = []
        if without:
            told.append(
                f"Not ranked for want of an estimate or a standard error: {without} of "
                f"{len(self.rank)} areas. Ranks are among the other {len(self.rank) - without}."
            )
        if self.exact.any():
            told.append(
                f"Taken as known without error, because the standard error is zero: "
                f"{int(self.exact.sum())} of {len(self.rank)} areas."
            )
        return tuple(told)

    def _rank(self, k: int) -> int:
        if 1 <= k <= len(self.rank):
            return k
        raise ValueRefused(
            f"There is no rank {k} among {len(self.rank)} areas.",
            do=f"Ask for a rank from 1 to {len(self.rank)}.",
        )


def rank_sets(
    estimates: ArrayLike,
    covariance: ArrayLike,
    level: float = 0.95,
    *,
    df: ArrayLike | None = None,
    scale: Scale = "identity",
    simultaneous: bool = True,
    step_down: bool = True,
    draws: int = 10_000,
    seed: int = 0,
) -> RankSets:
    """Return the ranks of areas with confidence sets, from estimates and their joint covariance.

    Area k is surely better than area j when (t_k - t_j) / s_jk exceeds a critical value, and the
    rank set of j runs from 1 + (areas surely better) to p - (areas surely worse).

    Parameters
    ----------
    estimates
        Shape (p,): NaN where an area has no estimate.
    covariance
        Shape (p, p), or the variances, shape (p,), of independent estimates. Areas whose difference
        has no variance are equal if their estimates are, and else surely different.
    level
        The probability of the sets, between 0 and 1.
    df
        One number, or shape (p,): the degrees of freedom of each variance, PSUs less strata of the
        area. Without them the variances are taken as known, which few PSUs do not warrant.
    scale
        ``logit`` to compare shares by their logits; a share of 0 or 1 has none and is not ranked.
    simultaneous
        Whether all sets hold at once, or each alone.
    step_down
        Whether separated pairs leave and the others are judged again; it only narrows the sets.
    draws
        Simulated draws for the critical value and for P(rank = r).
    seed
        The same seed gives the same sets, in whatever order the areas come.

    Raises
    ------
    CovarianceRefused
        The covariance has a wrong shape, is not symmetric or not positive semidefinite, a variance
        is negative, or a covariance is missing.
    ValueRefused
        An estimate is infinite, the level is not between 0 and 1, the draws are too few for it, an
        area with a variance has less than one degree of freedom, or the scale is not one.

    Examples
    --------
    >>> k = rank_sets([0.52, 0.40, 0.39, 0.11], [0.0004] * 4)
    >>> k.rank.tolist(), k.low.tolist(), k.high.tolist()
    ([1, 2, 3, 4], [1, 2, 2, 4], [1, 3, 3, 4])
    >>> k.best_k(2).tolist()
    [True, True, True, False]
    """
    t = _estimates(estimates)
    V = joint_covariance(np.asarray(covariance, dtype=np.float64), len(t))
    k = _order(level, draws)
    check_scale(t, scale)
    if scale == "logit":
        t, V = logits(t, V)
    ranked = known_areas(t, V)
    degrees = degrees_of_freedom(df, ranked)
    place = _in_order(t, V, np.flatnonzero(ranked))
    t, V = t[place], V[np.ix_(place, place)]
    z = normal_draws(V, draws, np.random.default_rng(stream_seed(seed, "ranks")))
    apart = separation(t, V, degrees[place])
    families = families_of(len(t), simultaneous=simultaneous)
    c = critical_values(z, V, apart, families, k, step_down=step_down)
    found = RankSets(
        rank=1 + (t[:, None] < t).sum(axis=1),
        low=1 + (apart.statistics < -c[:, None]).sum(axis=1),
        high=len(t) - (apart.statistics > c[:, None]).sum(axis=1),
        critical_value=c,
        probability=rank_probabilities(z, t),
        ranked=ranked[place],
        exact=V.diagonal() == 0,
        level=level,
        simultaneous=simultaneous,
    )
    return _in_place(found, place, len(ranked))


def _estimates(estimates: ArrayLike) -> Floats:
    t = np.asarray(estimates, dtype=np.float64)
    if t.ndim == 1 and not np.isinf(t).any():
        return t
    raise ValueRefused(
        f"The estimates have the shape {t.shape}, or one of them is infinite.",
        do="Pass one finite number an area, and NaN for an area without an estimate.",
    )


def _order(level: float, draws: int) -> int:
    if 0 < level < 1:
        return order_of_quantile(level, draws)
    raise ValueRefused(
        f"The level of the sets is {level}, which is not between 0 and 1.",
        do="Pass 0.95 for sets that hold with probability 95 %.",
    )


def _in_order(t: Floats, V: Floats, known: Ranks) -> Ranks:
    """Return the known areas from the largest estimate down, the same in any order of the input."""
    V = V[np.ix_(known, known)]
    return known[np.lexsort((V.sum(axis=1), V.diagonal(), -t[known]))]


def _in_place(found: RankSets, place: Ranks, areas: int) -> RankSets:
    """Return sets found for some areas at the places of these areas among all."""

    def spread(values: NDArray[Any], empty: float) -> NDArray[Any]:
        whole = np.full(areas, empty, dtype=values.dtype)
        whole[place] = values
        return whole

    probability = np.full((areas, areas), np.nan)
    probability[place] = 0.0
    probability[place, : len(place)] = found.probability
    return replace(
        found,
        rank=spread(found.rank, 0),
        low=spread(found.low, 0),
        high=spread(found.high, 0),
        critical_value=spread(found.critical_value, np.nan),
        probability=probability,
        ranked=spread(found.ranked, 0),
        exact=spread(found.exact, 0),
    )
