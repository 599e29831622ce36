"""A case solved: several named settlements, never "the fair one", each proved or bounded."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from kelisim.engine.settlement.adjusted_winner import adjusted_winner
from kelisim.engine.settlement.choice import METHODS, Choice, Method, NotOffered, Settlement
from kelisim.engine.settlement.listed import choices_from
from kelisim.engine.settlement.measure import satisfaction
from kelisim.engine.settlement.model import Case, Package, Vector, worth
from kelisim.engine.settlement.programme import ENDLESS, Patience
from kelisim.engine.settlement.properties import properties_of
from kelisim.engine.settlement.reach import Reach, reach_of
from kelisim.engine.settlement.reading import read_case
from kelisim.engine.settlement.rules import exact
from kelisim.engine.settlement.searched import choices_by_search

SEARCH = 0.9
"""The share of the patience for finding settlements; the rest is for checking their properties."""

Stretch = tuple[Vector, ...]


@dataclass(frozen=True, slots=True)
class Solution:
    """The named settlements of a case.

    Attributes
    ----------
    settlements
        In the order of `METHODS`.
    not_offered
        The rules that have nothing to say here, and why.
    frontier
        For two parties: the undominated points in the parties' own points; a stretch of one point
        is a package, a stretch of more points is a line of divisions. Empty for more parties.
    """

    case: Case
    settlements: tuple[Settlement, ...]
    not_offered: tuple[NotOffered, ...]
    frontier: tuple[Stretch, ...]

    def __getitem__(self, method: Method) -> Settlement:
        return {settlement.method: settlement for settlement in self.settlements}[method]


def solve(
    case: Case | Mapping[str, object],
    *,
    patience: Patience = ENDLESS,
    methods: Sequence[Method] = METHODS,
) -> Solution:
    """Return settlements of a case that are fair in named senses.

    Parameters
    ----------
    case
        A case, or the document of one (see `read_case`).
    patience
        How long the solver may work, where it is needed: for four parties or more, and for three
        with divided issues or very fine points. What is not proved by then has status ``bound``.

    Raises
    ------
    CaseRefused
        The case contradicts itself, or nothing gives every party its disagreement.
    NotSolved
        No acceptable package was found in the time given.

    Examples
    --------
    >>> solution = solve({
    ...     "parties": ["A", "B"],
    ...     "issues": [{"name": "house", "options": ["A", "B", "sell"]},
    ...                {"name": "savings", "divisible": True}],
    ...     "points": {"A": {"house": {"A": 60, "B": 0, "sell": 35}, "savings": 40},
    ...                "B": {"house": {"A": 0, "B": 50, "sell": 45}, "savings": 50}}})
    >>> leximin = solution["leximin"]
    >>> leximin.status, [round(float(p), 2) for p in leximin.points]
    ('proved', [61.67, 61.67])
    """
    known = case if isinstance(case, Case) else read_case(case)
    reach = reach_of(known)
    chosen = _choices(known, reach, patience.part(SEARCH), methods)
    offered = [chosen[method] for method in METHODS if method in methods]
    return Solution(
        case=known,
        settlements=tuple(_settled(known, c, patience) for c in offered if isinstance(c, Choice)),
        not_offered=tuple(c for c in offered if isinstance(c, NotOffered)),
        frontier=_frontier(known, reach),
    )


def suggestion(case: Case, method: Method, patience: Patience = ENDLESS) -> Package | None:
    """Return the package of one rule, or None where the rule is not offered."""
    chosen = _choices(case, reach_of(case), patience, (method,))[method]
    return chosen.package if isinstance(chosen, Choice) else None


def _choices(
    case: Case, reach: Reach | None, patience: Patience, methods: Sequence[Method]
) -> dict[Method, Choice | NotOffered]:
    found: dict[Method, Choice | NotOffered] = {
        method: NotOffered(method, "no_joint_gain") for method in METHODS
    }
    if reach:
        found |= {choice.method: choice for choice in choices_from(reach)}
    else:
        found |= {c.method: c for c in choices_by_search(case, patience, methods)}
    found["adjusted_winner"] = _adjusted_winner(case, found["leximin"])
    return found


def _settled(case: Case, choice: Choice, patience: Patience) -> Settlement:
    have = worth(case, choice.package)
    return Settlement(
        choice=choice,
        worth=have,
        points=_written(case, have),
        of_hundred=case.of_hundred(have),
        properties=properties_of(case, choice.package, patience),
    )


def _written(case: Case, have: Vector) -> tuple[Fraction, ...]:
    return tuple(u * unit for u, unit in zip(have, case.unit, strict=True))


def _adjusted_winner(case: Case, leximin: Choice | NotOffered) -> Choice | NotOffered:
    """Return adjusted winner, or why it is not offered.

    With undivided issues beside divided ones it is the leximin settlement, if that leaves both
    equally satisfied: then at most one divided issue is split, as the procedure demands.
    """
    if len(case.parties) != 2:
        return NotOffered("adjusted_winner", "needs_two_parties")
    if not case.divisible:
        return NotOffered("adjusted_winner", "needs_a_divisible_issue")
    if case.whole:
        if isinstance(leximin, NotOffered) or not _equal(case, leximin):
            return NotOffered("adjusted_winner", "no_equitable_division")
        return Choice("adjusted_winner", leximin.package, leximin.value, leximin.bound)
    rows = [[int(table[i, 0]) for table in case.points] for i in (0, 1)]
    result = adjusted_winner(rows, case.entitlement)
    if any(u < d for u, d in zip(worth(case, result.shares), case.disagreement, strict=True)):
        return NotOffered("adjusted_winner", "below_disagreement")
    value = result.points[0] / (2 * case.entitlement[0])
    return Choice("adjusted_winner", result.shares, value, value)


def _equal(case: Case, choice: Choice) -> bool:
    return len(set(satisfaction(case).gains(worth(case, choice.package)))) == 1


def _frontier(case: Case, reach: Reach | None) -> tuple[Stretch, ...]:
    if reach is None or len(case.parties) != 2:
        return ()
    if not reach.pieces:
        return tuple((_written(case, exact(row)),) for row in reach.rows())
    stretches: list[list[Vector]] = []
    for piece in reach.pieces:
        start, end = _written(case, piece.start), _written(case, piece.end)
        if stretches and stretches[-1][-1] == start:
            stretches[-1].append(end)
        else:
            stretches.append([start, end])
    return tuple(map(tuple, stretches))
