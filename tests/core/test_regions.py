"""The twenty regions of Kazakhstan are those of the law, of ISO 3166-2, of KATO and of the map."""

from __future__ import annotations

import csv
import re
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kelisim.core.errors import ValueRefused
from kelisim.core.kazakh import LANGUAGES
from kelisim.core.regions import (
    COUNTRIES,
    KAZAKHSTAN,
    REGIONS,
    SPLIT_DAY,
    SPLITS_2022,
    before_split,
    find,
    region,
    region_of_kato,
)

PUBLISHED_TOTAL = 20_495_975

TILES = (
    "59(0,3) 27(1,0) 39(1,2) 71(1,3) 11(1,4) 55(1,5) 63(1,6) 23(2,0) 15(2,1) 62(2,2) 35(2,5) "
    "10(2,6) 47(3,0) 43(3,2) 61(3,3) 31(3,4) 19(3,5) 33(3,6) 79(4,2) 75(4,6)"
)

FOUND = {
    "KZ-10": ["область Абай", "Абай облысы", "обл. Абай", "abai"],
    "KZ-19": ["Almaty Region", "Алматинская обл.", "Алматы облысы", "алматы обл", "ALMATY OBLAST"],
    "KZ-27": ["ЗКО", "Батыс  Қазақстан", "западно казахстанская", "West Kazakhstan"],
    "KZ-33": ["Жетісу", "область Жетысу", "Zhetysu region"],
    "KZ-39": ["Қостанай облысы", "Костанайская область", " kostanay "],
    "KZ-59": ["СЕВЕРО-КАЗАХСТАНСКАЯ ОБЛ.", "Солтүстік Қазақстан облысы", "590000000", "59"],
    "KZ-62": ["область Ұлытау", "Улытауская область", "kz-62", "KZ 62"],
    "KZ-71": ["г. Астана", "Астана қ.", "Astana", "Нур-Султан"],
    "KZ-75": ["Алматы", "г.Алматы", "Almaty", "Алматы қаласы", "город  Алматы"],
    "KZ-79": ["Шымкент қаласы", "гор. Шымкент"],
}


def test_there_are_seventeen_oblasts_and_three_cities() -> None:
    kinds = [place.kind for place in REGIONS]
    assert (kinds.count("oblast"), kinds.count("city")) == (17, 3)
    assert COUNTRIES["KZ"].regions is REGIONS


def test_every_code_and_every_title_belongs_to_one_region() -> None:
    assert len({place.iso for place in REGIONS}) == 20
    assert len({place.national for place in REGIONS}) == 20
    assert len({place.tile for place in REGIONS}) == 20
    for language in LANGUAGES:
        assert len({place.title[language] for place in REGIONS}) == 20
        assert len({place.short[language] for place in REGIONS}) == 20


def test_titles_say_the_kind_in_every_language() -> None:
    words = {"oblast": ("облысы", "область", "Region"), "city": ("қаласы", "город", "city")}
    for place in REGIONS:
        stated = zip(words[place.kind], LANGUAGES, strict=True)
        assert all(word in place.title[language].split() for word, language in stated)


def test_titles_are_spelled_in_the_letters_of_their_language() -> None:
    kazakh, russian = r"[А-Яа-яЁёӘәҒғҚқҢңӨөҰұҮүҺһІі -]+", r"[А-Яа-яЁё -]+"
    for place in REGIONS:
        assert re.fullmatch(kazakh, place.title["kk"])
        assert re.fullmatch("[A-Za-z ]+", place.title["en"])
    # Two oblasts keep Kazakh letters in their official Russian titles.
    foreign = [p.title["ru"] for p in REGIONS if not re.fullmatch(russian, p.title["ru"])]
    assert foreign == ["область Жетісу", "область Ұлытау"]


def test_tiles_are_those_of_the_annealed_grid() -> None:
    grid = dict(re.findall(r"(\d\d)\((\d,\d)\)", TILES))
    assert {p.iso[3:]: f"{p.tile[0]},{p.tile[1]}" for p in REGIONS} == grid


def test_populations_are_those_of_the_shared_table(shared: Path) -> None:
    file = shared / "data" / "population" / "kz_regions.csv"
    with file.open(encoding="utf-8", newline="") as stream:
        rows = list(csv.DictReader(stream))
    assert len(rows) == len(REGIONS)
    for row in rows:
        known = region(row["iso"]).population
        assert known.count == int(row["population"])
        assert row["precision"].startswith(known.precision.partition(",")[0])
        assert ("rounded" in row["precision"]) == ("rounded" in known.precision)
        if known.precision != "approximate":
            assert known.on.isoformat() in row["precision"]
        assert find(row["name_en"]).iso == row["iso"]


def test_the_regions_add_up_to_the_published_total_but_for_rounding() -> None:
    """Twelve of the figures are rounded to thousands, so the sum may be off by 500 for each."""
    coarse = [p for p in REGIONS if p.population.precision != "published"]
    total = sum(p.population.count for p in REGIONS)
    assert KAZAKHSTAN.population.count == PUBLISHED_TOTAL
    assert abs(total - PUBLISHED_TOTAL) <= 500 * len(coarse)
    assert total - PUBLISHED_TOTAL == 204


@pytest.mark.parametrize(("iso", "text"), [(i, t) for i, texts in FOUND.items() for t in texts])
def test_a_region_is_found_by_the_names_people_write(iso: str, text: str) -> None:
    assert find(text).iso == iso


@given(st.data(), st.sampled_from([str.upper, str.lower, str.title]))
@settings(deadline=None)
def test_every_name_of_a_region_finds_it_in_any_case(
    data: st.DataObject, case: Callable[[str], str]
) -> None:
    place = data.draw(st.sampled_from(REGIONS))
    name = data.draw(st.sampled_from(list(place.names())))
    assert find(f"  {case(name)} ") is place


@pytest.mark.parametrize("text", ["", "обл.", "Бишкек", "г. Абай", "Атырау қаласы", "KZ-99", "9"])
def test_a_name_that_no_region_has_is_refused(text: str) -> None:
    with pytest.raises(ValueRefused, match="is not a region of Kazakhstan"):
        find(text)


def test_a_slip_in_a_name_is_answered_with_the_nearest_name() -> None:
    with pytest.raises(ValueRefused, match="Did you mean 'Карагандинская область'"):
        find("Карагандинскя область")


def test_a_code_that_does_not_exist_is_refused() -> None:
    with pytest.raises(ValueRefused, match=r"'KZ-51' is not a region.*Did you mean 'KZ-"):
        region("KZ-51")
    with pytest.raises(ValueRefused, match="one of 'KZ-10', 'KZ-11'"):
        region("")


def test_a_kato_code_of_any_level_lies_in_its_region() -> None:
    assert region_of_kato("10").iso == "KZ-10"
    assert region_of_kato("631010000").iso == "KZ-63"
    for place in REGIONS:
        assert region_of_kato(place.national) is place


@pytest.mark.parametrize("code", ["", "7", "711", "510000000", "71121000a", "7112100000", "٧١"])
def test_what_is_not_a_kato_code_is_refused(code: str) -> None:
    with pytest.raises(ValueRefused, match="is not a region of Kazakhstan"):
        region_of_kato(code)


def test_three_oblasts_came_into_being_on_8_june_2022() -> None:
    assert date(2022, 6, 8) == SPLIT_DAY
    split = {region(new).short["en"]: region(old).short["en"] for new, old in SPLITS_2022.items()}
    assert split == {"Abai": "East Kazakhstan", "Jetisu": "Almaty Region", "Ulytau": "Karaganda"}


def test_before_the_split_there_were_seventeen_regions() -> None:
    assert len({before_split(place.iso).iso for place in REGIONS}) == 17
    assert before_split("KZ-62").iso == "KZ-35"
    assert before_split("KZ-75").iso == "KZ-75"
    with pytest.raises(ValueRefused, match="'KZ-00'"):
        before_split("KZ-00")
