from __future__ import annotations

from xml.etree import ElementTree

from kelisim.charts import Cell, Table, table_html
from kelisim.charts.table import cell


def test_a_table_has_a_caption_and_names_its_columns_and_rows() -> None:
    table = Table("Сенім", ("Өңір", "n"), (("Абай облысы", "120"),), (False, True))
    root = ElementTree.fromstring(table_html(table))  # noqa: S314  (our own)
    assert root.findtext("caption") == "Сенім"
    assert [head.get("scope") for head in root.iter("th")] == ["col", "col", "row"]
    assert [data.text for data in root.iter("td")] == ["120"]
    assert [data.get("class") for data in root.iter("td")] == ["num"]


def test_a_cell_in_another_language_says_so() -> None:
    table = Table("t", ("a", "b"), ((Cell("Often", "en"), Cell("often", "en")),), (False, False))
    root = ElementTree.fromstring(table_html(table))  # noqa: S314
    assert [part.get("lang") for part in root.iter() if part.get("lang")] == ["en", "en"]
    assert cell("Жиі") == "Жиі"
    assert cell("Often", "en") == Cell("Often", "en")


def test_markup_in_a_cell_stays_text() -> None:
    table = Table("<b>", ("<i>",), (("<script>",),), (False,))
    html = table_html(table)
    assert "<script>" not in html
    assert "<b>" not in html
    assert "<i>" not in html
