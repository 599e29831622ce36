from __future__ import annotations

import re
from collections.abc import Mapping
from importlib.resources import files
from string import Formatter

import pytest
from babel import Locale

from kelisim.core.regions import REGIONS
from kelisim.study.model import LANGUAGES
from kelisim.study.report import __file__ as home
from kelisim.study.report.prose import Span
from kelisim.study.report.wording import Message, Wording, wording

BUILT = {
    # Keys put together in the code, each from a closed list.
    *(region.iso for region in REGIONS),
    *(f"lonely_{option}" for option in ("fail", "certainty", "adjust", "average")),
}


def source() -> str:
    folder = files("kelisim.study.report")
    return "".join(
        part.read_text(encoding="utf-8") for part in folder.iterdir() if part.name.endswith(".py")
    )


def forms(message: Message) -> list[str]:
    return [message] if isinstance(message, str) else list(message.values())


def every_form(language: str) -> list[str]:
    return [form for message in wording(language).messages.values() for form in forms(message)]


def places(message: Message) -> list[set[str]]:
    return [{name for _, name, _, _ in Formatter().parse(form) if name} for form in forms(message)]


def test_every_message_exists_in_all_three_languages_in_the_same_order() -> None:
    kk, ru, en = (list(wording(language).messages) for language in LANGUAGES)
    assert kk == ru == en


def test_a_message_takes_the_same_names_and_numbers_in_every_language() -> None:
    for key in wording("en").messages:
        taken = [found for one in LANGUAGES for found in places(wording(one).messages[key])]
        assert all(names == taken[0] for names in taken), key


def test_every_message_is_used() -> None:
    code = source()
    unused = {key for key in wording("en").messages if f'"{key}"' not in code}
    assert unused - BUILT == set()


def test_every_message_that_is_asked_for_is_there() -> None:
    asked = set(re.findall(r'(?:say|text|counted)\(\s*"(\w+)"', source()))
    assert asked - set(wording("en").messages) == set()
    assert BUILT - set(wording("en").messages) == set()


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_message_that_depends_on_a_count_has_the_plural_forms_of_its_language(
    language: str,
) -> None:
    tags = {*Locale.parse(language).plural_form.tags, "other"}
    counted = [m for m in wording(language).messages.values() if isinstance(m, Mapping)]
    assert counted
    for message in counted:
        assert set(message) == tags
        assert all(names == {"n"} for names in places(message))


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_message_mixes_the_letters_of_two_alphabets_in_a_word(language: str) -> None:
    for form in every_form(language):
        for word in re.findall(r"[^\W\d_]+", re.sub(r"\{\w+\}", "", form)):
            cyrillic = re.search("[\u0400-\u04ff]", word)
            assert not (cyrillic and re.search("[A-Za-z]", word)), word


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_message_has_no_stray_space_and_the_quotation_marks_of_its_language(
    language: str,
) -> None:
    foreign = {"kk": "“”", "ru": "“”", "en": "«»"}[language] + '"'
    for form in every_form(language):
        assert not set(foreign) & set(form), form
        assert "  " not in form
        for opening, closing in ("«»", "“”", "()"):
            assert form.count(opening) == form.count(closing), form


@pytest.mark.parametrize("language", ["kk", "ru"])
def test_kazakh_and_russian_are_in_their_own_letters(language: str) -> None:
    kazakh = set("әғқңөұүһі")
    text = " ".join(every_form(language))
    words = re.sub(r"\{\w+\}|Ұлытау|Жетісу", "", text).lower()
    assert bool(kazakh & set(words)) == (language == "kk")
    assert bool(set("ыэё") & set(words))


@pytest.mark.parametrize(
    ("n", "kk", "ru", "en"),
    [
        (1, "Кесте: 1 жол", "Таблица: 1 строка", "Table: 1 row"),
        (3, "Кесте: 3 жол", "Таблица: 3 строки", "Table: 3 rows"),
        (11, "Кесте: 11 жол", "Таблица: 11 строк", "Table: 11 rows"),
        (21, "Кесте: 21 жол", "Таблица: 21 строка", "Table: 21 rows"),
        (112, "Кесте: 112 жол", "Таблица: 112 строк", "Table: 112 rows"),
    ],
)
def test_a_count_of_rows_is_said_in_the_right_form(n: int, kk: str, ru: str, en: str) -> None:
    said = [wording(language).counted("table_rows", n) for language in LANGUAGES]
    assert said == [kk, ru, en]


def test_the_words_of_the_glossary_are_used() -> None:
    pairs = {
        "interval": ("95% сенімділік аралығы", "95\xa0% доверительный интервал"),
        "margin": ("Қателік шегі", "Погрешность"),
        "region": ("Өңір", "Регион"),
        "share": ("Үлес", "Доля"),
        "estimate": ("Бағалау", "Оценка"),
        "ranks": ("Орындар", "Места"),
        "weights": ("Салмақтар", "Веса"),
    }
    for key, (kk, ru) in pairs.items():
        assert (wording("kk").text(key), wording("ru").text(key)) == (kk, ru)
    assert "айырмашылық анықталмады" in wording("kk").text("apart_overlap")
    assert "различие не установлено" in wording("ru").text("apart_overlap")


def test_a_name_put_into_a_sentence_keeps_its_language() -> None:
    words = Wording("kk", {"a": "«{name}»: {value}."})
    said = words.say("a", name=Span("Often", "en"), value="3")
    assert said == (Span("«"), Span("Often", "en", name=True), Span("»: 3."))


def test_a_sentence_and_a_count_are_not_mistaken_for_each_other() -> None:
    words = Wording("en", {"plain": "a", "counted": {"other": "{n} rows"}})
    with pytest.raises(TypeError, match="depends on a count"):
        words.text("counted")
    with pytest.raises(TypeError, match="does not depend"):
        words.counted("plain", 1)


def test_the_catalogue_is_inside_the_package() -> None:
    assert "study" in home
    assert sorted(part.name for part in (files("kelisim.study") / "words").iterdir()) == [
        "en.toml",
        "kk.toml",
        "ru.toml",
    ]
