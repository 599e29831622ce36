from __future__ import annotations

import dataclasses
import json
import re
import zlib
from datetime import date
from pathlib import Path

import pytest

from kelisim.charts import Table
from kelisim.study.model import IndicatorSettings, Labels, PollResult
from kelisim.study.report import write_pdf
from kelisim.study.report.blocks import Figure
from kelisim.study.report.desk import MANY
from kelisim.study.report.legible import MISSING, without_glyph
from kelisim.study.report.pdf import document, pdf_of
from kelisim.study.report.printed import block_data, breakable, isolated
from kelisim.study.report.prose import Span
from tests.study.report.polls import LABELS, TITLE, estimates, interviews, poll, result, study

HOSTILE = (
    '#import "evil.typ"',
    "*bold* _it_ $x^2$ @ref <label> `raw` = heading",
    "#panic() ]] }} // /* \\",
    '"); #read("/etc/passwd")',
    "\u202eevil \u2066 مرحبا \x00\x07",
    "😀👩‍👧 漢字",
    "ж" * 10_000,
)


def small(**changes: object) -> PollResult:
    """Return a poll of one indicator without groups: quick to set."""
    frame = interviews(60)
    labels = changes.pop("labels", LABELS)
    assert isinstance(labels, Labels)
    found = estimates(frame, ()).filter(indicator="trust")
    declared = study(
        indicators=(IndicatorSettings("trust", "categorical", column="trust"),), **changes
    )
    return result(frame, found, declared, labels)


def streams(pdf: bytes) -> list[bytes]:
    """Return the streams of a PDF, unpacked where they are packed."""
    found = []
    for match in re.finditer(rb"stream\r?\n(.*?)\r?\nendstream", pdf, flags=re.DOTALL):
        try:
            found.append(zlib.decompress(match[1]))
        except zlib.error:
            found.append(match[1])
    return found


@pytest.fixture(scope="module")
def pdf() -> bytes:
    return pdf_of(small())


def test_the_file_is_a_pdf_and_the_same_every_time(tmp_path: Path, pdf: bytes) -> None:
    write_pdf(small(), tmp_path / "report.pdf")
    assert (tmp_path / "report.pdf").read_bytes() == pdf
    assert pdf.startswith(b"%PDF-1.7")


def test_the_fonts_are_inside_and_are_those_that_come_with_typst(pdf: bytes) -> None:
    everything = pdf + b"".join(streams(pdf))
    fonts = set(re.findall(rb"/BaseFont */[A-Z]{6}\+(\w+)", everything))
    assert fonts
    assert all(font.startswith((b"LibertinusSerif", b"DejaVuSansMono")) for font in fonts)
    assert b"/FontFile" in everything


def test_kazakh_letters_can_be_searched_for_and_copied(pdf: bytes) -> None:
    maps = b"".join(
        part for part in streams(pdf) if b"beginbfchar" in part or b"beginbfrange" in part
    )
    for letter in "әғқңөұүіӨҚ":
        assert f"{ord(letter):04X}".encode() in maps.upper()


def test_the_document_says_its_title_author_language_and_standards(pdf: bytes) -> None:
    everything = pdf + b"".join(streams(pdf))
    assert TITLE["kk"].encode() in everything
    assert "«Демо» зерттеу орталығы".encode() in everything
    assert b"<pdfaid:part>2</pdfaid:part>" in everything
    assert b"<pdfuaid:part>1</pdfuaid:part>" in everything
    assert b"2026-03-20" in everything


def test_every_edition_has_a_bookmark_and_its_language(pdf: bytes) -> None:
    everything = pdf + b"".join(streams(pdf))
    assert everything.count(b"/Type/Outlines") + everything.count(b"/Type /Outlines") == 1
    for title in TITLE.values():
        hexadecimal = f"<FEFF{title.encode('utf-16-be').hex().upper()}>".encode()
        assert hexadecimal in everything or f"({title})".encode() in everything
    for language in (b"kk", b"ru", b"en"):
        assert re.search(rb"/Lang *\(" + language, everything)


def test_a_day_may_be_given_and_without_any_the_document_is_not_dated() -> None:
    dated = pdf_of(small(fieldwork=None), day=date(2025, 1, 2))
    undated = pdf_of(small(fieldwork=None))
    assert b"2025-01-02" in dated + b"".join(streams(dated))
    assert b"pdfaid:part" not in undated + b"".join(streams(undated))
    assert undated.startswith(b"%PDF")


@pytest.mark.parametrize("text", HOSTILE, ids=range(len(HOSTILE)))
def test_no_label_of_a_study_is_taken_for_markup(text: str) -> None:
    labels = Labels(items={"trust": {"kk": text}}, values={"trust": {"1": {"en": text}}})
    pdf = pdf_of(small(title={"ru": text}, sponsor=text, conductor=text, mode=text, labels=labels))
    assert pdf.startswith(b"%PDF")


def test_a_character_without_a_glyph_is_shown_as_a_box_and_the_reader_is_told() -> None:
    told = json.loads(document(small(title={"en": "Trust 😀"}), None))
    assert told["title"] == f"Trust {MISSING}"
    assert told["incomplete"]
    assert not json.loads(document(small(), None))["incomplete"]


def test_typst_shows_the_letters_of_our_languages_but_no_emoji() -> None:
    assert without_glyph("Әә Ғғ Ққ Ңң Өө Ұұ Үү Һһ Іі Ёё Qq — № ±") == ""
    assert without_glyph("😀 漢") == "漢😀"
    assert without_glyph("\ud800") == "\ud800"


def test_a_name_that_turns_its_line_around_is_kept_to_itself() -> None:
    assert isolated(Span("\u202eevil")) == "\u2068\u202eevil\u2069"
    assert isolated(Span("Астана")) == "Астана"


def test_a_word_longer_than_a_line_can_be_broken() -> None:
    assert "\u200b" in breakable("ж" * 60)
    assert "\u200b" not in breakable("Солтүстік Қазақстан облысы")


def test_a_poll_of_many_estimates_keeps_to_charts_and_main_tables() -> None:
    full = poll(400)
    assert full.estimates.height <= MANY
    many = dataclasses.replace(
        full, estimates=full.estimates.vstack(full.estimates).vstack(full.estimates)
    )
    short, long = (json.loads(document(one, None))["editions"][0] for one in (many, full))
    tables = [len(with_tables(edition)) for edition in (short, long)]
    assert tables[0] == 2  # the nation's, of the only question with several answers; and ranks
    assert tables[1] > 10


def with_tables(edition: dict[str, list[dict[str, list[dict[str, object]]]]]) -> list[object]:
    blocks = [block for section in edition["sections"] for block in section["blocks"]]
    return [block for block in blocks if block["kind"] == "figure" and block["table"]]


def test_what_a_heading_says_is_not_said_again_under_it() -> None:
    table = Table("Map", ("Group",), (("A",),), (False,))
    figure = Figure("map", "Map", "", lambda sheet: f"<svg id='{sheet.id}'/>", table, "")
    first, second = block_data((figure, figure), brief=False, under="Map")
    assert (first["title"], second["title"]) == ("", "Map")
    assert first["table"]["caption"] == second["table"]["caption"] == ""


def test_a_chart_longer_than_a_page_is_printed_in_parts() -> None:
    frame = interviews(900)
    frame = frame.with_columns(place=frame["region"] + frame["sex"])
    found = estimates(frame, [("place",)]).filter(indicator="income")
    declared = study(indicators=(IndicatorSettings("income", "mean", column="income"),))
    edition = json.loads(document(result(frame, found, declared, LABELS), None))["editions"][0]
    figures = [b for s in edition["sections"] for b in s["blocks"] if b["kind"] == "figure"]
    assert max(len(figure["pictures"]) for figure in figures) > 1
