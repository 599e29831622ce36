"""Reads about fieldwork: a day's list, devices, the sample, what came in."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby

from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet
from django.utils.translation import get_language

from kelisim.accounts.models import Membership, User
from kelisim.accounts.roles import Role
from kelisim.core.kazakh import sort_key
from kelisim.fieldwork.access import run_surveys, worked_surveys
from kelisim.fieldwork.models import BackCheck, Device, Psu, Quarantined, Quota, Unit
from kelisim.fieldwork.outcomes import FINAL
from kelisim.fieldwork.pictures import region_name
from kelisim.surveys.models import Submission, Survey
from kelisim.surveys.queries import received


@dataclass(frozen=True, slots=True)
class Place:
    """A PSU of a day's list, with the units that are still to be reached there."""

    psu: Psu
    units: Sequence[Unit]


@dataclass(frozen=True, slots=True)
class Day:
    """A person's list: appointments first, then places, numbers to call, and surveys they run."""

    appointments: Sequence[Unit]
    places: Sequence[Place]
    calls: Sequence[Survey]
    done: int
    run: Sequence[Survey]


def day(interviewer: User, now: datetime) -> Day:
    """Return what an interviewer has to do, appointments that are due first."""
    surveys = worked_surveys(interviewer)
    mine = Unit.objects.filter(survey__in=surveys, psu__interviewer=interviewer)
    left = (
        mine.exclude(outcome__in=FINAL)
        .select_related("psu", "survey")
        .order_by("psu__place", "psu__code", "address", "code")
    )
    due = [unit for unit in left if unit.due_at and unit.due_at <= now]
    language = get_language() or "kk"
    rest = sorted(
        (unit for unit in left if not (unit.due_at and unit.due_at <= now)),
        key=lambda unit: (
            sort_key(region_name(unit.psu.region), language),
            sort_key(str(unit.psu), language),
            unit.psu_id,
        ),
    )
    calls = surveys.filter(
        Exists(
            Unit.objects.filter(survey=OuterRef("pk")).exclude(phone="").exclude(outcome__in=FINAL)
        )
    )
    return Day(
        sorted(due, key=lambda unit: unit.due_at or now),
        [Place(psu, list(units)) for psu, units in groupby(rest, key=lambda unit: unit.psu)],
        list(calls),
        mine.filter(outcome__in=FINAL).count(),
        list(run_surveys(interviewer).order_by("-created_at")),
    )


def interviewers(survey: Survey) -> list[User]:
    """Return who may interview for the survey's organisation, in the order of the alphabet."""
    held = Membership.objects.filter(organisation=survey.organisation, role=Role.INTERVIEWER)
    language = get_language() or "kk"
    people = [row.person for row in held.select_related("person")]
    return sorted(people, key=lambda person: sort_key(str(person), language))


def psus(survey: Survey) -> QuerySet[Psu]:
    """Return the PSUs of a survey's sample, with how many units each has and how many are done."""
    return (
        survey.psus.annotate(
            drawn=Count("units"), done=Count("units", filter=Q(units__outcome__in=FINAL))
        )
        .select_related("interviewer")
        .order_by("region", "place", "code")
    )


def devices(survey: Survey) -> QuerySet[Device]:
    """Return the devices of a survey, with what each has sent."""
    return (
        survey.devices.annotate(sent=Count("arrivals"))
        .select_related("interviewer")
        .order_by(F("revoked_at").desc(nulls_first=True), "name")
    )


def quotas(survey: Survey) -> QuerySet[Quota]:
    """Return the quotas of a survey, with the places filled, and whether that is all of them."""
    counted = survey.quotas.annotate(filled=Count("places"))
    return counted.annotate(full=Q(filled__gte=F("target"))).order_by("name")


def full(survey: Survey) -> list[str]:
    """Return the names of the hard quotas of which no more interviews are wanted."""
    counted = survey.quotas.filter(hard=True).annotate(filled=Count("places"))
    names = counted.filter(filled__gte=F("target")).order_by("name")
    return list(names.values_list("name", flat=True))


def aside(survey: Survey) -> QuerySet[Submission]:
    """Return the interviews that were received and do not count, newest first."""
    rows = Submission.objects.filter(questionnaire__survey=survey).exclude(aside="")
    return _with_unit(rows).order_by("-received_at", "-pk")


def interviews(survey: Survey) -> QuerySet[Submission]:
    """Return the interviews that count, newest first."""
    return _with_unit(received(survey)).order_by("-received_at", "-pk")


def _with_unit(rows: QuerySet[Submission]) -> QuerySet[Submission]:
    related = ("arrival__unit__psu", "contact", "interviewer")
    return rows.select_related(*related).defer("xml", "answers")


def unsettled(survey: Survey) -> QuerySet[Quarantined]:
    """Return what was kept and nobody has decided on, newest first."""
    return (
        Quarantined.objects.filter(device__survey=survey, settled_at=None)
        .select_related("device")
        .defer("content")
        .order_by("-received_at")
    )


def waiting(survey: Survey) -> QuerySet[Submission]:
    """Return the interviews of which files are still to come."""
    return Submission.objects.filter(questionnaire__survey=survey, complete=False)


def back_checks(survey: Survey) -> QuerySet[BackCheck]:
    """Return the back-checks of a survey, those to be made first."""
    return (
        BackCheck.objects.filter(unit__survey=survey)
        .select_related("unit__psu", "by")
        .order_by("found", "unit__psu__place", "unit__code")
    )
