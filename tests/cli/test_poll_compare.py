"""``kelisim poll compare``: a folder that is whole and the same every time, or a sentence."""

from __future__ import annotations

import csv
import hashlib
import json
from pathlib import Path

import pytest

from kelisim.study.model import LANGUAGES
from tests.cli.conftest import invoke
from tests.study.report.pages import edition, read
from tests.study.waves import Wave, two_waves

COLUMNS = [
    *("indicator", "category", "domain", "estimate_1", "estimate_2", "change", "se"),
    *("ci_low", "ci_high", "df", "p_value", "method", "note"),
]
FILES = ["change.csv", "change.html", "change.json", "manifest.json"]


@pytest.fixture(scope="module")
def waves(tmp_path_factory: pytest.TempPathFactory) -> tuple[Wave, Wave]:
    """Two waves, the first published by the command line itself."""
    found = two_waves(tmp_path_factory.mktemp("waves"))
    ran = invoke("poll", "run", str(found[0].study), "--out", str(found[0].out))
    assert ran.exit_code == 0, ran.stderr
    found[1].publish()
    return found


def arguments(waves: tuple[Wave, Wave], out: Path, overlap: str = "none") -> list[str]:
    studies = ["--study1", str(waves[0].study), "--study2", str(waves[1].study)]
    folders = [str(waves[0].out), str(waves[1].out), "--out", str(out)]
    return [
        "poll",
        "compare",
        *folders,
        "--overlap",
        overlap,
        *(studies if overlap != "none" else []),
    ]


@pytest.mark.parametrize("overlap", ["none", "psu", "respondent"])
def test_a_comparison_is_a_table_a_page_and_a_manifest(
    waves: tuple[Wave, Wave], tmp_path: Path, overlap: str
) -> None:
    out = tmp_path / "change"
    found = invoke(*arguments(waves, out, overlap), "--json")
    assert found.exit_code == 0, found.stderr
    shared = 0 if overlap == "none" else 36
    assert json.loads(found.stdout) == {
        "out": str(out),
        "files": FILES,
        "overlap": overlap,
        "shared_units": shared,
        "rows": 84,
        "changes": 84,
    }
    assert sorted(file.name for file in out.iterdir()) == FILES
    with (out / "change.csv").open(encoding="utf-8", newline="") as stream:
        rows = list(csv.DictReader(stream))
    assert list(rows[0]) == COLUMNS
    lines = json.loads((out / "change.json").read_text("utf-8"))
    assert list(lines[0]) == COLUMNS
    for row, line in zip(rows, lines, strict=True):
        assert row["domain"] == line["domain"]
        assert float(row["change"]) == line["change"]
    manifest = json.loads((out / "manifest.json").read_text("utf-8"))
    for file in manifest["files"]:
        content = (out / file["path"]).read_bytes()
        assert file["sha256"] == hashlib.sha256(content).hexdigest()
    assert manifest["shared_units"] == shared
    assert [one["fieldwork"][0] for one in manifest["inputs"]] == ["2026-03-02", "2026-09-02"]
    assert str(tmp_path) not in (out / "manifest.json").read_text("utf-8")


def test_equal_releases_give_equal_bytes(waves: tuple[Wave, Wave], tmp_path: Path) -> None:
    outs = [tmp_path / name for name in "ab"]
    for out in outs:
        assert invoke(*arguments(waves, out, "psu"), "--seed", "3").exit_code == 0
    assert [(outs[0] / one).read_bytes() == (outs[1] / one).read_bytes() for one in FILES] == [
        True
    ] * 4


@pytest.mark.parametrize("overlap", ["none", "psu"])
def test_the_page_says_the_change_in_three_languages(
    waves: tuple[Wave, Wave], tmp_path: Path, overlap: str
) -> None:
    invoke(*arguments(waves, tmp_path / "out", overlap))
    html = (tmp_path / "out" / "change.html").read_text("utf-8")
    page = read(html)
    ids = [one.attributes["id"] for one in page.walk() if "id" in one.attributes]
    assert len(ids) == len(set(ids))
    assert not page.all("script")
    said = {language: edition(page, language).words() for language in LANGUAGES}
    assert "Екі толқын арасындағы өзгеріс" in said["kk"]
    assert "2–20 сентября 2026" in said["ru"].replace("\u2009", "").replace("\xa0", " ")
    verdicts = ("A rise is established", "A fall is established", "No change is established")
    assert any(words in said["en"] for words in verdicts)
    how = "independent samples" if overlap == "none" else "covariance of the waves"
    assert how in said["en"]
    if overlap == "psu":
        assert "Әкімдікке қаншалықты сенесіз?" in said["kk"]
        assert "is not known for waves that overlap" in said["en"]


def test_a_refusal_leaves_nothing_behind(waves: tuple[Wave, Wave], tmp_path: Path) -> None:
    out = tmp_path / "change"
    same = invoke("poll", "compare", str(waves[0].out), str(waves[0].out), "--out", str(out))
    assert same.exit_code == 1
    assert "the same release" in same.stderr
    assert "Traceback" not in same.stderr
    assert list(tmp_path.iterdir()) == []
    out.mkdir()
    (out / "mine.txt").touch()
    assert invoke(*arguments(waves, out)).exit_code == 1
    assert [file.name for file in out.iterdir()] == ["mine.txt"]


def test_an_unknown_overlap_is_wrong_usage(waves: tuple[Wave, Wave], tmp_path: Path) -> None:
    assert invoke(*arguments(waves, tmp_path / "out", "some")).exit_code == 2
