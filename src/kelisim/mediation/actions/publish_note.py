"""Add a practice note to the library of mediators."""

from __future__ import annotations

from django.db import transaction
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from kelisim.accounts.models import Organisation, User
from kelisim.auditlog.actions import declare, record
from kelisim.core.errors import StepRefused
from kelisim.mediation.anonymity import traces
from kelisim.mediation.models import PracticeNote
from kelisim.mediation.words import Topic

PUBLISHED = declare("mediation.publish_note", _("%(actor)s added a practice note."))


def publish_note(
    *, centre: Organisation, topic: Topic, language: str, title: str, text: str, by: User
) -> PracticeNote:
    """Return the note.

    Raises
    ------
    StepRefused
        It holds what could name somebody: a number, an address, a case code.
    """
    found = traces(f"{title}\n{text}")
    if found:
        raise StepRefused(
            gettext("The note holds what could name somebody: %(what)s.")
            % {"what": ", ".join(found)},
            why=gettext("Practice is shared without anybody’s name."),
            do=gettext("Say it in general words."),
        )
    with transaction.atomic():
        made = PracticeNote.objects.create(
            author=by, centre=centre, topic=topic, language=language, title=title, text=text
        )
        record(PUBLISHED, made, by=by, organisation=centre)
    return made
