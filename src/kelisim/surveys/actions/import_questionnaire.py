"""Take in a questionnaire as the next version, with everything that its checks found."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from kelisim.accounts.models import User
from kelisim.auditlog.actions import declare, record
from kelisim.surveys.checking.whole import check
from kelisim.surveys.models import Media, Questionnaire, Survey
from kelisim.surveys.xlsform import convert_workbook

IMPORTED = declare(
    "surveys.import_questionnaire",
    _("%(actor)s imported version %(number)s of the questionnaire of “%(survey)s”."),
    facts=("survey", "number", "digest"),
)


def import_questionnaire(
    *, survey: Survey, name: str, raw: bytes, media: Mapping[str, bytes], by: User | None
) -> Questionnaire:
    """Return the new version; it is not published yet.

    Raises
    ------
    QuestionnaireRefused, MarkupRefused
        The file cannot be asked as it is.
    """
    converted = convert_workbook(name, raw)
    findings = [one.as_dict() for one in check(name, raw, converted)]
    with transaction.atomic():
        last = survey.questionnaires.order_by("-number").first()
        made = Questionnaire.objects.create(
            survey=survey,
            number=last.number + 1 if last else 1,
            form_id=converted.form.form_id[:200],
            version=converted.form.version[:200],
            source=raw,
            source_name=name[:200],
            xform=converted.xform,
            digest=hashlib.sha256(converted.xform.encode()).hexdigest(),
            findings=findings,
        )
        for file, content in media.items():
            digest = hashlib.sha256(content).hexdigest()
            Media.objects.create(
                questionnaire=made, name=file[:200], content=content, digest=digest
            )
        facts = {"survey": survey.slug, "number": made.number, "digest": made.digest}
        record(IMPORTED, made, by=by, organisation=survey.organisation, facts=facts)
    return made
