"""What the parts of the report say, and what they say where something is missing."""

from __future__ import annotations

import dataclasses
import re
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from kelisim.charts import Sheet
from kelisim.study.model import (
    LANGUAGES,
    DesignSettings,
    IndicatorSettings,
    Labels,
    PollResult,
    PopulationFile,
)
from kelisim.study.report.blocks import Edition, Figure, Fold, Section, TableBlock
from kelisim.study.report.comparison import comparison
from kelisim.study.report.desk import LONGEST, VERY_MANY, desk
from kelisim.study.report.edition import edition, editions
from kelisim.study.report.html import html_of
from kelisim.study.report.opening import finding
from kelisim.study.report.prose import plain
from tests.study.report.pages import edition as article
from tests.study.report.pages import inside, read
from tests.study.report.polls import (
    ANSWERS,
    COLUMNS,
    LABELS,
    decisions,
    estimates,
    interviews,
    no_ranks,
    poll,
    result,
    study,
)

LIFE = IndicatorSettings("life_better", "categorical", column="life", yes=("1",), threshold=0.3)


def bare(**changes: Any) -> PollResult:
    """Return a poll of one share by sex, with little known about it."""
    frame = interviews(200)
    found = estimates(frame, [("sex",)]).filter(indicator="life_better")
    declared = study(**{"indicators": (LIFE,), "domains": (("sex",),)} | changes)
    return result(frame, found, declared, LABELS)


def english(made: PollResult) -> str:
    return article(read(html_of(made)), "en").words()


def rows_of(made: PollResult, **values: Any) -> PollResult:
    """Return a result whose estimates have some values replaced."""
    changed = made.estimates.with_columns(**{name: pl.lit(value) for name, value in values.items()})
    return dataclasses.replace(made, estimates=changed.cast(made.estimates.schema))


def section(made: Edition, name: str) -> Section:
    return next(one for one in made.sections if one.id == f"{made.language}-{name}")


def test_an_estimate_never_stands_without_its_interval_and_n() -> None:
    facts = desk(poll(), "ru")
    for one in facts.facts:
        said = plain(finding(facts, one, question=True))
        assert "95\xa0% доверительный интервал: " in said
        assert "n\xa0=\xa0" in said


def test_the_margin_of_error_is_printed_with_its_design_effect() -> None:
    made = bare()
    words = english(made)
    assert "Margin of error" in words
    assert f"design effect {made.diagnostics.kish_deff:.2f}" in words


def test_what_nobody_answered_is_said() -> None:
    made = rows_of(bare(), estimate=None, se=None, ci_low=None, ci_high=None, n=0)
    assert "No estimate could be made." in english(made)
    assert "None of these groups has an estimate." in english(made)


def test_a_single_group_is_not_compared_with_itself() -> None:
    made = bare()
    one = dataclasses.replace(made, estimates=made.estimates.head(2))
    assert "Only one of these groups has an estimate: Female" in english(one)


def test_groups_whose_intervals_leave_the_nation_out_are_named_up_to_six() -> None:
    frame = interviews(1200)
    found = estimates(frame, [("region",)]).filter(indicator="life_better")
    region = pl.col("domain") != ""
    narrow = found.with_columns(
        ci_low=pl.when(region).then(pl.lit(0.9)).otherwise("ci_low"),
        ci_high=pl.when(region).then(pl.lit(0.95)).otherwise("ci_high"),
    )
    words = english(result(frame, narrow, study(indicators=(LIFE,)), LABELS))
    assert "Intervals wholly above the national figure: " in words
    assert " and 14 more." in words


def test_where_every_interval_holds_the_nation_no_difference_is_claimed() -> None:
    words = english(rows_of(bare(), ci_low=0.0, ci_high=1.0))
    assert "no difference from it is established" in words


def test_without_a_national_figure_groups_are_only_ranged() -> None:
    made = bare()
    groups = dataclasses.replace(made, estimates=made.estimates.filter(pl.col("domain") != ""))
    table = desk(groups, "en")
    (facts,) = table.facts
    answer = facts.leading
    said = plain(comparison(table, answer, answer.sets[0], table.numerals(facts)))
    assert said.startswith("Highest estimate: ")
    assert "national" not in said
    assert "<figure" in html_of(groups)


def test_an_answer_whose_interval_overlaps_the_next_says_so() -> None:
    frame = interviews(400)
    made = result(
        frame,
        estimates(frame, ()).filter(indicator="trust"),
        study(indicators=(IndicatorSettings("trust", "categorical", column="trust"),)),
        LABELS,
    )
    assert "overlaps with it" not in english(made)
    assert "overlaps with it" in english(rows_of(made, ci_low=0.0, ci_high=1.0))
    one = dataclasses.replace(made, estimates=made.estimates.head(1))
    assert "overlaps with it" not in english(one)
    unbounded = rows_of(made, ci_low=None, ci_high=None)
    assert "overlaps with it" not in english(unbounded)


def test_only_six_findings_lead_and_the_rest_is_announced() -> None:
    frame = interviews(60)
    names = [f"q{i}" for i in range(8)]
    one = estimates(frame, ()).filter(indicator="life_better")
    found = pl.concat([one.with_columns(indicator=pl.lit(name)) for name in names])
    declared = study(
        indicators=tuple(IndicatorSettings(n, "categorical", column=n, yes=("1",)) for n in names)
    )
    (findings,) = (
        one
        for one in edition(desk(result(frame, found, declared, LABELS), "en")).sections
        if one.id == "en-findings"
    )
    assert len(findings.blocks[0].items) == 6  # type: ignore[union-attr]  # the first block is the list
    assert "follow below" in english(result(frame, found, declared, LABELS))


def test_two_methods_of_one_indicator_stand_apart_and_are_named() -> None:
    made = bare()
    other = made.estimates.with_columns(method=pl.lit("replicate"))
    both = dataclasses.replace(made, estimates=pl.concat([made.estimates, other]))
    words = english(both)
    assert "Method of estimation: taylor." in words
    assert "Method of estimation: replicate." in words


def test_a_long_question_is_a_short_heading_and_stands_whole_below() -> None:
    long = (
        "Сіз бұл туралы не ойлайсыз және неге олай ойлайсыз, толығырақ айтып бере аласыз ба? " * 3
    )
    labels = Labels(items={"life": {"kk": long}, "sex": {"kk": long}})
    made = edition(desk(dataclasses.replace(bare(), labels=labels), "kk"))
    found = section(made, "q1")
    assert len(plain(found.title)) <= 111
    assert plain(found.blocks[0].words) == long.strip()  # type: ignore[union-attr]  # a paragraph


def test_two_indicators_of_one_question_have_different_headings() -> None:
    frame = interviews(200)
    both = (IndicatorSettings("life", "categorical", column="life"), LIFE)
    one = estimates(frame, ()).filter(indicator="life_better")
    shares = [
        one.with_columns(indicator=pl.lit("life"), category=pl.lit(code)) for code in ("1", "2")
    ]
    made = result(frame, pl.concat([one, *shares]), study(indicators=both), LABELS)
    titles = [plain(section(edition(desk(made, "en")), name).title) for name in ("q1", "q2")]
    question = "Has your life become better over the last year?"
    assert titles == [question, f"{question} — Yes"]


def test_ranks_are_printed_only_with_their_intervals() -> None:
    made = poll(400)
    for one in editions(made):
        (figure,) = inside(section(one, "ranks").blocks, Figure)
        assert all(
            "(" in cells[2] and "–" in cells[2] and cells[2].endswith(")")
            for cells in figure.table.rows
        )
        lines = figure.draw(Sheet("r")).split('class="whisker"')[1].split("/>")[0].count("H")
        assert lines == len(figure.table.rows)
    assert "Probability of being above 30.0%" in english(made)
    assert "Not decided at this sample size" in english(made)
    assert "> 99%" in english(made)
    sure = dataclasses.replace(made, ranks=made.ranks.with_columns(p_above_threshold=pl.lit(0.001)))
    assert "< 1%" in english(sure)


def test_very_many_ranks_are_a_table_and_other_answers_are_in_the_files() -> None:
    made = poll(400)
    other = made.ranks.with_columns(category=pl.lit("No"))
    many = [
        made.ranks.with_columns(pl.col("domain") + f"{copy}", rank=pl.col("rank") + copy)
        for copy in range(9)
    ]
    found = dataclasses.replace(
        made, ranks=pl.concat([*many, other]), decisions=decisions(pl.concat(many))
    )
    ranks = section(edition(desk(found, "en")), "ranks")
    (table,) = inside(ranks.blocks, TableBlock)
    assert len(table.table.rows) == 9 * made.ranks.height
    assert "The ranks by the other answers are in ranks.csv." in english(found)
    assert re.search(r"and \d+ more\. Of the groups", english(found))


def test_without_a_threshold_or_ranks_none_are_printed() -> None:
    made = poll(400)
    undecided = made.ranks.with_columns(p_above_threshold=pl.lit(None, dtype=pl.Float64))
    told = dataclasses.replace(made, ranks=undecided, decisions=pl.DataFrame())
    assert "Probability of being above" not in english(told)
    none = dataclasses.replace(made, ranks=no_ranks())
    assert "en-ranks" not in html_of(none)
    assert "a rank is printed only with its interval" not in english(none)


def test_the_eleven_elements_are_all_listed_and_judged() -> None:
    for language, words in (("kk", "көрсетілген"), ("ru", "указано"), ("en", "given")):
        made = edition(desk(poll(200), language))
        (table,) = inside(section(made, "disclosure").blocks, TableBlock)
        assert len(table.table.rows) == 11
        assert [row[0].split(".")[0] for row in table.table.rows] == [str(i + 1) for i in range(11)]
        assert table.table.rows[5][1] == words


def judged(**changes: Any) -> dict[int, tuple[str, str]]:
    made = bare(**changes)
    if changes.get("labels") is None and "unlabelled" in str(changes.get("sponsor")):
        made = dataclasses.replace(made, labels=Labels())
    (table,) = inside(section(edition(desk(made, "en")), "disclosure").blocks, TableBlock)
    return {place + 1: (row[1], row[2]) for place, row in enumerate(table.table.rows)}


def test_what_the_study_does_not_tell_is_not_claimed() -> None:
    silent = judged(
        sponsor="", conductor="", mode="", fieldwork=None, population=None, design=DesignSettings()
    )
    assert [silent[place][0] for place in (2, 5, 6, 7)] == ["not given"] * 4
    assert silent[9] == ("given", "The data were not weighted")
    assert judged(sponsor="", mode="seance")[2][0] == "partly"
    assert judged(mode="seance")[6] == ("given", "seance")
    assert judged(population=None)[9][0] == "partly"
    assert judged(questionnaire=Path("q.xlsx"))[3][0] == "given"
    assert judged()[3][0] == "partly"
    assert judged(sponsor="unlabelled")[3] == ("not given", "")
    assert "Country: Kyrgyzstan." in judged(country="KG")[4][1]
    assert "Country: XQ." in judged(country="XQ")[4][1]


@pytest.mark.parametrize("option", ["fail", "certainty", "adjust", "average"])
@pytest.mark.parametrize("language", LANGUAGES)
def test_the_rule_for_a_lonely_unit_is_told(option: str, language: str) -> None:
    made = bare(design=DesignSettings(weight="w", strata="h", psu=("p",), lonely_psu=option))
    said = desk(made, language).words.text(f"lonely_{option}")
    assert said in article(read(html_of(made)), language).words()


def test_the_method_tells_what_was_done_and_not_more() -> None:
    words = english(bare())
    assert "Raked to" in words
    assert "Sweeps of raking" in words
    assert "0.2–5" in words
    plainly = bare(population=None, design=DesignSettings(fpc=("N",)))
    weights = dataclasses.replace(plainly.diagnostics, sweeps=0)
    words = english(dataclasses.replace(plainly, diagnostics=weights, notes=()))
    assert "not raked" in words
    assert "Sweeps of raking" not in words
    assert "the same for every interview" in words
    assert "applied" in words
    assert "Noticed while reading" not in words
    loose = dataclasses.replace(bare().diagnostics, max_error=0.0123)
    assert "1.2300%" in english(dataclasses.replace(bare(), diagnostics=loose))


def test_raking_without_bounds_names_none() -> None:
    made = bare(population=PopulationFile(Path("p.csv"), rake=(("sex",),)))
    assert "Bounds on weight" not in english(made)


def test_equal_weights_need_no_picture() -> None:
    made = bare()
    equal = dataclasses.replace(made, weight=pl.Series("weight", [2.0] * made.weight.len()))
    assert "All weights are equal." in english(equal)
    assert "en-weights" not in html_of(equal)


def test_the_histogram_holds_every_interview() -> None:
    made = edition(desk(poll(500), "en"))
    figure = next(f for f in inside(section(made, "method").blocks, Figure) if f.id == "en-weights")
    assert sum(int(row[1].replace(",", "")) for row in figure.table.rows) == 500


def many(groups: int, answers: int) -> PollResult:
    codes = list(ANSWERS)[:answers]
    rows = [
        ("trust", code, domain, "taylor", 40, 30.0, 0.2, 0.05, 0.1, 0.3, 50.0, 1.3, "")
        for code in codes
        for domain in ("", *(f"place={i:04}" for i in range(groups)))
    ]
    found = pl.DataFrame(rows, schema=list(COLUMNS), orient="row")
    declared = study(indicators=(IndicatorSettings("trust", "categorical", column="trust"),))
    return result(interviews(50), found, declared, LABELS)


def test_more_groups_than_a_chart_can_hold_are_a_table() -> None:
    made = edition(desk(many(LONGEST + 1, 1), "en"))
    found = section(made, "q1")
    tables = inside(found.blocks, TableBlock)
    assert [len(one.table.rows) for one in tables] == [1, LONGEST + 2]
    assert inside(found.blocks, Figure) == []


def test_of_very_many_estimates_only_the_leading_answer_is_drawn() -> None:
    made = many(VERY_MANY // 4, 5)
    assert made.estimates.height > VERY_MANY
    found = section(edition(desk(made, "en")), "q1")
    assert inside(found.blocks, Fold) == []
    assert "The other answers by these groups are in estimates.csv." in english(made)


def test_regions_have_a_map_and_other_groups_have_none() -> None:
    made = edition(desk(poll(800), "en"))
    ids = [figure.id for figure in inside(section(made, "q2").blocks, Figure)]
    assert ids == ["en-q2-0-0", "en-q2-0-0-map", "en-q2-1-0"]
