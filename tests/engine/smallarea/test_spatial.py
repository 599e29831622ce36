"""Neighbours: scaling by its definition, and pairs that are not pairs."""

from __future__ import annotations

import numpy as np
import pytest

from kelisim.core.errors import SettingRefused
from kelisim.engine.smallarea.spatial import read_neighbours, scaled


def test_each_connected_part_has_variances_of_geometric_mean_one() -> None:
    touching = np.zeros((6, 6))
    for first, second in [(0, 1), (1, 2), (3, 4)]:
        touching[first, second] = touching[second, first] = 1
    spatial = scaled(touching)
    covariance = spatial.basis @ np.diag(spatial.variances) @ spatial.basis.T
    for part in ([0, 1, 2], [3, 4], [5]):
        assert np.prod(covariance.diagonal()[part]) == pytest.approx(1)
        assert covariance[part].sum(axis=1)[0] == pytest.approx(1.0 if part == [5] else 0.0)
    np.testing.assert_allclose(covariance[:3, 3:], 0, atol=1e-12)


def test_pairs_are_read_by_name_in_either_order() -> None:
    one = read_neighbours([("A", "B"), ("C", "B")], ("A", "B", "C"))
    two = read_neighbours([("B", "A"), ("B", "C"), ("C", "B")], ("A", "B", "C"))
    assert one is not None
    assert two is not None
    np.testing.assert_array_equal(one.variances, two.variances)
    assert read_neighbours(None, ("A",)) is None


@pytest.mark.parametrize("pair", [("A", "A"), ("A",), "AB", ("A", "B", "C")])
def test_what_is_not_two_areas_is_refused(pair: tuple[str, str]) -> None:
    with pytest.raises(SettingRefused, match="not a pair of neighbours"):
        read_neighbours([pair], ("A", "B", "C"))


def test_an_unknown_neighbour_is_named() -> None:
    with pytest.raises(SettingRefused, match=r"no area 'Almaty '.*Did you mean 'Almaty'"):
        read_neighbours([("Almaty ", "B")], ("Almaty", "B"))
