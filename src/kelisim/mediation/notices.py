"""Notices that say nothing: there is something new, sign in to read it. Never what, never who."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from functools import partial

from django.core.mail import send_mail
from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext as _
from django_tasks import task

from kelisim.accounts.models import User
from kelisim.mediation.models import Seat

PAUSE = timedelta(hours=1)
"""At most one notice to a person in this time, however much is written."""


def give_notice(seats: Iterable[Seat], *, now: datetime) -> None:
    """Let people know that something waits for them, when the transaction commits."""
    for seat in seats:
        if seat.noticed is None or now - seat.noticed >= PAUSE:
            Seat.objects.filter(pk=seat.pk).update(noticed=now)
            transaction.on_commit(partial(send_notice.enqueue, seat.person_id))


@task
def send_notice(person: int) -> None:
    """Send one notice, in the person's language, the same words to everyone."""
    to = User.objects.filter(pk=person, is_active=True).first()
    if to is None:
        return
    with translation.override(to.language):
        send_mail(
            _("Something new for you"),
            _("There is something new for you at Kelisim. Sign in to read it."),
            None,
            [to.email],
        )
