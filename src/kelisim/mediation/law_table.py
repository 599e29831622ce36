"""Which rules a case is under: the profiles of its country, and the one of its own day."""

from __future__ import annotations

import tomllib
from datetime import date
from functools import cache

from django.conf import settings

from kelisim.core.clock import in_kazakhstan
from kelisim.engine.settlement.deadlines import Deadline, Events
from kelisim.engine.settlement.law import KAZAKHSTAN, LegalProfile, profile_on
from kelisim.engine.settlement.procedure import STEPS, due, lapsed
from kelisim.engine.settlement.profiles import read_profile
from kelisim.mediation.models import Case


@cache
def profiles() -> tuple[LegalProfile, ...]:
    """Return every profile: Kazakhstan's, and those in ``law/*.toml`` of the site's data folder."""
    folder = settings.ENVIRONMENT.data / "law"
    added = [read_profile(tomllib.loads(p.read_text())) for p in sorted(folder.glob("*.toml"))]
    return (KAZAKHSTAN, *added)


def profile_of(case: Case, today: date) -> LegalProfile:
    """Return the profile a case keeps since its agreement, or the one in force today."""
    of_country = [p for p in profiles() if p.country == case.country]
    kept = [p for p in of_country if p.version == case.profile]
    return kept[0] if kept else profile_on(today, of_country)


def events_of(case: Case) -> Events:
    """Return what the law counts days from, out of the log; the first of each kind counts."""
    on: dict[str, date] = {}
    extended = 0
    for passage in case.passages.order_by("at", "pk"):
        event = STEPS[passage.step].event
        if event and event not in on:
            on[event] = in_kazakhstan(passage.at).date()
            extended = passage.days if event == "extended" else extended
    return Events(on, extended)


def due_of(case: Case, today: date) -> Deadline | None:
    """Return until when somebody must have acted in a case."""
    since = in_kazakhstan(case.since).date()
    return due(case.state, since, events_of(case), today, profile_of(case, today))


def lapse_of(case: Case, today: date) -> str:
    """Return the step that a passed term asks of the house, or an empty text."""
    since = in_kazakhstan(case.since).date()
    return lapsed(case.state, since, events_of(case), today, profile_of(case, today))
