"""Points from what people can say: ratings of options, swings of issues, choices of packages."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from kelisim.core.errors import CaseRefused
from kelisim.engine.settlement.model import Case, Package, worth
from kelisim.engine.settlement.reading import read_number

Ratings = Mapping[str, Mapping[str, float]]


def swing_points(
    ratings: Ratings, swings: Mapping[str, float], *, total: int = 100
) -> dict[str, dict[str, int]]:
    """Return points from ratings inside each issue and the weight of each issue's full swing.

    Swing weighting (von Winterfeldt and Edwards 1986): the person rates the options of an issue
    from worst to best, then says how much going from the worst to the best matters, issue against
    issue. Points are ``total * share of the swing * share of the way from worst to best``, rounded
    to whole numbers so that the best options sum to exactly the total.

    Parameters
    ----------
    ratings
        Issue to option to rating, any scale.
    swings
        Issue to weight, any scale, not negative, not all 0.

    Raises
    ------
    CaseRefused
        An issue has ratings but no swing or the reverse, a number is not finite or negative, or an
        issue that matters has no difference between its options.

    Examples
    --------
    >>> swing_points({"house": {"A": 0, "B": 10, "sell": 7}, "car": {"A": 1, "B": 0}},
    ...              {"house": 100, "car": 60})
    {'house': {'A': 0, 'B': 63, 'sell': 44}, 'car': {'A': 37, 'B': 0}}
    """
    if set(ratings) != set(swings):
        odd = sorted(set(ratings) ^ set(swings))
        raise CaseRefused(
            f"The issue '{odd[0]}' has either ratings or a swing, not both.",
            where="swings",
            do="Rate the options of every issue and say how much its swing matters.",
        )
    weight = {issue: read_number(swings[issue], f"swing of '{issue}'") for issue in ratings}
    if sum(weight.values()) == 0:
        raise CaseRefused("Every swing is 0.", where="swings", do="Weigh at least one issue.")
    best = _apportioned(weight, total)
    return {issue: _spread(issue, ratings[issue], best[issue]) for issue in ratings}


def _apportioned(weight: Mapping[str, Fraction], total: int) -> dict[str, int]:
    """Return whole numbers in proportion that sum to the total (largest remainders)."""
    exact = {issue: total * w / sum(weight.values()) for issue, w in weight.items()}
    whole = {issue: int(share) for issue, share in exact.items()}
    by_remainder = sorted(exact, key=lambda issue: whole[issue] - exact[issue])
    for issue in by_remainder[: total - sum(whole.values())]:
        whole[issue] += 1
    return whole


def _spread(issue: str, ratings: Mapping[str, float], best: int) -> dict[str, int]:
    read = {o: read_number(r, f"rating of '{o}' in '{issue}'") for o, r in ratings.items()}
    low, high = min(read.values()), max(read.values())
    if low == high and best > 0:
        raise CaseRefused(
            "All options are rated alike, yet the issue is said to matter.",
            where=f"issue '{issue}'",
            why="Its points would have nothing to be divided by.",
            do="Rate one option higher, or give the issue a swing of 0.",
        )
    span = high - low or Fraction(1)
    return {option: round(best * (rating - low) / span) for option, rating in read.items()}


@dataclass(frozen=True, slots=True)
class Consistency:
    """How a party's points agree with the choices it made between whole packages.

    Attributes
    ----------
    agree
        The share of the choices in which the preferred package has more points.
    contradicted
        Positions of the choices in which it has fewer.
    tied
        Positions of the choices in which both have the same.
    circular
        Whether the choices alone contradict one another: a chain of preferences closes on itself,
        so that no points at all could agree with them.
    """

    agree: float
    contradicted: tuple[int, ...]
    tied: tuple[int, ...]
    circular: bool


def consistency(
    case: Case, party: int, preferred: Sequence[tuple[Package, Package]]
) -> Consistency:
    """Compare a party's points with its choices; each pair has the preferred package first.

    An inconsistency is shown to the party in private, with the packages, never corrected.

    Examples
    --------
    >>> from kelisim.engine.settlement.reading import read_case
    >>> case = read_case({"parties": ["A", "B"], "issues": [{"name": "x", "options": ["y", "n"]}],
    ...     "points": {"A": {"x": {"y": 1, "n": 0}}, "B": {"x": {"y": 0, "n": 1}}}})
    >>> consistency(case, 0, [((0,), (1,)), ((1,), (0,))])
    Consistency(agree=0.5, contradicted=(1,), tied=(), circular=True)
    """
    more = [worth(case, one)[party] - worth(case, other)[party] for one, other in preferred]
    return Consistency(
        agree=sum(m > 0 for m in more) / len(more) if more else 1.0,
        contradicted=tuple(k for k, m in enumerate(more) if m < 0),
        tied=tuple(k for k, m in enumerate(more) if m == 0),
        circular=_circular(preferred),
    )


def _circular(preferred: Sequence[tuple[Package, Package]]) -> bool:
    """Whether taking away, again and again, what nothing is preferred to leaves something."""
    edges = set(preferred)
    while edges:
        lower = {below for _, below in edges}
        tops = {above for above, _ in edges} - lower
        if not tops:
            return True
        edges = {(above, below) for above, below in edges if above not in tops}
    return False
