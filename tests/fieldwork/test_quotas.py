"""A received interview fills quotas by its own answers and says itself how the visit ended."""

from __future__ import annotations

import asyncio
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path

import pytest
from django.db import transaction
from django.urls import reverse

from kelisim.accounts.roles import Role
from kelisim.auditlog.models import Entry
from kelisim.core.errors import QuestionnaireRefused
from kelisim.fieldwork.actions.record_contact import record_contact
from kelisim.fieldwork.actions.reject_interview import reject_interview, restore_interview
from kelisim.fieldwork.actions.set_quota import set_quota
from kelisim.fieldwork.analysis import board
from kelisim.fieldwork.conformance.client import Client, multipart
from kelisim.fieldwork.models import Contact, Device, Psu, Quarantined, Quota, QuotaPlace, Unit
from kelisim.fieldwork.outcomes import Outcome
from kelisim.fieldwork.queries import full, quotas
from kelisim.surveys.admission import admit
from kelisim.surveys.models import Aside, Channel, Questionnaire, Submission, Survey
from kelisim.surveys.queries import received
from tests.fieldwork.door import at_once, called, posted
from tests.fieldwork.field import Field, field, interview
from tests.serving import serving
from tests.web import Cast, cast, signed_in

pytestmark = pytest.mark.django_db(transaction=True)
TRUSTING = "${trust} >= 4"


@pytest.fixture
def scene() -> Cast:
    return cast()


def given(scene: Cast) -> Field:
    return field(scene.house, scene.of(Role.INTERVIEWER), media=False)


def quota(survey: Survey, target: int, *, condition: str = TRUSTING, hard: bool = True) -> Quota:
    return Quota.objects.create(
        survey=survey, name="Сенетіндер", target=target, condition=condition, hard=hard
    )


def counted(survey: Survey) -> list[tuple[str, int]]:
    return [(one.name, one.places.count()) for one in quotas(survey)]


def unit(survey: Survey, code: str = "u1") -> Unit:
    psu, _new = Psu.objects.get_or_create(survey=survey, code="p", region="KZ-71")
    return Unit.objects.create(survey=survey, psu=psu, code=code, chance=0.1, weight=10)


def ended(how: str, number: str, case: str = "u1/1") -> bytes:
    """Return an interview that says itself how it ended."""
    xml = interview(number, case=case)
    return xml.replace(b"<photo>", f"<disposition>{how}</disposition><photo>".encode())


def test_an_interview_fills_the_quotas_its_answers_belong_to_and_no_other(scene: Cast) -> None:
    at = given(scene)
    quota(at.survey, 5)
    everybody = Quota.objects.create(survey=at.survey, name="Барлығы", target=2, hard=False)
    for number, trust in enumerate(["5", "1", "4", ""]):
        told = posted(at.path, interview(f"uuid:{number}", trust=trust))
        assert told.status == 201
        assert posted(at.path, interview(f"uuid:{number}", trust=trust)).status == 201
    assert counted(at.survey) == [("Барлығы", 4), ("Сенетіндер", 2)]
    assert everybody.places.count() == Submission.objects.count() == 4


def test_an_interview_over_a_hard_quota_is_kept_whole_and_counts_nowhere(scene: Cast) -> None:
    at = given(scene)
    quota(at.survey, 1)
    Quota.objects.create(survey=at.survey, name="Барлығы", target=9)
    assert posted(at.path, interview("uuid:1", trust="5")).status == 201
    late = interview("uuid:2", trust="5", photo="p.jpg")
    assert posted(at.path, late).status == 202
    assert posted(at.path, late, [("p.jpg", b"p")]).status == 202
    kept = Submission.objects.get(instance_id="uuid:2")
    assert (kept.aside, kept.aside_why, kept.complete) == (Aside.QUOTA, "Сенетіндер", True)
    assert bytes(kept.xml) == late
    assert kept.attachments.count() == 1
    assert not Quarantined.objects.exists()
    assert list(received(at.survey).values_list("instance_id", flat=True)) == ["uuid:1"]
    assert [told[1] for told in counted(at.survey)] == [1, 1], "it fills all its quotas or none"
    assert full(at.survey) == ["Сенетіндер"]
    chief = scene.of(Role.SUPERVISOR)
    page = signed_in(chief).get(reverse("kept", args=[scene.house.slug, at.survey.slug]))
    assert "Сенетіндер" in page.content.decode()
    assert not restore_interview(submission=kept, by=chief)
    set_quota(
        survey=at.survey, name="Сенетіндер", target=2, hard=True, by=chief, condition=TRUSTING
    )
    assert restore_interview(submission=kept, by=chief)
    assert restore_interview(submission=kept, by=chief), "a second time changes nothing"
    assert received(at.survey).count() == 2
    assert QuotaPlace.objects.filter(quota__name="Сенетіндер").count() == 2
    assert Entry.objects.filter(action="fieldwork.restore_interview").count() == 1


def test_a_rejected_interview_frees_its_place_and_takes_one_again(scene: Cast) -> None:
    at, chief = given(scene), scene.of(Role.SUPERVISOR)
    quota(at.survey, 1)
    posted(at.path, interview("uuid:1", trust="5"))
    first = Submission.objects.get()
    reject_interview(submission=first, why="Ешкім үйде болмаған", by=chief)
    reject_interview(submission=first, why="again", by=chief)
    assert not QuotaPlace.objects.exists()
    assert not received(at.survey).exists()
    assert posted(at.path, interview("uuid:1", trust="5")).status == 201, "the device need not know"
    assert not QuotaPlace.objects.exists()
    assert posted(at.path, interview("uuid:2", trust="5")).status == 201
    assert not restore_interview(submission=first, by=chief)
    reject_interview(submission=Submission.objects.get(instance_id="uuid:2"), why="x", by=chief)
    assert restore_interview(submission=first, by=chief)
    assert QuotaPlace.objects.get().interview == "uuid:1"
    assert Entry.objects.filter(action="fieldwork.reject_interview").count() == 2


def test_fifty_interviews_at_once_never_oversell_a_hard_quota(scene: Cast, tmp_path: Path) -> None:
    at = given(scene)
    quota(at.survey, 20)
    several = [interview(f"uuid:{n}", trust="5") for n in range(50)]
    with serving(tmp_path) as site, ThreadPoolExecutor(50) as crowd:
        client = Client(site + at.path)
        answers = [one.status for one in crowd.map(client.send, several)]
        again = [one.status for one in crowd.map(client.send, several)]
    assert sorted(answers) == [201] * 20 + [202] * 30
    assert again == answers, "the same interview is told the same"
    assert QuotaPlace.objects.count() == received(at.survey).count() == 20
    assert Submission.objects.filter(aside=Aside.QUOTA).count() == 30


def test_fifty_interviews_of_one_batch_are_counted_one_by_one(scene: Cast) -> None:
    at = given(scene)
    quota(at.survey, 20)
    answers = at_once(at.path, [(interview(f"uuid:{n}", trust="5"), ()) for n in range(50)])
    assert sorted(one.status for one in answers) == [201] * 20 + [202] * 30
    soft = field(scene.other, media=False)
    quota(soft.survey, 20, hard=False)
    answers = at_once(soft.path, [(interview(f"uuid:{n}", trust="5"), ()) for n in range(50)])
    assert {one.status for one in answers} == {201}
    assert counted(soft.survey) == [("Сенетіндер", 50)]


def test_two_interviews_under_one_number_take_one_place(scene: Cast) -> None:
    at = given(scene)
    quota(at.survey, 5)
    told = at_once(
        at.path, [(interview("uuid:1", trust=trust), ()) for trust in ("4", "5", "4", "1")]
    )
    assert sorted(one.status for one in told) == [201, 201, 409, 409]
    assert QuotaPlace.objects.count() == 1


def test_a_quota_set_late_counts_what_is_there(scene: Cast) -> None:
    at, chief = given(scene), scene.of(Role.SUPERVISOR)
    for number, trust in enumerate(["5", "5", "1"]):
        posted(at.path, interview(f"uuid:{number}", trust=trust))

    def quota_of(condition: str) -> Quota:
        return set_quota(
            survey=at.survey, name="a", target=1, hard=True, by=chief, condition=condition
        )

    made = quota_of(TRUSTING)
    assert made.places.count() == 2, "what is in stays in"
    assert posted(at.path, interview("uuid:9", trust="4")).status == 202
    quota_of("${trust} < 3")
    assert made.places.count() == 1
    quota_of("")
    assert made.places.count() == 3


@pytest.mark.parametrize(
    "condition", ["${trst} = 1", "${trust} = ", "/data/nothing = 1", "no-such-function(1)"]
)
def test_a_condition_the_form_cannot_be_asked_is_refused_beside_its_field(
    scene: Cast, condition: str
) -> None:
    at = given(scene)
    chief = scene.of(Role.SUPERVISOR)
    with pytest.raises(QuestionnaireRefused):
        set_quota(survey=at.survey, name="a", target=1, hard=True, by=chief, condition=condition)
    Questionnaire.objects.update(published_at=None)
    with pytest.raises(QuestionnaireRefused):
        set_quota(survey=at.survey, name="a", target=1, hard=True, by=chief, condition=TRUSTING)
    page = signed_in(chief).post(
        reverse("quotas", args=[scene.house.slug, at.survey.slug]),
        {"name": "a", "target": "1", "condition": condition},
    )
    assert page.status_code == 422
    assert not Quota.objects.exists()


def test_answers_sent_by_respondents_pass_the_same_gate(scene: Cast) -> None:
    at = given(scene)
    quota(at.survey, 1)
    asked = Questionnaire.objects.get()

    def sent(number: str) -> Submission:
        return Submission(
            questionnaire=asked,
            instance_id=number,
            xml=interview(number, trust="5"),
            channel=Channel.SELF,
        )

    first, second = sent("uuid:1"), sent("uuid:2")
    with transaction.atomic():
        admit([first, second])
    assert [first.aside, second.aside] == ["", Aside.QUOTA]


def test_an_interview_notes_its_own_visit_once(scene: Cast) -> None:
    at = given(scene)
    visited = unit(at.survey)
    for _again in range(3):
        assert posted(at.path, interview("uuid:1", case="u1/1")).status == 201
    visited.refresh_from_db()
    contact = Contact.objects.get()
    assert (visited.outcome, visited.attempts) == (Outcome.COMPLETE, 1)
    assert contact.interviewer == scene.of(Role.INTERVIEWER)
    assert contact.submission == Submission.objects.get()
    record_contact(unit=visited, outcome=Outcome.COMPLETE, by=scene.of(Role.INTERVIEWER))
    visited.refresh_from_db()
    assert (Contact.objects.count(), visited.attempts) == (1, 1), "saying it again adds nothing"
    found = board(at.survey)
    assert (found.whole.done, found.workers[0].done) == (1, 1)
    assert found.rates is not None
    assert pytest.approx(1.0) == found.rates.RR1
    assert Entry.objects.filter(action="fieldwork.record_contact").count() == 1


def test_our_client_names_the_unit_where_the_form_has_no_place_for_it(scene: Cast) -> None:
    at = given(scene)
    visited = unit(at.survey)
    xml = interview("uuid:1").replace(b"<case_id></case_id>", b"")
    body, kind = multipart(xml)
    boundary = kind.partition("boundary=")[2].strip('"').encode()
    part = b'Content-Disposition: form-data; name="case_id"\r\n\r\nu1/1\r\n'
    body = b"--" + boundary + b"\r\n" + part + body
    for _again in range(2):
        told = asyncio.run(called(at.path, body, {"Content-Type": kind}))
        assert told.status == 201
    visited.refresh_from_db()
    assert (visited.outcome, visited.attempts) == (Outcome.COMPLETE, 1)


def test_an_outcome_said_before_its_interview_arrives_is_the_same_visit(scene: Cast) -> None:
    at = given(scene)
    visited, who = unit(at.survey), scene.of(Role.INTERVIEWER)
    record_contact(unit=visited, outcome=Outcome.NO_CONTACT, by=who)
    record_contact(unit=visited, outcome=Outcome.COMPLETE, by=who, note="қонақта")
    posted(at.path, interview("uuid:1", case="u1"))
    visited.refresh_from_db()
    assert visited.attempts == Contact.objects.count() == 2
    assert Contact.objects.latest("pk").submission is not None


def test_a_note_said_after_its_interview_arrived_is_kept_with_it(scene: Cast) -> None:
    at, who = given(scene), scene.of(Role.INTERVIEWER)
    visited, evening = unit(at.survey), datetime(2030, 3, 2, 18, tzinfo=UTC)
    posted(at.path, ended("no-contact", "uuid:1"))
    record_contact(unit=visited, outcome=Outcome.NO_CONTACT, by=who, note="иті бар")
    record_contact(unit=visited, outcome=Outcome.NO_CONTACT, by=who, back_at=evening)
    visited.refresh_from_db()
    told = Contact.objects.get()
    assert (told.note, told.back_at, visited.due_at) == ("иті бар", evening, evening)
    assert visited.attempts == 1


@pytest.mark.parametrize(
    ("how", "outcome"),
    [
        ("partial", "partial"), ("refused", "refused"), ("2.11", "refused"), ("P", "partial"),
        ("NC", "no-contact"), ("1.1", "complete"), ("4.7", "not-eligible"), ("3.1", "no-answer"),
        ("", "complete"), ("кейін", ""), ("12", ""),
    ],
)  # fmt: skip
def test_the_form_says_how_the_visit_ended(scene: Cast, how: str, outcome: str) -> None:
    at = given(scene)
    visited = unit(at.survey)
    assert posted(at.path, ended(how, "uuid:1")).status == 201
    visited.refresh_from_db()
    assert visited.outcome == outcome
    assert Contact.objects.count() == bool(outcome), "what is not understood is not guessed"
    assert (visited.due_at is not None) == (outcome in ("no-contact", "no-answer"))


def test_an_interview_stands_before_what_is_said_later(scene: Cast) -> None:
    at = given(scene)
    visited = unit(at.survey)
    posted(at.path, ended("complete", "uuid:1"))
    posted(at.path, ended("refused", "uuid:2"))
    visited.refresh_from_db()
    assert (visited.outcome, visited.attempts) == (Outcome.COMPLETE, 2)


def test_the_unit_of_a_rejected_interview_is_to_be_visited_again(scene: Cast) -> None:
    at, chief = given(scene), scene.of(Role.SUPERVISOR)
    visited = unit(at.survey)
    posted(at.path, interview("uuid:1", case="u1/1"))
    made = Submission.objects.get()
    reject_interview(submission=made, why="x", by=chief)
    visited.refresh_from_db()
    assert visited.outcome == Outcome.CALL_BACK
    assert visited.due_at is not None
    assert board(at.survey).whole.response.value == 0
    assert (board(at.survey).whole.done, board(at.survey).workers) == (0, [])
    restore_interview(submission=made, by=chief)
    visited.refresh_from_db()
    assert visited.outcome == Outcome.COMPLETE
    assert visited.due_at is None


def test_a_device_that_is_nobodys_notes_the_visit_too(scene: Cast) -> None:
    at = given(scene)
    Device.objects.update(interviewer=None)
    visited = unit(at.survey)
    told = at_once(at.path, [(interview("uuid:1", case="u1/1"), ()) for _n in range(50)])
    assert {one.status for one in told} == {201}
    assert Contact.objects.get().interviewer is None
    visited.refresh_from_db()
    assert visited.attempts == 1
    assert board(at.survey).workers == []


def test_a_supervisor_rejects_with_a_reason_and_takes_back(scene: Cast) -> None:
    at = given(scene)
    posted(at.path, interview("uuid:1"))
    made = Submission.objects.get()
    client = signed_in(scene.of(Role.SUPERVISOR))
    client.post(reverse("reject-interview", args=[made.pk]), {"why": ""})
    assert received(at.survey).exists()
    client.post(reverse("reject-interview", args=[made.pk]), {"why": "Жалған"})
    assert not received(at.survey).exists()
    page = client.get(reverse("kept", args=[scene.house.slug, at.survey.slug])).content.decode()
    assert "Жалған" in page
    client.post(reverse("restore-interview", args=[made.pk]))
    assert received(at.survey).exists()
