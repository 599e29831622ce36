"""Follow a consultation, or no longer: who follows is told of official answers."""

from __future__ import annotations

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from kelisim.accounts.models import User
from kelisim.auditlog.actions import declare, record
from kelisim.consultations.models import Consultation, Follower

FOLLOWED = declare(
    "consultations.follow",
    _("%(actor)s asked to be told of official answers, or no longer: %(slug)s."),
    personal=("slug",),
)


def follow(consultation: Consultation, person: User) -> bool:
    """Follow a consultation, or end it if the person follows it; return whether they follow now."""
    with transaction.atomic():
        ended, _rows = Follower.objects.filter(consultation=consultation, person=person).delete()
        if not ended:
            Follower.objects.get_or_create(consultation=consultation, person=person)
        facts = {"slug": consultation.slug}
        record(FOLLOWED, consultation, by=person, about=person, facts=facts)
    return not ended
