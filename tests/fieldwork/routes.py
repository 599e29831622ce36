"""Who may call which route of fieldwork."""

from __future__ import annotations

from collections.abc import Callable

from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from kelisim.accounts.models import User
from kelisim.accounts.roles import Permission, Role
from kelisim.fieldwork.models import BackCheck, Contact, Device, Psu, Quarantined, Quota, Unit
from kelisim.fieldwork.outcomes import Outcome
from kelisim.surveys.models import Questionnaire, Submission, Survey
from tests.fieldwork.field import Field, field, interview
from tests.web import PUBLIC, SIGNED_IN, Cast, Rule

SAMPLE = (
    "unit,stratum,psu,draw,pi,weight,region,place,address\nu9,h,p9,1,0.5,2,KZ-75,Алматы,Абай 1\n"
)


def scene_of(scene: Cast) -> tuple[Survey, Unit]:
    """Return a survey of the house with a little of everything, and a unit of its interviewer."""
    given = in_field(scene)
    survey = given.survey
    who = scene.of(Role.INTERVIEWER)
    psu = Psu.objects.create(
        survey=survey, code="p1", region="KZ-71", place="Астана", interviewer=who
    )
    units = [
        Unit.objects.create(
            survey=survey,
            psu=psu,
            code=f"{number}",
            chance=0.1,
            weight=10,
            address=f"Сарыарқа {number}",
            phone=f"+7 700 000 00 0{number}",
            outcome=outcome,
        )
        for number, outcome in enumerate([Outcome.COMPLETE, Outcome.REFUSED, ""])
    ]
    for unit in units[:2]:
        Contact.objects.create(unit=unit, interviewer=who, outcome=unit.outcome)
    Quota.objects.create(survey=survey, name="Әйелдер", target=3)
    Quarantined.objects.create(
        device=given.device, reason="unknown", told="12", content=b"x", digest="0" * 64
    )
    BackCheck.objects.create(unit=units[0])
    for number, aside in enumerate(["", "quota", "rejected"]):
        Submission.objects.create(
            questionnaire=Questionnaire.objects.get(survey=survey),
            instance_id=f"uuid:{number}",
            xml=interview(f"uuid:{number}"),
            channel="collect",
            aside=aside,
        )
    return survey, units[2]


def in_field(scene: Cast) -> Field:
    given = field(scene.house, scene.of(Role.INTERVIEWER))
    Device.objects.filter(pk=given.device.pk).update(name="1")
    return given


def survey_page(name: str) -> Callable[[Cast], str]:
    def address(scene: Cast) -> str:
        survey, _unit = scene_of(scene)
        return reverse(name, args=[survey.organisation.slug, survey.slug])

    return address


def row_page(name: str, kind: type) -> Callable[[Cast], str]:
    def address(scene: Cast) -> str:
        scene_of(scene)
        return reverse(name, args=[kind.objects.latest("pk").pk])  # type: ignore[attr-defined]  # every table has rows

    return address


def unit_page(name: str) -> Callable[[Cast], str]:
    return lambda scene: reverse(name, args=[scene_of(scene)[1].pk])


def own_unit(scene: Cast, person: User | None) -> bool:
    return person is not None and person == scene.of(Role.INTERVIEWER)


def device_page(name: str, *steps: object) -> Callable[[Cast], str]:
    return lambda scene: reverse(name, args=[field(scene.house).token, *steps])


RUN = Permission.RUN_FIELDWORK
OWN = frozenset({"RR", "COOP", "REF", "CON", "AAPOR", "ODK", "Collect", "kelisim", "poll", "sample", "csv", "http", "testserver", "openrosa"})  # fmt: skip  # noqa: E501  (one list)

CONDITION = frozenset({"XLSForm", "sex", "female", "and", "age"})
"""Of the example ``${sex} = 'female' and ${age} < 30``, in the language of XLSForm."""

INSTANCE = frozenset({"uuid"})


def board_address(scene: Cast) -> str:
    survey, _unit = scene_of(scene)
    return f"/api/fieldwork/{survey.organisation.slug}/{survey.slug}"


RULES = {
    "api-1:fieldwork-board": Rule(RUN, board_address),
    "openrosa-forms": Rule(PUBLIC, device_page("openrosa-forms")),
    "openrosa-form": Rule(PUBLIC, device_page("openrosa-form", 1)),
    "openrosa-manifest": Rule(PUBLIC, device_page("openrosa-manifest", 1)),
    "openrosa-media": Rule(PUBLIC, device_page("openrosa-media", 1, "regions.csv")),
    "day": Rule(SIGNED_IN, lambda scene: (scene_of(scene), reverse("day"))[1]),
    "unit": Rule(own_unit, unit_page("unit")),
    "unit-contact": Rule(
        own_unit, unit_page("unit-contact"), method="post", data={"outcome": "refused"}, allowed=302
    ),
    "interview": Rule(own_unit, unit_page("interview"), names=OWN),
    "fieldwork-worker": Rule(PUBLIC, lambda _scene: reverse("fieldwork-worker")),
    "next-number": Rule(
        Permission.INTERVIEW, survey_page("next-number"), method="post", allowed=302
    ),
    "fieldwork": Rule(RUN, survey_page("fieldwork"), names=OWN),
    "sample": Rule(RUN, survey_page("sample"), names=OWN),
    "assign-psu": Rule(RUN, row_page("assign-psu", Psu), method="post", allowed=302),
    "devices": Rule(RUN, survey_page("devices"), names=OWN),
    "device": Rule(RUN, row_page("device", Device), names=OWN),
    "revoke-device": Rule(RUN, row_page("revoke-device", Device), method="post", allowed=302),
    "quotas": Rule(RUN, survey_page("quotas"), names=OWN | CONDITION),
    "interviews": Rule(RUN, survey_page("interviews"), names=OWN | INSTANCE),
    "reject-interview": Rule(
        RUN,
        row_page("reject-interview", Submission),
        method="post",
        data={"why": "Қайталап қарау"},
        allowed=302,
    ),
    "restore-interview": Rule(
        RUN, row_page("restore-interview", Submission), method="post", allowed=302
    ),
    "kept": Rule(RUN, survey_page("kept"), names=OWN | INSTANCE),
    "kept-file": Rule(RUN, row_page("kept-file", Quarantined)),
    "settle": Rule(RUN, row_page("settle", Quarantined), method="post", allowed=302),
    "back-checks": Rule(RUN, survey_page("back-checks"), names=OWN),
    "back-check": Rule(
        RUN,
        row_page("back-check", BackCheck),
        method="post",
        data={"found": "confirmed"},
        allowed=302,
    ),
}


def sample_file(text: str = SAMPLE) -> SimpleUploadedFile:
    return SimpleUploadedFile("sample.csv", text.encode(), "text/csv")
