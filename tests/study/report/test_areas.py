"""Small areas in the report: what the model is, what it changes, and whether it fits."""

from __future__ import annotations

from pathlib import Path

import pytest

from kelisim.charts import Sheet
from kelisim.study.model import LANGUAGES, PollResult
from kelisim.study.report import write_html, write_pdf
from kelisim.study.report.blocks import Edition, Figure, Points, Section, TableBlock
from kelisim.study.report.desk import desk
from kelisim.study.report.edition import edition
from kelisim.study.report.prose import plain
from kelisim.study.run import run_study
from kelisim.study.settings import read_study
from tests.study.area_study import FAY_HERRIOT, write_study
from tests.study.report.pages import inside


@pytest.fixture(scope="module")
def mrp(tmp_path_factory: pytest.TempPathFactory) -> PollResult:
    return run_study(read_study(write_study(tmp_path_factory.mktemp("areas"))), seed=3)


@pytest.fixture(scope="module")
def fay(tmp_path_factory: pytest.TempPathFactory) -> PollResult:
    folder = write_study(tmp_path_factory.mktemp("areas"), FAY_HERRIOT)
    return run_study(read_study(folder), seed=3)


def modelled(one: Edition) -> list[Section]:
    return [
        part for part in one.sections if any("-m-" in f.id for f in inside(part.blocks, Figure))
    ]


def english(result: PollResult) -> Edition:
    return edition(desk(result, "en"))


def test_a_model_has_a_part_of_its_own_after_the_direct_estimates(mrp: PollResult) -> None:
    titles = [plain(part.title) for part in english(mrp).sections]
    direct = titles.index("agrees — yes / rather")
    assert titles[direct + 1] == "agrees — yes / rather — small areas by a model"
    assert "answer — small areas by a model" in titles


def test_the_findings_are_the_direct_ones(mrp: PollResult) -> None:
    (points,) = inside(english(mrp).sections[0].blocks, Points)
    said = [plain(item) for item in points.items]
    nation = mrp.estimates.filter(indicator="agrees", method="taylor", domain="")
    assert len(said) == 3
    assert f"{100 * nation['estimate'].item():.1f}%" in said[0]


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_checks_are_charts_with_titles_and_tables(mrp: PollResult, language: str) -> None:
    part = modelled(edition(desk(mrp, language)))[0]
    figures = {one.id.rsplit("-", 1)[1]: one for one in inside(part.blocks, Figure)}
    assert {"shrunk", "agree", "expected"} <= set(figures)
    for figure in figures.values():
        svg = figure.draw(Sheet("x"))
        assert f'<title id="x-t">{figure.title}</title>' in svg
        assert figure.table.rows
    assert len(figures["shrunk"].table.rows) == 7
    assert len(figures["expected"].table.rows) == 6  # nobody was asked on the island


def test_the_island_is_named_where_the_model_is_alone(mrp: PollResult) -> None:
    part = modelled(english(mrp))[0]
    text = str(part.blocks)
    assert "Nobody was asked in these areas, and their estimates are the model's alone: " in text
    assert "Kinds of people in the model: " in text
    assert "Areas that touch one another are drawn together." in text


def test_direct_estimates_of_the_charts_are_those_of_the_design(mrp: PollResult) -> None:
    part = modelled(english(mrp))[0]
    (shrunk,) = (one for one in inside(part.blocks, Figure) if one.id.endswith("shrunk"))
    shown = {row[0]: row[2] for row in shrunk.table.rows}
    for row in mrp.estimates.filter(indicator="agrees", method="taylor").iter_rows(named=True):
        if row["domain"]:
            assert shown[row["domain"].removeprefix("area=")] == f"{100 * row['estimate']:.1f}%"
    assert shown["G"] == "—"


def test_ranks_and_decisions_of_the_model_are_printed_once(mrp: PollResult) -> None:
    (ranks,) = (part for part in english(mrp).sections if part.id == "en-ranks")
    of_yes, of_answers = inside(ranks.blocks, Figure)
    assert len(of_answers.table.head) == 3
    figure = of_yes
    assert figure.table.head[2:] == (
        "Rank (interval)",
        "Probability of being above 50.0%",
        "Decision",
    )
    assert {row[4] for row in figure.table.rows} <= {"above", "below", "not decided"}
    assert "at most 5% on average are expected to be there wrongly" in str(ranks.blocks)


def test_the_method_says_how_the_intervals_are_made(mrp: PollResult, fay: PollResult) -> None:
    (method,) = (part for part in english(mrp).sections if part.id == "en-method")
    assert "the mean of 1,000 draws from its posterior" in str(method.blocks)
    (method,) = (part for part in english(fay).sections if part.id == "en-method")
    assert "1.96 times the root of its estimated mean squared error" in str(method.blocks)


def test_a_model_of_direct_estimates_shows_what_it_changes(fay: PollResult) -> None:
    parts = modelled(english(fay))
    assert len(parts) == 2
    names = [one.id.rsplit("-", 1)[1] for one in inside(parts[0].blocks, Figure)]
    assert "expected" not in names  # it does not model respondents
    tables = [one.table.caption for one in inside(parts[0].blocks, TableBlock)]
    assert tables == ["How far areas differ beyond what is known of them: standard deviation"]
    assert "it is estimated from what is known of areas" in str(parts[0].blocks)


def test_the_report_is_written_in_both_forms(mrp: PollResult, tmp_path: Path) -> None:
    write_html(mrp, tmp_path / "report.html")
    page = (tmp_path / "report.html").read_text("utf-8")
    for words in ("малые территории по модели", "модель бойынша шағын аумақтар"):
        assert words in page
    write_pdf(mrp, tmp_path / "report.pdf")
    assert (tmp_path / "report.pdf").read_bytes().startswith(b"%PDF")
