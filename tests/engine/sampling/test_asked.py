"""Numbers of units are whole, positive and no more than there are."""

from __future__ import annotations

import numpy as np
import pytest

from kelisim.core.errors import DesignRefused
from kelisim.engine.sampling.asked import known_word, refuse_too_many, whole


@pytest.mark.parametrize("value", [10.5, 10.0, True, "10", None])
def test_a_number_of_units_is_an_integer(value: object) -> None:
    with pytest.raises(DesignRefused, match="is not a whole number"):
        whole(value, "The sample size n")


def test_an_integer_of_numpy_is_an_integer() -> None:
    assert whole(np.int64(3), "n") == 3


@pytest.mark.parametrize("value", [0, -4])
def test_nothing_or_less_cannot_be_drawn(value: int) -> None:
    with pytest.raises(DesignRefused, match=f"n is {value}, and must be at least 1"):
        whole(value, "n")


def test_all_units_may_be_drawn_and_one_more_may_not() -> None:
    refuse_too_many(7, 7, "units")
    with pytest.raises(DesignRefused, match="8 units are asked for, and there are 7"):
        refuse_too_many(8, 7, "units")


def test_an_unknown_word_is_answered_with_the_nearest_or_with_all() -> None:
    with pytest.raises(DesignRefused) as close:
        known_word("systmatic", ["srs", "systematic"], "method of selection")
    assert close.value.do == "Did you mean 'systematic'?"
    with pytest.raises(DesignRefused) as far:
        known_word("xyz", ["srs", "systematic"], "method of selection")
    assert far.value.do == "Choose one of 'srs', 'systematic'."
