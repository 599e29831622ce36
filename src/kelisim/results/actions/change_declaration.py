"""Change what a study declares; runs that were asked for keep the words they were asked with."""

from __future__ import annotations

from hashlib import sha256

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from kelisim.accounts.models import User
from kelisim.auditlog.actions import declare, record
from kelisim.results.declared import read_declared, refuse_absent
from kelisim.results.from_survey import INTERVIEWS
from kelisim.results.models import Study

CHANGED = declare(
    "results.change_declaration",
    _("%(actor)s changed the declaration of a study."),
    facts=("before", "after"),
)


def change_declaration(*, study: Study, declaration: str, by: User) -> None:
    """Keep a new declaration; the same one again changes nothing and records nothing.

    Raises
    ------
    Refusal
        It cannot be read, something in it is wrong, or a file it names is not there.
    """
    if declaration == study.declaration:
        return
    read, refusals = read_declared(declaration)
    if refusals:
        raise refusals[0]
    written = {INTERVIEWS} if study.survey_id else set()
    refuse_absent(read, frozenset(study.files.values_list("name", flat=True)) | written)
    before, study.declaration = study.declaration, declaration
    for language in ("kk", "ru", "en"):
        setattr(study, f"title_{language}", read.title.get(language, "")[:300])
    with transaction.atomic():
        study.save()
        record(
            CHANGED,
            study,
            by=by,
            organisation=study.organisation,
            facts={"before": _digest(before), "after": _digest(declaration)},
        )


def _digest(text: str) -> str:
    return sha256(text.encode()).hexdigest()
