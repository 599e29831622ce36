"""The frontier is every undominated package, once, and each can be traced to its options."""

from __future__ import annotations

import numpy as np
from hypothesis import given, settings

from kelisim.engine.settlement.frontier import (
    Frontier,
    frontier_of_three,
    frontier_of_two,
    grid_fits,
)
from tests.engine.settlement.cases import every_package, tables_of, undominated

Tables = list[list[list[int]]]


def arrays(tables: Tables) -> list[np.ndarray]:
    return [np.array(table, dtype=np.int64) for table in tables]


def listed(tables: list[np.ndarray]) -> Frontier:
    frontier = frontier_of_two(tables)
    assert frontier is not None
    return frontier


def traced(frontier: Frontier, tables: Tables) -> list[tuple[int, ...]]:
    """Add up the options of every package."""
    return [
        tuple(
            sum(table[i][o] for table, o in zip(tables, package, strict=True))
            for i in range(len(tables[0]))
        )
        for package in frontier.packages.tolist()
    ]


@given(tables_of(2, issues=5))
@settings(max_examples=60, deadline=None)
def test_of_two_parties_it_is_what_enumeration_finds(tables: Tables) -> None:
    frontier = listed(arrays(tables))
    points = [tuple(point) for point in frontier.points.tolist()]
    assert points == undominated(list(every_package(tables))) == traced(frontier, tables)


@given(tables_of(3, most=6))
@settings(max_examples=60, deadline=None)
def test_of_three_parties_it_is_what_enumeration_finds(tables: Tables) -> None:
    frontier = frontier_of_three(arrays(tables))
    points = [tuple(point) for point in frontier.points.tolist()]
    assert points == undominated(list(every_package(tables))) == traced(frontier, tables)


def test_the_scale_of_the_points_does_not_matter_for_two() -> None:
    tables = [np.array([[7, 0, 3], [0, 9, 5]]), np.array([[2, 5], [8, 1]])]
    small = listed(tables)
    large = listed([table * 10**11 for table in tables])
    assert (large.points == small.points * 10**11).all()
    assert (large.packages == small.packages).all()


def test_without_issues_there_is_one_empty_package() -> None:
    frontier = listed([])
    assert (frontier.points.tolist(), frontier.packages.shape) == ([[0, 0]], (1, 0))


def test_the_grid_of_three_is_for_points_of_a_hundred_or_a_thousand() -> None:
    assert grid_fits((1000, 1000, 10**9), 30)
    assert not grid_fits((10_000, 10_000, 10_000), 30)
    assert not grid_fits((2000, 2000, 2000), 64)


def test_opposed_interests_of_fine_points_are_left_to_the_solver() -> None:
    tables = [np.array([[2**k, 0], [0, 2**k]]) for k in range(18)]
    assert frontier_of_two(tables) is None
    assert len(listed(tables[:12]).points) == 2**12
