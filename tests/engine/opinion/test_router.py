from __future__ import annotations

import numpy as np
import pytest

from kelisim.core.errors import ValueRefused
from kelisim.engine.opinion.model import ideal_point
from kelisim.engine.opinion.placing import place_people
from kelisim.engine.opinion.router import (
    draw,
    information_gain,
    information_told,
    monitor_routing,
    route,
)
from tests.engine.opinion.conversations import camps, matrix_votes

MATRIX = camps(60, 20)
MODEL = ideal_point(matrix_votes(MATRIX), 1)
COUNTS = (~np.isnan(MATRIX)).sum(axis=0).astype(float)
ALL = np.arange(20)


@pytest.mark.parametrize("participant", [None, 3])
def test_every_statement_can_be_shown_and_the_chances_sum_to_one(participant: int | None) -> None:
    found = route(MODEL, participant, ALL, COUNTS)
    assert found.probabilities.sum() == pytest.approx(1.0)
    assert (found.probabilities >= 0.15 / 20 - 1e-12).all()


def test_what_parts_the_camps_tells_more_about_a_stranger_than_what_all_agree_on() -> None:
    gains = information_gain(MODEL, None, ALL)
    assert gains[:10].min() > gains[10:].max()
    found = route(MODEL, None, ALL, COUNTS)
    assert found.probabilities[:10].sum() > 0.6


def test_who_is_known_is_asked_for_less() -> None:
    stranger, known = information_gain(MODEL, None, ALL), information_gain(MODEL, 3, ALL)
    assert (known[:10] < stranger[:10]).all()


def test_a_new_statement_has_a_head_start() -> None:
    few, many = np.full(20, 500.0), np.full(20, 500.0)
    few[0] = 0.0
    fresh = route(MODEL, 3, ALL, few).probabilities[0]
    old = route(MODEL, 3, ALL, many).probabilities[0]
    assert fresh > 1.5 * old


def test_pure_control_is_even() -> None:
    np.testing.assert_allclose(route(MODEL, 3, ALL, COUNTS, control=1.0).probabilities, 0.05)


def test_a_gain_is_the_fall_of_entropy_under_the_bound() -> None:
    """Half the log of the ratio of determinants before and after the vote, for the person."""
    at = np.array([0, 2])
    before = MODEL.people.covariance[3][np.ix_(at, at)]
    y = np.array([1.0, MODEL.agreeing.mean[4, 1]])
    x = np.array([1.0, MODEL.people.mean[3, 2]])
    mean = MODEL.people.mean[3, 0] + MODEL.agreeing.mean[4, 0] + x[1] * y[1]
    statement = MODEL.agreeing.covariance[4]
    variance = y @ before @ y + x @ statement @ x + before[1, 1] * statement[1, 1]
    c = np.sqrt(mean**2 + variance)
    omega = np.tanh(c / 2) / (2 * c)

    after = np.linalg.inv(np.linalg.inv(before) + omega * np.outer(y, y))
    expected = 0.5 * np.log(np.linalg.det(before) / np.linalg.det(after))
    assert information_gain(MODEL, 3, np.array([4]))[0] == pytest.approx(expected)


def test_a_vote_tells_something_a_surprise_more_and_a_vote_not_cast_nothing() -> None:
    seen = MATRIX.copy()
    told = {}
    for vote in (np.nan, -1.0, 1.0):
        seen[3, 4] = np.nan
        before = place_people(matrix_votes(seen[3:4]), MODEL)
        seen[3, 4] = vote
        told[vote] = information_told(before, place_people(matrix_votes(seen[3:4]), MODEL))
    # Person 3 is of the camp that disagrees with statement 4.
    assert 0.0 == next(iter(told.values())) < told[-1.0] < told[1.0]


def test_draws_follow_the_logged_probabilities_and_name_the_even_ones() -> None:
    routing, rng = route(MODEL, None, ALL, COUNTS, control=0.3), np.random.default_rng(0)
    drawn = [draw(routing, rng) for _ in range(20_000)]
    shown = np.bincount([d.statement for d in drawn], minlength=20) / 20_000
    np.testing.assert_allclose(shown, routing.probabilities, atol=0.012)
    assert np.mean([d.even for d in drawn]) == pytest.approx(0.3, abs=0.02)
    even = np.bincount([d.statement for d in drawn if d.even], minlength=20)
    assert even.min() > 0.7 * even.max()
    assert all(d.probability == routing.probabilities[d.statement] for d in drawn[:50])


def test_pure_control_draws_evenly() -> None:
    routing, rng = route(MODEL, None, ALL, COUNTS, control=1.0), np.random.default_rng(0)
    assert all(draw(routing, rng).even for _ in range(100))


def test_who_has_seen_all_is_thanked() -> None:
    with pytest.raises(ValueRefused, match="no statement left to show"):
        route(MODEL, 3, np.empty(0, np.int64), COUNTS)


@pytest.mark.parametrize("control", [0.0, -0.1, 1.1])
def test_routing_without_a_control_share_is_refused(control: float) -> None:
    with pytest.raises(ValueRefused, match="The control share is"):
        route(MODEL, 3, ALL, COUNTS, control=control)


def test_routing_no_better_than_chance_raises_the_alarm() -> None:
    """The fault of pol.is from 2025 to 2026: routing was silently even."""
    rng = np.random.default_rng(0)
    outcomes, even = rng.normal(1.0, 0.5, 2000), rng.random(2000) < 0.15
    found = monitor_routing(outcomes, even)
    assert found.alarm
    assert "no better" in found.note


def test_routing_that_works_is_quiet() -> None:
    rng = np.random.default_rng(0)
    even = rng.random(2000) < 0.15
    found = monitor_routing(rng.normal(np.where(even, 1.0, 1.3), 0.5), even)
    assert not found.alarm
    assert found.routed > found.control
    assert found.p_value < 0.01


@pytest.mark.parametrize("count", [0, 50])
def test_the_monitor_waits_for_enough_displays(count: int) -> None:
    found = monitor_routing(np.ones(count), np.zeros(count, np.bool_))
    assert not found.alarm
    assert "Too few" in found.note


def test_outcomes_that_never_vary_are_judged_too() -> None:
    assert monitor_routing(np.ones(1000), np.arange(1000) % 2 == 0).alarm
