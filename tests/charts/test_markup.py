from __future__ import annotations

from xml.etree import ElementTree

from hypothesis import given, settings
from hypothesis import strategies as st

from kelisim.charts import stylesheet
from kelisim.charts.markup import Sheet, escaped, framed, group, lines, short, text


@given(st.text(st.characters(exclude_categories=()), max_size=80))
@settings(deadline=None, max_examples=200)
def test_any_text_survives_in_xml_except_what_xml_cannot_hold(words: str) -> None:
    read = ElementTree.fromstring(f"<a>{escaped(words)}</a>").text or ""  # noqa: S314
    # A parser reads a carriage return as a line feed; it is the only character that changes.
    wanted = words.replace("\r\n", "\n").replace("\r", "\ufffd")
    assert len(read) <= len(words)
    if words.isprintable():
        assert read == wanted


def test_a_script_in_a_label_is_only_a_label() -> None:
    assert text(0, 0, "<script>alert(1)</script>") == (
        '<text x="0" y="0">&lt;script&gt;alert(1)&lt;/script&gt;</text>'
    )
    assert "&quot; onload=&quot;" in framed(Sheet('" onload="'), 10, "t", "d", [])


def test_an_empty_group_or_line_is_not_drawn() -> None:
    assert group("ink", "", []) == ""
    assert lines("rule", "#000", 1, []) == ""


def test_coordinates_are_short_and_never_minus_zero() -> None:
    assert [short(x) for x in (0.04, -0.04, 1.25, 10, 99999.96)] == [
        "0",
        "0",
        "1.2",
        "10",
        "100000",
    ]


def test_a_chart_names_its_title_and_description() -> None:
    root = ElementTree.fromstring(framed(Sheet("q1"), 10, "Сенім", "Сипаттама", []))  # noqa: S314
    names = {child.get("id"): child.text for child in root}
    assert root.attrib["role"] == "img"
    assert [names[name] for name in root.attrib["aria-labelledby"].split()] == [
        "Сенім",
        "Сипаттама",
    ]


def test_a_font_is_named_only_where_a_page_gives_none() -> None:
    assert "font-family" not in framed(Sheet("a"), 10, "t", "d", [])
    assert 'font-family="Libertinus Serif"' in framed(
        Sheet("a", 640, "Libertinus Serif"), 1, "", "", []
    )


def test_the_stylesheet_colours_every_class_by_a_variable_and_imports_nothing() -> None:
    css = stylesheet()
    assert "url(" not in css
    assert "@import" not in css
    for name in ("ink", "mute", "rule", "whisker", "mark", "bar", "shade0", "shade4", "hatch"):
        assert f".{name}" in css
