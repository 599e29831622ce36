"""Word a statement in another language: a variant of the same item."""

from __future__ import annotations

from django.conf import settings
from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext_lazy as _

from kelisim.accounts.models import User
from kelisim.auditlog.actions import declare, named, record
from kelisim.consultations.actions.add_statement import checked
from kelisim.consultations.likeness import likeness
from kelisim.consultations.models import Consultation, Statement, Wording
from kelisim.core.clock import Clock

WORDED = declare(
    "consultations.word_statement",
    _("%(actor)s worded statement %(number)s in another language (%(language)s)."),
    facts=("number", "language"),
    reads={"language": named(settings.LANGUAGES)},
)


def word(
    statement: Statement, language: str, text: str, *, by: User, clock: Clock | None = None
) -> Wording:
    """Return the wording of a statement in a language; the author's own words are never changed.

    Raises
    ------
    Refused
        The words are not a statement.
    ValueError
        The language is that of the author.
    """
    if language == statement.origin:
        raise ValueError("The words of the author are never changed.")
    clean = checked(text)
    with transaction.atomic():
        made, _new = Wording.objects.update_or_create(
            statement=statement,
            language=language,
            defaults={"text": clean, "likeness": likeness(clean)},
        )
        Consultation.objects.filter(pk=statement.consultation_id).update(shelf=F("shelf") + 1)
        record(
            WORDED,
            statement,
            by=by,
            organisation=statement.consultation.organisation,
            clock=clock,
            facts={"number": statement.number, "language": language},
        )
    return made
