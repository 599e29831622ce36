"""The thirteen bad inputs that a collector must survive, by their numbers, and ten more.

The numbers are those of the table in docs/reference/openrosa.md, where other tests of the same
inputs are named. Each is sent as a client would send it, and what becomes of it is looked up.
"""

from __future__ import annotations

import asyncio
import csv
import gzip
import io
import zipfile
from datetime import UTC, datetime

import pytest
from django.test import Client
from django.urls import reverse

from kelisim.accounts.models import Organisation
from kelisim.accounts.roles import Role
from kelisim.core.errors import Refusal
from kelisim.fieldwork.models import Arrival, Device, Psu, Quarantined, Reason, Unit
from kelisim.fieldwork.openrosa.envelope import MOST_BYTES
from kelisim.surveys.models import Attachment, Draft, Invitation, Submission
from kelisim.surveys.paradata import audit_csv
from kelisim.surveys.xlsform import convert_workbook
from tests.fieldwork.door import at_once, called, posted
from tests.fieldwork.field import Field, field, interview, version
from tests.surveys.routes import in_the_field
from tests.web import cast, signed_in

pytestmark = pytest.mark.django_db(transaction=True)
LAUGHS = '<!DOCTYPE d [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]>'


@pytest.fixture
def at() -> Field:
    return field(media=False)


def kept(reason: Reason) -> int:
    return Quarantined.objects.filter(reason=reason).count()


@pytest.mark.parametrize("cut", [lambda x: x[:-9], lambda x: x[:40], lambda x: x + b"\0"])
def test_01_malformed_truncated_or_with_a_zero_byte(at: Field, cut: object) -> None:
    told = posted(at.path, cut(interview("uuid:1")))  # type: ignore[operator]  # a function of bytes
    assert told.status == 400
    assert "OpenRosaResponse" in told.text
    assert kept(Reason.MALFORMED) == 1
    assert not Submission.objects.exists()


def test_02_the_same_number_again_with_the_same_and_with_other_bytes(at: Field) -> None:
    first, other = interview("uuid:1", trust="1"), interview("uuid:1", trust="2")
    assert [posted(at.path, one).status for one in (first, first, other)] == [201, 201, 409]
    assert bytes(Submission.objects.get().xml) == first
    assert kept(Reason.CONFLICT) == 1


def test_03_a_file_that_is_missing_comes_later_in_any_order(at: Field) -> None:
    xml = interview("uuid:1", photo="a.jpg")
    assert posted(at.path, xml, [("b.jpg", b"same")]).status == 202
    assert posted(at.path, xml, [("a.jpg", b"same")]).status == 201
    assert Attachment.objects.count() == 2, "two equal files with two names are two"


@pytest.mark.parametrize("date", ["Thu, 01 Jan 1970 00:00:00 GMT", "Mon, 02 Mar 2026 10:00:00 GMT"])
def test_04_a_clock_that_is_wrong_is_kept_beside_ours(at: Field, date: str) -> None:
    assert posted(at.path, interview("uuid:1"), headers={"Date": date}).status == 201
    arrival = Arrival.objects.get()
    assert arrival.said_at is not None
    assert arrival.submission.received_at > datetime(2026, 3, 2, tzinfo=UTC)


def test_05_an_old_version_is_received_and_an_unknown_one_kept(at: Field) -> None:
    version(at.survey, 2)
    assert posted(at.path, interview("uuid:1", version="v1")).status == 201
    assert posted(at.path, interview("uuid:2", version="v7")).status == 202
    assert kept(Reason.UNKNOWN) == 1


def test_06_too_much_is_refused_before_it_is_read(at: Field) -> None:
    read: list[bytes] = []

    def pieces() -> list[bytes]:
        read.append(b"")
        return [b"x"]

    claimed = {"Content-Type": "multipart/form-data", "Content-Length": str(50_000_000)}
    told = asyncio.run(called(at.path, pieces(), claimed))
    assert told.status == 413
    silent = {"Content-Type": "multipart/form-data; boundary=b"}
    grown = asyncio.run(called(at.path, [b"x" * (MOST_BYTES // 4)] * 5, silent))
    assert grown.status == 413
    assert not Quarantined.objects.exists()


def workbook(sheet: bytes, **more: bytes) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/worksheets/sheet1.xml", sheet)
        for name, content in more.items():
            archive.writestr(name, content)
    return file.getvalue()


def test_07_nothing_that_is_packed_unpacks_without_end(at: Field) -> None:
    packed = gzip.compress(b"\0" * 1_000_000)
    told = asyncio.run(called(at.path, packed, {"Content-Encoding": "gzip"}))
    assert told.status == 415
    with pytest.raises(Refusal, match="would unpack"):
        convert_workbook("bomb.xlsx", workbook(b"\0" * 50_000_000))
    with pytest.raises(Refusal, match="would unpack"):
        convert_workbook("many.xlsx", workbook(b"", **{f"{n}.xml": b"" for n in range(600)}))


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16", "utf-16-be", "utf-32"])
def test_08_no_document_type_is_read_in_any_encoding(at: Field, encoding: str) -> None:
    xml = (LAUGHS + interview("uuid:1").decode()).encode(encoding)
    assert posted(at.path, xml).status == 400
    outside = b'<!DOCTYPE d [<!ENTITY x SYSTEM "file:///etc/passwd">]>' + interview("uuid:2")
    assert posted(at.path, outside).status == 400
    assert not Submission.objects.exists()
    with pytest.raises(Refusal, match="DOCTYPE"):
        convert_workbook("laughs.xlsx", workbook((LAUGHS + "<sheet>&b;</sheet>").encode(encoding)))


@pytest.mark.parametrize("inside", [b"<a>" * 5_000 + b"</a>" * 5_000, b"<a/>" * 100_000])
def test_09_depth_and_width_are_bounded_before_a_tree_is_built(at: Field, inside: bytes) -> None:
    xml = interview("uuid:1").replace(b"<photo>", inside + b"<photo>")
    assert posted(at.path, xml).status == 400
    assert not Submission.objects.exists()


def test_10_a_link_that_was_used_is_used() -> None:
    scene = cast()
    at = field(scene.other, media=False)
    survey, secret = in_the_field(scene)
    Invitation.objects.filter(survey=survey).update(used_on=datetime(2026, 3, 2, tzinfo=UTC).date())
    page = Client().post(reverse("answer-begin", args=[secret]), {"language": "kk"})
    assert page.headers["Location"].endswith("/thanks/"), "it is thanked, and asked nothing"
    assert not Draft.objects.exists()
    assert not Submission.objects.exists()
    assert asyncio.run(called(f"{at.path}x", b"", {})).status == 404, "a token that was changed"


def test_11_kazakh_letters_stay_what_they_are(at: Field) -> None:
    letters = "ә ғ қ ң ө ұ ү һ і Ә Ғ Қ Ң Ө Ұ Ү Һ І й ё 🙂"
    xml = interview("uuid:1", case=letters)
    assert posted(at.path, xml).status == 201
    assert bytes(Submission.objects.get().xml) == xml
    for encoding in ("kz1048", "ptcp154", "cp1251"):
        old = interview("uuid:2").replace(b"<trust>", "<trust>қ".encode(encoding, "replace"))
        assert posted(at.path, old).status in (201, 400), "a letter the encoding lacks is a '?'"


@pytest.mark.parametrize("name", ["../../etc/passwd", "a" * 300, "C:\\x", "A.JPG", ".htaccess"])
def test_12_a_name_of_a_file_is_a_label_and_never_a_path(at: Field, name: str) -> None:
    told = posted(at.path, interview("uuid:1"), [(name, b"1"), ("a.jpg", b"2")])
    assert told.status in (201, 400)
    names = set(Attachment.objects.values_list("name", flat=True))
    assert names in ({name, "a.jpg"}, set())


def test_13_paradata_may_be_anything_and_run_nothing(at: Field) -> None:
    wild = b"event,node,start,end\n" + b"question,=cmd|' /C calc'!A0,9,-5\n" * 100_000
    xml = interview("uuid:1", photo="")
    assert posted(at.path, xml, [("audit.csv", wild)]).status == 201
    assert bytes(Attachment.objects.get().content) == wild
    told = audit_csv([["question", "/data/a", 9, -5, "=1+1", "\t@x"]]).decode()
    cells = list(csv.reader(io.StringIO(told)))[2]
    assert cells == ["question", "/data/a", "9", "-5", "'=1+1", "'\t@x"]


# Ten more.


def test_14_a_device_of_another_survey_or_one_switched_off_sends_nothing(at: Field) -> None:
    Device.objects.update(revoked_at=datetime(2026, 3, 2, tzinfo=UTC))
    assert posted(at.path, interview("uuid:1")).status == 404
    assert posted("/openrosa/1.none", interview("uuid:1")).status == 404
    assert not Submission.objects.exists()
    assert not Quarantined.objects.exists()


def test_15_a_unit_of_another_survey_is_not_visited(at: Field) -> None:
    other = field(Organisation.objects.create(slug="other", name_kk="Басқа"), media=False)
    psu = Psu.objects.create(survey=other.survey, code="p")
    unit = Unit.objects.create(survey=other.survey, psu=psu, code="u1", chance=1, weight=1)
    assert posted(at.path, interview("uuid:1", case="u1/1")).status == 201
    unit.refresh_from_db()
    assert (unit.outcome, Arrival.objects.get().unit) == ("", None)


@pytest.mark.parametrize("case", ["u1/-1", "u1/٣", "/", "u1/99999999999999999999", "u1/1/1", "'--"])
def test_16_a_unit_that_is_no_unit_is_none(at: Field, case: str) -> None:
    assert posted(at.path, interview("uuid:1", case=case)).status == 201
    assert Arrival.objects.get().unit is None


def test_17_an_answer_that_is_a_page_is_shown_as_text() -> None:
    scene = cast()
    at = field(scene.house, media=False)
    wild = "&lt;script&gt;alert(1)&lt;/script&gt;"
    assert posted(at.path, interview(f"uuid:{wild}")).status == 201
    assert posted(at.path, interview("uuid:2", version=wild)).status == 202
    client = signed_in(scene.of(Role.SUPERVISOR))
    for name in ("interviews", "kept"):
        text = client.get(reverse(name, args=[scene.house.slug, at.survey.slug])).content.decode()
        assert "<script>alert" not in text
        assert "&lt;script&gt;alert" in text


@pytest.mark.parametrize("number", ["x" * 201, "", " "])
def test_18_a_number_that_is_too_long_or_empty(at: Field, number: str) -> None:
    xml = interview("uuid:1").replace(b"uuid:1", number.encode())
    assert posted(at.path, xml).status == (400 if len(number) > 200 else 201)


def test_19_two_numbers_in_one_interview(at: Field) -> None:
    twice = b"<orx:instanceID>uuid:1</orx:instanceID>"
    assert posted(at.path, interview("uuid:1").replace(twice, twice + twice)).status == 400


def test_20_a_file_that_holds_the_boundary_s_beginning(at: Field) -> None:
    content = (
        b"\r\n--\r\n------\r\nContent-Disposition: form-data; name=xml_submission_file\r\n\r\n"
    )
    assert posted(at.path, interview("uuid:1"), [("a.bin", content)]).status == 201
    assert bytes(Attachment.objects.get().content) == content


def test_21_two_files_of_one_name_in_one_request(at: Field) -> None:
    several = [("a.jpg", b"one"), ("a.jpg", b"two")]
    assert posted(at.path, interview("uuid:1"), several).status == 400
    assert kept(Reason.MALFORMED) == 1


def test_22_good_interviews_in_the_same_batch_as_bad_ones(at: Field) -> None:
    good = [(interview(f"uuid:{n}"), ()) for n in range(10)]
    bad = [(interview(f"uuid:b{n}")[:-9], ()) for n in range(10)]
    mixed = [one for pair in zip(good, bad, strict=True) for one in pair]
    assert [one.status for one in at_once(at.path, mixed)] == [201, 400] * 10
    assert Submission.objects.count() == 10


@pytest.mark.parametrize(
    "raw",
    [b"PK\x03\x04" + b"\0" * 30, b"PK\x05\x06" + b"\0" * 18, workbook(b"<a")[:-30], b""],
)
def test_23_a_workbook_that_is_half_there(raw: bytes) -> None:
    with pytest.raises(Refusal):
        convert_workbook("half.xlsx", raw)


POLICY = {"default-src 'none'", "script-src 'self'", "style-src 'self'", "frame-ancestors 'none'"}


def test_no_page_of_ours_lets_a_stranger_s_script_run() -> None:
    scene = cast()
    at = field(scene.house, scene.of(Role.INTERVIEWER), media=False)
    psu = Psu.objects.create(survey=at.survey, code="p", interviewer=scene.of(Role.INTERVIEWER))
    unit = Unit.objects.create(survey=at.survey, psu=psu, code="u", chance=1, weight=1)
    chief, worker = signed_in(scene.of(Role.SUPERVISOR)), signed_in(scene.of(Role.INTERVIEWER))
    own = [scene.house.slug, at.survey.slug]
    pages = ("fieldwork", "sample", "quotas", "devices", "interviews", "kept", "back-checks")
    for name in pages:
        policy = _policy(chief.get(reverse(name, args=own))["Content-Security-Policy"])
        assert policy >= POLICY, name
        assert not any("unsafe" in one for one in policy), name
    assert _policy(worker.get(reverse("unit", args=[unit.pk]))["Content-Security-Policy"]) >= POLICY
    # The client compiles its XPath reader and styles itself; on its page alone, and no more.
    form = _policy(worker.get(reverse("interview", args=[unit.pk]))["Content-Security-Policy"])
    assert "script-src 'self' 'wasm-unsafe-eval'" in form
    assert not any("unsafe-inline" in one or "http" in one for one in form if "script" in one)


def _policy(header: str) -> set[str]:
    return {one.strip() for one in header.split(";")}
