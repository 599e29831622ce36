from __future__ import annotations

import math

import pytest

from kelisim.core.errors import IdRefused, ValueRefused
from kelisim.engine.opinion.eventlog import Cast, Displayed, Moderated, Submitted, Verdict, VoteLog


@pytest.fixture
def log() -> VoteLog:
    log = VoteLog()
    log.submit(0, "water")
    log.submit(1, "roads")
    log.display(2, "Aigerim", "water", 0.25)
    log.vote(3, "Aigerim", "water", 1)
    log.vote(4, "Bolat", "water", -1)
    log.vote(5, "Aigerim", "water", 0)
    log.moderate(6, "water", Verdict.REJECTED)
    log.vote(7, "Bolat", "roads", 1)
    log.moderate(8, "water", Verdict.ACCEPTED)
    return log


def test_the_log_keeps_every_event_in_order(log: VoteLog) -> None:
    kinds = [type(event) for event in log.events]
    assert kinds == [Submitted, Submitted, Displayed, Cast, Cast, Cast, Moderated, Cast, Moderated]


@pytest.mark.parametrize(
    ("at", "people", "statements", "signs"),
    [
        (0.5, [], ["water"], []),
        (2, ["Aigerim"], ["roads", "water"], []),
        (4, ["Aigerim", "Bolat"], ["roads", "water"], [1, -1]),
        (5, ["Aigerim", "Bolat"], ["roads", "water"], [0, -1]),
        (7, ["Aigerim", "Bolat"], ["roads"], [1]),
        (math.inf, ["Aigerim", "Bolat"], ["roads", "water"], [0, 1, -1]),
    ],
)
def test_any_past_state_can_be_read_again(
    log: VoteLog, at: float, people: list[str], statements: list[str], signs: list[int]
) -> None:
    votes = log.snapshot(at)
    assert votes.participants.to_list() == people
    assert votes.statements.to_list() == statements
    assert votes.signs.tolist() == signs


def test_a_rejected_statement_comes_back_with_its_votes(log: VoteLog) -> None:
    assert "water" not in log.snapshot(7).statements.to_list()
    assert log.snapshot(8).n_votes.tolist() == [1, 2]


def test_what_is_refused_leaves_nothing_behind(log: VoteLog) -> None:
    before = log.events
    with pytest.raises(IdRefused, match="'roads' is there already"):
        log.submit(9, "roads")
    with pytest.raises(ValueRefused, match="A statement has no name"):
        log.submit(9, "")
    with pytest.raises(ValueRefused, match=r"A vote is 2\."):
        log.vote(9, "Bolat", "roads", 2)
    with pytest.raises(ValueRefused, match=r"There is no statement 'road'\..*Did you mean 'roads'"):
        log.vote(9, "Bolat", "road", 1)
    with pytest.raises(ValueRefused, match="Submit the statement first"):
        log.moderate(9, "zzz", Verdict.ACCEPTED)
    with pytest.raises(ValueRefused, match=r"The probability of a display is 0"):
        log.display(9, "Bolat", "roads", 0.0)
    with pytest.raises(ValueRefused, match="There is no statement 'zzz'"):
        log.display(9, "Bolat", "zzz", 0.5)
    for time in (7.5, math.nan, math.inf):
        with pytest.raises(ValueRefused, match="only ever appended to"):
            log.vote(time, "Bolat", "roads", 1)
    with pytest.raises(ValueRefused, match="only ever appended to"):
        log.submit(7.5, "schools")
    log.submit(9, "schools")
    assert log.events[:-1] == before
