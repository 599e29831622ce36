"""Fill quotas by the interviews that are received, by what their own answers say.

The row of a quota is the lock: whoever writes an interview of its survey waits for it, counts what
is filled, and only then writes. A hard quota is therefore never oversold: an interview that finds
it full is kept aside, whole, and counted nowhere. A soft one lets in, and its page says so.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence

from django.db.models import Count

from kelisim.fieldwork.conditions import Answers
from kelisim.fieldwork.models import Quota, QuotaPlace
from kelisim.surveys.admission import gate
from kelisim.surveys.models import Aside, Submission
from kelisim.surveys.queries import received


@gate
def fill_quotas(new: Sequence[Submission]) -> None:
    """Give submissions about to count their places, or mark them as kept aside.

    Runs in the caller's transaction. A submission fills all its quotas or none.
    """
    wanted = locked({one.questionnaire.survey_id for one in new})
    if not wanted:
        return
    filled = _filled(wanted.values())
    places = []
    for one in new:
        own = _own(one, wanted[one.questionnaire.survey_id])
        full = next((q for q in own if q.hard and filled[q.pk] >= q.target), None)
        if full is not None:
            one.aside, one.aside_why = Aside.QUOTA, full.name
            continue
        for quota in own:
            filled[quota.pk] += 1
            places.append(QuotaPlace(quota=quota, interview=one.instance_id))
    QuotaPlace.objects.bulk_create(places, ignore_conflicts=True)


def locked(surveys: Iterable[int]) -> dict[int, list[Quota]]:
    """Return the quotas of surveys, nobody else's to fill until the transaction ends."""
    rows = Quota.objects.select_for_update().filter(survey__in=surveys).order_by("pk")
    found: dict[int, list[Quota]] = defaultdict(list)
    for quota in rows:
        found[quota.survey_id].append(quota)
    return found


def empty_places(one: Submission) -> None:
    """Give back the places of an interview that counts no longer; the quotas are locked."""
    places = QuotaPlace.objects.filter(quota__survey=one.questionnaire.survey_id)
    places.filter(interview=one.instance_id).delete()


def count_again(quota: Quota) -> None:
    """Fill a quota anew, in the caller's transaction, by the interviews its survey has."""
    locked([quota.survey_id])
    quota.places.all().delete()
    rows = received(quota.survey).select_related("questionnaire").defer("answers")
    QuotaPlace.objects.bulk_create(
        (
            QuotaPlace(quota=quota, interview=one.instance_id)
            for one in rows.iterator(chunk_size=500)
            if Answers(one.questionnaire, bytes(one.xml)).hold(quota.condition)
        ),
        ignore_conflicts=True,
        batch_size=500,
    )


def _filled(quotas: Iterable[Sequence[Quota]]) -> dict[int, int]:
    every = [quota.pk for several in quotas for quota in several]
    told = Quota.objects.filter(pk__in=every).annotate(filled=Count("places"))
    return dict(told.values_list("pk", "filled"))


def _own(one: Submission, quotas: Sequence[Quota]) -> list[Quota]:
    answers = Answers(one.questionnaire, bytes(one.xml))
    return [quota for quota in quotas if answers.hold(quota.condition)]
