"""Keep the register of mediators: enter somebody, confirm what entitles them, revoke it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from django.db import transaction
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from kelisim.accounts.models import Organisation, User
from kelisim.auditlog.actions import declare, record
from kelisim.core.clock import Clock, SystemClock
from kelisim.core.errors import StepRefused
from kelisim.mediation.models import Credential, Mediator
from kelisim.mediation.words import MediatorKind

SYSTEM = SystemClock()
ENTERED = declare("mediation.enter_mediator", _("%(actor)s entered a mediator in the register."))
ADDED = declare("mediation.add_credential", _("%(actor)s added a mediator’s credential."))
CONFIRMED = declare("mediation.confirm_credential", _("%(actor)s confirmed a credential."))
REVOKED = declare("mediation.revoke_credential", _("%(actor)s revoked a credential."))


def enter_mediator(
    *,
    centre: Organisation,
    person: User,
    kind: MediatorKind,
    regions: Sequence[str],
    languages: Sequence[str],
    topics: Sequence[str],
    by: User,
    about: str = "",
    capacity: int = 5,
) -> Mediator:
    """Return the entry. Ethnicity is neither asked nor kept."""
    with transaction.atomic():
        made, _new = Mediator.objects.update_or_create(
            person=person,
            defaults={
                "centre": centre,
                "kind": kind,
                "regions": list(regions),
                "languages": list(languages),
                "topics": list(topics),
                "about": about,
                "capacity": capacity,
            },
        )
        record(ENTERED, made, by=by, organisation=centre)
    return made


def add_credential(
    mediator: Mediator,
    *,
    title: str,
    number: str,
    issued: date,
    expires: date,
    evidence: str,
    by: User,
) -> Credential:
    """Return the credential; it entitles to nothing until somebody has seen the evidence.

    Parameters
    ----------
    evidence
        Where the document can be checked: a register number, or the SHA-256 of a scan.

    Raises
    ------
    StepRefused
        It ends before it begins.
    """
    if expires < issued:
        raise StepRefused(gettext("The credential ends before it was issued."))
    with transaction.atomic():
        made = Credential.objects.create(
            mediator=mediator,
            title=title,
            number=number,
            issued=issued,
            expires=expires,
            evidence=evidence,
        )
        record(ADDED, made, by=by, organisation=mediator.centre)
    return made


def confirm_credential(credential: Credential, *, by: User, clock: Clock = SYSTEM) -> None:
    """Say that one has seen the evidence; never one's own.

    Raises
    ------
    StepRefused
        It is one's own credential.
    """
    if credential.mediator.person_id == by.pk:
        raise StepRefused(gettext("Nobody confirms their own credential."))
    with transaction.atomic():
        Credential.objects.filter(pk=credential.pk).update(
            confirmed_by=by, confirmed=clock.now(), revoked=None
        )
        record(CONFIRMED, credential, by=by, organisation=credential.mediator.centre, clock=clock)


def revoke_credential(credential: Credential, *, by: User, clock: Clock = SYSTEM) -> None:
    """End a credential at once: open cases of the mediator are stopped from being signed."""
    with transaction.atomic():
        Credential.objects.filter(pk=credential.pk).update(revoked=clock.now())
        record(REVOKED, credential, by=by, organisation=credential.mediator.centre, clock=clock)
