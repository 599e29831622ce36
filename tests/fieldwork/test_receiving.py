"""An interview is received once, whole, and never lost, whatever the line and the client do."""

from __future__ import annotations

import asyncio
import hashlib
import random
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path

import pytest
from django.utils import timezone

from kelisim.bells.models import Bell
from kelisim.fieldwork.conformance.client import Client, multipart
from kelisim.fieldwork.models import Arrival, Device, DeviceKind, Psu, Quarantined, Reason, Unit
from kelisim.surveys.models import Attachment, Channel, State, Submission
from tests.fieldwork.door import at_once, called, posted
from tests.fieldwork.field import field, interview, version
from tests.serving import serving

pytestmark = pytest.mark.django_db(transaction=True)


def test_an_interview_is_kept_as_it_came_with_who_sent_it() -> None:
    given = field()
    xml = interview("uuid:1")
    told = posted(given.path, xml, headers={"Date": "Mon, 02 Mar 2026 04:00:00 GMT"})
    assert told.status == 201
    row = Submission.objects.get()
    assert bytes(row.xml) == xml
    assert (row.instance_id, row.digest) == ("uuid:1", hashlib.sha256(xml).hexdigest())
    assert (row.channel, row.complete) == (Channel.COLLECT, True)
    assert row.arrival.device == given.device
    assert row.arrival.said_at == datetime(2026, 3, 2, 4, tzinfo=UTC)
    assert Bell.objects.get(channel=f"fieldwork:{given.survey.pk}").rung == 1


def test_fifty_equal_interviews_at_once_leave_one_row(tmp_path: Path) -> None:
    given = field()
    xml = interview("uuid:same", photo="p.jpg")
    with serving(tmp_path) as site, ThreadPoolExecutor(50) as crowd:
        client = Client(site + given.path)
        answers = list(crowd.map(lambda _n: client.send(xml, [("p.jpg", b"p")]), range(50)))
    assert [answer.status for answer in answers] == [201] * 50
    assert Submission.objects.count() == Attachment.objects.count() == Arrival.objects.count() == 1


def test_another_interview_under_a_taken_number_is_refused_and_kept() -> None:
    given = field()
    first, other = interview("uuid:1", trust="1"), interview("uuid:1", trust="2")
    assert posted(given.path, first).status == 201
    assert posted(given.path, other, [("x.jpg", b"x")]).status == 409
    assert posted(given.path, first).status == 201
    assert bytes(Submission.objects.get().xml) == first
    kept = Quarantined.objects.get()
    assert (kept.reason, kept.instance_id) == (Reason.CONFLICT, "uuid:1")
    assert other in bytes(kept.content)
    assert b'filename="x.jpg"' in bytes(kept.content)


def test_of_two_interviews_at_once_under_one_number_one_is_received_and_one_kept() -> None:
    given = field()
    several = [(interview("uuid:1", trust=str(n)), ()) for n in range(8)]
    answers = sorted(told.status for told in at_once(given.path, several))
    assert answers == [201] + [409] * 7
    assert Submission.objects.count() == 1
    assert Quarantined.objects.count() == 7


def test_an_interview_waits_for_its_files_in_any_order() -> None:
    given = field()
    xml = interview("uuid:1", photo="photo.jpg")
    assert posted(given.path, xml, incomplete=True).status == 202
    assert not Submission.objects.get().complete
    assert Arrival.objects.get().expected == ["photo.jpg"]
    assert posted(given.path, xml, [("audit.csv", b"event")]).status == 202
    assert posted(given.path, xml, [("photo.jpg", b"p")], incomplete=True).status == 201
    assert Submission.objects.get().complete
    assert set(Attachment.objects.values_list("name", flat=True)) == {"photo.jpg", "audit.csv"}


def test_files_of_one_interview_that_come_at_once_complete_it() -> None:
    given = field()
    xml = interview("uuid:1", photo="photo.jpg")
    told = at_once(given.path, [(xml, [("photo.jpg", b"p")]), (xml, ()), (xml, [("b.jpg", b"p")])])
    assert 201 in {one.status for one in told}
    assert Submission.objects.get().complete


def test_another_file_under_a_name_that_is_taken_is_refused_and_kept() -> None:
    given = field()
    xml = interview("uuid:1", photo="photo.jpg")
    assert posted(given.path, xml, [("photo.jpg", b"one")]).status == 201
    assert posted(given.path, xml, [("photo.jpg", b"two")]).status == 409
    assert bytes(Attachment.objects.get().content) == b"one"
    assert b"two" in bytes(Quarantined.objects.get().content)


def test_what_cannot_be_read_is_kept_byte_for_byte_and_once() -> None:
    given = field()
    body, kind = multipart(interview()[:-9])
    for _attempt in range(3):
        told = asyncio.run(called(given.path, body, {"Content-Type": kind}))
        assert told.status == 400
    assert "1" in told.text  # the line
    kept = Quarantined.objects.get()
    assert bytes(kept.content) == body
    assert kept.content_type == kind
    assert not Submission.objects.exists()


@pytest.mark.parametrize(
    ("form", "told_version"), [("omnibus", "v9"), ("other", "v1"), ("omnibus", "")]
)
def test_an_unknown_form_or_version_is_kept_for_the_supervisor(
    form: str, told_version: str
) -> None:
    given = field()
    version(given.survey, 9, published=False)
    told = posted(given.path, interview(form=form, version=told_version))
    assert told.status == 202
    assert Quarantined.objects.get().reason == Reason.UNKNOWN


def test_an_old_version_is_received_under_that_version() -> None:
    given = field()
    version(given.survey, 2)
    assert posted(given.path, interview(version="v1")).status == 201
    assert posted(given.path, interview(version="v2")).status == 201
    numbers = Submission.objects.values_list("questionnaire__number", flat=True)
    assert sorted(numbers) == [1, 2]


@pytest.mark.parametrize("state", [State.DRAFT, State.CLOSED])
def test_an_interview_for_a_survey_that_is_not_open_is_kept(state: State) -> None:
    given = field()
    given.survey.state = state
    given.survey.save()
    assert posted(given.path, interview()).status == 202
    assert Quarantined.objects.get().reason == Reason.NOT_OPEN


def test_strangers_and_devices_switched_off_leave_nothing() -> None:
    given = field()
    Device.objects.update(revoked_at=timezone.now())
    big = interview() + b" " * 300_000
    for path in (given.path, "/openrosa/1-wrong", "/openrosa/ә", "/openrosa/-", "/openrosa/9"):
        assert posted(path, interview()).status == 404
        assert posted(path, big).status == 404
        assert asyncio.run(called(path, method="HEAD")).status == 404
    assert not Submission.objects.exists()
    assert not Quarantined.objects.exists()


def test_a_case_names_the_unit_of_the_sample() -> None:
    given = field()
    psu = Psu.objects.create(survey=given.survey, code="p1")
    every = [
        Unit.objects.create(survey=given.survey, psu=psu, code="a/7", draw=n, chance=1, weight=1)
        for n in (1, 2)
    ]
    for number, case in enumerate(["a/7/1", "a/7/2", "nobody", ""]):
        assert posted(given.path, interview(f"uuid:{number}", case=case)).status == 201
    units = Arrival.objects.order_by("submission__instance_id").values_list("unit", flat=True)
    assert list(units) == [every[0].pk, every[1].pk, None, None]


def test_a_browser_is_another_channel() -> None:
    given = field()
    Device.objects.update(kind=DeviceKind.BROWSER)
    assert posted(given.path, interview()).status == 201
    assert Submission.objects.get().channel == Channel.INTERVIEWER


def test_an_interview_without_a_number_is_known_by_its_bytes() -> None:
    given = field()
    xml = b'<data id="omnibus" version="v1"><trust>4</trust></data>'
    assert posted(given.path, xml).status == posted(given.path, xml).status == 201
    assert Submission.objects.get().instance_id.startswith("sha256:")


def test_an_encrypted_interview_waits_for_its_own_files() -> None:
    given = field()
    xml = (
        b'<data xmlns="http://opendatakit.org/submissions" encrypted="yes" '
        b'id="omnibus" version="v1">'
        b"<base64EncryptedKey>k</base64EncryptedKey>"
        b'<meta xmlns="http://openrosa.org/xforms"><instanceID>uuid:e</instanceID></meta>'
        b"<media><file>photo.jpg.enc</file></media>"
        b"<encryptedXmlFile>submission.xml.enc</encryptedXmlFile></data>"
    )
    assert posted(given.path, xml, [("photo.jpg.enc", b"1")]).status == 202
    assert posted(given.path, xml, [("submission.xml.enc", b"2")]).status == 201


@pytest.mark.parametrize(
    ("language", "word"),
    [("kk", "сұхбат"), ("ru-RU,ru;q=0.9", "интервью"), ("en-GB", "interview"), ("zh", "сұхбат")],
)
def test_the_answer_is_in_the_language_of_the_device(language: str, word: str) -> None:
    given = field()
    told = posted(given.path, interview(), headers={"Accept-Language": language})
    assert word in told.text.lower()


def test_a_large_interview_comes_in_chunks_and_through_the_disk() -> None:
    given = field()
    content = random.Random(1).randbytes(3_000_000)  # noqa: S311  (any bytes will do)
    body, kind = multipart(interview("uuid:1", photo="p.jpg"), [("p.jpg", content)])
    pieces = [body[at : at + 65_536] for at in range(0, len(body), 65_536)]
    told = asyncio.run(called(given.path, pieces, {"Content-Type": kind}))
    assert told.status == 201
    assert bytes(Attachment.objects.get().content) == content
