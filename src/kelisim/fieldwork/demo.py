"""A drawn sample in the field: places of the demo country, assigned, some visited already."""

from __future__ import annotations

from kelisim.accounts.demo import Stage
from kelisim.accounts.roles import Role
from kelisim.core.canonical import canonical_csv
from kelisim.core.regions import REGIONS
from kelisim.core.rng import stream
from kelisim.fieldwork.actions.assign_psu import assign_psu
from kelisim.fieldwork.actions.import_sample import import_sample
from kelisim.fieldwork.actions.record_contact import record_contact
from kelisim.fieldwork.models import Psu, Unit
from kelisim.fieldwork.outcomes import Outcome
from kelisim.surveys.models import Survey

PSUS, HOUSEHOLDS, VISITED = 2, 6, 90
SEEN = (Outcome.COMPLETE, Outcome.COMPLETE, Outcome.REFUSED, Outcome.NO_CONTACT)


def furnish(stage: Stage, survey: Survey, seed: int) -> None:
    """Bring a SIMULATED sample into the field of a survey, and visit some of its households."""
    by, interviewer = stage.people[Role.SUPERVISOR], stage.people[Role.INTERVIEWER]
    import_sample(survey=survey, content=sample(), by=by)
    for psu in Psu.objects.filter(survey=survey).order_by("pk")[: 2 * PSUS]:
        assign_psu(psu=psu, interviewer=interviewer, by=by)
    chance = stream(seed, "demo", "fieldwork")
    units = list(Unit.objects.filter(survey=survey).select_related("psu", "survey").order_by("pk"))
    for unit in chance.sample(units, VISITED):
        record_contact(unit=unit, outcome=chance.choice(SEEN), by=interviewer)


def sample() -> bytes:
    """Return a sample as ``kelisim poll sample`` writes it: households of every region."""
    rows = [
        (
            f"{region.iso}-{psu}-{number}",
            region.iso,
            f"{region.iso}-{psu}",
            1,
            0.001,
            1000.0,
            region.iso,
            f"№ {psu + 1}",
            f"№ {number + 1}",
        )
        for region in REGIONS
        for psu in range(PSUS)
        for number in range(HOUSEHOLDS)
    ]
    heads = ("unit", "stratum", "psu", "draw", "pi", "weight", "region", "place", "address")
    return canonical_csv(heads, rows)
