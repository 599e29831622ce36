"""Tell something about oneself, so that the country can be estimated; or erase it."""

from __future__ import annotations

from collections.abc import Mapping

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from kelisim.auditlog.actions import declare, record
from kelisim.consultations.actions.refresh import ask_refresh
from kelisim.consultations.models import About, Consultation, Participant
from kelisim.consultations.population import VARIABLES
from kelisim.consultations.refusals import Refused
from kelisim.core.clock import Clock, SystemClock

TOLD = declare(
    "consultations.tell", _("A participant told something about themselves, for sums alone.")
)
ERASED = declare(
    "consultations.erase", _("A participant erased what they had told about themselves.")
)


def tell(
    house: Consultation,
    voice: Participant,
    said: Mapping[str, str],
    *,
    clock: Clock | None = None,
) -> None:
    """Keep what a voice tells in place of what it told before; nothing told erases it.

    Raises
    ------
    Refused
        The consultation has closed: its results stand.
    """
    now = (clock or SystemClock()).now()
    if not house.is_open(now):
        raise Refused("not-open")
    facts = {name: said.get(name, "") for name in VARIABLES}
    with transaction.atomic():
        if any(facts.values()):
            About.objects.update_or_create(participant=voice, defaults=facts)
            # Whose it is stays out of the log: a voice has no name anywhere.
            record(TOLD, house, by=None, clock=clock)
        else:
            _erase(house, voice, clock)
        ask_refresh([house.pk], now)


def erase(house: Consultation, voice: Participant, *, clock: Clock | None = None) -> None:
    """Erase what a voice told about itself; this can be done at any time."""
    with transaction.atomic():
        _erase(house, voice, clock)
        ask_refresh([house.pk], (clock or SystemClock()).now())


def _erase(house: Consultation, voice: Participant, clock: Clock | None) -> None:
    gone, _rows = About.objects.filter(participant=voice).delete()
    if gone:
        record(ERASED, house, by=None, clock=clock)
