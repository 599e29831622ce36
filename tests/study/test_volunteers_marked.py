"""Whatever a study of volunteers gives out says, number by number, that nobody drew them."""

from __future__ import annotations

import csv
import json
import re
import shutil
import subprocess
from html import unescape
from pathlib import Path

import polars as pl
import pytest

from kelisim.study.change_release import write_comparison
from kelisim.study.compare import compare_releases
from kelisim.study.release import write_release
from kelisim.study.report import write_pdf
from kelisim.study.run import run_study
from kelisim.study.selection_model import UNFITTED
from kelisim.study.settings import read_study
from kelisim.study.trend import read_trend
from kelisim.study.trend_release import write_trend
from kelisim.study.volunteers import MARK
from tests.conftest import absent
from tests.study.area_study import TOML, write_study

VOLUNTEERS = """[nonprobability]
predictors = ["sex*age"]
phi = [0, 0.25, 1]
[[battery]]
name = "scale"
items = ["one", "two", "three"]
ends = [1, 5]
language = "language"
wave = "year"
[domains]
by = [["area"], ["sex"]]
[smallarea]"""

SPOKEN = {
    "kk": "еріктілер, ықтималдық іріктеме емес",
    "ru": "добровольцы, не вероятностная выборка",
    "en": "volunteers, not a probability sample",
}


def volunteers(home: Path, place: int, year: int) -> Path:
    """Write the release of one wave of volunteers, with everything a study may ask for."""
    text = TOML.replace("[smallarea]", VOLUNTEERS).replace(
        "[interviews]", f"fieldwork = {{start = {year}-03-01, end = {year}-03-20}}\n[interviews]"
    )
    folder = write_study(home / f"study{place}", text, people=600, seed=place)
    file = folder / "interviews.csv"
    people = pl.read_csv(file)
    ones = people["helped"]
    items = {
        name: (ones * 2 + people["years"] % (3 + k) + 1).clip(1, 5)
        for k, name in enumerate(("one", "two", "three"))
    }
    people.with_columns(
        **items,
        language=pl.Series([("kk", "ru")[row % 2] for row in range(people.height)]),
        year=pl.Series([2020 + row % 2 for row in range(people.height)]),
    ).write_csv(file)
    out = home / f"out{place}"
    write_release(run_study(read_study(folder)), out)
    return out


@pytest.fixture(scope="module")
def outs(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    home = tmp_path_factory.mktemp("volunteers")
    found = [volunteers(home, place, 2025 + place) for place in (1, 2)]
    write_comparison(compare_releases(*found), home / "change")
    write_trend(read_trend(found), home / "trend")
    return [found[0], home / "change", home / "trend"]


def test_every_file_with_numbers_carries_the_mark(outs: list[Path]) -> None:
    seen = set()
    for file in [file for out in outs for file in out.iterdir()]:
        seen.add(file.name)
        match file.suffix:
            case ".csv":
                with file.open(encoding="utf-8", newline="") as stream:
                    rows = list(csv.DictReader(stream))
                assert rows, file
                assert all(MARK in row["note"] for row in rows), file
            case ".parquet":
                assert all(MARK in note for note in pl.read_parquet(file)["note"]), file
            case ".json":
                found = json.loads(file.read_text("utf-8"))
                if isinstance(found, list):
                    assert all(MARK in row["note"] for row in found), file
                else:
                    assert found["probability_sample"] is False, file
            case ".html":
                assert all(words in file.read_text("utf-8") for words in SPOKEN.values()), file
            case _:
                assert file.name == "report.pdf"  # read below
    assert seen >= {
        *("estimates.csv", "estimates.parquet", "estimates.json", "ranks.csv", "thresholds.csv"),
        *("selection.csv", "selection_model.csv", "scales.csv", "reliability.csv"),
        *("area_checks.csv", "area_spreads.csv"),
        *("item_bias.csv", "weights.parquet", "diagnostics.json", "manifest.json"),
        *("change.csv", "change.json", "change.html", "trend.csv", "trend.html"),
        *("report.html", "report.pdf"),
    }


def test_every_chart_and_table_and_finding_of_a_page_says_so(outs: list[Path]) -> None:
    marks = tuple(SPOKEN.values())
    pages = [file for out in outs for file in out.glob("*.html")]
    assert len(pages) == 3
    for file in pages:
        page = file.read_text("utf-8")
        charts = re.findall(r"<svg.*?</svg>", page, re.DOTALL)
        assert charts
        assert all(any(mark in chart for mark in marks) for chart in charts)
        captions = re.findall(r"<caption.*?</caption>", page, re.DOTALL)
        assert captions
        told = [one for one in captions if "%" in one or re.search(r"\d", one)]
        assert all(any(mark in caption for mark in marks) for caption in told)
        findings = re.findall(r'<p class="finding".*?</p>', page, re.DOTALL)
        numbers = [one for one in findings if re.search(r"\d[,.]\d", one)]
        assert all(any(mark in one for mark in marks) for one in numbers)


OPENINGS = {
    "Сауалнама нәтижелері туралы есеп": "kk",
    "Отчёт о результатах опроса": "ru",
    "Poll report": "en",
}


def printed_pages(pdf: Path) -> list[str]:
    """Return what is read on every page of a PDF, with each gap between words one blank."""
    program = shutil.which("pdftotext")
    if program is None:
        absent("pdftotext (poppler-utils)")
    found = subprocess.run([program, "-layout", pdf, "-"], capture_output=True, check=True)
    return [" ".join(page.split()) for page in found.stdout.decode().split("\f")[:-1]]


def foot_of(page: str) -> str:
    """Return the mark and the page number at the foot of a printed page."""
    found = re.search(rf"({'|'.join(SPOKEN.values())}) \d+ / \d+$", page)
    return found[0] if found else ""


def of_language(pages: list[str]) -> dict[str, list[str]]:
    """Return the pages of every edition; each begins where its language's name for it stands."""
    starts = [place for place, page in enumerate(pages) if page.startswith(tuple(OPENINGS))]
    ends = [*starts[1:], len(pages)]
    return {
        OPENINGS[pages[start].split(" · ")[0]]: pages[start:end]
        for start, end in zip(starts, ends, strict=True)
    }


def test_every_printed_page_says_so_in_its_language(outs: list[Path]) -> None:
    editions = of_language(printed_pages(outs[0] / "report.pdf"))
    assert list(editions) == ["kk", "ru", "en"]
    for language, pages in editions.items():
        assert len(pages) > 5
        assert all(foot_of(page).startswith(SPOKEN[language]) for page in pages)


def test_every_printed_chart_and_table_and_finding_says_so(outs: list[Path]) -> None:
    editions = of_language(printed_pages(outs[0] / "report.pdf"))
    html = (outs[0] / "report.html").read_text("utf-8")
    for language, pages in editions.items():
        printed = "".join("".join(page.removesuffix(foot_of(page)) for page in pages).split())
        marked = [
            "".join(unescape(re.sub(r"<.*?>", "", one)).split())
            for one in re.findall(r"<(?:figcaption|caption|p class=\"finding\").*?</\w+>", html)
            if SPOKEN[language] in one
        ]
        assert len(marked) > 40
        for words in marked:
            assert words in printed


def test_a_drawn_sample_has_no_mark(tmp_path: Path) -> None:
    folder = write_study(tmp_path / "study", people=300)
    result = run_study(read_study(folder))
    write_pdf(result, tmp_path / "report.pdf")
    for page in printed_pages(tmp_path / "report.pdf"):
        assert not any(mark in page for mark in SPOKEN.values())
    for table in (result.estimates, result.ranks, result.decisions):
        assert not any(MARK in (note or "") for note in table["note"])
    assert result.selection is result.selection_model is None


def test_phi_goes_from_what_is_known_to_the_answer_alone(outs: list[Path]) -> None:
    with (outs[0] / "selection_model.csv").open(encoding="utf-8", newline="") as stream:
        rows = list(csv.DictReader(stream))
    nation = [row for row in rows if row["indicator"] == "agrees"]
    assert [float(row["phi"]) for row in nation] == [0, 0.25, 1]
    plain, *_, alone = (float(row["estimate"]) for row in nation)
    came, published = float(nation[0]["volunteers"]), float(nation[0]["published"])
    # What is known moves the estimate one way; the weaker it predicts, the farther phi moves it.
    assert abs(plain - published) < 0.03
    assert abs(alone - came) > abs(plain - came)
    assert (alone > came) == (plain > came)


STUDY = """[study]
title = {en = "Volunteers"}
[interviews]
file = "interviews.csv"
[nonprobability]
file = "population.csv"
count = "n"
predictors = ["sex"]
phi = [0, 1]
[[indicator]]
name = "agrees"
column = "answer"
kind = "mean"
yes = ["yes"]
"""


def test_a_degree_of_selection_that_no_population_fits_has_a_note_and_no_share(
    tmp_path: Path,
) -> None:
    people = [
        f"{sex},{'yes' if place < yes else 'no'}"
        for sex, yes in (("m", 90), ("f", 110))
        for place in range(200)
    ]
    (tmp_path / "interviews.csv").write_text("\n".join(["sex,answer", *people]), "utf-8")
    (tmp_path / "population.csv").write_text("sex,n\nm,800\nf,200\n", "utf-8")
    (tmp_path / "study.toml").write_text(STUDY, "utf-8")
    found = run_study(read_study(tmp_path)).selection_model
    assert found is not None
    plain, alone = found.iter_rows(named=True)
    assert 0.46 < plain["estimate"] < 0.48
    assert plain["note"] == MARK
    assert (alone["phi"], alone["estimate"]) == (1.0, None)
    assert alone["note"] == f"{MARK}; {UNFITTED}"


def test_weights_of_kinds_that_are_not_crossed_add_up_to_the_population(tmp_path: Path) -> None:
    kinds = [("m", "y", 120), ("m", "o", 20), ("f", "y", 30), ("f", "o", 30)]
    people = [f"{sex},{age},yes" for sex, age, came in kinds for _ in range(came)]
    (tmp_path / "interviews.csv").write_text("\n".join(["sex,age,answer", *people]), "utf-8")
    cells = "sex,age,n\nm,y,1000\nm,o,9000\nf,y,5000\nf,o,2000\n"
    (tmp_path / "population.csv").write_text(cells, "utf-8")
    (tmp_path / "study.toml").write_text(STUDY.replace('["sex"]', '["sex", "age"]'), "utf-8")
    assert run_study(read_study(tmp_path)).weight.sum() == pytest.approx(17_000)
