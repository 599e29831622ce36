from __future__ import annotations

import math

import pytest

from kelisim.study.report.numerals import Numerals, digits_for, number, percent

KK, RU, EN = (Numerals(language, True, 1) for language in ("kk", "ru", "en"))


def test_a_share_and_its_interval_are_written_as_each_language_writes_them() -> None:
    assert [one.value(0.4337) for one in (KK, RU, EN)] == ["43,4%", "43,4\xa0%", "43.4%"]
    spans = [one.whole_span(0.417, 0.451) for one in (KK, RU, EN)]
    assert spans == ["41,7–45,1%", "41,7–45,1\xa0%", "41.7–45.1%"]
    assert RU.span(0.417, 0.451) == "41,7–45,1"
    assert RU.half(0.0171) == "±1,7"


def test_what_does_not_exist_is_a_dash() -> None:
    assert number(None, "kk") == number(math.nan, "kk") == percent(None, "ru") == "—"
    assert percent(math.inf, "ru") == KK.number_of(None) == KK.whole_span(None, 0.3) == "—"
    assert KK.value(None) == "—"


def test_a_range_that_begins_below_zero_is_not_written_with_a_dash_alone() -> None:
    mean = Numerals("ru", False, 1)
    assert mean.span(-0.5, 0.3) == "−0,5 … 0,3"
    assert mean.whole_span(-2, -1) == "−2,0 … −1,0"


def test_large_numbers_are_rounded_to_what_is_known_of_them() -> None:
    income = Numerals("en", False, digits_for([4954.0]))
    assert income.value(301_813) == "301,800"
    assert income.finer(4954.0) == "4,950"
    assert number(301_813, "kk", 0) == "301\xa0813"


@pytest.mark.parametrize(
    ("errors", "digits"),
    [([0.0123, 0.02], 3), ([1.2], 1), ([88.0], 0), ([None, 0.0], 2), ([1e-12], 6)],
)
def test_a_standard_error_shows_two_figures(errors: list[float | None], digits: int) -> None:
    assert digits_for(errors) == digits


def test_ticks_are_as_short_as_they_can_be() -> None:
    assert [EN.tick(share) for share in (0.0, 0.1, 0.025, 0.3)] == ["0%", "10%", "2.5%", "30%"]
    assert Numerals("en", False, 3).tick(2500.0) == "2,500"


def test_a_standard_error_of_a_share_has_a_figure_more() -> None:
    assert EN.finer(0.01234) == "1.23%"
