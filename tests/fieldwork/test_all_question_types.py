"""ODK's form of all question types is listed, fetched, filled in and received whole."""

from __future__ import annotations

import hashlib
import xml.etree.ElementTree as ET
from importlib.util import find_spec
from pathlib import Path

import pytest
from django.test import Client

from kelisim.accounts.models import Organisation
from kelisim.fieldwork.conformance.ground import LISTED, XFORMS
from kelisim.fieldwork.models import Device
from kelisim.fieldwork.tokens import token_of
from kelisim.surveys.models import Questionnaire, Submission
from tests.conftest import absent
from tests.fieldwork.door import posted
from tests.fieldwork.field import SINCE, open_survey

pytestmark = pytest.mark.django_db(transaction=True)

VALUES = {
    "int": "7", "decimal": "1.5", "date": "2026-03-02", "time": "10:30:00.000+05:00",
    "dateTime": "2026-03-02T10:30:00.000+05:00", "geopoint": "51.1 71.4 340 5",
    "geotrace": "51.1 71.4 0 0; 51.2 71.5 0 0", "barcode": "4870000000000", "boolean": "true",
    "geoshape": "51.1 71.4 0 0; 51.2 71.5 0 0; 51.1 71.4 0 0",
}  # fmt: skip


def converted(shared: Path) -> str:
    """Return the XForm of ODK's form."""
    if find_spec("pyxform") is None:
        absent("pyxform")
    from pyxform.xls2xform import convert

    (path,) = (shared / "data" / "forms" / "xlsforms").glob("all-question-types-*.xlsx")
    xform: str = convert(xlsform=path, validate=False).xform
    return xform


def filled(xform: str, number: str) -> tuple[bytes, list[tuple[str, bytes]], int]:
    """Return the form's instance with every question answered, its files, and how many answers."""
    form = ET.fromstring(xform)  # noqa: S314  (a form of the shared data)
    root = next(iter(form.find(f".//{XFORMS}model/{XFORMS}instance") or []))
    kinds = {
        "/".join(step.rpartition(":")[2] for step in bind.get("nodeset", "").split("/")[2:]): bind
        for bind in form.iter(f"{XFORMS}bind")
    }
    files = []
    answers = 0
    for path, leaf in leaves(root, ""):
        bind = kinds.get(path)
        kind = bind.get("type", "") if bind is not None else ""
        if path.endswith("instanceID"):
            leaf.text = number
        elif kind == "binary":
            leaf.text = f"{path.replace('/', '-')}.bin"
            files.append((leaf.text, path.encode()))
        else:
            leaf.text = VALUES.get(kind, "жауап & <ә ғ қ ң ө ұ ү һ і>")
        answers += 1
    return ET.tostring(root, encoding="utf-8"), files, answers


def leaves(element: ET.Element, path: str) -> list[tuple[str, ET.Element]]:
    found = []
    for child in element:
        below = f"{path}/{child.tag.rpartition('}')[2]}".lstrip("/")
        found += leaves(child, below) if len(child) else [(below, child)]
    return found


def test_the_form_of_all_question_types_goes_the_whole_way(shared: Path) -> None:
    xform = converted(shared)
    root = ET.fromstring(xform).find(f".//{XFORMS}model/{XFORMS}instance")  # noqa: S314  (as above)
    assert root is not None
    first = next(iter(root))
    survey = open_survey(Organisation.objects.create(slug="house", name_kk="Үй"))
    Questionnaire.objects.create(
        survey=survey,
        number=1,
        form_id=first.get("id") or "",
        version=first.get("version") or "",
        source=b"",
        source_name="all.xlsx",
        xform=xform,
        digest=hashlib.sha256(xform.encode()).hexdigest(),
        published_at=SINCE,
    )
    device = Device.objects.create(survey=survey, name="1")
    base = f"/openrosa/{token_of(device)}"
    listed = ET.fromstring(Client().get(f"{base}/formList").content)  # noqa: S314  (our own)
    address = listed.findtext(f"{LISTED}xform/{LISTED}downloadUrl") or ""
    sent = Client().get(address.removeprefix("http://testserver")).content.decode()
    assert sent == xform
    xml, files, answers = filled(sent, "uuid:all")
    assert answers > 60
    assert len(files) > 3
    assert posted(base, xml, files[:2], incomplete=True).status == 202
    assert posted(base, xml, files[2:]).status == 201
    row = Submission.objects.get()
    assert row.complete
    assert bytes(row.xml) == xml
    assert {a.name: bytes(a.content) for a in row.attachments.all()} == dict(files)
    assert row.arrival.expected == sorted(name for name, _content in files)
