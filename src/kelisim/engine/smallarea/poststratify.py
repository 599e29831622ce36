"""Poststratification: the shares of each area from draws of the model, without a giant matrix.

The linear predictor of a cell is a part of its area, a part of the kind of people in it, and the
groups of effects that cross the two. The first two are computed once for each distinct area and
kind and added cell by cell.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from kelisim.engine.frame import Codes, Floats
from kelisim.engine.smallarea.terms import AREA, Terms

BLOCK = 256
"""Cells at a time: with 1,000 draws they fill 2 MB, which stays in the cache."""


@dataclass(frozen=True, slots=True)
class Cells:
    """Cells of a table: who is in them, and how many.

    Attributes
    ----------
    variables
        Shape (c, 1 + D): codes of the area and of the D cell variables.
    counts
        Shape (c,): people, >= 0.
    """

    variables: Codes
    counts: Floats


def tally(codes: NDArray[Any], counts: Floats, size: int) -> Floats:
    """Return the sum of counts at each code, shape (size,)."""
    return np.bincount(codes, counts, size).astype(np.float64, copy=False)


@dataclass(frozen=True, slots=True)
class Parts:
    """Draws of a linear predictor, in the parts that cells share.

    Attributes
    ----------
    area
        Shape (A, draws).
    people
        Shape (kinds, draws).
    crossed
        For each group that crosses area and people: code of each cell, and effects (L, draws).
    """

    area: Floats
    people: Floats
    crossed: tuple[tuple[NDArray[np.int64], Floats], ...]


@dataclass(frozen=True, slots=True)
class Kinds:
    """The distinct kinds of people of some cells.

    Attributes
    ----------
    variables
        Shape (kinds, 1 + D); the area is that of any cell.
    codes
        Shape (c,): the kind of each cell.
    """

    variables: Codes
    codes: NDArray[np.int64]


def kinds(variables: Codes) -> Kinds:
    """Return the distinct combinations of the cell variables, whatever the area."""
    sizes = variables.max(axis=0, initial=0).astype(np.int64) + 1
    code = np.zeros(len(variables), dtype=np.int64)
    for place in range(1, variables.shape[1]):
        code = code * sizes[place] + variables[:, place]
    _, first, codes = np.unique(code, return_index=True, return_inverse=True)
    return Kinds(variables[first], codes)


def parts(terms: Terms, cells: Cells, people: Kinds, draws: Floats) -> Parts:
    """Return the parts of the linear predictor for draws of the coefficients, shape (m, draws)."""
    width = terms.fixed.shape[1]
    area = terms.fixed @ draws[:width]
    halves = people.variables[:, terms.contrasts] - 0.5
    kind = halves @ draws[width : terms.constants]
    crossed = []
    for start, term in zip(terms.starts, terms.random, strict=False):
        effects = draws[start : start + term.levels]
        if term.variables == (AREA,):
            area = area + effects
        elif AREA in term.variables:
            crossed.append((term.codes(cells.variables), effects))
        else:
            kind += effects[term.codes(people.variables)]
    return Parts(area, kind, tuple(crossed))


def area_blocks(cells: Cells) -> Iterator[tuple[int, NDArray[np.int64]]]:
    """Yield each area with the places of up to `BLOCK` of its cells."""
    order = np.argsort(cells.variables[:, AREA], kind="stable")
    areas, first = np.unique(cells.variables[order, AREA], return_index=True)
    for area, own in zip(areas, np.split(order, first[1:]), strict=True):
        for start in range(0, own.size, BLOCK):
            yield int(area), own[start : start + BLOCK]


def probabilities(part: Parts, people: Kinds, area: int, block: NDArray[np.int64]) -> Floats:
    """Return the probability of yes in cells of one area, shape (cells, draws)."""
    eta = part.people[people.codes[block]]
    eta += part.area[area]
    for codes, effects in part.crossed:
        eta += effects[codes[block]]
    np.negative(eta, out=eta)
    np.clip(eta, None, 700.0, out=eta)
    np.exp(eta, out=eta)
    eta += 1
    return np.asarray(np.reciprocal(eta, out=eta))


def poststratify(terms: Terms, cells: Cells, splits: Sequence[Floats]) -> Floats:
    """Return the share of every category in every area for every draw.

    Parameters
    ----------
    splits
        For each of the K - 1 splits draws of its coefficients, shape (m, draws): split k takes
        category k from what the splits before it have left.

    Returns
    -------
    Floats
        Shape (K, A, draws). The shares of an area without people are NaN.
    """
    people = kinds(cells.variables)
    split = [parts(terms, cells, people, draws) for draws in splits]
    areas = len(terms.fixed)
    counted = np.zeros((len(splits) + 1, areas, splits[0].shape[1]))
    for area, block in area_blocks(cells):
        count, left = cells.counts[block], np.ones(())
        for place, part in enumerate(split):
            p = probabilities(part, people, area, block)
            taken = left * p if place else p
            counted[place, area] += np.einsum("c,cd->d", count, taken)  # as below: no threads
            left = left - taken
        counted[-1, area] += np.einsum("c,cd->d", count, left)
    totals = tally(cells.variables[:, AREA], cells.counts, areas)
    with np.errstate(invalid="ignore"):
        return np.asarray(counted / totals[:, None])
