"""Another country is another value: its regions are found by the same rules."""

from __future__ import annotations

from datetime import date

import pytest

from kelisim.core.country import Country, Kind, Population, Region, find_region, region_by_iso
from kelisim.core.errors import ValueRefused


def place(iso: str, name: str, kind: Kind, *also: str) -> Region:
    size = Population(1000, "approximate", date(2026, 1, 1), "invented")
    titles = {"en": f"{name} {'city' if kind == 'city' else 'Region'}"}
    return Region(iso, iso[3:], kind, titles, {"en": name}, also, (0, 0), size)


@pytest.fixture
def elsewhere() -> Country:
    regions = (
        place("XX-01", "Osh", "city"),
        place("XX-02", "Osh", "oblast", "Oş"),
        place("XX-03", "Talas", "oblast"),
    )
    size = Population(3000, "approximate", date(2026, 1, 1), "invented")
    return Country("XX", {"en": "Elsewhere"}, regions, size)


def test_a_bare_name_shared_by_a_city_and_a_region_means_the_city(elsewhere: Country) -> None:
    assert find_region(elsewhere, "Osh").iso == "XX-01"
    assert find_region(elsewhere, "Osh city").iso == "XX-01"
    assert find_region(elsewhere, "Osh oblast").iso == "XX-02"


def test_another_spelling_finds_the_region(elsewhere: Country) -> None:
    assert find_region(elsewhere, "OŞ").iso == find_region(elsewhere, "Os\u0327").iso


def test_regions_are_found_by_code_only_as_it_is_written(elsewhere: Country) -> None:
    assert region_by_iso(elsewhere, "XX-03").short["en"] == "Talas"
    with pytest.raises(ValueRefused, match="'xx-03' is not a region of Elsewhere"):
        region_by_iso(elsewhere, "xx-03")


def test_a_kind_that_contradicts_the_name_is_refused(elsewhere: Country) -> None:
    with pytest.raises(ValueRefused, match="'Talas city' is not a region of Elsewhere"):
        find_region(elsewhere, "Talas city")


def test_two_regions_that_nothing_tells_apart_are_refused() -> None:
    size = Population(1, "approximate", date(2026, 1, 1), "invented")
    twins = (place("XX-01", "Talas", "oblast"), place("XX-02", "Talas", "oblast"))
    with pytest.raises(ValueRefused, match="'Talas' is not a region"):
        find_region(Country("XX", {"en": "Elsewhere"}, twins, size), "Talas")
