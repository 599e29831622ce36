"""Statements that tell one group from the others, by the counts and tests that Polis uses."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
from scipy.special import ndtri

from kelisim.engine.frame import Floats
from kelisim.engine.opinion.votes import Tally

CONFIDENCE = 0.9
MOST = 5


@dataclass(frozen=True, slots=True)
class Representative:
    """A statement that a group holds more than the others do.

    Attributes
    ----------
    group, statement
        Positions in the tally.
    side
        Which vote is typical of the group.
    share
        The smoothed share of that vote in the group, and `elsewhere` outside it.
    z
        The test of the difference of the two shares.
    """

    group: int
    statement: int
    side: Literal["agree", "disagree"]
    share: float
    elsewhere: float
    z: float


def agree_shares(counts: Tally) -> Floats:
    """Return (agrees + 1) / (votes + 2) by group and statement, passes counted as votes."""
    return (counts.agree + 1) / (counts.seen + 2)


def group_informed_consensus(counts: Tally) -> Floats:
    """Return the product over groups of the smoothed share of agreement, shape (m,)."""
    return np.asarray(np.prod(agree_shares(counts), axis=0), np.float64)


def representative_statements(
    counts: Tally, *, most: int = MOST, confidence: float = CONFIDENCE
) -> tuple[Representative, ...]:
    """Return the typical statements of each group, up to ``most``, agreement first.

    A statement counts if its share in the group is above one half and above the share outside,
    both by one-sided tests; a group without any gets the one that differs most.

    References
    ----------
    Small, Bjorkegren, Erkkilae, Shaw, Megill (2021), Polis: scaling deliberation by mapping high
    dimensional opinion spaces, Recerca 26.
    """
    if counts.agree.shape[0] < 2:
        return ()
    sides = {
        "agree": _side(counts.agree, counts.seen),
        "disagree": _side(counts.disagree, counts.seen),
    }
    found: list[Representative] = []
    for group in range(counts.agree.shape[0]):
        found += _of_group(group, sides, counts, most, float(ndtri(confidence)))
    return tuple(found)


@dataclass(frozen=True, slots=True)
class _Side:
    share: Floats
    elsewhere: Floats
    z_share: Floats
    z_difference: Floats

    @property
    def strength(self) -> Floats:
        return self.share / self.elsewhere * self.z_difference * self.share * self.z_share


def _side(count: Floats, seen: Floats) -> _Side:
    other, other_seen = count.sum(axis=0) - count, seen.sum(axis=0) - seen
    inside, outside = (count + 1) / (seen + 1), (other + 1) / (other_seen + 1)
    pooled = (count + other + 2) / (seen + other_seen + 2)
    spread = np.sqrt(pooled * (1 - pooled) * (1 / (seen + 1) + 1 / (other_seen + 1)))
    difference = np.divide(inside - outside, spread, out=np.zeros_like(spread), where=spread > 0)
    return _Side(
        (count + 1) / (seen + 2),
        (other + 1) / (other_seen + 2),
        2 * np.sqrt(seen + 1) * (inside - 0.5),
        difference,
    )


def _of_group(
    group: int, sides: dict[str, _Side], counts: Tally, most: int, critical: float
) -> list[Representative]:
    candidates: list[tuple[int, float, int, str]] = []
    for rank, (name, side) in enumerate(sides.items()):
        clear = (side.z_share[group] > critical) & (side.z_difference[group] > critical)
        strength = side.strength[group]
        candidates += [(rank, -float(strength[s]), int(s), name) for s in np.flatnonzero(clear)]
    strongest = sorted(sorted(candidates, key=lambda c: c[1:3])[:most])
    if not strongest:
        strongest = _fallback(group, sides, counts)
    return [_described(group, s, name, sides[name]) for _, _, s, name in strongest]


def _fallback(
    group: int, sides: dict[str, _Side], counts: Tally
) -> list[tuple[int, float, int, str]]:
    """Return the one statement that differs most, if the group has voted at all."""
    voted = np.flatnonzero(counts.seen[group] > 0)
    options = [
        (rank, -float(side.z_difference[group, s]), int(s), name)
        for rank, (name, side) in enumerate(sides.items())
        for s in voted
    ]
    return [min(options, key=lambda option: (option[1], option[2], option[0]))] if options else []


def _described(group: int, statement: int, name: str, side: _Side) -> Representative:
    return Representative(
        group,
        statement,
        "agree" if name == "agree" else "disagree",
        float(side.share[group, statement]),
        float(side.elsewhere[group, statement]),
        float(side.z_difference[group, statement]),
    )
