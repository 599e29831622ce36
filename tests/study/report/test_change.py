"""The page of changes at its edges: many groups, none, and what only one wave has."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import polars as pl
import pytest

from kelisim.study.published import Published
from kelisim.study.report.change import change_html, direction
from kelisim.study.report.notes import SPOKEN
from kelisim.study.waves import ChangeRow, Comparison, WaveNote
from tests.study.report.pages import edition, read

MANIFEST: dict[str, Any] = {
    "title": {"en": "A simulated poll"},
    "country": "KZ",
    "fieldwork": [],
    "level": 0.95,
    "indicators": [
        {"name": "trust", "kind": "categorical", "column": "q1", "yes": [], "at": []},
        {"name": "income", "kind": "quantile", "column": "q2", "yes": [], "at": [0.5]},
        {"name": "unasked", "kind": "mean", "column": "q3", "yes": [], "at": []},
    ],
}


def row(domain: str, change: float | None, **given: Any) -> ChangeRow:
    ends: dict[str, float | None] = {"ci_low": None, "ci_high": None}
    if change is not None:
        ends = {"ci_low": change - 0.05, "ci_high": change + 0.05}
    known = {
        "indicator": "trust",
        "category": "1",
        "estimate_1": 0.4,
        "estimate_2": None if change is None else 0.4 + change,
        "se": None if change is None else 0.025,
        "df": 40.0,
        "p_value": None,
        "method": "independent",
        "remarks": (),
        **ends,
    }
    return ChangeRow(domain=domain, change=change, **{**known, **given})


def said(*rows: ChangeRow, language: str = "en", notes: tuple[str, ...] = ()) -> str:
    release = Published(Path("out"), MANIFEST, pl.DataFrame(schema={"note": pl.String}))
    html = change_html(Comparison(release, release, "none", rows, notes=notes))
    return edition(read(html), language).words()


@pytest.mark.parametrize(("change", "way"), [(0.1, 1), (-0.1, -1), (0.01, 0), (None, 0)])
def test_a_change_is_established_where_its_interval_excludes_none(
    change: float | None, way: int
) -> None:
    assert direction(row("", change)) == way


def test_a_rise_a_fall_and_neither_are_said_in_words() -> None:
    assert "change +10.0 percentage points (95% confidence interval 5.0–15.0)" in said(row("", 0.1))
    assert "A fall is established." in said(row("", -0.1))
    assert "−10,0 процентного пункта" in said(row("", -0.1), language="ru")
    assert "Өзгеріс анықталмады." in said(row("", 0.01), language="kk")


def test_waves_without_dates_are_first_and_second() -> None:
    assert "First wave" in said(row("", 0.1))
    assert "First wave," not in said(row("", 0.1))


def test_what_cannot_be_compared_says_so() -> None:
    nothing = row("", None, remarks=((2, str(WaveNote.CATEGORY)),))
    text = said(nothing)
    assert ": the waves cannot be compared." in text
    assert "second wave: no such answer" in text
    assert "екінші толқын: мұндай жауап жоқ" in said(nothing, language="kk")


def test_a_change_without_an_interval_has_a_dash_for_it() -> None:
    assert "(95% confidence interval —)" in said(row("", 0.1, ci_low=None, ci_high=None))


def test_the_groups_that_changed_are_named_and_the_many_are_counted() -> None:
    rows = [row("", 0.0), *(row(f"place={i}", 0.1) for i in range(9)), row("place=x", -0.1)]
    text = said(*rows)
    assert "Groups in which a rise is established: " in text
    assert "and 3 more" in text
    assert "Groups in which a fall is established: " in text


def test_a_set_of_very_many_groups_is_a_table_without_a_chart() -> None:
    few = said(*(row(f"place={i}", 0.0) for i in range(3)))
    many = said(*(row(f"place={i}", 0.0) for i in range(130)))
    assert "Table: 3 rows" in few
    assert "Table: 130 rows" not in many
    assert "129" in many


def test_other_answers_are_folded_where_they_have_these_groups() -> None:
    rows = [row("place=a", 0.0), row("place=a", 0.1, category="2"), row("", 0.0, category="3")]
    assert "Other answers" in said(*rows)


def test_a_quantile_is_named_by_its_level_and_only_what_has_rows_is_shown() -> None:
    text = said(row("", 0.01, indicator="income", category="0.5"))
    assert "Quantile 0.5" in text
    assert "unasked" not in text


def test_notes_of_the_reading_are_given() -> None:
    assert "3 values are marked" in said(row("", 0.1), notes=("3 values are marked.",))


def test_every_remark_but_that_of_all_rows_has_its_words() -> None:
    assert set(SPOKEN) >= {str(note) for note in WaveNote} - {str(WaveNote.INDEPENDENT)}
