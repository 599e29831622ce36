"""One adult of a household is asked, each with a known probability."""

from __future__ import annotations

from collections import Counter
from datetime import date
from fractions import Fraction

import numpy as np
import pytest
from numpy.random import default_rng

from kelisim.core.errors import DesignRefused, ValueRefused
from kelisim.engine.sampling import (
    kish_person,
    kish_probability,
    kish_tables,
    last_birthday,
    person_weights,
    random_person,
)


@pytest.mark.parametrize("adults", [1, 2, 3, 4, 6])
def test_kishs_tables_are_fair_in_households_of_these_sizes(adults: int) -> None:
    chances = [kish_probability(person, adults) for person in range(1, adults + 1)]
    assert chances == [Fraction(1, adults)] * adults


def test_in_households_of_five_kish_favours_the_third_and_the_fifth() -> None:
    sixth, quarter = Fraction(1, 6), Fraction(1, 4)
    chances = [kish_probability(person, 5) for person in range(1, 6)]
    assert chances == [sixth, sixth, quarter, sixth, quarter]
    assert sum(chances) == 1


def test_every_twelve_addresses_get_all_twelve_tables() -> None:
    dealt = kish_tables(30, default_rng(1))
    assert len(dealt) == 30
    twelfths = {"A": 2, "B1": 1, "B2": 1, "C": 2, "D": 2, "E1": 1, "E2": 1, "F": 2}
    assert Counter(dealt[:12]) == Counter(dealt[12:24]) == twelfths
    assert dealt[:12] != dealt[12:24]


def test_dealt_tables_choose_persons_as_often_as_computed() -> None:
    dealt = kish_tables(1200, default_rng(2))
    chosen = Counter(kish_person(table, 4) for table in dealt)
    assert chosen == {1: 300, 2: 300, 3: 300, 4: 300}


def test_kish_refuses_what_his_tables_do_not_have() -> None:
    with pytest.raises(DesignRefused, match="There is no table of Kish 'B'"):
        kish_person("B", 2)
    with pytest.raises(DesignRefused, match="end at 6 adults, and the household has 7"):
        kish_person("A", 7)
    with pytest.raises(DesignRefused, match="no person 3 in a household of 2"):
        kish_probability(3, 2)
    with pytest.raises(DesignRefused, match="The number of adults is 0"):
        kish_person("A", 0)


def test_any_number_of_adults_can_be_drawn_from_fairly() -> None:
    rng = default_rng(3)
    drawn = Counter(random_person(7, rng) for _ in range(7000))
    assert set(drawn) == set(range(1, 8))
    assert max(abs(times - 1000) for times in drawn.values()) < 4 * 30


@pytest.mark.parametrize(
    ("on", "person"),
    [
        (date(2026, 3, 1), 2),  # 29 February has passed
        (date(2026, 2, 28), 1),  # it has not
        (date(2026, 6, 15), 3),  # the birthday is today
        (date(2026, 6, 14), 2),
        (date(2026, 1, 1), 1),  # nobody's has been this year
    ],
)
def test_the_last_birthday_counts_back_from_the_visit(on: date, person: int) -> None:
    assert last_birthday([(12, 30), (2, 29), (6, 15)], on) == person


def test_a_birthday_that_settles_nothing_is_refused() -> None:
    with pytest.raises(ValueRefused, match=r"2 adults share the last birthday \(05\.03\)"):
        last_birthday([(3, 5), (3, 5), (1, 1)], date(2026, 4, 1))
    with pytest.raises(ValueRefused, match="There is no day 30 in month 2"):
        last_birthday([(2, 30)], date(2026, 4, 1))
    with pytest.raises(ValueRefused, match="No adult is listed"):
        last_birthday([], date(2026, 4, 1))


def test_a_person_stands_for_the_adults_of_the_household() -> None:
    weights = person_weights(np.array([10.0, 4.0]), np.array([2.0, 6.0]), asked=2)
    assert weights.tolist() == [10.0, 12.0]
    with pytest.raises(DesignRefused) as refused:
        person_weights(np.ones(2), np.array([2.0, 0.0]))
    assert refused.value.where == "row 2"
    assert "the household has 0 adults" in refused.value.what
