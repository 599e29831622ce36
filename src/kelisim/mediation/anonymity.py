"""Counts without people in them, and texts without traces of people."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

SMALLEST = 5
"""No count below this is shown, and none from which one below it could be computed."""

_TRACES = (
    re.compile(r"\b\d{12}\b"),
    re.compile(r"\+?\d[\d ()-]{8,}\d"),
    re.compile(r"\S+@\S+\.\S+"),
    re.compile(r"\b[2-9A-HJKMNP-Z]{8}\b(?<![a-z])"),
)


@dataclass(frozen=True, slots=True)
class Cell:
    """A count, or None where it is kept back."""

    row: str
    column: str
    count: int | None


def protected(pairs: Iterable[tuple[str, str]], smallest: int = SMALLEST) -> list[Cell]:
    """Return a table of counts in which none can be traced to fewer than `smallest` cases.

    A count from 1 to ``smallest - 1`` is kept back. The totals of rows and columns are not shown,
    and where a line would keep back a single count the next smallest is kept back with it, so that
    a total known from elsewhere does not give it away (complementary suppression).

    Examples
    --------
    >>> pairs = [("a", "x")] * 9 + [("a", "y")] * 6 + [("a", "z")] * 2
    >>> [(c.column, c.count) for c in protected(pairs)]
    [('x', 9), ('y', None), ('z', None)]
    """
    counts = Counter(pairs)
    rows = sorted({row for row, _ in counts})
    columns = sorted({column for _, column in counts})
    hidden = {key for key, n in counts.items() if n < smallest}
    changed = True
    while changed:
        changed = False
        for line in (
            *[[(row, column) for column in columns] for row in rows],
            *[[(row, column) for row in rows] for column in columns],
        ):
            kept_back = [key for key in line if key in hidden]
            others = sorted((counts[key], key) for key in line if counts[key] and key not in hidden)
            if len(kept_back) == 1 and others:
                hidden.add(others[0][1])
                changed = True
    return [Cell(r, c, None if (r, c) in hidden else n) for (r, c), n in sorted(counts.items())]


def traces(text: str) -> Sequence[str]:
    """Return what in a text could lead to a person: identity numbers, telephones, addresses, codes.

    Examples
    --------
    >>> traces("Call +7 701 123 45 67 or a@b.kz"), traces("Let both speak first.")
    (['+7 701 123 45 67', 'a@b.kz'], [])
    """
    return [match.group() for pattern in _TRACES for match in pattern.finditer(text)]
