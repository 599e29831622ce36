"""The path of a case: no state without an owner and a term, no step without an article."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

import pytest

from kelisim.core.errors import RuleRefused, StepRefused
from kelisim.engine.settlement.deadlines import read_events
from kelisim.engine.settlement.house_rules import HOUSE_RULES, rule_for
from kelisim.engine.settlement.law import KAZAKHSTAN, LegalProfile
from kelisim.engine.settlement.procedure import AS_BEFORE, STATES, STEPS, due, lapsed, target_of
from kelisim.engine.settlement.profiles import read_profile

OPEN = [key for key, state in STATES.items() if not state.ended]


def test_every_state_but_the_last_has_an_owner_and_a_term() -> None:
    for key, state in STATES.items():
        assert state.owner
        if key != "keys_destroyed":
            assert rule_for(state.rule, KAZAKHSTAN).days > 0, key
        if state.lapse:
            assert key in STEPS[state.lapse].sources
            assert "house" in STEPS[state.lapse].by


def test_every_step_names_its_article_and_joins_known_states() -> None:
    for step in STEPS.values():
        assert step.article
        assert set(step.sources) <= STATES.keys()
        assert step.target in STATES or step.target == AS_BEFORE


def test_every_open_state_can_end_and_every_state_can_be_reached() -> None:
    onward = {
        key: {
            target_of(s.key, key, s.by[0], before)
            for s in STEPS.values()
            if key in s.sources
            for before in (["active"], ["active", "extended"])
        }
        for key in STATES
    }
    reached, edge = {"draft"}, {"draft"}
    while edge:
        edge = {after for key in edge for after in onward[key]} - reached
        reached |= edge
    assert reached == STATES.keys()
    for key in OPEN:
        seen, edge = {key}, {key}
        while edge:
            edge = {after for one in edge for after in onward[one]} - seen
            seen |= edge
        assert "keys_destroyed" in seen


@pytest.mark.parametrize("state", [s for s in OPEN if s not in ("performance", "breached")])
@pytest.mark.parametrize("side", ["applicant", "respondent"])
def test_a_side_may_leave_at_any_time_before_the_settlement(state: str, side: Any) -> None:
    assert target_of("withdraw", state, side) == "closed_withdrawn"


@pytest.mark.parametrize("state", [s for s in OPEN if s not in ("performance", "breached")])
def test_danger_stops_whatever_goes_on(state: str) -> None:
    assert target_of("stop", state, "registrar") == "stopped_safety"


def test_a_step_out_of_place_is_refused_with_its_article() -> None:
    with pytest.raises(StepRefused, match="'settle' is not possible while the case is 'active'"):
        target_of("settle", "active", "house")
    with pytest.raises(StepRefused, match="'freeze_text' is not for the party to do"):
        target_of("freeze_text", "active", "party")
    with pytest.raises(StepRefused, match="There is no step 'win'"):
        target_of("win", "active", "party")


def test_a_waived_conflict_leads_back_to_where_the_case_stood() -> None:
    back = [
        target_of("waive_conflict", "paused_conflict", "house", before)
        for before in ([], ["mediator_set"], ["active"], ["active", "extended", "text_frozen"])
    ]
    assert back == ["mediator_set", "mediator_set", "active", "extended"]


def test_a_new_agreement_with_another_mediator_does_not_undo_an_extension() -> None:
    assert target_of("conclude", "mediator_set", "house", ["active", "extended"]) == "extended"
    assert target_of("conclude", "mediator_set", "house", ["mediator_set"]) == "active"


def last(state: str, since: str, today: str, **events: Any) -> str:
    found = due(state, date.fromisoformat(since), read_events(events), day(today), KAZAKHSTAN)
    assert found is not None
    return found.last_day.isoformat()


def day(text: str) -> date:
    return date.fromisoformat(text)


def lapse(state: str, since: str, today: str, **events: Any) -> str:
    return lapsed(state, day(since), read_events(events), day(today), KAZAKHSTAN)


# The six dates that a mediation is lost or kept by.


def test_1_thirty_days_over_a_leap_february_then_the_term_ends_the_case() -> None:
    told = {"agreement_concluded": "2024-01-31"}
    assert last("active", "2024-01-31", "2024-02-10", **told) == "2024-03-01"
    assert lapse("active", "2024-01-31", "2024-03-01", **told) == ""
    assert lapse("active", "2024-01-31", "2024-03-02", **told) == "expire"


def test_2_holidays_move_working_days_and_never_calendar_days() -> None:
    # Nauryz 2026 is Saturday to Monday, so Tuesday and Wednesday are off as well.
    assert last("triage", "2026-03-19", "2026-03-20") == "2026-03-27"
    told = {"agreement_concluded": "2026-02-19"}
    assert last("active", "2026-02-19", "2026-03-20", **told) == "2026-03-21"


def test_3_an_extension_on_day_thirty_holds_to_day_sixty() -> None:
    told = {
        "agreement_concluded": "2024-01-15",
        "extended": {"on": "2024-02-14", "days": 30},
    }
    assert last("extended", "2024-02-14", "2024-02-14", **told) == "2024-03-15"
    assert lapse("extended", "2024-02-14", "2024-03-15", **told) == ""
    assert lapse("extended", "2024-02-14", "2024-03-16", **told) == "expire"


def test_4_ten_working_days_of_the_court_beside_the_term() -> None:
    told = {"agreement_concluded": "2026-03-02", "court_suspended": "2026-03-02"}
    # 9 March stands for Women's Day on a Sunday.
    assert last("active", "2026-03-02", "2026-03-10", **told) == "2026-04-01"
    assert lapse("active", "2026-03-02", "2026-03-20", **told) == ""


def test_5_ten_days_of_silence_are_a_refusal() -> None:
    told = {"proposal_sent": "2026-03-02"}
    assert last("invited", "2026-03-02", "2026-03-05", **told) == "2026-03-12"
    assert lapse("invited", "2026-03-02", "2026-03-12", **told) == ""
    assert lapse("invited", "2026-03-02", "2026-03-13", **told) == "keep_silent"


def test_6_leaving_on_day_fifty_nine_is_in_time_and_day_sixty_one_is_expired() -> None:
    told = {
        "agreement_concluded": "2025-01-01",
        "extended": {"on": "2025-01-20", "days": 30},
    }
    assert day("2025-01-01") + timedelta(days=59) == day("2025-03-01")
    assert lapse("extended", "2025-01-20", "2025-03-01", **told) == ""
    assert target_of("withdraw", "extended", "respondent") == "closed_withdrawn"
    assert lapse("extended", "2025-01-20", "2025-03-03", **told) == "expire"


def test_the_term_runs_on_whatever_the_case_waits_for() -> None:
    told = {"agreement_concluded": "2026-03-02"}
    for state in ("paused_conflict", "mediator_proposed", "text_frozen", "signing"):
        assert lapse(state, "2026-03-28", "2026-04-02", **told) == "expire"
    assert lapse("signing", "2026-03-20", "2026-03-28", **told) == "let_lapse"
    assert lapse("text_frozen", "2026-03-20", "2026-03-28", **told) == ""


def test_entering_a_state_again_does_not_start_the_term_again() -> None:
    told = {"agreement_concluded": "2026-03-02"}
    assert last("active", "2026-03-20", "2026-03-21", **told) == "2026-04-01"


def test_a_term_before_the_first_event_counts_from_the_state() -> None:
    found = due("draft", day("2026-03-02"), read_events({}), day("2026-05-01"), KAZAKHSTAN)
    assert found is not None
    assert (found.last_day.isoformat(), found.state, found.rule.basis) == (
        "2026-04-01",
        "passed",
        "house",
    )
    assert lapse("draft", "2026-03-02", "2026-05-01") == "abandon"
    assert lapse("keys_destroyed", "2026-03-02", "2029-05-01") == ""
    far = due("draft", day("2029-03-02"), read_events({}), day("2029-03-03"), KAZAKHSTAN)
    assert far is not None
    assert far.working_day is None


def test_a_rule_nobody_has_is_refused() -> None:
    with pytest.raises(RuleRefused, match="neither of KZ nor of the house"):
        rule_for("jubilee", KAZAKHSTAN)
    assert len({rule.key for rule in HOUSE_RULES}) == len(HOUSE_RULES)


SIMULATED = """
country = "XX"
version = "XX/simulated/1"
valid_from = 2026-01-01

[[rules]]
key = "silence"
starts = "proposal_sent"
days = 14
unit = "calendar"
article = "Section 4"
source = "simulated, for the tests"
basis = "read"
reviewer = "A lawyer"
reviewed_on = 2026-02-03

[[rules]]
key = "term"
starts = "agreement_concluded"
days = 45
unit = "calendar"
article = "Section 9"
source = "simulated, for the tests"
basis = "memory"

[[rules]]
key = "extension"
starts = "term_ends"
days = 15
unit = "calendar"
article = "Section 9"
source = "simulated, for the tests"
basis = "memory"

[[rules]]
key = "whole"
starts = "agreement_concluded"
days = 60
unit = "calendar"
article = "Section 9"
source = "simulated, for the tests"
basis = "memory"
"""


def simulated(**changes: Any) -> dict[str, Any]:
    return {**tomllib.loads(SIMULATED), **changes}


def test_another_country_is_data() -> None:
    profile = read_profile(simulated())
    told = read_events({"proposal_sent": "2026-03-02"})
    found = due("invited", day("2026-03-02"), told, day("2026-03-03"), profile)
    assert found is not None
    assert found.last_day == day("2026-03-16")
    assert found.rule.confirmed
    assert isinstance(profile, LegalProfile)
    assert read_profile(simulated(valid_from="2026-01-01")) == profile


def without(key: str) -> Mapping[str, Any]:
    rule = dict(simulated()["rules"][0])
    del rule[key]
    return rule


@pytest.mark.parametrize(
    ("document", "sentence"),
    [
        ({"rules": []}, "The profile has no 'rules'"),
        ({"country": ""}, "The profile has no 'country'"),
        ({"valid_from": "soon"}, "'soon' is not a day"),
        ({"rules": simulated()["rules"][:1]}, "no rule 'term', 'extension', 'whole'"),
        ({"rules": simulated()["rules"][:1] * 2}, "'silence' stands twice"),
        ({"rules": [without("article")]}, "rule 'silence': The attribute 'article' is missing"),
        ({"rules": [{**without("days"), "days": 0}]}, "'0' is not a number of days"),
        ({"rules": [{**without("days"), "days": True}]}, "'True' is not a number of days"),
        ({"rules": [{**without("unit"), "unit": "moon"}]}, "'moon' is not one of 'calendar'"),
        ({"rules": [{**without("basis"), "basis": "wish"}]}, "'wish' is not one of 'read'"),
        ({"rules": [{**without("key"), "key": "x", "article_": "1"}]}, "Did you mean 'article'?"),
    ],
)
def test_a_profile_that_is_not_whole_is_refused(document: Any, sentence: str) -> None:
    with pytest.raises(RuleRefused) as refused:
        read_profile(simulated(**document))
    assert sentence in str(refused.value)
