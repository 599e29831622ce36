"""The audit log takes what was declared, and gives nothing back."""

from __future__ import annotations

import pytest
from django.utils.translation import gettext_lazy as _

from kelisim.auditlog.actions import REGISTRY, declare, operation, record
from kelisim.auditlog.models import Entry
from tests.web import organisation

pytestmark = pytest.mark.django_db
SEEN = declare("tests.seen", _("Sign in"), facts=("what",), personal=("whom",))


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
