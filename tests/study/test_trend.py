"""Three waves of a country whose regions were split between them, on the same borders."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import polars as pl
import pytest

from kelisim.core.errors import FileRefused, IndicatorRefused, Refusal, SettingRefused
from kelisim.core.regions import REGIONS, SPLITS_2022
from kelisim.study.report.trend import trend_html
from kelisim.study.scaffold import write_example
from kelisim.study.trend import read_trend
from kelisim.study.waves import Trend, WaveNote
from tests.study.waves import Wave, unraked

NEW = sorted(SPLITS_2022)
OLD = sorted(one.iso for one in REGIONS if one.iso not in SPLITS_2022)
JOINED = set(SPLITS_2022.values())


def wave(home: Path, place: int, year: int, regions: list[str]) -> Wave:
    """Write and publish a wave whose places are spread over some regions, two in each."""
    found = Wave(home / f"study{place}", home / f"out{place}")
    write_example(found.study, place)
    unraked(found)
    found.change("2026-03-02", f"{year}-03-02")
    found.change("2026-03-20", f"{year}-03-20")
    found.change('by = [["region"], ["sex"], ["region", "sex"]]', 'by = [["region"], ["sex"]]')
    rows = found.rows()
    places = {key: k for k, key in enumerate(sorted({place_of(row) for row in rows}))}
    for row in rows:
        number = places[place_of(row)] % len(regions)
        row["settlement"] = f"{row['region']}-{row['settlement']}-{int(row['case_id'][1:]) % 2}"
        row["region"] = regions[number]
        if year < 2022:
            row["trust"] = row["trust"].replace("rather_not", "mostly_not")
    found.write(rows)
    found.publish()
    return found


def place_of(row: dict[str, str]) -> tuple[str, str]:
    return row["region"], row["settlement"]


@pytest.fixture(scope="module")
def waves(tmp_path_factory: pytest.TempPathFactory) -> list[Wave]:
    home = tmp_path_factory.mktemp("trend")
    return [
        wave(home, 1, 2019, OLD),
        wave(home, 2, 2023, [*OLD, *NEW]),
        wave(home, 3, 2026, [*OLD, *NEW]),
    ]


def read(waves: list[Wave], tmp_path: Path, table: str = "", **more: Any) -> Trend:
    file = tmp_path / "categories.toml"
    file.write_text(table, "utf-8")
    return read_trend([one.out for one in waves], categories=file if table else None, **more)


def studies(waves: list[Wave]) -> list[Path]:
    return [one.study for one in waves]


def regions_of(table: pl.DataFrame, year: str) -> set[str]:
    mine = table.filter(pl.col("wave").str.starts_with(year), indicator="age")
    domains = mine["domain"].to_list()
    return {one.removeprefix("region=") for one in domains if one.startswith("region=")}


def test_the_country_had_seventeen_regions_before() -> None:
    assert len(OLD) == 17
    assert len(NEW) == 3


def test_with_the_studies_all_waves_have_the_regions_of_before(
    waves: list[Wave], tmp_path: Path
) -> None:
    found = read(waves, tmp_path, studies=studies(waves))
    assert found.waves == ("2019-03", "2023-03", "2026-03")
    assert [regions_of(found.table, year) for year in ("2019", "2023", "2026")] == [set(OLD)] * 3
    said = {
        row["domain"].removeprefix("region=")
        for row in found.table.to_dicts()
        if WaveNote.JOINED in row["note"]
    }
    assert said == JOINED
    # The mean of a joined region is that of the interviews within its former borders.
    for year, one in (("2023-03", waves[1]), ("2026-03", waves[2])):
        for old in JOINED:
            inside = {old, *(new for new, before in SPLITS_2022.items() if before == old)}
            people = [row for row in one.rows() if row["region"] in inside]
            weight = [float(row["weight"]) for row in people]
            ages = zip(weight, people, strict=True)
            mean = sum(w * float(row["age_years"]) for w, row in ages) / sum(weight)
            (row,) = found.table.filter(
                indicator="age", domain=f"region={old}", wave=year
            ).to_dicts()
            assert row["estimate"] == pytest.approx(mean)
            assert row["ci_low"] < mean < row["ci_high"]
    # The nation is as it was published.
    for year, one in zip(found.waves, waves, strict=True):
        published = pl.read_parquet(one.out / "estimates.parquet").filter(
            pl.col("domain") == "", indicator="age"
        )
        (row,) = found.table.filter(indicator="age", domain="", wave=year).to_dicts()
        assert row["estimate"] == pytest.approx(published["estimate"][0])
        assert row["se"] == pytest.approx(published["se"][0])
    page = trend_html(found)
    for words in ("within the borders before 8 June 2022:", "в границах до 8 июня 2022 года:",
                  "2022 жылғы 8 маусымға дейінгі шекаралар бойынша"):  # fmt: skip
        assert words in page


def test_from_releases_alone_regions_of_other_borders_have_no_line(
    waves: list[Wave], tmp_path: Path
) -> None:
    found = read(waves, tmp_path)
    said = {
        row["domain"].removeprefix("region=")
        for row in found.table.to_dicts()
        if WaveNote.SPLIT in row["note"]
    }
    assert said == JOINED | set(NEW)
    page = trend_html(found)
    assert "their lines are not drawn" in page
    assert (
        "East Kazakhstan"
        not in page.partition("their lines are not drawn")[2]
        .partition("<h2")[2]
        .partition('lang="')[0]
    )
    two = read(waves[1:], tmp_path)
    assert not any(WaveNote.SPLIT in row["note"] for row in two.table.to_dicts())


RENAMED = '[2019-03.trust]\nmostly_not = "rather_not"\n'


def test_categories_are_renamed_from_releases(waves: list[Wave], tmp_path: Path) -> None:
    before, found = read(waves, tmp_path), read(waves, tmp_path, RENAMED)

    def answers(trend: Trend) -> list[set[str]]:
        mine = trend.table.filter(indicator="trust", domain="")
        return [set(mine.filter(wave=one)["category"]) for one in trend.waves]

    assert answers(before)[0] != answers(before)[1]
    assert answers(found)[0] == answers(found)[1] == answers(found)[2]
    row = found.table.filter(
        indicator="trust", domain="", category="rather_not", wave="2019-03"
    ).to_dicts()[0]
    assert WaveNote.HARMONISED in row["note"]
    old = before.table.filter(
        indicator="trust", domain="", category="mostly_not", wave="2019-03"
    ).to_dicts()[0]
    assert row["estimate"] == old["estimate"]


def test_categories_are_joined_from_the_interviews(waves: list[Wave], tmp_path: Path) -> None:
    joined = "".join(
        f'[{one}.trust]\n{name} = "no"\nnot_at_all = "no"\n'
        for one, name in (("2019-03", "mostly_not"), ("2023-03", "rather_not"),
                          ("2026-03", "rather_not"))
    )  # fmt: skip
    with pytest.raises(IndicatorRefused, match="would become 'no'"):
        read(waves, tmp_path, joined)
    found = read(waves, tmp_path, joined, studies=studies(waves))
    plain = read(waves, tmp_path)
    for one, name in (("2019-03", "mostly_not"), ("2026-03", "rather_not")):
        nation = {"indicator": "trust", "domain": "", "wave": one}
        parts = [
            plain.table.filter(category=part, **nation)["estimate"][0]
            for part in (name, "not_at_all")
        ]
        (row,) = found.table.filter(category="no", **nation).to_dicts()
        assert row["estimate"] == pytest.approx(sum(parts))
        assert row["se"] > 0
    assert found.labels.values


@pytest.mark.parametrize(
    ("table", "kind", "words"),
    [
        ('[2019-03.trust]\nmostly = "no"', IndicatorRefused, "no category 'mostly' in the 2019-03"),
        ('[2019-03.turst]\nfully = "no"', IndicatorRefused, "no indicator 'turst'"),
        ('[2019-04.trust]\nfully = "no"', SettingRefused, "something else than names"),
        ('[first.trust]\nfully = "no"', SettingRefused, "something else than names"),
        ('[2019-03.trust]\nfully = ""', SettingRefused, "something else than names"),
        ('[2019-03.trust]\nfully = "rather"\nrather = "fully"', SettingRefused, "becomes 'fully'"),
        ('[2019-03.trust]\nfully = "rather"\nrather = "x"', SettingRefused, "'rather' becomes 'x'"),
        ("[2019-03.trust\n", FileRefused, "cannot be read"),
    ],
)
def test_a_table_that_does_not_fit_is_refused(
    waves: list[Wave], tmp_path: Path, table: str, kind: type[Refusal], words: str
) -> None:
    with pytest.raises(kind, match=words) as found:
        read(waves, tmp_path, table)
    assert found.value.do


def test_studies_are_one_for_every_release_and_those_behind_them(
    waves: list[Wave], tmp_path: Path
) -> None:
    with pytest.raises(SettingRefused, match="3 releases and 2 studies"):
        read(waves, tmp_path, studies=studies(waves)[:2])
    with pytest.raises(FileRefused, match="altered"):
        read(waves, tmp_path, studies=studies(waves)[::-1])
