"""Every bad input the plan of consultations names, and ten more, each with what becomes of it."""

from __future__ import annotations

import numpy as np
import pytest

from kelisim.consultations import tokens
from kelisim.consultations.actions.add_statement import propose
from kelisim.consultations.actions.join import voice
from kelisim.consultations.models import Consultation, Event, Kind, Participant
from kelisim.consultations.refusals import Refused
from kelisim.core.errors import Refusal
from kelisim.engine.opinion import opinion_map, read_votes
from kelisim.engine.opinion.integrity import check_integrity
from tests.consultations.making import refusal, vote

pytestmark = pytest.mark.django_db

NAN = np.nan


@pytest.mark.parametrize(
    ("case", "statement", "choice", "code"),
    [
        ("a vote of 2", 1, 2, "not-a-vote"),
        ("a vote of one half", 1, 0.5, "not-a-vote"),
        ("a vote in words", 1, "agree", "not-a-vote"),
        ("a vote that is true", 1, True, "not-a-vote"),
        ("no vote", 1, None, "not-a-vote"),
        ("a list of votes", 1, [1], "not-a-vote"),
        ("an unknown statement", 999, 1, "no-statement"),
        ("a statement below zero", -1, 1, "no-statement"),
        ("a statement by name", "1; DROP TABLE", 1, "no-statement"),
        ("a statement that is true", True, 1, "no-statement"),
        ("a statement beyond any number", 10**30, 1, "no-statement"),
        ("no statement", None, 1, "no-statement"),
    ],
)
def test_a_vote_that_is_none_is_refused_and_leaves_nothing_behind(
    traffic: Consultation, case: str, statement: object, choice: object, code: str
) -> None:
    assert refusal(traffic, tokens.fresh(), statement, choice) == code, case
    assert not Event.objects.filter(kind=Kind.VOTE).exists()
    assert not Participant.objects.exists()


@pytest.mark.parametrize("token", ["", "short", "x" * 10_000])
def test_a_token_nobody_could_have_been_given_has_no_voice(
    traffic: Consultation, token: str
) -> None:
    assert refusal(traffic, token, 1, 1) == "no-voice"


def test_ten_thousand_votes_a_minute_end_at_fifty(traffic: Consultation) -> None:
    token = tokens.fresh()
    for place in range(50):
        vote(traffic, token, place % 8 + 1, 1 if (place // 8) % 2 else -1)
    codes = [refusal(traffic, token, 5, choice) for choice in (-1, 0) * 5]
    assert set(codes) == {"too-fast"}
    matrix = {"participant": [1] * 10_000, "statement": range(10_000), "vote": [1] * 10_000}
    votes = read_votes({**matrix, "time": [place * 0.006 for place in range(10_000)]})
    found = check_integrity(votes)
    assert found.alarm
    assert found.bursts[0].votes == 10_000


@pytest.mark.parametrize(
    ("case", "text", "code"),
    [
        ("ten thousand characters", "а" * 10_000, "too-long"),
        ("nothing", "", "no-words"),
        ("spaces alone", " \t\n ", "no-words"),
        ("emoji alone", "🚌🚌🚌", "not-text"),
        ("signs that cannot be seen", "\u200b\u202e\u2066", "no-words"),
        ("marks alone", "?!…", "not-text"),
    ],
)
def test_what_is_no_statement_is_refused(
    traffic: Consultation, case: str, text: str, code: str
) -> None:
    author, _new = voice(traffic, tokens.fresh(), "ru")
    with pytest.raises(Refused) as refused:
        propose(traffic, author, text, "ru")
    assert refused.value.code == code, case


@pytest.mark.parametrize(
    ("case", "text", "kept"),
    [
        ("a script", "<script>alert(1)</script> керек", "<script>alert(1)</script> керек"),
        ("right to left", "المزيد من الحافلات", "المزيد من الحافلات"),
        ("text turned around", "жол\u202eкерек", "жолкерек"),
        ("an emoji among words", "Автобус керек 🚌", "Автобус керек 🚌"),
        ("quotes", "\"' OR 1=1 -- жол", "\"' OR 1=1 -- жол"),
        ("marks of a template", "{{ жол }} {% керек %}", "{{ жол }} {% керек %}"),
        ("one idea of 280 letters", "ә" * 280, "ә" * 280),
    ],
)
def test_odd_words_are_kept_as_words(
    traffic: Consultation, case: str, text: str, kept: str
) -> None:
    author, _new = voice(traffic, tokens.fresh(), "kk")
    made = propose(traffic, author, text, "kk")
    assert made.wordings.get().text == kept, case


@pytest.mark.parametrize(
    ("case", "matrix"),
    [
        ("empty rows and columns", [[1, NAN, -1], [NAN, NAN, NAN], [0, NAN, 1]]),
        ("one participant", [[1, -1, 0]]),
        ("one vote", [[1]]),
        ("all pass", [[0, 0, 0]] * 5),
        ("two identical participants", [[1, -1, 1], [1, -1, 1]]),
        ("everybody the same", [[1, 1, -1]] * 30),
        ("all agree with all", [[1] * 6] * 25),
        ("nobody shares a statement", np.where(np.eye(8) > 0, 1.0, NAN)),
    ],
)
def test_odd_matrices_have_a_map_with_finite_numbers(case: str, matrix: object) -> None:
    cells = np.array(matrix, np.float64)
    frame: dict[str, object] = {"participant": np.arange(len(cells))}
    frame |= {f"{s}": cells[:, s] for s in range(cells.shape[1])}
    found = opinion_map(read_votes(frame))
    assert found.participants.height == len(cells), case
    placed = found.participants.select("x", "y", "x_se", "y_se").drop_nulls().to_numpy()
    assert len(placed) == (~np.isnan(cells)).any(axis=1).sum(), case
    assert np.isfinite(placed).all(), case
    score = found.statements["common_ground"].drop_nulls().to_numpy()
    assert ((score >= 0) & (score <= 1)).all(), case
    assert not found.integrity["alarm"] or case in {"everybody the same"}


@pytest.mark.parametrize(
    ("case", "table"),
    [
        ("a vote of 7", {"participant": [1], "statement": [1], "vote": [7]}),
        ("a vote without a participant", {"participant": [None], "statement": [1], "vote": [1]}),
        ("a vote on nothing", {"participant": [1], "statement": [""], "vote": [1]}),
        ("two rows of one person", {"participant": [1, 1], "7": [1, -1]}),
        ("a table without people", {"statement": [1], "vote": [1]}),
        ("words for votes", {"participant": [1], "statement": [1], "vote": ["yes"]}),
        ("no votes at all", {"participant": [1], "7": [None]}),
        (
            "two votes in one moment",
            {"participant": [1, 1], "statement": [1, 1], "vote": [1, -1], "time": [5, 5]},
        ),
    ],
)
def test_a_table_that_is_no_table_of_votes_is_refused(case: str, table: dict[str, object]) -> None:
    with pytest.raises(Refusal):
        opinion_map(table)
    assert case
