from __future__ import annotations

import pytest

from kelisim.core.regions import REGIONS
from kelisim.study.model import LANGUAGES, Labels
from kelisim.study.report.naming import Names, spoken, tile_place
from kelisim.study.report.prose import Span, joined, plain, shortened
from kelisim.study.report.wording import wording

LABELS = Labels(
    items={"sex": {"en": "Sex"}, "age": {"kk": "Жас", "en": "Age"}},
    values={"sex": {"f": {"kk": "Әйел"}, "m": {"en": "  Male\n person "}}},
)
GROUPS = [(("region", region.iso),) for region in REGIONS]


def names(language: str) -> Names:
    return Names(LABELS, wording(language), GROUPS)


def test_a_label_in_another_language_says_which() -> None:
    assert spoken({"ru": "Доверие", "en": "Trust"}, "kk") == Span("Доверие", "ru")
    assert spoken({"en": "Trust"}, "en") == Span("Trust")
    assert spoken({}, "en") == Span("")
    assert names("ru").item("sex") == Span("Sex", "en")
    assert names("kk").item("age") == Span("Жас")


def test_spaces_and_line_breaks_in_a_label_are_one_space() -> None:
    assert names("en").value("sex", "m").text == "Male person"


def test_a_column_or_value_without_a_label_is_its_own_name() -> None:
    assert names("kk").item("TrustPeople") == Span("TrustPeople")
    assert names("kk").value("age", "18-29") == Span("18-29")


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_column_of_regions_is_called_so_and_its_values_have_official_titles(
    language: str,
) -> None:
    found = names(language)
    assert found.item("region").text == wording(language).text("region")
    assert (
        found.value("region", "KZ-59").text
        == {
            "kk": "Солтүстік Қазақстан облысы",
            "ru": "Северо-Казахстанская область",
            "en": "North Kazakhstan Region",
        }[language]
    )


def test_a_column_in_which_some_values_are_no_regions_is_not_one_of_regions() -> None:
    mixed = Names(LABELS, wording("en"), [*GROUPS, (("region", "abroad"),)])
    assert mixed.item("region") == Span("region")


def test_the_parts_of_a_crossed_group_stand_side_by_side() -> None:
    found = names("kk")
    assert found.group((("sex", "f"), ("age", "60+"))) == Span("Әйел · 60+")
    assert found.group((("sex", "m"), ("age", "60+"))) == Span("Male person · 60+")
    assert found.columns(("sex", "age")) == Span("Sex × Жас")
    assert names("ru").columns(("sex",)) == Span("Sex", "en")


def test_groups_stand_in_the_order_of_the_kazakh_alphabet() -> None:
    groups = ((("region", "KZ-62"),), (("region", "KZ-10"),), (("region", "KZ-39"),))
    ordered = names("kk").in_order(groups)
    assert [group[0][1] for group in ordered] == ["KZ-10", "KZ-39", "KZ-62"]


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_region_has_a_place_and_a_name_for_its_tile(language: str) -> None:
    tiles = [names(language).tile(region.iso) for region in REGIONS]
    assert len(set(tiles)) == len(REGIONS)
    assert max(map(len, tiles)) <= 13
    assert len({tile_place(region.iso) for region in REGIONS}) == len(REGIONS)


def test_long_wordings_are_shortened_at_a_word() -> None:
    assert shortened("бір екі үш", 20) == "бір екі үш"
    assert shortened("бір екі үш", 7) == "бір екі…"
    assert shortened("бір, екі үш", 6) == "бір…"
    assert shortened("ж" * 50, 10) == "ж" * 10 + "…"


def test_names_in_a_list_are_marked_as_names() -> None:
    said = joined([Span("А"), Span("B", "en")])
    assert plain(said) == "А, B"
    assert [part.name for part in said] == [True, False, True]
