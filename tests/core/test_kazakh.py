"""Words stand in the order of the alphabet; dates, numbers and counts read as an editor writes."""

from __future__ import annotations

import unicodedata
from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kelisim.core.errors import SettingRefused, ValueRefused
from kelisim.core.kazakh import (
    LANGUAGES,
    counted,
    date_range,
    date_text,
    number,
    percent,
    plural,
    sort_key,
)

ALPHABET = "А Ә Б В Г Ғ Д Е Ё Ж З И Й К Қ Л М Н Ң О Ө П Р С Т У Ұ Ү Ф Х Һ Ц Ч Ш Щ Ъ Ы І Ь Э Ю Я"

# The order in which ICU 72 (Node 20, Intl.Collator) puts the same words.
ICU_ORDER = {
    "kk": "_x|10|2|алматы|Алматы|ба|бб|еж|елка|ель|ёж|ёлка|ис|Ишим|Йод|Улытау|Ұлытау|ыс|Іле|іс"
    "|almaty|Almaty|elan|élan|elbow|Zebra",
    "ru": "_x|10|2|алматы|Алматы|ба|бб|еж|ёж|елка|ёлка|ель|ис|Ишим|Іле|іс|Йод|Улытау|Ұлытау|ыс"
    "|almaty|Almaty|elan|élan|elbow|Zebra",
    "en": "_x|10|2|almaty|Almaty|elan|élan|elbow|Zebra|алматы|Алматы|ба|бб|еж|ёж|елка|ёлка|ель|ис"
    "|Ишим|Іле|іс|Йод|Улытау|Ұлытау|ыс",
}

DAYS = st.dates(date(1991, 12, 16), date(2100, 12, 31))
LANGUAGE = st.sampled_from(LANGUAGES)
NO_BREAK, NARROW = "\u00a0", "\u202f"


@given(st.permutations(ALPHABET.split()))
@settings(deadline=None)
def test_the_42_letters_stand_in_the_order_of_the_kazakh_alphabet(letters: list[str]) -> None:
    assert " ".join(sorted(letters, key=lambda letter: sort_key(letter, "kk"))) == ALPHABET


@given(st.text(ALPHABET.replace(" ", "")), st.text(ALPHABET.replace(" ", "")))
@settings(deadline=None)
def test_words_of_one_case_are_compared_letter_by_letter(first: str, second: str) -> None:
    places = [[ALPHABET.split().index(letter) for letter in word] for word in (first, second)]
    assert (sort_key(first, "kk") < sort_key(second, "kk")) == (places[0] < places[1])


@pytest.mark.parametrize("language", LANGUAGES)
def test_words_stand_as_icu_puts_them(language: str) -> None:
    words = ICU_ORDER[language].split("|")
    shuffled = sorted(words)
    assert shuffled != words
    assert sorted(shuffled, key=lambda word: sort_key(word, language)) == words


@given(LANGUAGE, st.text(max_size=6), st.text(max_size=6))
@settings(deadline=None)
def test_two_texts_that_differ_are_never_equal_in_order(
    language: str, first: str, second: str
) -> None:
    """A total order: whatever the input order, the sorted list is one and the same."""
    forth = sorted([first, second], key=lambda text: sort_key(text, language))
    back = sorted([second, first], key=lambda text: sort_key(text, language))
    composed = [unicodedata.normalize("NFC", text) for text in (*forth, *back)]
    assert composed[:2] == composed[2:]


def test_a_letter_written_in_two_code_points_is_the_same_letter() -> None:
    assert sort_key("и\u0306од", "kk") == sort_key("йод", "kk")


def test_small_letters_come_before_capitals_and_other_scripts_last() -> None:
    words = ["Ұ", "ұ", "z", "λ", "中", "-", "7"]
    assert sorted(words, key=lambda word: sort_key(word, "kk")) == list("-7ұҰzλ中")
    assert sort_key("ǅ", "en") != sort_key("Ǆ", "en")


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("kk", f"2026{NARROW}ж. 22 қараша"),
        ("ru", f"22 ноября 2026{NARROW}г."),
        ("en", "November 22, 2026"),
    ],
)
def test_a_date_is_written_in_full(language: str, text: str) -> None:
    assert date_text(date(2026, 11, 22), language) == text


@pytest.mark.parametrize(
    ("language", "start", "end", "text"),
    [
        ("kk", "2026-03-02", "2026-03-20", f"2026{NARROW}ж. 2–20 наурыз"),
        ("kk", "2026-03-02", "2026-04-20", f"2026{NARROW}ж. 2 наурыз – 20 сәуір"),
        (
            "kk",
            "2025-12-29",
            "2026-01-09",
            f"2025{NARROW}ж. 29 желтоқсан – 2026{NARROW}ж. 9 қаңтар",
        ),
        ("ru", "2026-03-02", "2026-03-20", f"2–20 марта 2026{NARROW}г."),
        ("ru", "2026-03-02", "2026-04-20", f"2 марта – 20 апреля 2026{NARROW}г."),
        ("en", "2026-03-02", "2026-03-20", "March 2\u2009–\u200920, 2026"),
        ("en", "2025-12-29", "2026-01-09", "December 29, 2025\u2009–\u2009January 9, 2026"),
    ],
)
def test_a_range_of_dates_says_nothing_twice(
    language: str, start: str, end: str, text: str
) -> None:
    assert date_range(date.fromisoformat(start), date.fromisoformat(end), language) == text


@given(LANGUAGE, DAYS)
@settings(deadline=None)
def test_a_range_of_one_day_is_that_day(language: str, day: date) -> None:
    assert date_range(day, day, language) == date_text(day, language)


@given(LANGUAGE, DAYS, st.integers(1, 5000))
@settings(deadline=None)
def test_a_range_names_both_days_and_both_years(language: str, start: date, days: int) -> None:
    end = start + timedelta(days=days)
    digits = "".join(
        letter if letter.isdecimal() else " " for letter in date_range(start, end, language)
    )
    assert {start.day, end.day, start.year, end.year} == {int(word) for word in digits.split()}


def test_a_range_that_ends_before_it_starts_is_refused() -> None:
    with pytest.raises(ValueRefused, match="2026-03-01 is before the start 2026-03-02"):
        date_range(date(2026, 3, 2), date(2026, 3, 1), "kk")


def test_numbers_have_the_marks_of_the_language() -> None:
    kazakh = f"1{NO_BREAK}234{NO_BREAK}567,8"
    assert [number(1234567.8, language) for language in LANGUAGES] == [
        kazakh,
        kazakh,
        "1,234,567.8",
    ]


def test_the_number_of_digits_is_kept_where_it_is_asked_for() -> None:
    assert number(12, "kk", digits=1) == "12,0"
    assert number(0.0449, "ru", digits=2) == "0,04"
    assert number(6012.4, "en", digits=0) == "6,012"


def test_a_share_is_written_as_a_percentage() -> None:
    assert [percent(0.123, language) for language in LANGUAGES] == [
        "12,3%",
        f"12,3{NO_BREAK}%",
        "12.3%",
    ]
    assert percent(0.305, "kk", digits=0) == "30%"
    assert percent(1, "kk", digits=2) == "100,00%"


@given(LANGUAGE, st.floats(-1e12, 1e12), st.integers(0, 3))
@settings(deadline=None)
def test_a_written_number_is_as_near_as_its_digits_allow(
    language: str, value: float, digits: int
) -> None:
    plain = number(value, language, digits).replace(NO_BREAK, "")
    plain = plain.replace(",", "") if language == "en" else plain.replace(",", ".")
    assert abs(float(plain) - value) <= 0.5 * 10**-digits + abs(value) * 1e-15


@pytest.mark.parametrize("value", [float("nan"), float("inf")])
def test_what_is_not_a_number_is_not_written(value: float) -> None:
    for written in (number, percent):
        with pytest.raises(ValueRefused, match="missing or infinite"):
            written(value, "kk")


@pytest.mark.parametrize(
    ("language", "categories"),
    [
        ("kk", "other one other other other"),
        ("ru", "many one few many one"),
        ("en", "other one other other other"),
    ],
)
def test_plural_categories_are_those_of_cldr(language: str, categories: str) -> None:
    assert " ".join(plural(n, language) for n in (0, 1, 2, 11, 21)) == categories


def test_a_count_reads_as_a_sentence() -> None:
    interviews = {"one": "{n} интервью взято", "other": "{n} интервью взяты"}
    assert counted(21, interviews, "ru") == "21 интервью взято"
    assert counted(6012, interviews, "ru") == f"6{NO_BREAK}012 интервью взяты"
    assert counted(1, {"other": "{n} сұхбат"}, "kk") == "1 сұхбат"


def test_a_language_that_is_not_ours_is_refused() -> None:
    with pytest.raises(SettingRefused, match=r"'de' is not a language.*'kk', 'ru', 'en'"):
        sort_key("Ähre", "de")
    with pytest.raises(SettingRefused, match="'de'"):
        number(1, "de")
