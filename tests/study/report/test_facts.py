from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from kelisim.study.report.facts import Group, group_of, indicators
from kelisim.study.report.precision import design_effect, margin_of_error
from tests.study.report.polls import estimates, interviews, poll, result, study

WORDS = st.text(st.characters(exclude_characters=";="), min_size=1, max_size=8)


@given(st.lists(st.tuples(WORDS, WORDS), min_size=1, max_size=4))
@settings(deadline=None, max_examples=100)
def test_a_domain_is_read_as_it_was_written(pairs: list[tuple[str, str]]) -> None:
    written = ";".join(f"{column}={value}" for column, value in pairs)
    group: Group = tuple(pairs)
    assert group_of(written) == group


def test_the_nation_is_no_group() -> None:
    assert group_of("") == ()


def test_a_value_may_hold_an_equals_sign_or_a_semicolon() -> None:
    assert group_of("size=a=b") == (("size", "a=b"),)
    assert group_of("party=Left; Green;sex=f") == (("party", "Left; Green"), ("sex", "f"))


def test_answers_stand_in_the_order_of_the_question_and_indicators_in_that_of_the_study() -> None:
    found = indicators(poll())
    assert [one.settings.name for one in found] == ["trust", "life_better", "income"]
    assert [answer.category for answer in found[0].answers] == ["1", "2", "3", "4", "9"]
    assert [by.columns for by in found[0].leading.sets] == [("region",), ("sex", "age")]


def test_the_leading_answer_is_the_one_most_people_gave() -> None:
    trust = indicators(poll())[0]
    shares = {a.category: a.nation.estimate for a in trust.answers if a.nation}
    assert trust.leading.category == max(shares, key=lambda category: shares[category] or 0.0)


def test_an_indicator_without_rows_is_not_reported() -> None:
    frame = interviews(100)
    some = estimates(frame, ()).filter(indicator="income")
    assert len(indicators(result(frame, some, study(), poll().labels))) == 1


def test_the_margin_of_error_is_that_of_kish() -> None:
    assert round(margin_of_error(1000, 1.0), 3) == 0.031  # the 3.1 points every pollster knows
    assert margin_of_error(2000, 2.0) == margin_of_error(1000, 1.0)


def test_the_design_effect_is_never_less_than_that_of_the_weights() -> None:
    found = indicators(poll())
    deffs = [a.nation.deff for one in found[:2] for a in one.answers if a.nation]
    assert min(d for d in deffs if d) <= design_effect(found, 1.0) <= max(d for d in deffs if d)
    assert design_effect(found, 9.0) == 9.0
    assert design_effect(found[2:], 1.5) == 1.5  # a mean has no part in it
