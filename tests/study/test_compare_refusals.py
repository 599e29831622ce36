"""What cannot be compared is refused with a sentence."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from kelisim.core.errors import (
    DesignRefused,
    FileRefused,
    IndicatorRefused,
    Refusal,
    SettingRefused,
    WavesRefused,
)
from kelisim.study.compare import compare_releases
from tests.study.waves import Wave, two_waves

Waves = tuple[Wave, Wave]


@pytest.fixture
def waves(tmp_path: Path) -> Waves:
    return two_waves(tmp_path)


def refused(waves: Waves, kind: type[Refusal], words: str, **options: Any) -> Refusal:
    for wave in waves:
        if not wave.out.exists():
            wave.publish()
    if options.get("overlap"):
        options.setdefault("studies", (waves[0].study, waves[1].study))
    with pytest.raises(kind, match=words) as found:
        compare_releases(waves[0].out, waves[1].out, **options)
    assert found.value.do
    return found.value


def manifest(wave: Wave, **changes: object) -> None:
    file = wave.out / "manifest.json"
    file.write_text(json.dumps({**json.loads(file.read_text("utf-8")), **changes}), "utf-8")


def test_a_folder_that_is_no_release(waves: Waves, tmp_path: Path) -> None:
    waves[1].publish()
    for content in (None, "{", "[]", '{"kind": "something else"}'):
        if content is not None:
            waves[0].out.mkdir(exist_ok=True)
            (waves[0].out / "manifest.json").write_text(content, "utf-8")
        with pytest.raises(FileRefused, match="is not a release of a poll"):
            compare_releases(waves[0].out, waves[1].out)


def test_a_release_of_an_older_kelisim(waves: Waves) -> None:
    waves[0].publish()
    (waves[0].out / "manifest.json").write_text('{"kind": "poll release"}', "utf-8")
    refused(waves, FileRefused, "older Kelisim")


def test_an_altered_or_missing_file_is_named(waves: Waves) -> None:
    waves[1].publish()
    file = waves[1].out / "estimates.parquet"
    file.write_bytes(file.read_bytes() + b" ")
    refused(waves, FileRefused, "altered: 'estimates.parquet' is not what")
    file.unlink()
    refused(waves, FileRefused, "altered: 'estimates.parquet'")


def test_the_same_release_twice(waves: Waves) -> None:
    refused((waves[0], waves[0]), WavesRefused, "the same release")


def test_waves_in_the_wrong_order(waves: Waves) -> None:
    found = refused((waves[1], waves[0]), WavesRefused, "began on 2026-09-02")
    assert "earlier wave first" in found.do


def test_other_indicators_are_listed(waves: Waves) -> None:
    waves[1].change('name = "trust"', 'name = "confidence"')
    refused(
        waves, WavesRefused, "only in the first wave: 'trust'; only in the second.*'confidence'"
    )


def test_an_indicator_that_changed_its_meaning(waves: Waves) -> None:
    waves[1].change('yes = ["rather_not", "not_at_all"]', 'yes = ["not_at_all"]')
    refused(waves, WavesRefused, "'dissatisfied' changed: .*rather_not.*in the first wave")


def test_other_levels_of_confidence(waves: Waves) -> None:
    waves[0].publish()
    manifest(waves[0], level=0.9)
    refused(waves, WavesRefused, r"at 0\.9 in the first release and at 0\.95")


def test_an_overlap_needs_both_studies(waves: Waves) -> None:
    nothing = (None, None)
    refused(waves, SettingRefused, "neither is given", overlap="psu", studies=nothing)
    refused(waves, SettingRefused, "only one is given", studies=(waves[0].study, None))
    refused(waves, SettingRefused, "not a kind of overlap", overlap="some")


def test_a_study_that_is_not_the_one_behind_its_release(waves: Waves) -> None:
    turned = (waves[1].study, waves[0].study)
    found = refused(waves, FileRefused, "has been altered", overlap="psu", studies=turned)
    assert "interviews.csv" in found.what


def test_a_finite_population_correction_of_two_waves_together_is_not_known(waves: Waves) -> None:
    waves[0].change("# fpc =", "fpc =")
    rows = [{**row, "places": "0.1"} for row in waves[0].rows()]
    waves[0].write(rows)
    refused(waves, DesignRefused, "finite population correction", overlap="psu")


def test_designs_of_two_kinds(waves: Waves) -> None:
    waves[1].change('lonely_psu = "fail"', 'lonely_psu = "adjust"')
    refused(waves, DesignRefused, "not set alike", overlap="psu")


def test_waves_in_other_places_are_independent(waves: Waves) -> None:
    rows = [{**row, "settlement": f"new {row['settlement']}"} for row in waves[1].rows()]
    waves[1].write(rows)
    found = refused(waves, DesignRefused, "no sampling unit in common", overlap="psu")
    assert "independent" in found.do


def test_people_who_cannot_be_recognised(waves: Waves) -> None:
    waves[0].change('id = "case_id"', "")
    refused(waves, SettingRefused, "identifies respondents", overlap="respondent")


def test_strangers_are_no_panel(waves: Waves) -> None:
    rows = [{**row, "case_id": f"T{row['case_id']}"} for row in waves[1].rows()]
    waves[1].write(rows)
    refused(waves, DesignRefused, "no respondent in common", overlap="respondent")


def test_a_respondent_who_moved_is_named(waves: Waves) -> None:
    rows = waves[1].rows()
    rows[0], rows[-1] = (
        {**rows[0], "case_id": rows[-1]["case_id"]},
        {**rows[-1], "case_id": rows[0]["case_id"]},
    )
    waves[1].write(rows)
    refused(waves, DesignRefused, "2 respondents stand elsewhere", overlap="respondent")


def test_a_psu_whose_code_is_unique_cannot_change_its_stratum(waves: Waves) -> None:
    for wave, turn in zip(waves, (0, 1), strict=True):
        wave.change("nest = true", "nest = false")
        regions = ["KZ-71", "KZ-75", "KZ-79"]
        rows = [
            {**row, "settlement": f"{(regions.index(row['region']) + turn) % 3}{row['settlement']}"}
            for row in wave.rows()
        ]
        wave.write(rows)
    refused(waves, DesignRefused, "PSUs stand elsewhere", overlap="psu")


def test_joined_regions_whose_places_have_equal_codes(waves: Waves) -> None:
    for wave, name in zip(waves, ("KZ-79", "KZ-10"), strict=True):
        wave.change("[population]", "[questionnaire_of_nothing]")
        text = (wave.study / "study.toml").read_text("utf-8")
        head, _, rest = text.partition("[questionnaire_of_nothing]")
        rest = rest.partition("# What to estimate")[2]
        (wave.study / "study.toml").write_text(f"{head}# What to estimate{rest}", "utf-8")
        codes = {"KZ-71": "KZ-63", "KZ-79": name}
        rows = [{**row, "region": codes.get(row["region"], row["region"])} for row in wave.rows()]
        wave.write(rows)
    refused(waves, DesignRefused, "12 sampling units have the code", overlap="psu")


@pytest.mark.parametrize(
    ("table", "kind", "words"),
    [
        ("[first.trust", FileRefused, "cannot be read"),
        ("[third.trust]", SettingRefused, "something else than names"),
        ("first = 3", SettingRefused, "something else than names"),
        ("[first.trust]\nfully = 3", SettingRefused, "something else than names"),
        ('[first.age]\nfully = "yes"', IndicatorRefused, "no indicator 'age' with categories"),
        ('[second.trust]\nfuly = "yes"', IndicatorRefused, "no category 'fuly' in the second"),
        ('[first.trust]\nfully = "rather"', IndicatorRefused, "would become 'rather'"),
    ],
)
def test_a_table_of_categories_that_does_not_fit(
    waves: Waves, tmp_path: Path, table: str, kind: type[Refusal], words: str
) -> None:
    file = tmp_path / "categories.toml"
    file.write_text(table, "utf-8")
    refused(waves, kind, words, categories=file)


def test_replicates_of_one_wave_do_not_know_the_other(waves: Waves) -> None:
    for wave in waves:
        wave.publish()
    wave = waves[0]
    text = (wave.study / "study.toml").read_text("utf-8")
    (wave.study / "study.toml").write_text(f'{text}\n[replicates]\nmethod = "jkn"\n', "utf-8")
    file = wave.study / "study.toml"
    from kelisim.core.canonical import digest

    inputs = json.loads((wave.out / "manifest.json").read_text("utf-8"))["inputs"]
    inputs[0]["sha256"] = digest(file.read_bytes())
    manifest(wave, inputs=inputs)
    refused(waves, SettingRefused, "replicates", overlap="psu")
