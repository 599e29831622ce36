"""What can be said of all cases together: outcomes and reach, never a name, never ethnicity.

These counts are what the early warning may read: region, topic, outcome and quarter.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from kelisim.core.clock import in_kazakhstan
from kelisim.core.regions import REGIONS
from kelisim.mediation.anonymity import SMALLEST, Cell, protected
from kelisim.mediation.models import Case, Invitation, Passage
from kelisim.mediation.words import Channel, Topic

ENDS = {
    "settle": _("settled"),
    "keep_silent": _("the other side did not answer"),
    "decline": _("the other side declined"),
    "withdraw": _("a side left"),
    "expire": _("the term passed"),
    "close": _("ended by the mediator"),
}
"""Steps that end a case, as outcomes. Stops for safety and referrals are not counted at all."""


@dataclass(frozen=True, slots=True)
class Reach:
    """How far invitations by one way went; None where the number is too small to show."""

    channel: str
    sent: int | None
    delivered: int | None
    opened: int | None
    answered: int | None


def outcome_rows() -> Iterator[tuple[str, str, str, str]]:
    """Yield region, topic, outcome and quarter of every case that ended."""
    steps = Passage.objects.filter(step__in=ENDS).select_related("case").order_by("pk")
    for passage in steps:
        case: Case = passage.case
        quarter = f"{passage.at.year}-Q{(passage.at.month + 2) // 3}"
        yield case.region, case.topic, str(ENDS[passage.step]), quarter


def outcomes() -> list[Cell]:
    """Return settled and other ends by topic, protected."""
    topics = dict(Topic.choices)
    pairs = [
        (str(topics.get(topic, topic)), outcome)
        for _region, topic, outcome, _quarter in outcome_rows()
    ]
    return protected(pairs)


def by_region() -> list[Cell]:
    """Return cases by region and quarter, protected, for the early warning."""
    language = (get_language() or "kk").partition("-")[0]
    titles = {region.iso: region.title[language] for region in REGIONS}
    return protected(
        (titles.get(region, region), quarter)
        for region, _topic, _outcome, quarter in outcome_rows()
    )


def reach() -> list[Reach]:
    """Return how many invitations were sent, arrived, were opened and answered, by way."""
    told = []
    for channel in Channel:
        sent = Invitation.objects.filter(channel=channel)
        counts = [
            sent.count(),
            sent.filter(delivered__isnull=False).count(),
            sent.filter(opened__isnull=False).count(),
            sent.filter(answered__isnull=False).count(),
        ]
        if counts[0]:
            told.append(Reach(str(channel.label), *map(_shown, counts)))
    return told


def _shown(count: int) -> int | None:
    return count if count == 0 or count >= SMALLEST else None


def weekly(today: date) -> list[tuple[str, str, str, int]]:
    """Return week, region, topic and number of the disputes brought, for the early warning.

    The rows of `kelisim warn scan`: ISO weeks, regions by their ISO code. Weeks that go on are left
    out, and so is every number that is kept back: what is not listed is small, not nothing.
    """
    brought = Passage.objects.filter(step="file").select_related("case")
    weeks = [(in_kazakhstan(p.at).date(), p.case) for p in brought.order_by("at", "pk")]
    pairs = [(f"{case.region}|{case.topic}", _week(day)) for day, case in weeks]
    told = []
    for cell in protected(pair for pair in pairs if pair[1] < _week(today)):
        region, _bar, topic = cell.row.partition("|")
        if cell.count is not None:
            told.append((cell.column, region, topic, cell.count))
    return sorted(told)


def _week(day: date) -> str:
    year, week, _weekday = day.isocalendar()
    return f"{year}-W{week:02d}"
