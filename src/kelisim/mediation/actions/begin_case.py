"""Begin a case: the applicant, a registrar of the centre, and the two rooms of the intake."""

from __future__ import annotations

import secrets

from django.db import transaction
from django.db.models import Count, Q
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from kelisim.accounts.models import Organisation, User
from kelisim.accounts.roles import GRANTS, Permission
from kelisim.auditlog.actions import declare, record
from kelisim.core.clock import Clock, SystemClock, in_kazakhstan
from kelisim.core.errors import StepRefused
from kelisim.mediation.actions.found_rooms import found_room
from kelisim.mediation.law_table import due_of
from kelisim.mediation.models import Case, Seat
from kelisim.mediation.words import Part, Room, Side, Topic

ALPHABET = "23456789ABCDEFGHJKMNPQRSTVWXYZ"
"""Digits and letters that are not taken for one another."""

CODE_LENGTH = 8
SYSTEM = SystemClock()
BEGUN = declare("mediation.begin_case", _("%(actor)s began a case."))


def begin_case(
    *,
    centre: Organisation,
    region: str,
    topic: Topic,
    language: str,
    by: User,
    clock: Clock = SYSTEM,
) -> Case:
    """Return the case as a draft that only the applicant and one registrar can read.

    Raises
    ------
    StepRefused
        The centre has nobody whose key could receive the application.
    """
    registrar = registrar_on_duty(centre, besides=by)
    now = clock.now()
    with transaction.atomic():
        case = Case.objects.create(
            code="".join(secrets.choice(ALPHABET) for _ in range(CODE_LENGTH)),
            centre=centre,
            region=region,
            topic=topic,
            language=language,
            since=now,
        )
        found = due_of(case, in_kazakhstan(now).date())
        case.due = found.last_day if found else None
        case.save(update_fields=["due"])
        for person, part, side in ((by, Part.PARTY, Side.A), (registrar, Part.REGISTRAR, "")):
            Seat.objects.create(case=case, person=person, part=part, side=side, since=now)
        found_room(case, Room.APPLICATION, (by, registrar), Side.A)
        found_room(case, Room.SCREENING, (by, registrar), Side.A)
        record(BEGUN, case, by=by, organisation=centre, clock=clock)
    return case


def registrar_on_duty(centre: Organisation, *, besides: User) -> User:
    """Return who of the centre has the fewest open cases at the desk and a key to receive more.

    Raises
    ------
    StepRefused
        There is nobody.
    """
    roles = [role for role, granted in GRANTS.items() if Permission.MEDIATE in granted]
    found = (
        User.objects.filter(
            memberships__organisation=centre,
            memberships__role__in=roles,
            is_active=True,
            key_pair__isnull=False,
        )
        .exclude(pk=besides.pk)
        .annotate(
            open=Count(
                "seats",
                filter=Q(seats__part=Part.REGISTRAR, seats__until__isnull=True),
                distinct=True,
            )
        )
        .order_by("open", "pk")
        .first()
    )
    if found is None:
        raise StepRefused(
            gettext("This centre cannot receive applications yet."),
            why=gettext("Nobody there has set up a key, so nobody could read it in confidence."),
            do=gettext("Choose another centre, or call this one."),
        )
    return found
