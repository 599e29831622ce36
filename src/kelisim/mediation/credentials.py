"""Whether a mediator may mediate on a day: a confirmed credential that has not ended."""

from __future__ import annotations

from datetime import date

from django.db.models import QuerySet

from kelisim.mediation.models import Credential, Mediator, Seat
from kelisim.mediation.words import Part


def entitled(day: date) -> QuerySet[Mediator]:
    """Return the mediators whose credential somebody confirmed, and which holds on a day."""
    valid = Credential.objects.filter(
        confirmed__isnull=False, revoked__isnull=True, issued__lte=day, expires__gte=day
    )
    return Mediator.objects.filter(credentials__in=valid, person__is_active=True).distinct()


def is_entitled(seat: Seat, day: date) -> bool:
    """Return whether the mediator of a place may go on."""
    return seat.part != Part.MEDIATOR or entitled(day).filter(person=seat.person).exists()
