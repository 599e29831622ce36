"""Invite: make a sheet of codes, of which only digests are kept."""

from __future__ import annotations

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext_lazy as _

from kelisim.accounts.models import User
from kelisim.auditlog.actions import declare, record
from kelisim.consultations import tokens
from kelisim.consultations.models import Consultation, Invitation

INVITED = declare(
    "consultations.invite",
    _("%(actor)s made sheet %(sheet)s with %(count)s invitation codes."),
    facts=("sheet", "count"),
)

MOST = 500
"""Codes of one sheet."""


def invite(consultation: Consultation, count: int, *, by: User) -> list[str]:
    """Return new codes, to be printed now: nobody can see them again."""
    codes = [tokens.fresh_code() for _number in range(count)]
    with transaction.atomic():
        held = Consultation.objects.select_for_update().get(pk=consultation.pk)
        sheet = (held.invitations.aggregate(n=Max("sheet"))["n"] or 0) + 1
        Invitation.objects.bulk_create(
            Invitation(
                consultation=held, digest=tokens.digest(tokens.of_code(held, code)), sheet=sheet
            )
            for code in codes
        )
        facts = {"sheet": sheet, "count": count}
        record(INVITED, held, by=by, organisation=held.organisation, facts=facts)
    return codes
