"""Back-checks: interviews drawn by chance are asked about again, by somebody else."""

from __future__ import annotations

import math

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from kelisim.accounts.models import User
from kelisim.auditlog.actions import declare, named, record
from kelisim.bells.ring import ring
from kelisim.core.clock import Clock, SystemClock
from kelisim.core.errors import ValueRefused
from kelisim.core.rng import stream
from kelisim.fieldwork import channels
from kelisim.fieldwork.models import BackCheck, Checked, Contact
from kelisim.fieldwork.outcomes import Outcome
from kelisim.surveys.models import Survey

NOBODY = 0
"""Stands for whoever holds a device that is nobody's."""

DRAWN = declare(
    "fieldwork.draw_back_checks",
    _("%(actor)s drew %(units)s interviews to be checked, from the seed %(seed)s."),
    facts=("units", "seed"),
)
FOUND = declare(
    "fieldwork.check_back",
    _("%(actor)s checked the interview at the unit %(unit)s: “%(found)s”."),
    facts=("unit", "found"),
    reads={"found": named(Checked.choices)},
)


def draw_back_checks(*, survey: Survey, share: float, seed: int, by: User) -> int:
    """Return how many were drawn: that share of every interviewer's interviews, rounded up.

    Interviews drawn before count towards the share; the seed is kept, so that anybody can repeat
    the draw.
    """
    drawn = 0
    with transaction.atomic():
        done = Contact.objects.filter(unit__survey=survey, outcome=Outcome.COMPLETE)
        by_person: dict[int, list[int]] = {}
        for person, unit in done.order_by("unit").values_list("interviewer", "unit").distinct():
            by_person.setdefault(person or NOBODY, []).append(unit)
        asked = set(BackCheck.objects.filter(unit__survey=survey).values_list("unit", flat=True))
        for person, units in sorted(by_person.items()):
            wanted = math.ceil(share * len(units)) - len(asked & set(units))
            left = [unit for unit in units if unit not in asked]
            chosen = stream(seed, "back-checks", person).sample(left, max(wanted, 0))
            BackCheck.objects.bulk_create([BackCheck(unit_id=unit) for unit in chosen])
            drawn += len(chosen)
        facts = {"units": drawn, "seed": str(seed)}
        record(DRAWN, survey, by=by, organisation=survey.organisation, facts=facts)
    return drawn


def check_back(
    *, check: BackCheck, found: Checked, by: User, note: str = "", clock: Clock | None = None
) -> None:
    """Record what a back-check found.

    Raises
    ------
    ValueRefused
        The checker is the interviewer.
    """
    unit = check.unit
    if unit.contacts.filter(interviewer=by, outcome=Outcome.COMPLETE).exists():
        raise ValueRefused(
            "An interview is not checked by who made it.", do="Ask a colleague to call."
        )
    with transaction.atomic():
        check.found, check.by, check.note = found, by, note
        check.found_at = (clock or SystemClock()).now()
        check.save()
        facts = {"unit": unit.code, "found": found.value}
        record(FOUND, check, by=by, organisation=unit.survey.organisation, facts=facts)
        ring(channels.fieldwork(unit.survey_id))
