"""Which sampling units of two waves are the same, and what cannot be compared."""

from __future__ import annotations

import numpy as np
import polars as pl
import pytest

from kelisim.core.errors import DesignRefused, LonelyPsu
from kelisim.engine.inference import Design
from kelisim.engine.inference.overlap import refuse_moved, union, unit_names
from kelisim.engine.inference.survey import prepare

FRAME = pl.DataFrame({"h": ["B", "A", "A", "B"], "town": ["1", "1", "2", "1"]})


def named(design: Design, people: list[int] | None = None) -> list[tuple[str, str]]:
    return unit_names(prepare(FRAME, design, (), None), design, people)


def test_a_unit_is_known_by_its_stratum_and_its_code() -> None:
    towns = named(Design(strata="h", psu="town", lonely_psu="certainty"))
    assert towns == [("A", "1"), ("A", "2"), ("B", "1")]
    assert named(Design(psu="town")) == [("", "1"), ("", "2")]


def test_without_psus_a_unit_is_a_person() -> None:
    assert named(Design(strata="h"), [11, 12, 13, 14]) == [
        ("B", "11"),
        ("A", "12"),
        ("A", "13"),
        ("B", "14"),
    ]
    with pytest.raises(DesignRefused, match="every interview is a unit of its own"):
        named(Design(strata="h"))


def test_equal_codes_in_two_strata_are_two_units() -> None:
    both = union([("A", "1"), ("A", "2")], [("A", "1"), ("B", "1"), ("B", "2")], "fail")
    assert both.shared == 1
    assert both.stage.units.size.tolist() == [2, 2]
    assert both.first.tolist() == [0, 1]
    assert both.second.tolist() == [0, 2, 3]
    np.testing.assert_allclose(both.stage.coefficient, 2)


def test_waves_without_a_common_unit_are_not_one_design() -> None:
    with pytest.raises(DesignRefused, match="no sampling unit in common") as refused:
        union([("A", "1")], [("A", "2")], "fail")
    assert "independent samples" in refused.value.do


def test_a_stratum_that_holds_one_unit_of_both_waves_is_named() -> None:
    lonely = [("A", "1"), ("B", "1"), ("B", "2")]
    with pytest.raises(LonelyPsu, match="Stratum 'A' of both waves"):
        union(lonely, lonely, "fail")
    assert union(lonely, lonely, "certainty").stage.coefficient.tolist() == [0, 2]


def test_whoever_moved_within_the_design_is_named() -> None:
    first = {"Ayan": ("A", "1"), "Dana": ("A", "2")}
    refuse_moved(first, {"Ayan": ("A", "1"), "Nur": ("B", "1")}, "respondent")
    with pytest.raises(DesignRefused, match="1 respondents stand elsewhere") as refused:
        refuse_moved(first, {"Dana": ("B", "7")}, "respondent")
    assert "respondent 'Dana'" in str(refused.value)
    assert "unit '7'" in str(refused.value)
