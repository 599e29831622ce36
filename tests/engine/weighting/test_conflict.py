"""Which categories stand in each other's way."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray
from scipy.optimize import linprog

from kelisim.engine.weighting import conflict as module
from kelisim.engine.weighting import nearest
from kelisim.engine.weighting.cells import Cells, collapse
from kelisim.engine.weighting.conflict import find_conflict
from kelisim.engine.weighting.nearest import nearest_margins

Floats = NDArray[np.float64]


def cells_of(*columns: list[int]) -> Cells:
    codes = [np.array(column, dtype=np.int32) for column in columns]
    return collapse(codes, [int(code.max()) + 1 for code in codes], worth=1)


def test_a_category_found_only_with_a_rarer_one_is_named_with_it() -> None:
    cells = cells_of([0, 0, 1, 1, 2], [0, 0, 0, 1, 1])
    found = find_conflict(cells, [np.array([50.0, 25, 25]), np.array([40.0, 60])])
    assert found is not None
    assert (found.wanted, found.scarce) == (((0, 0),), ((1, 0),))
    assert (found.wanted_total, found.scarce_total) == pytest.approx((50, 40))


def test_a_conflict_over_three_margins_names_all_it_needs() -> None:
    cells = cells_of([0, 0, 1, 1, 1, 2, 2], [0, 0, 0, 1, 1, 1, 0], [0, 1, 2, 0, 1, 2, 0])
    targets = [np.array([40.0, 25, 35]), np.array([40.0, 60]), np.array([40.0, 30, 30])]
    found = find_conflict(cells, targets)
    assert found is not None
    named = {*found.wanted, *found.scarce}
    assert {level[0] for level in named} == {0, 1, 2}
    assert found.wanted_total > found.scarce_total


def test_equal_counts_leave_the_other_rows_without_weight() -> None:
    cells = cells_of([0, 0, 1, 1, 2], [0, 0, 0, 1, 1])
    found = find_conflict(cells, [np.array([40.0, 30, 30]), np.array([40.0, 60])])
    assert found is not None
    assert (found.wanted, found.scarce) == (((0, 0),), ((1, 0),))
    assert (found.wanted_total, found.scarce_total) == pytest.approx((40, 40))


def test_no_conflict_where_the_margins_can_be_met() -> None:
    cells = cells_of([0, 0, 1, 1, 2], [0, 0, 0, 1, 1])
    assert find_conflict(cells, [np.array([30.0, 30, 40]), np.array([40.0, 60])]) is None


def least_share(cells: Cells, targets: list[Floats]) -> float:
    """Return the largest t such that weights meet the margins with every cell at least t.

    Asked of a general solver on the weights themselves; below zero where none are positive.
    """
    J = len(cells.codes[0])
    levels = zip(cells.codes, cells.levels, strict=True)
    X = np.array([code == category for code, top in levels for category in range(top)]) * 1.0
    found = linprog(
        np.r_[np.zeros(J), -1.0],
        A_eq=np.c_[X, X.sum(axis=1)],
        b_eq=np.concatenate(targets),
        bounds=[(0, None)] * J + [(None, 1)],
        method="highs",
    )
    return -1.0 if found.x is None else float(found.x[-1])


@given(st.integers(0, 10**6), st.integers(4, 20))
@settings(deadline=None, max_examples=60)
def test_there_is_a_conflict_exactly_where_no_positive_weights_exist(seed: int, n: int) -> None:
    rng = np.random.default_rng(seed)
    drawn = [np.unique(rng.integers(0, 3, n), return_inverse=True)[1] for _ in range(3)]
    cells = cells_of(*(code.tolist() for code in drawn))
    targets = [rng.integers(1, 9, levels).astype(float) for levels in cells.levels]
    targets = [100 * target / target.sum() for target in targets]
    share = least_share(cells, targets)
    assume(share <= 1e-9 or share > 1e-4)
    found = find_conflict(cells, targets)
    assert (found is None) == (share > 0)
    if found is not None:
        assert found.wanted_total >= found.scarce_total - 1e-6


def test_cells_join_the_programme_only_where_they_are_violated(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    rng = np.random.default_rng(3)
    first = rng.integers(0, 6, 400)
    second = np.where(first == 2, 1, rng.integers(0, 5, 400))
    cells = cells_of(first.tolist(), second.tolist(), rng.integers(0, 7, 400).tolist())
    targets = [np.full(levels, 210 / levels) for levels in cells.levels]
    targets[0] = np.array([30.0, 30, 60, 30, 30, 30])
    whole = find_conflict(cells, targets)
    monkeypatch.setattr(module, "AT_ONCE", 5)
    assert find_conflict(cells, targets) == whole
    assert whole is not None
    assert (whole.wanted, whole.scarce) == (((0, 2),), ((1, 1),))


def test_the_nearest_margins_move_those_who_are_too_many() -> None:
    cells = cells_of([0, 0, 1, 1, 2], [0, 0, 0, 1, 1])
    asked = [np.array([50.0, 25, 25]), np.array([40.0, 60])]
    found = nearest_margins(cells, asked)
    assert found is not None
    assert found.moved == pytest.approx(0.1, abs=0.002), "10 of 100 people stand in the way"
    assert {level for level, _asked, _met in found.changes(asked)} <= {
        (0, 0), (0, 1), (0, 2), (1, 0), (1, 1),
    }  # fmt: skip
    assert find_conflict(cells, found.targets) is None


def test_the_nearest_margins_are_not_looked_for_among_very_many_cells(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(nearest, "AT_ONCE", 3)
    cells = cells_of([0, 0, 1, 1, 2], [0, 0, 0, 1, 1])
    assert nearest_margins(cells, [np.array([50.0, 25, 25]), np.array([40.0, 60])]) is None


@settings(deadline=None)
@given(st.integers(0, 10_000))
def test_the_nearest_margins_can_be_met_and_none_asked_for_are_nearer(seed: int) -> None:
    rng = np.random.default_rng(seed)
    drawn = (rng.integers(0, size, 14) for size in (3, 4, 2))
    cells = cells_of(*(np.unique(part, return_inverse=True)[1].tolist() for part in drawn))
    targets = [rng.dirichlet(np.ones(size)) * 1000 + 1 for size in cells.levels]
    targets = [part * 1000 / part.sum() for part in targets]
    found = nearest_margins(cells, targets)
    assert found is not None
    assert find_conflict(cells, found.targets) is None
    if find_conflict(cells, targets) is None:
        assert found.moved < 5 * nearest.INWARDS
    for part in found.targets:
        assert part.sum() == pytest.approx(1000)
        assert part.min() > 0
