"""Outcome rates are AAPOR's: published examples, and the order that the definitions imply."""

from __future__ import annotations

from dataclasses import asdict
from itertools import pairwise

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from kelisim.core.errors import ValueRefused
from kelisim.engine.sampling import Dispositions, eligibility, outcome_rates

COUNT = st.integers(0, 10_000)
CASES = st.builds(
    Dispositions, I=COUNT, P=COUNT, R=COUNT, NC=COUNT, O=COUNT, UH=COUNT, UO=COUNT, NE=COUNT
)
SHARE = st.floats(0, 1)
SLACK = 1e-12


def test_the_rates_of_twelve_people_are_those_ropensci_publishes() -> None:
    # README of ropensci/outcomerate, which rounds to three digits.
    found = asdict(outcome_rates(Dispositions(I=4, P=2, R=1, NC=1, O=1, UH=1, UO=1, NE=1)))
    published = {
        **{"RR1": 0.364, "RR2": 0.545, "RR3": 0.370, "RR4": 0.556, "RR5": 0.444, "RR6": 0.667},
        **{"COOP1": 0.500, "COOP2": 0.750, "COOP3": 0.571, "COOP4": 0.857},
        **{"REF1": 0.091, "REF2": 0.093, "REF3": 0.111},
        **{"CON1": 0.727, "CON2": 0.741, "CON3": 0.889},
    }
    assert {name: round(found[name], 3) for name in published} == published
    assert found["e"] == 0.9
    assert "CASRO" in found["e_basis"]


def test_the_rates_of_interviews_and_non_contacts_are_those_leeper_publishes() -> None:
    # README of leeper/responserates: 100 interviews and 20 non-contacts.
    found = asdict(outcome_rates(Dispositions(I=100, NC=20)))
    percent = {name: round(100 * found[name], 1) for name in found if name[0] in "RC"}
    assert {percent[name] for name in percent if name.startswith(("RR", "CON"))} == {83.3}
    assert {percent[name] for name in percent if name.startswith("COOP")} == {100.0}
    assert {percent[name] for name in percent if name.startswith("REF")} == {0.0}


@settings(deadline=None, max_examples=200)
@given(CASES, SHARE)
def test_rates_stand_in_the_order_of_their_definitions(d: Dispositions, e: float) -> None:
    assume(d.I + d.P + d.R > 0)
    r = {k: v for k, v in asdict(outcome_rates(d, e, "assumed")).items() if k[-1] in "123456"}
    assert all(0 <= rate <= 1 for rate in r.values())
    chains = ["RR1 RR3 RR5", "RR2 RR4 RR6", "RR1 RR2", "RR3 RR4", "RR5 RR6", "REF1 REF2 REF3"]
    chains += ["CON1 CON2 CON3", "COOP1 COOP2 COOP4", "COOP1 COOP3 COOP4", "RR2 CON1", "RR6 CON3"]
    for chain in chains:
        rates = [r[name] for name in chain.split()]
        assert all(a <= b + SLACK for a, b in pairwise(rates)), chain


@settings(deadline=None, max_examples=100)
@given(CASES)
def test_e_of_one_and_zero_are_the_rates_without_e(d: Dispositions) -> None:
    assume(d.eligible > 0)
    all_of_them, none = outcome_rates(d, 1.0, "assumed"), outcome_rates(d, 0.0, "assumed")
    assert (all_of_them.RR3, all_of_them.RR4) == (all_of_them.RR1, all_of_them.RR2)
    assert (all_of_them.REF2, all_of_them.CON2) == (all_of_them.REF1, all_of_them.CON1)
    assert (none.RR3, none.RR4) == (none.RR5, none.RR6)
    assert (none.REF2, none.CON2) == (none.REF3, none.CON3)


@settings(deadline=None, max_examples=100)
@given(CASES, SHARE)
def test_response_is_contact_times_cooperation(d: Dispositions, e: float) -> None:
    assume(d.I + d.P + d.R + d.O > 0)
    r = outcome_rates(d, e, "assumed")
    for response, contact, cooperation in (
        (r.RR1, r.CON1, r.COOP1),
        (r.RR2, r.CON1, r.COOP2),
        (r.RR3, r.CON2, r.COOP1),
        (r.RR4, r.CON2, r.COOP2),
        (r.RR5, r.CON3, r.COOP1),
        (r.RR6, r.CON3, r.COOP2),
    ):
        assert contact is not None
        assert cooperation is not None
        assert response == pytest.approx(contact * cooperation)


@settings(deadline=None, max_examples=50)
@given(CASES, st.integers(2, 9))
def test_rates_do_not_depend_on_the_unit_of_the_weights(d: Dispositions, factor: int) -> None:
    assume(d.I + d.P + d.R > 0)
    heavier = Dispositions(**{name: count * factor for name, count in asdict(d).items()})
    r, s = asdict(outcome_rates(d)), asdict(outcome_rates(heavier))
    assert [s[k] for k in r if k != "e_basis"] == pytest.approx([r[k] for k in r if k != "e_basis"])


def test_a_rate_of_nobody_is_no_number() -> None:
    found = outcome_rates(Dispositions(I=0, UH=9), 0.0, "assumed")
    assert found.RR1 == 0.0
    assert {found.RR3, found.COOP1, found.COOP3, found.CON3} == {None}


def test_counts_and_shares_that_cannot_be_are_refused() -> None:
    with pytest.raises(ValueRefused, match="The number of cases NC is -1"):
        Dispositions(I=3, NC=-1)
    with pytest.raises(ValueRefused, match="The number of cases I is nan"):
        Dispositions(I=float("nan"))
    with pytest.raises(ValueRefused, match="eligibility of no case is known"):
        eligibility(Dispositions(I=0, UH=4))
    cases = Dispositions(I=3, UH=4)
    for e in (-0.1, 1.1, float("nan")):
        with pytest.raises(ValueRefused, match="The share e of unknown cases"):
            outcome_rates(cases, e, "assumed")
    with pytest.raises(ValueRefused, match="not said how e was come by"):
        outcome_rates(cases, 0.5)
