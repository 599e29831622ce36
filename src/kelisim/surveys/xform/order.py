"""The order in which a form is computed: what depends on what, and nothing in a circle."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from graphlib import CycleError, TopologicalSorter

from kelisim.core.errors import QuestionnaireRefused
from kelisim.surveys.xform.model import Form
from kelisim.surveys.xform.references import calls, looked_at
from kelisim.surveys.xform.xpath.parser import parse


@dataclass(frozen=True, slots=True)
class Computation:
    """Something that is computed at every node of a path: whether it is asked, or its value."""

    kind: str
    path: str
    expression: str


IMPURE = frozenset({"uuid", "random", "randomize", "now", "today", "once"})
"""Functions whose value changes though nothing they look at did."""


@dataclass(frozen=True, slots=True)
class Plan:
    """The computations of a form in their order.

    Attributes
    ----------
    after
        Path of an answer to the places in `steps` of all that follows from it.
    impure
        Places of the computations that call a clock or chance: they are computed once, and again
        only when something they look at changes, so that an identifier stays what it is.
    """

    steps: tuple[Computation, ...]
    after: Mapping[str, tuple[int, ...]]
    impure: frozenset[int]


@lru_cache(maxsize=200)
def plan(form: Form) -> Plan:
    """Return the plan of a form.

    How often a group is repeated is not in it: forms may count the groups that they make, as
    JavaRosa lets them, and `Interview` comes to rest on such a count by going round.

    Raises
    ------
    QuestionnaireRefused
        An answer depends on itself.
    """
    every = list(_declared(form))
    at: dict[str, list[int]] = {}
    for number, one in enumerate(every):
        at.setdefault(one.path, []).append(number)
    known = form.paths()
    needed = [_needed(one, every, at, known) for one in every]
    order = _sorted(every, needed)
    places = {number: place for place, number in enumerate(order)}
    behind = {places[n]: {places[m] for m in needed[n]} for n in order}
    steps = tuple(every[number] for number in order)
    return Plan(steps, _after(steps, behind, known), frozenset(_impure(steps)))


def _sorted(every: list[Computation], needed: list[set[int]]) -> list[int]:
    sorter: TopologicalSorter[int] = TopologicalSorter(dict(enumerate(needed)))
    try:
        return list(sorter.static_order())
    except CycleError as cause:
        ring = [every[number].path for number in cause.args[1]]
        circle = " → ".join(dict.fromkeys(reversed(ring)))
        raise QuestionnaireRefused(
            f"Answers depend on themselves in a circle: {circle}.",
            why="There is no order in which they could be computed.",
            do="Let one of them not look at the others.",
        ) from cause


def _impure(steps: tuple[Computation, ...]) -> Iterator[int]:
    for place, one in enumerate(steps):
        if one.kind == "calculate" and calls(parse(one.expression)) & IMPURE:
            yield place


def _after(
    steps: tuple[Computation, ...], behind: Mapping[int, set[int]], known: frozenset[str]
) -> dict[str, tuple[int, ...]]:
    """Return what follows from each answer, what follows from that, and so on."""
    direct: dict[str, set[int]] = {path: set() for path in known}
    everywhere: set[int] = set()
    for place, one in enumerate(steps):
        paths = {path for path, _ in looked_at(parse(one.expression), one.path, one.path)}
        if not paths <= known:
            everywhere.add(place)
        for path in paths & known:
            direct[path].add(place)
    ahead: dict[int, set[int]] = {}
    for place, earlier in behind.items():
        for one_before in earlier:
            ahead.setdefault(one_before, set()).add(place)
    found = {}
    for path in known:
        begun = direct[path] | everywhere
        for above in _above(path):
            begun = begun | direct.get(above, set())
        found[path] = tuple(sorted(_closure(begun, ahead)))
    return found


def _closure(begun: set[int], ahead: Mapping[int, set[int]]) -> set[int]:
    seen: set[int] = set()
    waiting = list(begun)
    while waiting:
        place = waiting.pop()
        if place not in seen:
            seen.add(place)
            waiting += ahead.get(place, ())
    return seen


def _declared(form: Form) -> Iterator[Computation]:
    for bind in form.binds.values():
        if bind.relevant:
            yield Computation("relevant", bind.path, bind.relevant)
        if bind.calculate:
            yield Computation("calculate", bind.path, bind.calculate)


def _needed(
    one: Computation, every: list[Computation], at: dict[str, list[int]], known: frozenset[str]
) -> set[int]:
    found: set[int] = set()
    for path, elsewhere in looked_at(parse(one.expression), one.path, one.path):
        if path not in known:
            continue
        for other in _changing(path, every, at):
            own = every[other].path == one.path
            if not own or (not elsewhere and every[other].kind == one.kind):
                found.add(other)
    return found


def _changing(path: str, every: list[Computation], at: dict[str, list[int]]) -> set[int]:
    """Return what changes the answer at a path: its value, and whether what is above is asked."""
    found = set(at.get(path, []))
    for above in _above(path):
        found |= {number for number in at.get(above, []) if every[number].kind == "relevant"}
    return found


def _above(path: str) -> Iterator[str]:
    while (path := path.rpartition("/")[0]) not in ("", "/"):
        yield path
