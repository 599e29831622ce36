"""Can a condition ever hold? A search over the finitely many cases that matter.

An answer that is a number is cut where a constant is compared: within a piece every atom has one
truth. An answer that is a choice has its choices, one of many has its sets (as far as atoms can
tell them apart). So a condition over decided atoms has finitely many cases, and trying them all
decides it. With an unknown inside, three-valued logic is used: what holds or fails whatever the
unknown is, is still decided.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from itertools import combinations, pairwise, product

from kelisim.surveys.checking.atoms import Atom, Combined, Condition, Not, Unknown
from kelisim.surveys.checking.domains import Domain

MOST_CASES = 200_000
Case = str | float | frozenset[str] | None
"""An answer: a text, a number, a set of choices, or none (None)."""


def possible(condition: Condition, known: Mapping[str, Domain]) -> bool | None:
    """Say whether a condition holds for some answers; None when that is not decided here.

    ``True`` is said only when a case was found in which the condition surely holds, ``False`` only
    when it surely fails in every case.
    """
    atoms = list(_atoms(condition))
    paths = sorted({atom.path for atom in atoms})
    cases = [_cases(known[path], [a for a in atoms if a.path == path]) for path in paths]
    if math.prod(map(len, cases)) > MOST_CASES:
        return None
    undecided = False
    for chosen in product(*cases):
        truth = _truth(condition, dict(zip(paths, chosen, strict=True)))
        if truth:
            return True
        undecided = undecided or truth is None
    return None if undecided else False


def _atoms(condition: Condition) -> Iterator[Atom]:
    match condition:
        case Atom():
            yield condition
        case Combined(_, parts):
            for part in parts:
                yield from _atoms(part)
        case Not(inner):
            yield from _atoms(inner)
        case _:
            return


def _cases(domain: Domain, atoms: list[Atom]) -> list[Case]:
    constants = [atom.value for atom in atoms]
    if domain.kind == "one":
        return [None, *domain.choices]
    if domain.kind == "many":
        return [None, *_sets(domain, atoms)]
    if domain.kind == "number":
        return [None, *_numbers(domain, [c for c in map(_number, constants) if c is not None])]
    texts = {c for c in constants if isinstance(c, str) and c}
    return [None, *sorted(texts), "\0 some other text"]


def _sets(domain: Domain, atoms: list[Atom]) -> Iterator[frozenset[str]]:
    """Yield sets of choices: every mixture of the choices named, filled up with others."""
    named = [choice for choice in domain.choices if any(a.value == choice for a in atoms)]
    others = [choice for choice in domain.choices if choice not in named]
    for size in range(len(named) + 1):
        for some in combinations(named, size):
            for more in range(len(others) + 1):
                if size + more:
                    yield frozenset((*some, *others[:more]))


def _numbers(domain: Domain, constants: list[float]) -> list[float]:
    """Return a number from every piece that the constants cut the domain into."""
    cuts = sorted({*constants, *(c for c in (domain.low, domain.high) if math.isfinite(c))})
    tried = set(cuts) | {0.0}
    for low, high in pairwise(cuts):
        tried.add((low + high) / 2)
    if cuts:
        tried |= {cuts[0] - 1, cuts[-1] + 1}
    if domain.whole:
        tried = {float(n) for x in tried for n in (math.floor(x), math.ceil(x), math.floor(x) + 1)}
    return sorted(x for x in tried if domain.low <= x <= domain.high)


def _number(value: str | float) -> float | None:
    try:
        return float(value)
    except ValueError:
        return None


def _truth(condition: Condition, answers: Mapping[str, Case]) -> bool | None:
    match condition:
        case bool():
            return condition
        case Atom():
            return _holds(condition, answers[condition.path])
        case Not(inner):
            truth = _truth(inner, answers)
            return None if truth is None else not truth
        case Combined(operator, parts):
            return _joined(operator, [_truth(part, answers) for part in parts])
        case Unknown():
            return None


def _joined(operator: str, truths: list[bool | None]) -> bool | None:
    decisive = operator == "or"
    if decisive in truths:
        return decisive
    return None if None in truths else not decisive


def _holds(atom: Atom, answer: Case) -> bool | None:
    if atom.operator == "selected":
        chosen = answer if isinstance(answer, frozenset) else {answer}
        return atom.value in chosen
    if atom.operator.startswith("count "):
        size = float(len(answer)) if isinstance(answer, frozenset) else float(answer is not None)
        return _ordered(atom.operator.removeprefix("count "), size, float(atom.value))
    if isinstance(answer, frozenset):
        # A set as a text depends on the order of its choices.
        return None if len(answer) > 1 else _holds(atom, next(iter(answer)))
    text = "" if answer is None else answer
    if atom.operator in ("=", "!=") and isinstance(atom.value, str):
        written = f"{text:g}" if isinstance(text, float) else text
        return (written == atom.value) is (atom.operator == "=")
    left, right = _number(text), _number(atom.value)
    if left is None or right is None:
        # No number: every comparison fails, and != holds.
        return atom.operator == "!="
    return _ordered(atom.operator, left, right)


def _ordered(operator: str, left: float, right: float) -> bool:
    match operator:
        case "=":
            return left == right
        case "!=":
            return left != right
        case "<":
            return left < right
        case "<=":
            return left <= right
        case ">":
            return left > right
        case _:
            return left >= right
