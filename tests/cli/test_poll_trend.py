"""Waves along time, from their releases to a page."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import pytest

from kelisim.study.scaffold import write_example
from tests.cli.conftest import invoke
from tests.study.waves import Wave, two_waves


@pytest.fixture
def releases(tmp_path: Path) -> list[Wave]:
    waves = [*two_waves(tmp_path), Wave(tmp_path / "study3", tmp_path / "out3")]
    write_example(waves[2].study, 3)
    waves[2].change("2026-03-02", "2027-03-02")
    waves[2].change("2026-03-20", "2027-03-20")
    for wave in waves:
        wave.publish()
    return waves


def test_three_waves_stand_in_the_order_of_time(releases: list[Wave], tmp_path: Path) -> None:
    out = tmp_path / "trend"
    folders = [str(wave.out) for wave in releases]
    result = invoke("poll", "trend", *folders, "--out", str(out), "--json")
    assert result.exit_code == 0, result.stderr
    assert json.loads(result.stdout)["waves"] == ["2026-03", "2026-09", "2027-03"]
    with (out / "trend.csv").open(encoding="utf-8", newline="") as stream:
        rows = list(csv.DictReader(stream))
    nation = [r for r in rows if r["indicator"] == "dissatisfied" and not r["domain"]]
    assert [row["wave"] for row in nation] == ["2026-03", "2026-09", "2027-03"]
    assert all(float(r["ci_low"]) < float(r["estimate"]) < float(r["ci_high"]) for r in nation)
    page = (out / "trend.html").read_text("utf-8")
    for words in ("The nation over time", "Страна во времени", "Уақыт ішіндегі ел көрсеткіші"):
        assert words in page
    assert "trend.html" in (out / "manifest.json").read_text("utf-8")


@pytest.mark.parametrize(
    ("order", "words"),
    [
        ([0], "One release has no trend"),
        ([1, 0], "A rise would be shown as a fall"),
        ([0, 0], "the same release"),
    ],
)
def test_refusals(releases: list[Wave], tmp_path: Path, order: list[int], words: str) -> None:
    folders = [str(releases[k].out) for k in order]
    result = invoke("poll", "trend", *folders, "--out", str(tmp_path / "trend"))
    assert result.exit_code == 1
    assert words in result.stderr
    assert not (tmp_path / "trend").exists()


def test_waves_of_one_month_and_of_no_time_are_refused(tmp_path: Path) -> None:
    first, second = two_waves(tmp_path)
    second.change("2026-09-02", "2026-03-04")
    second.change("2026-09-20", "2026-03-21")
    for wave in (first, second):
        wave.publish()
    out = str(tmp_path / "trend")
    result = invoke("poll", "trend", str(first.out), str(second.out), "--out", out)
    assert "Two waves began in one month" in result.stderr
    timeless = Wave(tmp_path / "study3", tmp_path / "out3")
    write_example(timeless.study, 3)
    text = (timeless.study / "study.toml").read_text("utf-8")
    kept = [line for line in text.splitlines() if not line.startswith("fieldwork")]
    (timeless.study / "study.toml").write_text("\n".join(kept), "utf-8")
    timeless.publish()
    result = invoke("poll", "trend", str(first.out), str(timeless.out), "--out", out)
    assert "does not say when its fieldwork was" in result.stderr
