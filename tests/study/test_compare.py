"""Two waves compared: the standard errors, the rows of one wave only, categories and borders."""

from __future__ import annotations

import math
from dataclasses import replace
from pathlib import Path

import polars as pl
import pytest

from kelisim.engine.inference import Design, estimate
from kelisim.study.compare import compare_releases, modelled
from kelisim.study.published import read_published
from kelisim.study.report.remarks import spoken_remark
from kelisim.study.report.wording import wording
from kelisim.study.waves import ChangeRow, Comparison, WaveNote
from tests.study.waves import Wave, two_waves, unraked

Waves = tuple[Wave, Wave]


def compared(
    waves: Waves, overlap: str = "", categories: Path | None = None
) -> dict[tuple[str, str, str], ChangeRow]:
    return keyed(comparison(waves, overlap, categories))


def comparison(waves: Waves, overlap: str = "", categories: Path | None = None) -> Comparison:
    """Compare; without an overlap by the releases alone."""
    return compare_releases(
        waves[0].out,
        waves[1].out,
        overlap=overlap or "none",
        studies=(waves[0].study, waves[1].study) if overlap else (None, None),
        categories=categories,
    )


def keyed(found: Comparison) -> dict[tuple[str, str, str], ChangeRow]:
    return {(row.indicator, row.category, row.domain): row for row in found.rows}


def published(*waves: Wave) -> None:
    for wave in waves:
        wave.publish()


@pytest.fixture(scope="module")
def waves(tmp_path_factory: pytest.TempPathFactory) -> Waves:
    found = two_waves(tmp_path_factory.mktemp("waves"))
    published(*found)
    return found


def test_releases_are_compared_as_independent_and_every_row_says_so(waves: Waves) -> None:
    one, two = (pl.read_parquet(wave.out / "estimates.parquet").to_dicts() for wave in waves)
    found = comparison(waves)
    assert len(found.rows) == len(one) == 84
    for row, first, second in zip(found.rows, one, two, strict=True):
        assert (row.indicator, row.domain) == (first["indicator"], first["domain"] or "")
        assert row.se == pytest.approx(math.hypot(first["se"], second["se"]))
        assert row.change == pytest.approx(second["estimate"] - first["estimate"])
        assert min(first["df"], second["df"]) <= (row.df or 0) <= first["df"] + second["df"]
        assert row.method == "independent"
        assert WaveNote.INDEPENDENT in row.note


def test_the_studies_give_what_their_releases_gave(waves: Waves) -> None:
    assert compared(waves, "none") == compared(waves)


def test_a_wave_compared_with_itself_has_not_changed(tmp_path: Path) -> None:
    waves = two_waves(tmp_path, (5, 5))
    published(*waves)
    found = comparison(waves, "psu")
    assert found.shared == 36
    for row in found.rows:
        assert row.change == 0
        quantile = row.indicator == "income"
        assert row.se == (None if quantile else 0)
        assert (WaveNote.QUANTILE in row.note) == quantile
        assert row.method == "shared psu"


@pytest.mark.parametrize("overlap", ["psu", "respondent"])
def test_shared_places_give_the_contrast_on_the_stacked_file(overlap: str, tmp_path: Path) -> None:
    waves = two_waves(tmp_path)
    for wave in waves:
        unraked(wave)
    published(*waves)
    frames = [
        pl.read_csv(wave.study / "interviews.csv", null_values=["NA"]).with_columns(
            wave=pl.lit(f"{i}")
        )
        for i, wave in enumerate(waves, start=1)
    ]
    other = estimate(
        pl.concat(frames, how="vertical_relaxed"),
        Design("weight", strata="region", psu="settlement"),
        [
            {"name": "trust", "kind": "categorical", "column": "trust"},
            {"name": "age", "kind": "mean", "column": "age_years"},
        ],
        [["wave"], ["wave", "sex"]],
    )
    found = compared(waves, overlap)
    for name, category in (("trust", "fully"), ("age", "")):
        for domain in ("", "sex=female"):
            tail = f";{domain}" if domain else ""
            pair = {f"wave=1{tail}": -1.0, f"wave=2{tail}": 1.0}
            contrast = other.contrast(name, pair, category=category)
            row = found[name, category, domain]
            assert row.change == pytest.approx(contrast.estimate)
            assert row.se == pytest.approx(contrast.se)
            assert row.df == contrast.df
            assert row.ci_low == pytest.approx(contrast.low)
            assert row.ci_high == pytest.approx(contrast.high)


def test_what_only_one_wave_has_keeps_its_row(tmp_path: Path) -> None:
    waves = two_waves(tmp_path)
    rows = waves[1].rows()
    for row in rows:
        row["trust"] = "hard_to_say" if row["trust"] == "fully" else row["trust"]
    waves[1].write(rows)
    waves[1].change('by = [["region"], ["sex"], ["region", "sex"]]', 'by = [["sex"]]')
    published(*waves)
    for overlap in ("", "psu"):
        found = compared(waves, overlap)
        gone, new = found["trust", "fully", ""], found["trust", "hard_to_say", ""]
        assert gone.estimate_1 is not None
        assert gone.change is gone.se is gone.estimate_2 is None
        assert f"second wave: {WaveNote.CATEGORY}" in gone.note
        assert f"first wave: {WaveNote.CATEGORY}" in new.note
        assert f"second wave: {WaveNote.DOMAIN}" in found["age", "", "region=KZ-71"].note
        assert found["age", "", "sex=male"].se is not None


def test_a_share_of_nobody_has_an_interval_and_no_p_value(tmp_path: Path) -> None:
    waves = two_waves(tmp_path)
    rows = waves[1].rows()
    for row in rows:
        if row["region"] == "KZ-71":
            row["satisfied"] = "not_at_all"
    waves[1].write(rows)
    published(*waves)
    for overlap in ("", "psu"):
        found = compared(waves, overlap)["dissatisfied", "", "region=KZ-71"]
        assert found.estimate_2 == 1
        assert found.se is found.p_value is found.df is None
        assert found.ci_low is not None
        assert found.ci_high is not None
        assert found.ci_low < (found.change or 0) < found.ci_high
        assert WaveNote.UNANIMOUS in found.note


def test_categories_are_renamed_by_a_table_and_joined_from_the_interviews(
    tmp_path: Path, waves: Waves
) -> None:
    table = tmp_path / "categories.toml"
    table.write_text('[first.trust]\nfully = "trust"\n[second.trust]\nfully = "trust"\n')
    row = compared(waves, categories=table)["trust", "trust", ""]
    assert row.change == compared(waves)["trust", "fully", ""].change
    assert WaveNote.HARMONISED in row.note
    names = 'fully = "yes"\nrather = "yes"\n'
    table.write_text(f"[first.trust]\n{names}[second.trust]\n{names}")
    before = compared(waves, "psu")
    found = compared(waves, "psu", table)
    parts = [before["trust", name, "sex=male"].change or 0 for name in ("fully", "rather")]
    assert found["trust", "yes", "sex=male"].change == pytest.approx(sum(parts))
    assert found["age", "", ""] == before["age", "", ""]
    assert ("trust", "fully", "") not in found


def split(home: Path) -> Waves:
    """Return waves between which East Kazakhstan lost half its places to Abai."""
    waves = two_waves(home)
    for wave in waves:
        unraked(wave)
        rows = wave.rows()
        for row in rows:
            east = row["region"] == "KZ-71"
            abai = east and wave is waves[1] and int(row["settlement"][-2:]) % 2
            row["region"] = "KZ-10" if abai else "KZ-63" if east else row["region"]
        wave.write(rows)
    published(*waves)
    return waves


def test_regions_of_2022_are_joined_to_their_former_borders(tmp_path: Path) -> None:
    waves = split(tmp_path)
    alone = compared(waves)
    for name in ("KZ-63", "KZ-10"):
        row = alone["age", "", f"region={name}"]
        assert row.change is row.se is None
        assert WaveNote.SPLIT in row.note
    assert alone["age", "", "region=KZ-75"].se is not None
    joined = compared(waves, "none")
    assert ("age", "", "region=KZ-10") not in joined
    row = joined["age", "", "region=KZ-63;sex=male"]
    old = [
        one
        for one in waves[1].rows()
        if one["region"] in ("KZ-63", "KZ-10") and one["sex"] == "male"
    ]
    weight = [float(one["weight"]) for one in old]
    mean = sum(w * float(one["age_years"]) for w, one in zip(weight, old, strict=True))
    assert row.estimate_2 == pytest.approx(mean / sum(weight))
    assert WaveNote.JOINED in row.note
    assert WaveNote.JOINED not in joined["age", "", "region=KZ-75"].note
    # The design of separate samples stays as drawn; that of shared ones is of the older borders.
    nation = pl.read_parquet(waves[1].out / "estimates.parquet").filter(
        pl.col("domain") == "", indicator="age"
    )
    assert joined["age", "", ""].estimate_2 == pytest.approx(nation["estimate"][0])
    assert joined["age", "", ""].se == pytest.approx(alone["age", "", ""].se)
    assert comparison(waves, "psu").shared == 36


def test_estimates_of_a_model_are_left_out_and_counted(waves: Waves) -> None:
    released = read_published(waves[0].out)
    table = released.estimates
    both = pl.concat([table, table.head(3).with_columns(method=pl.lit("mrp"))])
    (note,) = modelled((replace(released, estimates=both), released))
    assert note.startswith("3 estimates by models (mrp) are not compared")
    assert not any(span.language for span in spoken_remark(note, wording("kk")))
    assert list(modelled((released, released))) == []
