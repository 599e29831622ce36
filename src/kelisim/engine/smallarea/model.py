"""From variables and wishes to the terms of the model."""

from __future__ import annotations

from collections.abc import Sequence

from kelisim.core.errors import ColumnRefused, SettingRefused, listed, nearest
from kelisim.engine.frame import Floats
from kelisim.engine.smallarea.reading import Population
from kelisim.engine.smallarea.terms import AREA, Term, Terms


def choose_terms(
    population: Population, fixed: Floats, interactions: Sequence[Sequence[str]]
) -> Terms:
    """Return the terms: the area, every cell variable, and the interactions asked for.

    A variable with two categories enters as a contrast of -1/2 and +1/2, because two values cannot
    show their own variance; with one category it says nothing and is left out.

    Raises
    ------
    ColumnRefused
        An interaction names something that is neither the area nor a cell variable.
    SettingRefused
        An interaction has fewer than two variables, or one twice, or is asked for twice.
    """
    sizes = population.sizes
    contrasts = tuple(v for v, size in enumerate(sizes) if v != AREA and size == 2)
    single = [(v,) for v, size in enumerate(sizes) if size > (1 if v == AREA else 2)]
    crossed: list[tuple[int, ...]] = []
    for wish in interactions:
        places = _places(wish, population.names)
        if set(places) in [set(other) for other in crossed]:
            raise SettingRefused(f"The interaction {listed(wish)} is asked for twice.", where=WHERE)
        crossed.append(places)
    useful = [
        places for places in crossed if all(sizes[v] > 1 for v in places)
    ]  # a variable with one category crosses to a term that is there already
    random = tuple(_term(places, population) for places in [*single, *useful])
    return Terms(fixed, contrasts, random)


WHERE = "interactions"


def _term(places: tuple[int, ...], population: Population) -> Term:
    name = ":".join(population.names[v] for v in places)
    return Term(name, places, tuple(population.sizes[v] for v in places))


def _places(wish: Sequence[str], names: tuple[str, ...]) -> tuple[int, ...]:
    if isinstance(wish, str) or len(wish) < 2 or len(set(wish)) < len(wish):
        raise SettingRefused(
            f"{wish!r} is not an interaction.",
            where=WHERE,
            do='Name two or more different variables each, such as [("educ", "age")].',
        )
    unknown = [name for name in wish if name not in names]
    if unknown:
        raise ColumnRefused(
            f"There is no variable '{unknown[0]}' to interact.",
            where=WHERE,
            do=nearest(unknown[0], names) or f"The variables are {listed(names, 12)}.",
        )
    return tuple(names.index(name) for name in wish)
