"""Open a study: its declaration and its files, handed in together."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from kelisim.accounts.models import Organisation, User
from kelisim.auditlog.actions import declare, record
from kelisim.results.declared import read_declared, refuse_absent
from kelisim.results.files import keep
from kelisim.results.from_survey import INTERVIEWS
from kelisim.results.models import Study, StudyFile
from kelisim.surveys.models import Survey

OPENED = declare(
    "results.open_study", _("%(actor)s opened the study “%(slug)s”."), facts=("slug", "files")
)


def open_study(
    *,
    organisation: Organisation,
    slug: str,
    declaration: str,
    files: Mapping[str, Iterable[bytes]],
    by: User,
    survey: Survey | None = None,
) -> Study:
    """Return the new study.

    Parameters
    ----------
    survey
        The survey whose interviews it is about; their file is then written at every run.

    Raises
    ------
    Refusal
        The declaration cannot be read, something in it is wrong, or a file it names is not there.
    """
    read, refusals = read_declared(declaration)
    if refusals:
        raise refusals[0]
    refuse_absent(read, frozenset(files) | ({INTERVIEWS} if survey else set()))
    kept = {name: keep(pieces) for name, pieces in files.items()}
    with transaction.atomic():
        study = Study.objects.create(
            organisation=organisation,
            survey=survey,
            slug=slug,
            declaration=declaration,
            **{f"title_{language}": text[:300] for language, text in read.title.items()},
        )
        for name, (digest, size) in kept.items():
            StudyFile.objects.create(study=study, name=name, sha256=digest, size=size)
        record(
            OPENED,
            study,
            by=by,
            organisation=organisation,
            facts={"slug": slug, "files": {name: digest for name, (digest, _size) in kept.items()}},
        )
    return study
