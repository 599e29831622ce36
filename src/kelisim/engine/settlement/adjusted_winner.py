"""Adjusted winner: two parties divide issues so that both are equally satisfied, splitting one.

Brams and Taylor, Fair Division (1996), chapter 4. First each issue goes to whoever gives it more
points; then issues pass from the party that is better off to the other, those first that lose the
least, until both are equally satisfied.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from kelisim.engine.settlement.model import Shares


@dataclass(frozen=True, slots=True)
class Transfer:
    """A step of the adjustment: a share of an issue passes from one party to the other."""

    issue: int
    giver: int
    share: Fraction


@dataclass(frozen=True, slots=True)
class AdjustedWinner:
    """A division by adjusted winner.

    Attributes
    ----------
    shares
        One pair an issue; they sum to 1.
    points
        What each party has of its own 100 points, exactly.
    transfers
        How the first division was adjusted, in order.
    """

    shares: tuple[Shares, ...]
    points: tuple[Fraction, Fraction]
    transfers: tuple[Transfer, ...]


def adjusted_winner(
    points: Sequence[Sequence[int]],
    entitlement: Sequence[Fraction] = (Fraction(1, 2), Fraction(1, 2)),
) -> AdjustedWinner:
    """Divide issues between two parties.

    Parameters
    ----------
    points
        Two rows of non-negative points, one an issue, on any scale; each row has a positive sum
        and is brought to 100.
    entitlement
        Positive shares that sum to 1. The parties end equally satisfied relative to them.

    Returns
    -------
    AdjustedWinner
        Equitable, efficient and, relative to the entitlements, free of envy. A tied issue goes
        first to the party that has less so far.

    Examples
    --------
    >>> result = adjusted_winner([[6, 67, 27], [5, 34, 61]])
    >>> result.points[0], result.shares[1]
    (Fraction(6700, 101), (Fraction(100, 101), Fraction(1, 101)))
    """
    rows = [[Fraction(100 * p, sum(row)) for p in row] for row in points]
    owner = _winners(rows, entitlement)
    satisfied = [
        sum((p for p, o in zip(rows[i], owner, strict=True) if o == i), Fraction(0))
        / entitlement[i]
        for i in (0, 1)
    ]
    giver = 0 if satisfied[0] > satisfied[1] else 1
    taker = 1 - giver
    shares = [[Fraction(int(o == i)) for i in (0, 1)] for o in owner]
    transfers = []
    for j in sorted(
        (j for j, o in enumerate(owner) if o == giver and rows[giver][j] > 0),
        key=lambda j: (rows[taker][j] == 0, _ratio(rows[giver][j], rows[taker][j])),
    ):
        lost, won = rows[giver][j] / entitlement[giver], rows[taker][j] / entitlement[taker]
        share = min(Fraction(1), (satisfied[giver] - satisfied[taker]) / (lost + won))
        if share == 0:
            break
        satisfied[giver] -= share * lost
        satisfied[taker] += share * won
        shares[j][giver], shares[j][taker] = 1 - share, share
        transfers.append(Transfer(j, giver, share))
    return AdjustedWinner(
        shares=tuple((first, second) for first, second in shares),
        points=(satisfied[0] * entitlement[0], satisfied[1] * entitlement[1]),
        transfers=tuple(transfers),
    )


def _winners(rows: Sequence[Sequence[Fraction]], entitlement: Sequence[Fraction]) -> list[int]:
    """Give each issue to whoever wants it more; then the ties, each to whoever has less so far."""
    owner = [0 if a > b else 1 for a, b in zip(*rows, strict=True)]
    tied = [j for j, (a, b) in enumerate(zip(*rows, strict=True)) if a == b]
    have = [
        sum((p for j, p in enumerate(rows[i]) if owner[j] == i and j not in tied), Fraction(0))
        for i in (0, 1)
    ]
    for j in tied:
        owner[j] = 0 if have[0] / entitlement[0] < have[1] / entitlement[1] else 1
        have[owner[j]] += rows[owner[j]][j]
    return owner


def _ratio(own: Fraction, other: Fraction) -> Fraction:
    """Return how much more the giver values an issue; what only the giver wants comes last."""
    return own / other if other else own
