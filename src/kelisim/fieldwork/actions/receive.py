"""Receive submissions: a batch in one transaction, each interview once however often it is sent.

What the constraints of the tables say is all that keeps an interview single: rows are inserted with
ON CONFLICT DO NOTHING and then read back under a lock, so that parallel sendings in one process or
in several meet in the database and nowhere else. Nothing that a known device sends is dropped: what
cannot become an interview is quarantined whole.
"""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from kelisim.bells.ring import ring
from kelisim.fieldwork import channels
from kelisim.fieldwork.actions.fill_quotas import locked
from kelisim.fieldwork.actions.record_interviews import Made, record_interviews
from kelisim.fieldwork.models import Arrival, Device, DeviceKind, Quarantined, Reason, Unit
from kelisim.fieldwork.openrosa.answers import (
    CONFLICT,
    FULL,
    NOT_OPEN,
    RECEIVED,
    STRANGER,
    UNKNOWN,
    Answered,
    unreadable,
    waiting,
)
from kelisim.fieldwork.openrosa.files import expected
from kelisim.fieldwork.openrosa.instance import Instance
from kelisim.fieldwork.openrosa.multipart import Part
from kelisim.fieldwork.openrosa.reading import Sent
from kelisim.fieldwork.outcomes import Outcome, outcome_told
from kelisim.fieldwork.tokens import number_of, opens
from kelisim.surveys.admission import admit
from kelisim.surveys.models import Aside, Attachment, Channel, Questionnaire, State, Submission
from kelisim.surveys.tasks import gather_soon

CHANNELS = {DeviceKind.COLLECT: Channel.COLLECT, DeviceKind.BROWSER: Channel.INTERVIEWER}


@dataclass(slots=True)
class _Interview:
    """An interview of a batch, on its way into the tables."""

    place: int
    sent: Sent
    instance: Instance
    device: Device
    questionnaire: Questionnaire
    expected: list[str]
    submission: int = 0

    @property
    def key(self) -> tuple[int, str]:
        return self.questionnaire.pk, self.instance.instance_id


def receive(batch: Sequence[Sent]) -> list[Answered]:
    """Write a batch inside the caller's transaction and return an answer for each, in order."""
    answers: dict[int, Answered] = {}
    quarantine: list[Quarantined] = []
    devices = _devices(batch)
    interviews = []
    forms = _forms(batch, devices.values())
    for place, sent in enumerate(batch):
        device = devices.get(place)
        if device is None:
            answers[place] = STRANGER
        elif sent.instance is None:
            quarantine.append(_kept(sent, device, Reason.MALFORMED, sent.trouble))
            answers[place] = unreadable(sent.trouble)
        elif device.survey.state != State.OPEN:
            quarantine.append(_kept(sent, device, Reason.NOT_OPEN, device.survey.state))
            answers[place] = NOT_OPEN
        else:
            known = forms.get((device.survey_id, sent.instance.form_id, sent.instance.version))
            if known is None:
                told = f"{sent.instance.form_id} {sent.instance.version}"
                quarantine.append(_kept(sent, device, Reason.UNKNOWN, told))
                answers[place] = UNKNOWN
            else:
                files = expected(sent.instance, known.pk, known.digest)
                interviews.append(_Interview(place, sent, sent.instance, device, known, files))
    if interviews:
        _write(interviews, answers, quarantine)
        for survey in {one.device.survey_id for one in interviews}:
            gather_soon(survey)
    Quarantined.objects.bulk_create(quarantine, ignore_conflicts=True)
    ring(*{channels.fieldwork(device.survey_id) for device in devices.values()})
    return [answers[place] for place in range(len(batch))]


def _devices(batch: Sequence[Sent]) -> dict[int, Device]:
    numbers = {place: number_of(sent.token) for place, sent in enumerate(batch)}
    known = Device.objects.select_related("survey").in_bulk({n for n in numbers.values() if n})
    return {
        place: known[number]
        for place, number in numbers.items()
        if number in known and opens(batch[place].token, known[number])
    }


def _forms(
    batch: Sequence[Sent], devices: Iterable[Device]
) -> dict[tuple[int, str, str], Questionnaire]:
    published = Questionnaire.objects.filter(
        survey__in={device.survey_id for device in devices},
        form_id__in={sent.instance.form_id for sent in batch if sent.instance},
        published_at__isnull=False,
    ).only("survey_id", "form_id", "version", "digest")
    return {(q.survey_id, q.form_id, q.version): q for q in published.order_by("number")}


def _kept(sent: Sent, device: Device, reason: Reason, told: str) -> Quarantined:
    return Quarantined(
        device=device,
        reason=reason,
        told=told[:500],
        instance_id=sent.instance.instance_id if sent.instance else "",
        content=sent.body,
        content_type=sent.content_type[:300],
        digest=hashlib.sha256(sent.body).hexdigest(),
    )


def _write(
    interviews: list[_Interview], answers: dict[int, Answered], quarantine: list[Quarantined]
) -> None:
    # In one order everywhere, so that two processes cannot wait for each other's rows in a circle:
    # quotas, then interviews, then units.
    interviews.sort(key=lambda one: (*one.key, one.place))
    _insert(interviews)
    stored = {
        (row.questionnaire_id, row.instance_id): row
        for row in Submission.objects.select_for_update()
        .filter(
            questionnaire__in={one.questionnaire.pk for one in interviews},
            instance_id__in={one.instance.instance_id for one in interviews},
        )
        .only("pk", "questionnaire_id", "instance_id", "digest", "complete", "aside")
        .order_by("pk")
    }
    mine = []
    for one in interviews:
        if stored[one.key].digest == one.instance.digest:
            one.submission = stored[one.key].pk
            mine.append(one)
        else:
            _conflict(one, answers, quarantine)
    units = _units(mine)
    Arrival.objects.bulk_create(_arrivals(mine, units), ignore_conflicts=True)
    files = _files(mine)
    complete = []
    for one in mine:
        held = files[one.submission]
        if any(held[part.file or ""] != _digest(part) for part in one.sent.files):
            _conflict(one, answers, quarantine)
            continue
        missing = [name for name in one.expected if name not in held]
        whole = FULL if stored[one.key].aside == Aside.QUOTA else RECEIVED
        answers[one.place] = waiting(len(missing)) if missing else whole
        if not missing and not stored[one.key].complete:
            complete.append(one.submission)
    if complete:
        Submission.objects.filter(pk__in=complete).update(complete=True)
    record_interviews(_made(mine, units))


def _insert(interviews: Sequence[_Interview]) -> None:
    """Write the interviews that are not there; those that are keep the places they have."""
    surveys = {one.device.survey_id for one in interviews}
    first = {one.key: one for one in reversed(interviews)}
    if locked(surveys):
        rows = Submission.objects.filter(
            questionnaire__in={pk for pk, _id in first}, instance_id__in={i for _pk, i in first}
        )
        for key in rows.values_list("questionnaire_id", "instance_id"):
            first.pop(key, None)
    new = [_row(one) for one in interviews if first.get(one.key) is one]
    admit(new)
    Submission.objects.bulk_create(new, ignore_conflicts=True)


def _made(mine: Sequence[_Interview], units: Mapping[tuple[int, str, int], int]) -> list[Made]:
    """Return the interviews made at a unit of the sample that say how they ended."""
    made = []
    for one in mine:
        unit = units.get((one.device.survey_id, *_case(one)))
        told = one.instance.disposition if unit else ""
        outcome = outcome_told(told) if told else Outcome.COMPLETE
        if unit and outcome:
            made.append(Made(one.submission, unit, one.device.interviewer_id, outcome))
    return made


def _row(one: _Interview) -> Submission:
    return Submission(
        questionnaire=one.questionnaire,
        instance_id=one.instance.instance_id,
        xml=one.instance.xml,
        digest=one.instance.digest,
        channel=CHANNELS[DeviceKind(one.device.kind)],
        interviewer_id=one.device.interviewer_id,
        complete=not one.expected,
    )


def _arrivals(
    mine: Sequence[_Interview], units: Mapping[tuple[int, str, int], int]
) -> list[Arrival]:
    return [
        Arrival(
            submission_id=one.submission,
            device=one.device,
            unit_id=units.get((one.device.survey_id, *_case(one))),
            expected=one.expected,
            said_at=one.sent.said_at,
        )
        for one in {one.submission: one for one in reversed(mine)}.values()
    ]


def _case(one: _Interview) -> tuple[str, int]:
    """Return the code and the drawing of the unit that an interview is about; '' is of none."""
    told = one.sent.case
    code, slash, draw = told.rpartition("/")
    return (code, int(draw)) if slash and draw.isascii() and draw.isdecimal() else (told, 1)


def _units(mine: Sequence[_Interview]) -> dict[tuple[int, str, int], int]:
    codes = {code for one in mine if (code := _case(one)[0])}
    if not codes:
        return {}
    rows = Unit.objects.filter(survey__in={one.device.survey_id for one in mine}, code__in=codes)
    return {(s, c, d): pk for pk, s, c, d in rows.values_list("pk", "survey_id", "code", "draw")}


def _digest(part: Part) -> str:
    return hashlib.sha256(part.content).hexdigest()


def _files(mine: Sequence[_Interview]) -> dict[int, dict[str, str]]:
    """Add the files that came, and return those of each interview: names and digests."""
    rows = [
        Attachment(
            submission_id=one.submission,
            name=part.file or "",
            content=part.content,
            digest=_digest(part),
        )
        for one in mine
        for part in one.sent.files
    ]
    Attachment.objects.bulk_create(rows, ignore_conflicts=True)
    held: dict[int, dict[str, str]] = defaultdict(dict)
    asked = {one.submission for one in mine if one.expected or one.sent.files}
    if asked:
        stored = Attachment.objects.filter(submission__in=asked)
        for submission, name, digest in stored.values_list("submission_id", "name", "digest"):
            held[submission][name] = digest
    return held


def _conflict(one: _Interview, answers: dict[int, Answered], quarantine: list[Quarantined]) -> None:
    quarantine.append(_kept(one.sent, one.device, Reason.CONFLICT, one.instance.instance_id))
    answers[one.place] = CONFLICT
