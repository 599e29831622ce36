"""Set the population a consultation is laid beside."""

from __future__ import annotations

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from kelisim.accounts.models import User
from kelisim.auditlog.actions import declare, record
from kelisim.consultations.actions.refresh import ask_refresh
from kelisim.consultations.models import Consultation, Population
from kelisim.consultations.population import Cells

SET = declare(
    "consultations.set_population",
    _("%(actor)s set the population of %(cells)s cells: %(source)s."),
    facts=("cells", "source"),
)


def set_population(house: Consultation, cells: Cells, source: str, *, by: User) -> None:
    """Keep a population in the place of the one before, and have the country computed anew."""
    now = timezone.now()
    with transaction.atomic():
        Population.objects.update_or_create(
            consultation=house,
            defaults={
                "source": source,
                "variables": list(cells.variables),
                "cells": cells.rows,
                "set_by": by,
                "set_at": now,
            },
        )
        facts = {"cells": len(cells.rows), "source": source}
        record(SET, house, by=by, organisation=house.organisation, facts=facts)
        ask_refresh([house.pk], now)
