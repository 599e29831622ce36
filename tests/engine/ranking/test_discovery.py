"""Where the line among errors is drawn, against another program and against every subset."""

from __future__ import annotations

from itertools import combinations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import false_discovery_control

from kelisim.engine.ranking.discovery import Rule, discoveries

probabilities = st.lists(st.integers(0, 100).map(lambda n: n / 200), min_size=0, max_size=8)
rates = st.sampled_from([0.01, 0.05, 0.1, 0.3])
law = settings(deadline=None, max_examples=80)


@given(probabilities.filter(len), rates, st.sampled_from(["bh", "by"]))
@law
def test_p_values_are_called_as_scipy_calls_them(errors: list[float], q: float, rule: Rule) -> None:
    adjusted = false_discovery_control(errors, method="by" if rule == "by" else "bh")
    found = discoveries(np.sort(errors), len(errors), q, rule)
    # The two divide in another order; a p-value on the line itself is left to either.
    assert np.sum(adjusted <= q - 1e-12) <= found.made <= np.sum(adjusted <= q + 1e-12)
    assert found.made == np.sum(np.array(errors) <= found.largest)


@given(probabilities, rates)
@law
def test_a_larger_set_has_too_large_a_mean_error_or_splits_equal_ones(
    errors: list[float], q: float
) -> None:
    found = discoveries(np.sort(errors), len(errors), q, "bayes")
    called = [error for error in errors if error <= found.largest]
    assert len(called) == found.made
    assert sum(called) <= q * len(called) + 1e-12
    for size in range(found.made + 1, len(errors) + 1):
        least = min(combinations(sorted(errors), size), key=sum)
        splits = least.count(least[-1]) < errors.count(least[-1])
        assert splits or sum(least) > q * size - 1e-12


@given(probabilities.filter(len), rates, st.sampled_from(["bayes", "bh", "by"]))
@law
def test_a_claim_brought_below_the_following_error_is_made(
    errors: list[float], q: float, rule: Rule
) -> None:
    found = discoveries(np.sort(errors), len(errors), q, rule)
    improved = found.following * (1 - 1e-9)
    for j, error in enumerate(errors):
        if error > found.largest:
            others = errors[:j] + errors[j + 1 :]
            again = discoveries(np.sort([*others, improved]), len(errors), q, rule)
            assert improved <= again.largest


def test_claims_with_the_same_error_are_made_together_or_not_at_all() -> None:
    errors = np.array([0.0, 0.08, 0.08])
    assert discoveries(errors[:2], 3, 0.05, "bayes").made == 2
    assert discoveries(errors, 3, 0.05, "bayes").made == 1


@pytest.mark.parametrize("rule", ["bayes", "bh", "by"])
def test_where_nothing_can_be_claimed_nothing_is(rule: Rule) -> None:
    found = discoveries(np.array([]), 4, 0.05, rule)
    assert (found.made, found.largest) == (0, -1.0)
