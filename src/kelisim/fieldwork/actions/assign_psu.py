"""Give a PSU to an interviewer, or take it back."""

from __future__ import annotations

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from kelisim.accounts.models import User
from kelisim.auditlog.actions import declare, record
from kelisim.bells.ring import ring
from kelisim.fieldwork import channels
from kelisim.fieldwork.models import Psu

ASSIGNED = declare(
    "fieldwork.assign_psu",
    _("%(actor)s gave %(psu)s to the interviewer %(person)s."),
    facts=("psu",),
    personal=("person",),
)
FREED = declare("fieldwork.free_psu", _("%(actor)s took %(psu)s back."), facts=("psu",))


def assign_psu(*, psu: Psu, interviewer: User | None, by: User) -> None:
    """Assign the PSU; the units in it follow."""
    if psu.interviewer == interviewer:
        return
    with transaction.atomic():
        psu.interviewer = interviewer
        psu.save(update_fields=["interviewer"])
        house = psu.survey.organisation
        if interviewer is None:
            record(FREED, psu, by=by, organisation=house, facts={"psu": psu.code})
        else:
            told = {"psu": psu.code, "person": interviewer.email}
            record(ASSIGNED, psu, by=by, organisation=house, about=interviewer, facts=told)
        ring(channels.fieldwork(psu.survey_id))
