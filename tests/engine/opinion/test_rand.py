from __future__ import annotations

from itertools import combinations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kelisim.engine.opinion.rand import adjusted_rand

LABELS = st.lists(st.tuples(st.integers(0, 3), st.integers(0, 3)), min_size=2, max_size=12)


@settings(deadline=None, max_examples=50)
@given(LABELS)
def test_it_is_the_index_counted_over_pairs(pairs: list[tuple[int, int]]) -> None:
    a, b = np.array(pairs).T
    together = [(a[i] == a[j], b[i] == b[j]) for i, j in combinations(range(len(a)), 2)]
    n11 = sum(x and y for x, y in together)
    n10, n01 = sum(x and not y for x, y in together), sum(y and not x for x, y in together)
    n00 = len(together) - n11 - n10 - n01
    below = (n11 + n10) * (n10 + n00) + (n11 + n01) * (n01 + n00)
    expected = 2 * (n11 * n00 - n10 * n01) / below if below else 1.0
    assert adjusted_rand(a, b) == pytest.approx(expected)


@settings(deadline=None, max_examples=20)
@given(st.lists(st.integers(0, 3), min_size=1, max_size=12))
def test_names_of_groups_do_not_matter(labels: list[int]) -> None:
    a = np.array(labels)
    assert adjusted_rand(a, (a + 7) * 3) == 1.0


def test_no_people_are_grouped_alike() -> None:
    none = np.empty(0, np.int32)
    assert adjusted_rand(none, none) == 1.0
