"""A frame holds every unit once, in an order that a draw may rely on."""

from __future__ import annotations

from typing import Any

import polars as pl
import pytest

from kelisim.core.errors import ColumnRefused, DesignRefused, IdRefused, Refusal, ValueRefused
from kelisim.engine.sampling import Plan
from kelisim.engine.sampling.frame import read_frame

UNITS = {
    "id": ["c", "a", "d", "b"],
    "h": ["y", "x", "y", "x"],
    "town": ["t2", "t1", "t3", "t1"],
    "size": [3.0, 1.0, 4.0, 2.0],
    "street": [None, 2, 1, 10],
}


def test_units_stand_in_the_order_of_their_identifiers() -> None:
    frame = read_frame(UNITS, Plan(id="id", n=1, strata="h", size="size", psu="town"))
    assert frame.unit.to_list() == ["a", "b", "c", "d"]
    assert frame.row.tolist() == [1, 3, 0, 2]
    assert frame.size.tolist() == [1.0, 2.0, 3.0, 4.0]
    assert [frame.strata[code] for code in frame.stratum] == ["x", "x", "y", "y"]
    assert [frame.psus[code] for code in frame.psu] == ["t1", "t1", "t2", "t3"]


def test_a_systematic_draw_follows_the_sorting_or_else_the_table() -> None:
    plan = Plan(id="id", n=1, method="systematic")
    assert read_frame(UNITS, plan).unit.to_list() == UNITS["id"]
    plan = Plan(id="id", n=1, method="systematic", sort=("street",))
    assert read_frame(UNITS, plan).unit.to_list() == ["d", "a", "b", "c"]
    plan = Plan(id="id", n=1, method="systematic", sort=("h", "size"))
    assert read_frame(UNITS, plan).unit.to_list() == ["a", "b", "c", "d"]


def test_without_strata_and_sizes_all_are_one_stratum_of_equals() -> None:
    frame = read_frame({"id": [30, 4, 5]}, Plan(id="id", n=1))
    assert frame.strata == ("",)
    assert frame.stratum.tolist() == [0, 0, 0]
    assert frame.size.tolist() == [1.0, 1.0, 1.0]
    assert frame.unit.to_list() == ["30", "4", "5"]
    assert sorted(frame.psu.tolist()) == [0, 1, 2]


WRONG: dict[str, tuple[type[Refusal], dict[str, Any], dict[str, Any], str]] = {
    "no column": (ColumnRefused, {}, {"strata": "hh"}, "no column 'hh' (the stratum)"),
    "no identifier": (ColumnRefused, {}, {"id": "idd"}, "Did you mean 'id'?"),
    "two of one id": (
        IdRefused,
        {"id": ["a", "b", "c", "b"]},
        {},
        "column 'id', row 2 and row 4: The identifier 'b' occurs 2 times.",
    ),
    "empty id": (ValueRefused, {"id": ["a", None, "c", "d"]}, {}, "column 'id', row 2"),
    "empty stratum": (ValueRefused, {"h": ["x", "x", None, "y"]}, {}, "1 of 4 units have no"),
    "empty psu": (ValueRefused, {"town": [None] * 4}, {"psu": "town"}, "column 'town', row 1"),
    "zero size": (ValueRefused, {"size": [1, 0, 0, 2]}, {}, "column 'size', row 2: The measure"),
    "negative size": (ValueRefused, {"size": [1, 1, -2, 2]}, {}, "size is -2 (1 such units)"),
    "missing size": (ValueRefused, {"size": [1, 1, 1, None]}, {}, "size is nan"),
    "size in words": (ValueRefused, {"size": ["1", "1", "1", "big"]}, {}, "'big' is not a number"),
    "psu in two strata": (
        DesignRefused,
        {"town": ["t1", "t1", "t2", "t2"]},
        {"psu": "town"},
        "The PSU 't1' lies in the strata 'x', 'y'.",
    ),
    "small psus": (
        DesignRefused,
        {},
        {"psu": "town", "take": 2},
        "and 2 PSUs have fewer: 't2 (1)', 't3 (1)'",
    ),
    "sorted by nothing": (
        ColumnRefused,
        {},
        {"method": "systematic", "sort": ("lane",)},
        "There is no column 'lane' (to sort by)",
    ),
}


@pytest.mark.parametrize("name", WRONG)
def test_a_frame_that_cannot_be_drawn_from_is_refused(name: str) -> None:
    kind, columns, settings, words = WRONG[name]
    plan = Plan(**{"id": "id", "n": 1, "strata": "h", "size": "size", **settings})
    with pytest.raises(kind) as refused:
        read_frame({**UNITS, **columns}, plan)
    assert words in str(refused.value)


def test_an_empty_frame_is_refused() -> None:
    with pytest.raises(ValueRefused, match="The frame has no units"):
        read_frame(pl.DataFrame({"id": []}, schema={"id": pl.String}), Plan(id="id", n=1))


def test_a_place_is_said_as_the_caller_says_it() -> None:
    with pytest.raises(ValueRefused) as refused:
        read_frame(
            {"id": ["a", None]}, Plan(id="id", n=1), lambda row: f"frame.csv, line {row + 2}"
        )
    assert refused.value.where == "column 'id', frame.csv, line 3"
