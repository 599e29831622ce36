"""How far fieldwork is: rows of the sample become rates with intervals, by the engine."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

import polars as pl
from django.db.models import Count, Max, Q

from kelisim.accounts.models import User
from kelisim.engine.inference import Design, Indicator, estimate
from kelisim.engine.sampling.dispositions import Dispositions, OutcomeRates, outcome_rates
from kelisim.fieldwork.models import Contact, Unit
from kelisim.fieldwork.outcomes import DISPOSITIONS, Outcome
from kelisim.surveys.models import Aside, Survey

NATION = ""


@dataclass(frozen=True, slots=True)
class Share:
    """A share of 1 with its interval; None where it cannot be estimated."""

    value: float | None
    low: float | None
    high: float | None


NO_SHARE = Share(None, None, None)


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a region, or the whole sample, is.

    Attributes
    ----------
    drawn, tried, done
        Units of the sample, those that were tried, and complete interviews.
    response
        Of the units tried and not known to be ineligible, the weighted share interviewed
        (AAPOR RR1 of the tried part of the sample), with its 95 % interval by PSUs.
    """

    region: str
    drawn: int
    tried: int
    done: int
    response: Share


@dataclass(frozen=True, slots=True)
class Worker:
    """What one interviewer has done."""

    person: User
    contacts: int
    done: int
    refused: int
    last: datetime


@dataclass(frozen=True, slots=True)
class Board:
    """The state of a survey's fieldwork; `rates` is None before anybody was tried."""

    whole: Progress
    regions: Sequence[Progress]
    rates: OutcomeRates | None
    workers: Sequence[Worker]


def board(survey: Survey) -> Board:
    """Return how far a survey's fieldwork is."""
    rows = list(survey.units.values_list("psu__region", "psu_id", "weight", "outcome"))
    shares = responses(rows)
    drawn = Counter(region for region, *_ in rows)
    tried = Counter(region for region, _psu, _w, outcome in rows if outcome)
    done = Counter(region for region, _psu, _w, outcome in rows if outcome == Outcome.COMPLETE)
    regions = [
        Progress(one, drawn[one], tried[one], done[one], shares.get(one, NO_SHARE))
        for one in sorted(drawn)
    ]
    whole = Progress(NATION, len(rows), tried.total(), done.total(), shares.get(NATION, NO_SHARE))
    return Board(whole, regions, rates(outcome for *_, outcome in rows), workers(survey))


def rates(outcomes: Iterable[str]) -> OutcomeRates | None:
    """Return AAPOR's rates of the units that were tried, unweighted."""
    counts = Counter(DISPOSITIONS[Outcome(one)] for one in outcomes if one)
    if not counts:
        return None
    told = Dispositions(**{"I": 0, **counts})
    known = told.eligible + told.NE > 0
    basis = "no case of known eligibility yet"
    return outcome_rates(told) if known else outcome_rates(told, e=1.0, e_basis=basis)


def responses(rows: Sequence[tuple[str, int, float, str]]) -> dict[str, Share]:
    """Return the weighted share interviewed, of the nation and by region.

    Parameters
    ----------
    rows
        Region, PSU, weight and outcome of every unit of the sample.
    """
    tried = [row for row in rows if row[3] and DISPOSITIONS[Outcome(row[3])] != "NE"]
    if not tried:
        return {}
    shares = dict.fromkeys({region for region, *_ in tried} | {NATION}, Share(0.0, None, None))
    if all(row[3] != Outcome.COMPLETE for row in tried):
        return shares
    table = pl.DataFrame(
        {
            "region": [region or "?" for region, *_ in tried],
            "psu": [str(psu) for _r, psu, *_ in tried],
            "w": [weight for _r, _p, weight, _o in tried],
            "answered": [str(outcome == Outcome.COMPLETE) for *_, outcome in tried],
        }
    )
    answered = Indicator("answered", "categorical", "answered", yes=["True"])
    # A region with one PSU gives no variance: the share is shown then, and that it has no interval.
    found = estimate(
        table, Design(weight="w", psu="psu", lonely_psu="adjust"), [answered], [["region"]]
    )
    for row in found.to_polars().to_dicts():
        region = (row["domain"] or "").removeprefix("region=")
        shares[NATION if region == "?" else region] = Share(
            row["estimate"], _known(row["ci_low"]), _known(row["ci_high"])
        )
    return shares


def _known(number: float | None) -> float | None:
    return None if number is None or number != number else number


def workers(survey: Survey) -> list[Worker]:
    """Return what each interviewer has done, the busiest first."""
    known = Contact.objects.filter(unit__survey=survey, interviewer__isnull=False)
    of = known.exclude(submission__aside=Aside.REJECTED).values("interviewer")
    counted = of.annotate(
        contacts=Count("pk"),
        done=Count("pk", filter=Q(outcome=Outcome.COMPLETE)),
        refused=Count("pk", filter=Q(outcome=Outcome.REFUSED)),
        last=Max("at"),
    ).order_by("-contacts", "interviewer")
    people = User.objects.in_bulk([row["interviewer"] for row in counted])
    return [
        Worker(
            people[row["interviewer"]], row["contacts"], row["done"], row["refused"], row["last"]
        )
        for row in counted
    ]


def overdue(survey: Survey, now: datetime) -> int:
    """Return how many appointments have passed without a contact."""
    return (
        Unit.objects.filter(survey=survey, due_at__lt=now)
        .exclude(outcome__in=("", *_FINAL))
        .count()
    )


_FINAL = tuple(one.value for one in Outcome if DISPOSITIONS[one] in {"I", "P", "R", "O", "NE"})
