"""Rotation groups are even, and patterns overlap as published."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.random import default_rng

from kelisim.core.errors import DesignRefused
from kelisim.engine.sampling import overlap, rotation_groups, rotation_schedule


@settings(deadline=None, max_examples=60)
@given(n=st.integers(1, 80), data=st.data(), seed=st.integers(0, 2**32))
def test_groups_differ_by_one_at_most(n: int, data: st.DataObject, seed: int) -> None:
    groups = data.draw(st.integers(1, n))
    sizes = np.bincount(rotation_groups(n, groups, default_rng(seed)))[1:]
    assert len(sizes) == groups
    assert sizes.sum() == n
    assert np.ptp(sizes) <= 1


def test_no_unit_and_no_group_is_favoured() -> None:
    rng = default_rng(1)
    dealt = np.array([rotation_groups(5, 3, rng) for _ in range(3000)])
    for unit in dealt.T:
        assert np.bincount(unit)[1:] / 3000 == pytest.approx(1 / 3, abs=0.04)


@pytest.mark.parametrize(("lag", "share"), [(1, 0.75), (2, 0.5), (3, 0.25), (12, 0.5), (40, 0.0)])
def test_the_current_population_survey_overlaps_as_published(lag: int, share: float) -> None:
    # 4-8-4: three quarters from month to month, half from year to year (CPS Technical Paper 66).
    assert overlap((4, 8, 4), lag) == share


def test_a_schedule_has_the_overlap_of_its_pattern_at_every_wave() -> None:
    schedule = rotation_schedule((2, 2, 2), 9)
    assert (schedule.sum(axis=1) == 4).all()
    for lag in (1, 2, 4):
        for wave in range(9 - lag):
            shared = (schedule[wave] & schedule[wave + lag]).sum()
            assert shared / 4 == overlap((2, 2, 2), lag)


def test_a_group_follows_its_pattern_from_entry() -> None:
    schedule = rotation_schedule((2, 1, 1), 8)
    assert schedule[:, 3].tolist() == [True, True, False, True, False, False, False, False]


def test_what_is_no_rotation_is_refused() -> None:
    with pytest.raises(DesignRefused, match="6 rotation groups are asked for, and there are 5"):
        rotation_groups(5, 6, default_rng(0))
    with pytest.raises(DesignRefused, match="ends with waves out of the sample"):
        rotation_schedule((4, 8), 3)
    with pytest.raises(DesignRefused, match="A length in the rotation pattern is 0"):
        rotation_schedule((4, 0, 4), 3)
    with pytest.raises(DesignRefused, match="The lag is 0"):
        overlap((4,), 0)
