"""A design on paper and in columns: what is read, and what is refused by name."""

from __future__ import annotations

from typing import Any

import numpy as np
import polars as pl
import pytest

from kelisim.core.errors import (
    ColumnRefused,
    DesignRefused,
    LonelyPsu,
    Refusal,
    SettingRefused,
    WeightRefused,
)
from kelisim.engine.calibration import Calibration
from kelisim.engine.inference import Design
from kelisim.engine.inference.sample import Sample, read_sample

FRAME = pl.DataFrame(
    {
        "w": [1.0, 2, 3, 4, 5, 6, 7, 8],
        "h": ["a", "a", "a", "a", "b", "b", "b", "b"],
        "psu": [1, 1, 2, 2, 1, 1, 2, 2],
        "own": [1, 1, 2, 2, 3, 3, 4, 4],
        "ssu": [1, 2, 1, 2, 1, 2, 1, 2],
        "N": [4, 4, 4, 4, 10, 10, 10, 10],
        "share": [0.5, 0.5, 0.5, 0.5, 0.2, 0.2, 0.2, 0.2],
        "M": [2, 2, 5, 5, 8, 8, 4, 4],
    }
)


def read(frame: pl.DataFrame = FRAME, **design: Any) -> Sample:
    return read_sample(frame, Design(**design), None)


def test_codes_that_repeat_between_strata_are_different_units() -> None:
    nested, unique = read(strata="h", psu="psu"), read(strata="h", psu="own", nest=False)
    assert (nested.psus, nested.strata, nested.df) == (4, 2, 2)
    assert nested.stages[0].units.of_row.tolist() == unique.stages[0].units.of_row.tolist()


def test_without_psu_every_row_is_a_unit() -> None:
    sample = read(strata="h")
    assert (sample.psus, sample.strata, sample.rows) == (8, 2, 8)


def test_without_anything_rows_are_independent_and_weigh_the_same() -> None:
    sample = read()
    assert (sample.psus, sample.strata, sample.df) == (8, 1, 7)
    assert sample.weights.tolist() == [1] * 8


def test_weights_follow_from_population_counts_at_every_stage() -> None:
    sample = read(strata="h", psu=["psu", "ssu"], fpc=["N", "M"])
    expected = (
        [4 / 2 * 2 / 2] * 2 + [4 / 2 * 5 / 2] * 2 + [10 / 2 * 8 / 2] * 2 + [10 / 2 * 4 / 2] * 2
    )
    assert sample.weights.tolist() == expected


def test_fractions_and_counts_say_the_same() -> None:
    counts = read(strata="h", psu="psu", fpc="N")
    shares = read(strata="h", psu="psu", fpc="share")
    assert counts.weights.tolist() == shares.weights.tolist() == [2] * 4 + [5] * 4
    np.testing.assert_allclose(counts.stages[0].coefficient, shares.stages[0].coefficient)


def test_later_stages_matter_only_below_a_stage_without_replacement() -> None:
    assert len(read(strata="h", psu=["psu", "ssu"]).stages) == 1
    assert len(read(strata="h", psu=["psu", "ssu"], fpc="N").stages) == 2
    assert read(strata="h", psu=["psu", "ssu"], fpc="N").weights.tolist() == [1] * 8


def test_a_stage_that_was_enumerated_in_full_adds_nothing() -> None:
    sample = read(strata="h", psu=["psu", "ssu"], fpc=["N", "M"])
    assert sample.stages[1].coefficient[0] == 0


def test_calibrated_weights_take_the_place_of_the_column() -> None:
    weights = np.arange(8.0)
    calibration = Calibration(weights, weights, (), ())
    assert read_sample(FRAME, Design("w"), calibration).weights is weights
    with pytest.raises(WeightRefused, match="of 8 rows, the data have 7"):
        read_sample(FRAME.head(7), Design("w"), calibration)
    anything: Any = {"weights": weights}
    with pytest.raises(WeightRefused, match="given as a dict"):
        read_sample(FRAME, Design("w"), anything)


@pytest.mark.parametrize("value", [0.0, -1.0, None, float("nan")])
def test_a_weight_that_is_not_positive_is_refused_with_its_row(value: float | None) -> None:
    frame = FRAME.with_columns(w=pl.Series([1.0, 1, value, 1, 1, 1, value, 1], strict=False))
    found = {0.0: "0", -1.0: "-1"}.get(np.nan if value is None else value, "missing")
    with pytest.raises(WeightRefused, match=rf"column 'w', row 3: The weight is {found} \(2 such"):
        read(frame, weight="w")


@pytest.mark.parametrize("role", ["strata", "psu"])
def test_a_row_that_was_drawn_nowhere_is_refused(role: str) -> None:
    frame = FRAME.with_columns(psu=pl.Series([1, 1, 2, None, 1, 1, 2, 2]))
    with pytest.raises(DesignRefused, match=r"column 'psu', row 4: The value is missing in 1 of 8"):
        read(frame, **{role: "psu"})


@pytest.mark.parametrize(
    "design", [{"weight": "ww"}, {"strata": "ww"}, {"psu": "ww"}, {"fpc": "ww"}]
)
def test_a_column_that_is_not_there_is_refused(design: dict[str, Any]) -> None:
    with pytest.raises(ColumnRefused, match=r"no column 'ww'.*Did you mean 'w'"):
        read(**design)


def test_a_psu_in_two_strata_is_refused_by_name_unless_codes_are_nested() -> None:
    with pytest.raises(DesignRefused, match=r"PSU '1' of column 'psu' is in 2 strata.*'a', 'b'"):
        read(strata="h", psu="psu", nest=False)


@pytest.mark.parametrize(
    ("columns", "words"),
    [
        ({"N": [4, 4, 4, 5] + [10] * 4}, "varies within stratum 'a'.*: 4 and 5|row 4.*varies"),
        ({"N": [1.5] * 4 + [10] * 4}, "population of stratum 'a' .* 1.5, and 2 units were"),
        ({"N": [4, 4, None, 4] + [10] * 4}, "column 'N', row 3: .* missing or not positive"),
        ({"N": [4] * 4 + [0] * 4}, "column 'N', row 5: .* missing or not positive"),
        ({"N": [-0.5] * 8}, "column 'N', row 1: .* missing or not positive"),
    ],
)
def test_a_correction_that_contradicts_the_sample_is_refused(
    columns: dict[str, list[float]], words: str
) -> None:
    frame = FRAME.with_columns(**{name: pl.Series(v, strict=False) for name, v in columns.items()})
    with pytest.raises(DesignRefused, match=words):
        read(frame, strata="h", psu="psu", fpc="N")


def test_a_correction_of_a_later_stage_is_refused_by_the_name_of_its_unit() -> None:
    frame = FRAME.with_columns(M=pl.Series([2, 2, 5, 6, 8, 8, 4, 4]))
    with pytest.raises(DesignRefused, match="varies within unit '2' of column 'psu'"):
        read(frame, strata="h", psu=["psu", "ssu"], fpc=["N", "M"])


def test_a_correction_of_the_whole_sample_names_the_sample() -> None:
    with pytest.raises(DesignRefused, match="varies within the sample"):
        read(psu="own", fpc="N")


LONELY = FRAME.with_columns(h=pl.Series(["a"] * 4 + ["b"] * 2 + ["c"] * 2))


def test_lonely_psus_are_refused_by_name_and_count() -> None:
    with pytest.raises(LonelyPsu) as refusal:
        read(LONELY, strata="h", psu="psu")
    assert str(refusal.value).startswith(
        "design: Stratum 'b' of column 'h' (n = 2), stratum 'c' of column 'h' (n = 2) "
        "hold one sampled unit each."
    )
    assert "certainty, adjust or average" in refusal.value.do


def test_many_lonely_psus_are_counted() -> None:
    frame = pl.DataFrame({"h": range(9)})
    with pytest.raises(LonelyPsu, match="and 4 more hold"):
        read(frame, strata="h")


def test_a_single_row_cannot_be_a_sample() -> None:
    with pytest.raises(LonelyPsu, match=r"The sample \(n = 1\) holds a single sampled unit"):
        read(FRAME.head(1))


def test_nothing_can_be_averaged_when_every_stratum_is_lonely() -> None:
    with pytest.raises(LonelyPsu, match="There is no other to average"):
        read(FRAME, strata="own", psu="psu", lonely_psu="average")


def test_a_lonely_psu_taken_with_certainty_is_welcome() -> None:
    frame = LONELY.with_columns(N=pl.Series([4] * 4 + [1] * 4))
    sample = read(frame, strata="h", psu="psu", fpc="N")
    assert sample.stages[0].coefficient.tolist() == [1.0, 0.0, 0.0]


@pytest.mark.parametrize(
    ("design", "kind", "words"),
    [
        ({"lonely_psu": "remov"}, SettingRefused, "'remov' is not a treatment.*Choose one of fail"),
        ({"lonely_psu": "averages"}, SettingRefused, "Did you mean 'average'"),
        ({"psu": ["psu", "psu"]}, DesignRefused, "same column is named for two stages"),
        ({"psu": "psu", "fpc": ["N", "M"]}, DesignRefused, "names 2 stages, the units 1"),
        ({"fpc": ["N", "M"]}, DesignRefused, "names 2 stages, the units 0"),
    ],
)
def test_a_design_that_makes_no_sense_is_refused_before_any_data(
    design: dict[str, Any], kind: type[Refusal], words: str
) -> None:
    with pytest.raises(kind, match=words):
        Design(**design)
