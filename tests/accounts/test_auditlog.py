"""The audit log takes what was declared, and gives nothing back."""

from __future__ import annotations

from importlib import import_module

import pytest
from django.utils import translation
from django.utils.translation import gettext_lazy as _

from kelisim.accounts.roles import Role
from kelisim.auditlog.actions import REGISTRY, declare, operation, record
from kelisim.auditlog.models import Entry
from kelisim.consultations.models import Mode, Reason, Verdict
from kelisim.engine.settlement.procedure import STATES
from kelisim.fieldwork.models import Checked
from kelisim.fieldwork.outcomes import Outcome
from kelisim.mediation.views.case import ASKED
from kelisim.mediation.words import Kind, Purpose, Room, SignedBy
from kelisim.surveys.models import State
from tests.web import organisation

pytestmark = pytest.mark.django_db
SEEN = declare("tests.seen", _("Sign in"), facts=("what",), personal=("whom",))


KEPT = {
    "accounts.grant_role": {"role": Role.values},
    "accounts.revoke_role": {"role": Role.values},
    "consultations.answer": {"verdict": Verdict.values},
    "consultations.enter_sheet": {"mode": Mode.values},
    "consultations.judge_appeal": {"verdict": ["appeal-lost", "appeal-won-accepted"]},
    "consultations.moderate": {"verdict": ["accepted", *Reason.values]},
    "consultations.owe": {"due": ["2026-12-08"]},
    "consultations.word_statement": {"language": ["kk", "ru"]},
    "fieldwork.check_back": {"found": Checked.values},
    "fieldwork.record_contact": {"outcome": Outcome.values},
    "mediation.open_round": {"purpose": Purpose.values},
    "mediation.run_round": {"purpose": Purpose.values},
    "mediation.sign": {"by": SignedBy.values},
    "mediation.speak": {"about": ["mediator", *ASKED, "anew"]},
    "mediation.take_step": {"state": sorted(STATES)},
    "mediation.write": {"room": Room.values, "kind": Kind.values},
    "surveys.move": {"state": State.values},
}
"""Codes that the log keeps, by action and fact."""


@pytest.fixture(autouse=True)
def every_action() -> None:
    """Load the site's addresses, and with them every action that can be recorded."""
    import_module("kelisim.site.urls")


@pytest.mark.parametrize("language", ["kk", "ru", "en"])
def test_the_log_reads_as_words_where_it_keeps_codes(language: str) -> None:
    with translation.override(language):
        for action, facts in KEPT.items():
            for fact, codes in facts.items():
                for code in codes:
                    said = str(REGISTRY[action].told({fact: code})[fact])
                    assert said != code or language == "en", (action, fact, code)
                    assert "_" not in said, (action, fact, code)


def test_what_is_on_no_list_any_more_reads_as_it_was_kept() -> None:
    assert REGISTRY["accounts.grant_role"].told({"role": "herald"}) == {"role": "herald"}


def test_an_office_reads_by_its_name() -> None:
    house = organisation("house")
    told = REGISTRY["consultations.owe"].told({"office": "house", "number": 3})
    assert told == {"office": house.name, "number": 3}


def test_an_action_is_declared_once() -> None:
    with pytest.raises(ValueError, match="declared twice"):
        declare("tests.seen", _("Sign in"))
    assert REGISTRY["tests.seen"] is SEEN


def test_an_undeclared_fact_is_a_mistake_of_the_program() -> None:
    with pytest.raises(ValueError, match="does not declare"):
        record(SEEN, organisation("house"), by=None, facts={"where": "here"})
    assert not Entry.objects.exists()


def test_personal_facts_need_a_person_to_belong_to() -> None:
    with pytest.raises(ValueError, match="Nobody owns"):
        record(SEEN, organisation("house"), by=None, facts={"whom": "A. B."})


def test_entries_of_one_operation_share_its_number() -> None:
    house = organisation("house")
    with operation() as number:
        first, second = (record(SEEN, house, by=None, facts={"what": n}) for n in (1, 2))
    assert first.operation == second.operation == number
    assert record(SEEN, house, by=None).operation != number


def test_an_entry_is_never_changed_and_never_removed() -> None:
    entry = record(SEEN, organisation("house"), by=None)
    with pytest.raises(TypeError):
        entry.save()
    with pytest.raises(TypeError):
        entry.delete()
