"""A short list of statements in which every large enough part of the people finds itself."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from kelisim.core.errors import ValueRefused
from kelisim.engine.frame import Floats
from kelisim.engine.opinion.groups import Groups

Approvals = NDArray[np.bool_]

SLACK = 1e-9
"""Relative difference below which two weights or prices are equal."""


@dataclass(frozen=True, slots=True)
class Violation:
    """People who agree on a statement outside the slate and have too little on it.

    Attributes
    ----------
    statement
        The statement they all approve.
    entitled
        How many statements on the slate their number entitles each of them to.
    weight
        The weight of those with fewer.
    """

    statement: int
    entitled: int
    weight: float


@dataclass(frozen=True, slots=True)
class Slate:
    """A proportional slate and what certifies it.

    Attributes
    ----------
    statements
        Positions of the statements chosen, in the order chosen.
    rule
        ``proportional approval``, or ``equal shares`` where the former left a violation.
    violations
        EJR+ violations of the slate; none for equal shares, by a theorem.
    approved
        Shape (n,): how many statements of the slate each person approves.
    """

    statements: tuple[int, ...]
    rule: str
    violations: tuple[Violation, ...]
    approved: NDArray[np.int64]


def proportional_slate(approvals: Approvals, weights: Floats, size: int) -> Slate:
    """Return a slate by sequential proportional approval voting, checked against EJR+.

    If the slate violates EJR+, equal shares, completed by the same greedy rule, takes its place.

    Parameters
    ----------
    approvals
        Shape (n, m).
    size
        Statements wanted; all of them if there are no more.

    Raises
    ------
    ValueRefused
        The size is not positive.

    References
    ----------
    Brill, Peters (2023), Robust and verifiable proportionality axioms for multiwinner
    voting, EC 23.
    Peters, Skowron (2020), Proportionality and the limits of welfarism, EC 20.

    Examples
    --------
    >>> two_camps = np.array([[1, 1, 0], [1, 1, 0], [1, 1, 0], [0, 0, 1]], dtype=bool)
    >>> proportional_slate(two_camps, np.ones(4), 2).statements
    (0, 1)
    """
    if size < 1:
        raise ValueRefused(
            f"A slate of {size} statements was asked for.", do="Ask for one statement or more."
        )
    wanted = min(size, approvals.shape[1])
    chosen, rule = complete(approvals, weights, (), wanted), "proportional approval"
    violations = ejr_violations(approvals, weights, chosen, wanted)
    if violations:
        paid = equal_shares(approvals, weights, wanted)
        chosen, rule = complete(approvals, weights, paid, wanted), "equal shares"
        violations = ejr_violations(approvals, weights, chosen, wanted)
    approved = approvals[:, list(chosen)].sum(axis=1)
    return Slate(chosen, rule, violations, approved)


def complete(
    approvals: Approvals, weights: Floats, chosen: tuple[int, ...], size: int
) -> tuple[int, ...]:
    """Add statements by sequential proportional approval: each adds the most of weight / rank."""
    slate = list(chosen)
    has = approvals[:, slate].sum(axis=1).astype(np.float64)
    while len(slate) < size:
        gain = np.einsum("n,nm->m", weights / (1 + has), approvals)
        gain[slate] = -np.inf
        best = _first_largest(gain)
        slate.append(best)
        has += approvals[:, best]
    return tuple(slate)


def _first_largest(values: Floats) -> int:
    return int(np.argmax(values >= values.max() - SLACK * max(abs(float(values.max())), 1.0)))


def equal_shares(approvals: Approvals, weights: Floats, size: int) -> tuple[int, ...]:
    """Return the statements that people can afford with equal shares of the seats.

    Each person has size / n (by weight), a statement costs 1, and the statement bought next is the
    one whose supporters pay the least each. Fewer than ``size`` may be bought.
    """
    budget = weights * size / weights.sum()
    chosen: list[int] = []
    open_to = approvals.astype(bool).copy()
    while len(chosen) < size:
        prices = np.array([_price(budget, weights, open_to[:, j]) for j in range(open_to.shape[1])])
        if not np.isfinite(prices).any():
            break
        best = int(np.argmax(prices <= prices.min() * (1 + SLACK)))
        supporters = open_to[:, best]
        budget[supporters] -= np.minimum(budget, prices[best] * weights)[supporters]
        chosen.append(best)
        open_to[:, best] = False
    return tuple(chosen)


def _price(budget: Floats, weights: Floats, supporters: Approvals) -> float:
    """Return rho with sum min(budget, rho weight) = 1 over the supporters, or infinity."""
    money, heavy = budget[supporters], weights[supporters]
    if money.sum() < 1 - SLACK:
        return np.inf
    order = np.argsort(money / heavy, kind="stable")
    money, heavy = money[order], heavy[order]
    spent = np.concatenate([[0.0], np.cumsum(money)[:-1]])
    left = np.cumsum(heavy[::-1])[::-1]
    rho = (1 - spent) / left
    enough = rho <= money / heavy * (1 + SLACK)
    # Rounding may leave a supporter group a hair short of the cost it can just afford.
    return float(rho[np.argmax(enough)]) if enough.any() else float((money / heavy).max())


def ejr_violations(
    approvals: Approvals, weights: Floats, slate: tuple[int, ...], size: int
) -> tuple[Violation, ...]:
    """Return the worst EJR+ violation of each statement outside the slate, if it has one.

    A statement violates EJR+ if, for some l, people of weight at least l/size of all approve it
    and each of them approves fewer than l statements of the slate.
    """
    has = approvals[:, list(slate)].sum(axis=1)
    total = weights.sum()
    # Weight of those who approve a statement and have exactly h of the slate, for h < size.
    exactly = np.array([np.einsum("n,nm->m", weights * (has == h), approvals) for h in range(size)])
    fewer = np.cumsum(exactly, axis=0)
    quota = np.arange(1, size + 1)[:, None] * total / size
    short = fewer >= quota * (1 - SLACK)
    short[:, list(slate)] = False
    found = []
    for j in np.flatnonzero(short.any(axis=0)):
        entitled = int(np.flatnonzero(short[:, j])[-1])
        found.append(Violation(int(j), entitled + 1, float(fewer[entitled, j])))
    return tuple(found)


@dataclass(frozen=True, slots=True)
class Differences:
    """The statements that part the groups, with each group's own slate among them.

    Attributes
    ----------
    statements
        Positions, group by group.
    groups
        The group whose slate each statement is on.
    spread
        Shape (m,): the weighted variance of the groups' mean agreement with each statement.
    violations
        EJR+ violations inside the groups; none unless stated.
    """

    statements: tuple[int, ...]
    groups: tuple[int, ...]
    spread: Floats
    violations: tuple[Violation, ...]


def slate_of_differences(
    chances: Floats, approvals: Approvals, weights: Floats, groups: Groups, size: int
) -> Differences:
    """Return what the groups differ on: to each its seats, filled in proportion inside the group.

    The candidates are the 3 * size statements of largest spread between groups; seats go by
    weight, at least one a group. Without groups there is nothing to tell apart.
    """
    if not groups.count:
        return Differences((), (), np.zeros(chances.shape[1]), ())
    rows = [groups.labels == g for g in range(groups.count)]
    means = np.array(
        [np.einsum("n,nm->m", weights[r], chances[r]) / weights[r].sum() for r in rows]
    )
    middle = np.einsum("g,gm->m", groups.shares, means)
    spread = np.einsum("g,gm->m", groups.shares, (means - middle) ** 2)
    candidates = np.sort(np.argsort(-np.round(spread, 12), kind="stable")[: 3 * size])
    statements: list[int] = []
    of_group: list[int] = []
    violations: list[Violation] = []
    for g, seats in enumerate(_seats(groups.shares, size)):
        free = np.array([j for j in candidates if j not in statements], np.int64)
        # A group's own statements are those it holds more than the others do.
        own = free[means[g, free] >= middle[free]]
        pool = own if len(own) >= seats else free
        slate = proportional_slate(approvals[rows[g]][:, pool], weights[rows[g]], seats)
        statements += [int(pool[j]) for j in slate.statements]
        of_group += [g] * len(slate.statements)
        violations += slate.violations
    return Differences(tuple(statements), tuple(of_group), spread, tuple(violations))


def _seats(shares: Floats, size: int) -> list[int]:
    """Return seats by largest remainder, at least one each."""
    spare = max(size - len(shares), 0)
    exact = shares * spare
    seats = np.floor(exact).astype(np.int64)
    order = np.argsort(-np.round(exact - seats, 12), kind="stable")
    seats[order[: spare - int(seats.sum())]] += 1
    return [int(s) + 1 for s in seats]
