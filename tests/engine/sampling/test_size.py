"""Sample sizes are those of the published tables."""

from __future__ import annotations

from math import inf

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kelisim.core.errors import DesignRefused, ValueRefused
from kelisim.engine.sampling import size_for_mean, size_for_proportion


@pytest.mark.parametrize(
    ("population", "published"),
    [(10, 10), (100, 80), (500, 217), (1000, 278), (5000, 357), (10_000, 370), (1_000_000, 384)],
)
def test_sizes_are_those_of_krejcie_and_morgan(population: int, published: int) -> None:
    # Krejcie and Morgan (1970), table 1, which rounds to the nearest whole number.
    assert round(size_for_proportion(0.05, population=population).exact) == published


@pytest.mark.parametrize(
    ("margin", "interviews"), [(0.01, 9604), (0.02, 2401), (0.03, 1068), (0.05, 385)]
)
def test_margins_of_a_share_need_the_well_known_sizes(margin: float, interviews: int) -> None:
    assert size_for_proportion(margin).interviews == interviews


def test_losses_and_clustering_multiply() -> None:
    size = size_for_proportion(0.05, deff=2.0, response=0.4)
    assert size.exact == 2 * size.simple
    assert (size.interviews, size.units) == (769, 1923)


def test_rounding_up_is_not_fooled_by_the_last_digit() -> None:
    size = size_for_mean(1.0, deviation=10 / 1.959963984540054, response=0.1)
    assert (size.interviews, size.units) == (100, 1000)


@settings(deadline=None, max_examples=50)
@given(
    deviation=st.floats(0.1, 100),
    margin=st.floats(0.1, 10),
    population=st.integers(10, 10**6),
)
def test_a_finite_population_needs_fewer_and_never_more_than_itself(
    deviation: float, margin: float, population: int
) -> None:
    finite = size_for_mean(margin, deviation=deviation, population=population).exact
    assert finite <= size_for_mean(margin, deviation=deviation).exact
    assert finite <= population


@pytest.mark.parametrize(
    ("setting", "words"),
    [
        ({"margin": 0.0}, "'margin' is 0, and must be between 0 and 1"),
        ({"p": 1.0}, "'p' is 1"),
        ({"level": 95.0}, "'level' is 95"),
        ({"deff": 0.0}, "'deff' is 0, and must be above 0"),
        ({"response": 1.2}, "'response' is 1.2"),
    ],
)
def test_a_number_outside_its_range_is_refused(setting: dict[str, float], words: str) -> None:
    with pytest.raises(ValueRefused, match=words):
        size_for_proportion(**{"margin": 0.05, **setting})


def test_no_more_are_asked_for_than_there_are() -> None:
    with pytest.raises(DesignRefused, match=r"\d+ units are needed .* and there are 100"):
        size_for_proportion(0.05, response=0.5, population=100)
    assert size_for_proportion(0.05, response=0.5, population=inf).units == 770
