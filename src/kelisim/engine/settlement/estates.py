"""Dividing an estate: Knaster's sealed bids for things, the Talmud's rule for claims on money."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from kelisim.core.errors import CaseRefused, listed

Money = int | Fraction


@dataclass(frozen=True, slots=True)
class SealedBids:
    """A division of things by Knaster's sealed bids.

    Attributes
    ----------
    owner
        Who receives each thing.
    cash
        What each heir receives in money, exactly; negative pays. The sum is 0.
    value
        What each heir has at the end by its own bids: things and cash.
    fair_share
        What each heir could expect by its own bids; ``value`` is never less.
    """

    owner: Mapping[str, str]
    cash: Mapping[str, Fraction]
    value: Mapping[str, Fraction]
    fair_share: Mapping[str, Fraction]


def knaster(
    bids: Mapping[str, Mapping[str, Money]], entitlement: Mapping[str, Fraction] | None = None
) -> SealedBids:
    """Divide things among heirs who bid money for each (Knaster, in Steinhaus 1948).

    Each thing goes to the highest bidder, who pays its bid into a kitty; each heir draws its fair
    share of its own bids; what is left is divided by entitlement. Of equal bids the one who has
    received least so far wins, then the one named first.

    Parameters
    ----------
    bids
        Thing to heir to bid, all non-negative, every heir bidding for every thing.
    entitlement
        Positive shares that sum to 1; equal if not given.

    Raises
    ------
    CaseRefused
        There is nothing to divide, an heir has not bid, a bid is negative, or the entitlements do
        not fit the heirs.

    Examples
    --------
    >>> result = knaster({"house": {"A": 120, "B": 200}})
    >>> result.owner["house"], int(result.cash["A"]), int(result.cash["B"])
    ('B', 80, -80)
    """
    heirs = _bidders(bids)
    share = entitlement or dict.fromkeys(heirs, Fraction(1, len(heirs)))
    if set(share) != set(heirs) or sum(share.values()) != 1 or min(share.values()) <= 0:
        raise CaseRefused(
            "The entitlements are not one positive share an heir with the sum 1.",
            where="entitlement",
            do=f"Write a fraction for each of {listed(heirs)}, or leave them out.",
        )
    received = dict.fromkeys(heirs, Fraction(0))
    owner = {}
    for thing, bid in bids.items():
        winner = max(heirs, key=lambda h: (bid[h], -received[h], -heirs.index(h)))
        owner[thing] = winner
        received[winner] += bid[winner]
    fair = {h: share[h] * sum((Fraction(b[h]) for b in bids.values()), Fraction(0)) for h in heirs}
    surplus = sum(received.values()) - sum(fair.values())
    value = {h: fair[h] + share[h] * surplus for h in heirs}
    return SealedBids(owner, {h: value[h] - received[h] for h in heirs}, value, fair)


def _bidders(bids: Mapping[str, Mapping[str, Money]]) -> list[str]:
    heirs = list(dict.fromkeys(heir for bid in bids.values() for heir in bid))
    if not bids or len(heirs) < 2:
        raise CaseRefused(
            "There are no things with bids of at least two heirs.",
            where="bids",
            do="Write for every thing what it is worth to every heir.",
        )
    for thing, bid in bids.items():
        silent = [heir for heir in heirs if heir not in bid]
        negative = [heir for heir in bid if bid[heir] < 0]
        if silent or negative:
            raise CaseRefused(
                f"The heir {listed(silent)} has made no bid."
                if silent
                else f"The bid of {listed(negative)} is negative.",
                where=f"bids for '{thing}'",
                why="The division needs what the thing is worth to everyone.",
                do="Write its worth to every heir; 0 is allowed.",
            )
    return heirs


def talmud(estate: Money, claims: Sequence[Money]) -> tuple[Fraction, ...]:
    """Divide an estate among claims that exceed it (Aumann and Maschler 1985).

    Up to half of the sum of the claims, equal awards of no more than half a claim; beyond, equal
    losses of no more than half a claim. Any two claimants share their part as the contested
    garment of the Talmud prescribes.

    Raises
    ------
    CaseRefused
        There are no claims, or the estate or a claim is negative, or the estate exceeds the claims.

    Examples
    --------
    >>> [str(award) for award in talmud(200, [100, 200, 300])]
    ['50', '75', '75']
    """
    half = [Fraction(claim) / 2 for claim in claims]
    total = sum(half, Fraction(0))
    if not claims or min(claims) < 0 or not 0 <= estate <= 2 * total:
        raise CaseRefused(
            f"An estate of {estate} cannot be divided among claims of {list(map(str, claims))}.",
            where="estate",
            why="The rule is for claims that are not negative and together reach the estate.",
            do="Where the estate is larger, pay every claim and divide the rest by agreement.",
        )
    if estate <= total:
        return _level(Fraction(estate), half)
    losses = _level(2 * total - estate, half)
    return tuple(2 * h - loss for h, loss in zip(half, losses, strict=True))


def _level(amount: Fraction, limits: Sequence[Fraction]) -> tuple[Fraction, ...]:
    """Give everyone the same, but no more than its limit, until the amount is used up."""
    left, given = amount, {}
    for waiting, k in enumerate(sorted(range(len(limits)), key=lambda k: limits[k])):
        given[k] = min(limits[k], left / (len(limits) - waiting))
        left -= given[k]
    return tuple(given[k] for k in range(len(limits)))
