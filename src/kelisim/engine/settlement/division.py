"""What two parties can reach by dividing issues into shares: a line from all-to-one to the other.

Efficient divisions give each issue away in the order of the ratio of its points, so they form a
concave line whose corners divide nothing; between two corners one issue is split.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cmp_to_key

from kelisim.engine.settlement.model import Exact, Points, Shares


@dataclass(frozen=True, slots=True)
class Line:
    """The efficient divisions of some issues between two parties.

    Attributes
    ----------
    corners
        Whole units of both parties, the first rising and the second falling.
    order
        Positions of the issues in the order in which they pass to the first party: leg k, from
        corner k to corner k + 1, passes ``order[k]``.
    kept
        Positions of the issues that only the first party wants; it has them throughout.
    worths
        What the whole of each issue is worth to the first party.
    """

    corners: tuple[tuple[int, int], ...]
    order: tuple[int, ...]
    kept: tuple[int, ...]
    worths: tuple[int, ...]

    def shares(self, leg: int, beyond: Exact) -> tuple[Shares, ...]:
        """Return each issue's shares at a point of a leg.

        Parameters
        ----------
        beyond
            What the first party has there beyond the corner that begins the leg.
        """
        first = [Fraction(k in self.kept) for k in range(len(self.worths))]
        for k in self.order[:leg]:
            first[k] = Fraction(1)
        if beyond:
            first[self.order[leg]] = Fraction(beyond) / self.worths[self.order[leg]]
        return tuple((share, 1 - share) for share in first)


def line_of_two(tables: Sequence[Points]) -> Line:
    """Return the line of efficient divisions.

    Parameters
    ----------
    tables
        One array an issue, shape (2, 1): what the whole is worth to each party.

    Examples
    --------
    >>> import numpy as np
    >>> line = line_of_two([np.array([[60], [20]]), np.array([[40], [80]])])
    >>> line.corners, line.shares(1, 10)
    (((0, 100), (60, 80), (100, 0)),
     ((Fraction(1, 1), Fraction(0, 1)), (Fraction(1, 4), Fraction(3, 4))))
    """
    worths = [(int(table[0, 0]), int(table[1, 0])) for table in tables]
    kept = tuple(k for k, (a, b) in enumerate(worths) if a > 0 and b == 0)
    shared = [k for k, (a, b) in enumerate(worths) if a > 0 and b > 0]

    def by_ratio(j: int, k: int) -> int:
        return worths[j][1] * worths[k][0] - worths[k][1] * worths[j][0]

    order = tuple(sorted(shared, key=cmp_to_key(by_ratio)))
    corner = (sum(worths[k][0] for k in kept), sum(b for _, b in worths))
    corners = [corner]
    for k in order:
        corner = (corner[0] + worths[k][0], corner[1] - worths[k][1])
        corners.append(corner)
    return Line(tuple(corners), order, kept, tuple(a for a, _ in worths))
