from __future__ import annotations

import base64
import hashlib
import re
from itertools import pairwise
from pathlib import Path
from xml.etree import ElementTree

import pytest

from kelisim.study.model import LANGUAGES, IndicatorSettings, Labels
from kelisim.study.report import write_html
from kelisim.study.report.html import html_of
from tests.study.report.pages import Element, edition, read
from tests.study.report.polls import LABELS, estimates, interviews, poll, result, study


@pytest.fixture(scope="module")
def html() -> str:
    return html_of(poll())


@pytest.fixture(scope="module")
def page(html: str) -> Element:
    return read(html)


def test_the_file_is_written_whole_and_the_same_every_time(tmp_path: Path) -> None:
    write_html(poll(), tmp_path / "a.html")
    write_html(poll(), tmp_path / "b.html")
    assert (tmp_path / "a.html").read_bytes() == (tmp_path / "b.html").read_bytes()
    assert (tmp_path / "a.html").read_text(encoding="utf-8").startswith("<!DOCTYPE html>")


def test_every_id_is_given_once_and_every_reference_leads_somewhere(page: Element) -> None:
    ids = [one.attributes["id"] for one in page.walk() if "id" in one.attributes]
    assert len(ids) == len(set(ids))
    for one in page.walk():
        for name in ("aria-labelledby", "aria-describedby", "for"):
            assert set((one.attributes.get(name) or "").split()) <= set(ids)
        if one.tag == "a":
            assert (one.attributes["href"] or "").removeprefix("#") in ids


def test_the_report_needs_no_script_and_nothing_from_outside(html: str, page: Element) -> None:
    assert not page.all("script")
    assert not page.all("link")
    assert not page.all("img")
    attributes = {name for one in page.walk() for name in one.attributes}
    assert not {name for name in attributes if name.startswith("on") or name in {"style", "src"}}
    addresses = set(re.findall(r"[a-z]+://[^\"'<>\s]+", html))
    assert addresses == {"http://www.w3.org/2000/svg"}  # the name of a language, not a link
    assert "@import" not in html
    assert set(re.findall(r"url\(([^)]+)\)", html)) <= set(re.findall(r"url\((#[^)]+)\)", html))


def test_the_content_policy_lets_only_the_own_styles_through(html: str, page: Element) -> None:
    (style,) = page.all("style")
    digest = base64.b64encode(hashlib.sha256(style.words().encode()).digest()).decode()
    assert f"default-src 'none'; style-src 'sha256-{digest}'" in html.replace("&#39;", "'")


def test_three_editions_are_chosen_by_radio_buttons_that_a_keyboard_reaches(page: Element) -> None:
    radios = [one for one in page.all("input") if one.attributes["type"] == "radio"]
    assert [one.attributes["id"] for one in radios] == ["in-kk", "in-ru", "in-en"]
    assert {one.attributes["name"] for one in radios} == {"language"}
    assert ["checked" in one.attributes for one in radios] == [True, False, False]
    labels = [(one.attributes["lang"], one.words()) for one in page.all("label")]
    assert labels == [("kk", "Қазақша"), ("ru", "Русский"), ("en", "English")]
    (style,) = page.all("style")
    for language in LANGUAGES:
        assert f"#in-{language}:checked ~ #text > #{language}" in style.words()
    assert ".edition { display: none; }" in style.words()


def test_every_edition_says_its_language_and_speaks_it(page: Element) -> None:
    opening = {"kk": "Негізгі нәтижелер", "ru": "Главные результаты", "en": "Key findings"}
    for language in LANGUAGES:
        found = edition(page, language)
        assert found.attributes["lang"] == language
        assert opening[language] in found.words()
        assert not [
            words
            for other, words in opening.items()
            if other != language and words in found.words()
        ]


@pytest.mark.parametrize("language", LANGUAGES)
def test_headings_go_down_one_step_at_a_time(page: Element, language: str) -> None:
    levels = [
        int(one.tag[1]) for one in edition(page, language).walk() if re.fullmatch("h[1-6]", one.tag)
    ]
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(later - earlier <= 1 for earlier, later in pairwise(levels))


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_chart_has_a_title_a_description_and_a_table_twin(
    page: Element, language: str
) -> None:
    figures = edition(page, language).all("figure")
    assert len(figures) > 15
    for figure in figures:
        charts = figure.all("svg")
        assert len(charts) == 2  # for a phone and for a wide screen
        assert all(
            chart.all("title")[0].words() and chart.all("desc")[0].words() for chart in charts
        )
        (table,) = figure.all("table")
        assert len(table.all("tr")) > 1


def test_every_chart_is_well_formed_on_its_own(html: str) -> None:
    charts = re.findall(r"<svg .*?</svg>", html, flags=re.DOTALL)
    assert len(charts) > 100
    for chart in charts:
        ElementTree.fromstring(chart)  # noqa: S314  (our own)


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_table_scrolls_in_its_box_and_the_box_can_be_reached(
    page: Element, language: str
) -> None:
    for table in edition(page, language).all("table"):
        assert table.parent is not None
        assert table.parent.attributes["class"] == "scroll"
        assert table.parent.attributes["tabindex"] == "0"
        assert table.parent.attributes["aria-label"]


def test_the_first_link_skips_to_the_text(page: Element) -> None:
    first = page.all("a")[0]
    assert first.attributes == {"class": "skip", "href": "#text"}
    assert [one for one in page.all("div") if one.attributes.get("id") == "text"]


def test_a_title_in_one_language_is_marked_in_the_other_editions() -> None:
    page = read(html_of(poll(200, labels=Labels(), title={"en": "Trust"})))
    for language in LANGUAGES:
        (heading,) = edition(page, language).all("h1")
        assert heading.words().strip() == "Trust"
        marks = [one.attributes["lang"] for one in heading.all("bdi")]
        assert marks == ([] if language == "en" else ["en"])


HOSTILE = (
    "<script>alert('x')</script>",
    '"><img src=x onerror=alert(1)>',
    "{{ 7 * 7 }} {% raw %} {n} %s",
    "\u202eevil \u2066 مرحبا",
    "😀\x00\x08 ]]> &amp;",
    "ж" * 10_000,
)


@pytest.mark.parametrize("text", HOSTILE, ids=range(len(HOSTILE)))
def test_no_label_of_a_study_is_taken_for_markup(text: str) -> None:
    frame = interviews(80)
    labels = Labels(
        items={"trust": {"kk": text}, "sex": {"ru": text}},
        values={"sex": {"f": {"en": text}}, "trust": {"1": {"kk": text}}},
    )
    declared = study(
        title={"ru": text}, sponsor=text, conductor=text, mode=text, domains=(("sex",),)
    )
    html = html_of(result(frame, estimates(frame, [("sex",)]), declared, labels))
    page = read(html)
    assert not page.all("script")
    assert not page.all("img")
    assert not re.search("[\x00-\x08]", html)
    for chart in re.findall(r"<svg .*?</svg>", html, flags=re.DOTALL):
        ElementTree.fromstring(chart)  # noqa: S314
    if text.isprintable():
        assert text in edition(page, "ru").all("h1")[0].words()


def test_a_quantity_of_every_kind_is_reported() -> None:
    frame = interviews(300)
    kinds = {
        "total": IndicatorSettings("income", "total", column="income"),
        "ratio": IndicatorSettings("income", "ratio", numerator="income", denominator="members"),
        "quantile": IndicatorSettings("income", "quantile", column="income", at=(0.5,)),
        "variance": IndicatorSettings("income", "variance", column="income"),
    }
    said = {
        "total": "Total: ",
        "ratio": "Ratio: ",
        "quantile": "Median: ",
        "variance": "Variance: ",
    }
    for kind, settings in kinds.items():
        found = estimates(frame, [("sex",)]).filter(indicator="income")
        page = read(html_of(result(frame, found, study(indicators=(settings,)), LABELS)))
        assert said[kind] in edition(page, "en").words()


def test_a_quantile_that_is_not_the_median_says_which() -> None:
    frame = interviews(300)
    deciles = IndicatorSettings("income", "quantile", column="income", at=(0.1, 0.9))
    found = estimates(frame, ()).filter(indicator="income")
    both = found.vstack(found).with_columns(
        category=found.vstack(found)["category"].scatter([0, 1], ["0.1", "0.9"])
    )
    page = read(html_of(result(frame, both, study(indicators=(deciles,)), LABELS)))
    assert "Квантиль 0,1" in edition(page, "kk").words()
