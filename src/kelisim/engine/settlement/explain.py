"""Why a settlement is what it is, as facts: a key and its arguments, put into words elsewhere.

The sentences in Kazakh, Russian and English belong to whoever shows them. Facts name no points of
anyone but in the arguments ``points`` and ``of_hundred``, which a mediator may withhold.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction

from kelisim.engine.settlement.adjusted_winner import adjusted_winner
from kelisim.engine.settlement.choice import Settlement
from kelisim.engine.settlement.model import Case

Argument = str | int | float | bool


@dataclass(frozen=True, slots=True)
class Fact:
    """One step of an explanation.

    Attributes
    ----------
    key
        One of `KEYS`; a catalogue of words has a sentence for each.
    about
        The names and numbers the sentence needs.
    """

    key: str
    about: dict[str, Argument]


KEYS = (
    "rule_adjusted_winner",
    "rule_nash",
    "rule_leximin",
    "rule_kalai_smorodinsky",
    "rule_utilitarian",
    "decided",
    "divided",
    "transferred",
    "satisfied",
    "proved",
    "bounded",
    "efficient",
    "not_efficient",
    "envy_free",
    "not_envy_free",
    "equitable",
    "not_equitable",
    "tied",
)
"""Every key that `facts` can yield."""


def facts(case: Case, settlement: Settlement) -> Iterator[Fact]:
    """Yield the explanation of a settlement, from the rule to what holds for it.

    Examples
    --------
    >>> from kelisim.engine.settlement.solve import solve
    >>> solution = solve({"parties": ["A", "B"], "issues": [{"name": "land", "divisible": True}],
    ...                   "points": {"A": {"land": 1}, "B": {"land": 1}}})
    >>> [fact.key for fact in facts(solution.case, solution["leximin"])]
    ['rule_leximin', 'divided', 'divided', 'satisfied', 'satisfied', 'proved',
     'efficient', 'envy_free', 'equitable']
    """
    yield Fact(f"rule_{settlement.method}", {})
    yield from _decisions(case, settlement)
    if settlement.method == "adjusted_winner" and not case.whole:
        yield from _transfers(case)
    for party, points, share in zip(
        case.parties, settlement.points, settlement.of_hundred, strict=True
    ):
        yield Fact(
            "satisfied", {"party": party, "points": float(points), "of_hundred": float(share)}
        )
    yield _proof(settlement)
    for name in ("efficient", "envy_free", "equitable"):
        holds = getattr(settlement.properties, name)
        if holds is not None:
            yield Fact(name if holds else f"not_{name}", {})
    if settlement.choice.ties:
        yield Fact("tied", {"others": len(settlement.choice.ties)})


def _decisions(case: Case, settlement: Settlement) -> Iterator[Fact]:
    for issue, decision in zip(case.issues, settlement.choice.package, strict=True):
        if not isinstance(decision, tuple):
            yield Fact("decided", {"issue": issue.name, "option": issue.options[decision]})
            continue
        for party, share in zip(case.parties, decision, strict=True):
            if share > 0:
                percent = float(100 * share)
                yield Fact("divided", {"issue": issue.name, "party": party, "percent": percent})


def _transfers(case: Case) -> Iterator[Fact]:
    rows = [[int(table[i, 0]) for table in case.points] for i in (0, 1)]
    for transfer in adjusted_winner(rows, case.entitlement).transfers:
        yield Fact(
            "transferred",
            {
                "issue": case.issues[transfer.issue].name,
                "from": case.parties[transfer.giver],
                "to": case.parties[1 - transfer.giver],
                "percent": float(100 * Fraction(transfer.share)),
            },
        )


def _proof(settlement: Settlement) -> Fact:
    if settlement.status == "proved":
        return Fact("proved", {})
    return Fact("bounded", {"gap": settlement.gap})
