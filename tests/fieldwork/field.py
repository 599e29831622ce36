"""A survey in the field, its devices, and how a device sends: what tests of fieldwork stand on."""

from __future__ import annotations

import hashlib
import uuid
from dataclasses import dataclass
from datetime import UTC, datetime

from kelisim.accounts.models import Organisation, User
from kelisim.fieldwork.models import Device, DeviceKind
from kelisim.fieldwork.tokens import token_of
from kelisim.surveys.models import Media, Questionnaire, State, Survey

XFORM = """<?xml version="1.0" encoding="UTF-8"?>
<h:html xmlns="http://www.w3.org/2002/xforms" xmlns:h="http://www.w3.org/1999/xhtml"
  xmlns:jr="http://openrosa.org/javarosa" xmlns:orx="http://openrosa.org/xforms">
  <h:head><h:title>Сауалнама</h:title><model>
    <instance><data id="omnibus" version="{version}"><case_id/><trust/><photo/>
      <orx:meta><orx:instanceID/></orx:meta></data></instance>
    <bind nodeset="/data/case_id" type="string"/>
    <bind nodeset="/data/trust" type="int"/>
    <bind nodeset="/data/photo" type="binary"/>
    <bind nodeset="/data/orx:meta/orx:instanceID" type="string" jr:preload="uid"/>
  </model></h:head>
  <h:body>
    <input ref="/data/case_id"><label>Нөмірі</label></input>
    <input ref="/data/trust"><label>Сенім</label></input>
    <upload ref="/data/photo" mediatype="image/*"><label>Сурет</label></upload>
  </h:body>
</h:html>"""
SINCE = datetime(2026, 3, 2, 4, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Field:
    """A survey in the field, a device of it, and the device's address below the site."""

    survey: Survey
    device: Device

    @property
    def token(self) -> str:
        return token_of(self.device)

    @property
    def path(self) -> str:
        return f"/openrosa/{self.token}"


def version(survey: Survey, number: int = 1, *, published: bool = True) -> Questionnaire:
    xform = XFORM.format(version=f"v{number}")
    return Questionnaire.objects.create(
        survey=survey,
        number=number,
        form_id="omnibus",
        version=f"v{number}",
        source=b"",
        source_name="omnibus.xlsx",
        xform=xform,
        digest=hashlib.sha256(xform.encode()).hexdigest(),
        published_at=SINCE if published else None,
    )


def open_survey(house: Organisation, slug: str = "omnibus") -> Survey:
    return Survey.objects.create(
        organisation=house,
        slug=slug,
        title_kk="Тұрғындар сауалнамасы",
        title_ru="Опрос жителей",
        title_en="Residents' survey",
        state=State.OPEN,
    )


def field(
    house: Organisation | None = None, interviewer: User | None = None, *, media: bool = True
) -> Field:
    house = house or Organisation.objects.create(slug="house", name_kk="Үй")
    survey = open_survey(house)
    form = version(survey)
    if media:
        content = "name,label\nKZ-10,Абай облысы\n".encode()
        digest = hashlib.sha256(content).hexdigest()
        Media.objects.create(questionnaire=form, name="regions.csv", content=content, digest=digest)
    device = Device.objects.create(
        survey=survey, interviewer=interviewer, name="tablet 1", kind=DeviceKind.COLLECT
    )
    return Field(survey, device)


def interview(
    number: str | None = None,
    *,
    trust: str = "3",
    photo: str = "",
    case: str = "",
    form: str = "omnibus",
    version: str = "v1",
) -> bytes:
    """Return an interview of the form above."""
    return (
        f'<data id="{form}" version="{version}"><case_id>{case}</case_id><trust>{trust}</trust>'
        f'<photo>{photo}</photo><orx:meta xmlns:orx="http://openrosa.org/xforms">'
        f"<orx:instanceID>{number or f'uuid:{uuid.uuid4()}'}</orx:instanceID></orx:meta></data>"
    ).encode()
