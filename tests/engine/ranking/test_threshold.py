"""Three verdicts at a threshold, and what is refused."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kelisim.core.errors import ValueRefused
from kelisim.engine.ranking import threshold_decisions
from kelisim.engine.ranking.discovery import Rule


def test_there_are_three_verdicts() -> None:
    decided = threshold_decisions([0.5, 0.31, 0.1], [0.02] * 3, 0.30)
    assert decided.verdicts == ("above", "undecided", "below")
    assert (decided.threshold, decided.error_rate, decided.method) == (0.30, 0.05, "bh")


def test_the_probability_is_that_of_the_normal_distribution() -> None:
    # One standard error above, at, and 1.96 below: 0.8413, 0.5 and 0.025 by the printed table.
    decided = threshold_decisions([0.32, 0.30, 0.2608], [0.02] * 3, 0.30)
    assert decided.p_above == pytest.approx([0.8413, 0.5, 0.025], abs=5e-5)
    assert decided.p_below == pytest.approx([0.1587, 0.5, 0.975], abs=5e-5)


def test_a_share_is_judged_by_its_logit() -> None:
    # ln(0.5 / 0.5) - ln(0.4 / 0.6) = 0.405465, its error 0.05 / 0.25: 2.0273 errors above.
    decided = threshold_decisions([0.5], [0.05], 0.4, scale="logit")
    assert decided.p_above == pytest.approx([0.97868], abs=1e-5)
    # And a share of 0.3 is judged as far below 0.4 as the share of 0.7 is above 0.6.
    low = threshold_decisions([0.3], [0.05], 0.4, scale="logit")
    high = threshold_decisions([0.7], [0.05], 0.6, scale="logit")
    assert low.p_below == pytest.approx(high.p_above, rel=1e-12)


def test_a_threshold_that_has_no_logit_is_compared_as_it_is() -> None:
    decided = threshold_decisions([0.5, 0.01], [0.1, 0.02], 0.0, scale="logit")
    assert decided.verdicts == ("above", "undecided")


def test_shares_of_nobody_and_of_everybody_have_no_logit_and_are_decided_as_exact() -> None:
    decided = threshold_decisions([0.0, 1.0, np.nan], [0.0, 0.0, np.nan], 0.3, scale="logit")
    assert decided.verdicts == ("below", "above", "undecided")


def test_draws_give_the_share_of_draws_and_the_bayesian_rule() -> None:
    draws = np.array([[0.4, 0.1, 0.3], [0.5, 0.2, 0.3], [0.6, 0.4, 0.3], [0.7, 0.2, 0.3]])
    decided = threshold_decisions(draws.mean(axis=0), draws, 0.30)
    assert decided.method == "bayes"
    assert decided.p_above.tolist() == [1.0, 0.25, 0.0]
    assert decided.p_below.tolist() == [0.0, 0.75, 0.0]
    assert decided.verdicts == ("above", "undecided", "undecided")


def test_an_exact_estimate_is_decided_surely_unless_it_is_at_the_threshold() -> None:
    decided = threshold_decisions([0.31, 0.30, 0.29], [0.0] * 3, 0.30)
    assert decided.verdicts == ("above", "undecided", "below")
    assert decided.p_above.tolist() == [1.0, 0.0, 0.0]
    assert decided.sample_multiplier.tolist() == [1.0, np.inf, 1.0]


def test_no_sample_decides_an_estimate_at_the_threshold() -> None:
    assert threshold_decisions([0.3], [0.02], 0.3).sample_multiplier.tolist() == [np.inf]


@pytest.mark.parametrize(
    "doubt",
    [[0.02, 0.02, np.nan], np.array([[0.5, 0.5, np.nan], [0.6, 0.6, np.nan]])],
    ids=["errors", "draws"],
)
def test_an_area_without_an_estimate_or_its_doubt_is_undecided_without_numbers(doubt: Any) -> None:
    decided = threshold_decisions([0.5, np.nan, 0.5], doubt, 0.30)
    assert decided.verdicts == ("above", "undecided", "undecided")
    for numbers in (decided.p_above, decided.p_below, decided.sample_multiplier):
        assert np.isnan(numbers).tolist() == [False, True, True]


def test_areas_without_an_estimate_do_not_make_the_others_harder_to_decide() -> None:
    alone = threshold_decisions([0.34], [0.0225], 0.30)
    among_unknown = threshold_decisions([0.34, np.nan, np.nan], [0.0225] * 3, 0.30)
    assert alone.verdicts[0] == among_unknown.verdicts[0] == "above"


def test_an_area_is_never_called_on_its_less_likely_side() -> None:
    surely_below = [0.1] * 30
    decided = threshold_decisions([*surely_below, 0.303], [0.01] * 31, 0.30, 0.05, "bayes")
    assert decided.verdicts[-1] == "undecided"


def test_many_sure_calls_pay_for_an_unsure_one_under_the_bayesian_rule_only() -> None:
    estimates, errors = [*[0.5] * 20, 0.31], [0.01] * 21
    assert threshold_decisions(estimates, errors, 0.3, 0.05, "bayes").verdicts[-1] == "above"
    assert threshold_decisions(estimates, errors, 0.3, 0.05, "bh").verdicts[-1] == "undecided"


areas = st.lists(st.tuples(st.integers(0, 60), st.integers(1, 30)), min_size=1, max_size=9)
rules = st.sampled_from(["bayes", "bh", "by"])
law = settings(deadline=None, max_examples=80)


@given(areas, rules)
@law
def test_the_sample_that_is_said_to_be_enough_is_enough(
    drawn: list[tuple[int, int]], rule: Rule
) -> None:
    estimates, errors = np.array(drawn).T / 100
    decided = threshold_decisions(estimates, errors, 0.295, 0.05, rule)
    for j, verdict in enumerate(decided.verdicts):
        assert decided.sample_multiplier[j] >= 1
        if verdict != "undecided" or np.isinf(decided.sample_multiplier[j]):
            continue
        larger = errors.copy()
        larger[j] /= np.sqrt(decided.sample_multiplier[j] * (1 + 1e-6))
        again = threshold_decisions(estimates, larger, 0.295, 0.05, rule)
        assert again.verdicts[j] == ("above" if estimates[j] > 0.295 else "below")


@given(areas, rules)
@law
def test_above_and_below_mirror_each_other(drawn: list[tuple[int, int]], rule: Rule) -> None:
    estimates, errors = np.array(drawn).T / 100
    decided = threshold_decisions(estimates, errors, 0.25, 0.05, rule)
    mirrored = threshold_decisions(-estimates, errors, -0.25, 0.05, rule)
    swap = {"above": "below", "below": "above", "undecided": "undecided"}
    assert mirrored.verdicts == tuple(swap[verdict] for verdict in decided.verdicts)


@given(areas, rules)
@law
def test_a_higher_error_rate_never_takes_a_call_back(
    drawn: list[tuple[int, int]], rule: Rule
) -> None:
    estimates, errors = np.array(drawn).T / 100
    strict = threshold_decisions(estimates, errors, 0.25, 0.01, rule)
    lax = threshold_decisions(estimates, errors, 0.25, 0.2, rule)
    for before, after in zip(strict.verdicts, lax.verdicts, strict=True):
        assert before in ("undecided", after)


@given(areas)
@law
def test_any_dependence_calls_no_more_than_positive_dependence(
    drawn: list[tuple[int, int]],
) -> None:
    estimates, errors = np.array(drawn).T / 100
    by = threshold_decisions(estimates, errors, 0.25, 0.05, "by")
    bh = threshold_decisions(estimates, errors, 0.25, 0.05, "bh")
    for careful, usual in zip(by.verdicts, bh.verdicts, strict=True):
        assert careful in ("undecided", usual)


def test_p_values_from_draws_count_the_estimate_as_a_draw() -> None:
    draws = np.concatenate([np.full((97, 1), 0.4), np.full((2, 1), 0.2)])
    # (2 + 1) / (99 + 1) = 0.03
    assert threshold_decisions([0.39], draws, 0.3, 0.031, "bh").verdicts == ("above",)
    assert threshold_decisions([0.39], draws, 0.3, 0.029, "bh").verdicts == ("undecided",)


def refused(words: str, *arguments: Any) -> None:
    with pytest.raises(ValueRefused, match=words):
        threshold_decisions(*arguments)


def test_a_rule_that_does_not_exist_is_refused_with_those_that_do() -> None:
    refused("The rules are 'bayes', 'bh', 'by'", [0.5], [0.1], 0.3, 0.05, "holm")


@pytest.mark.parametrize("rate", [0.0, 0.5, 5.0, np.nan])
def test_an_error_rate_that_is_none_is_refused(rate: float) -> None:
    refused("above 0 and below 0.5", [0.5], [0.1], 0.3, rate)


def test_a_threshold_that_is_no_number_is_refused() -> None:
    refused("a threshold is a number", [0.5], [0.1], np.nan)


@pytest.mark.parametrize("doubt", [0.1, [0.1, 0.1], [[0.1, 0.1]], np.zeros((0, 1)), [[[0.1]]]])
def test_doubt_of_another_shape_is_refused(doubt: Any) -> None:
    refused("one standard error an area", [0.5], doubt, 0.3)
    refused("one standard error an area", [[0.5]], [0.1], 0.3)


def test_infinite_and_negative_numbers_are_refused() -> None:
    refused("infinite", [np.inf], [0.1], 0.3)
    refused("infinite", [0.5], [np.inf], 0.3)
    refused("standard error is negative", [0.5], [-0.1], 0.3)


def test_an_area_with_some_draws_missing_is_refused_by_name() -> None:
    draws = np.array([[0.4, 0.4], [0.4, np.nan]])
    with pytest.raises(ValueRefused, match="Some draws of an area are missing") as refusal:
        threshold_decisions([0.4, 0.4], draws, 0.3)
    assert refusal.value.where == "area 2"


def test_too_few_draws_for_p_values_are_refused_with_how_many_are_enough() -> None:
    draws = np.full((39, 2), 0.4)
    assert threshold_decisions([0.4, 0.4], draws, 0.3, 0.05, "bh").verdicts == ("above", "above")
    refused("38 draws are too few .* at least 40 draws", [0.4, 0.4], draws[1:], 0.3, 0.05, "bh")
