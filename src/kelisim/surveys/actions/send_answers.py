"""Send a draft: one submission, its link used up, and nothing between the two."""

from __future__ import annotations

import hashlib

from django.db import transaction
from django.utils import timezone

from kelisim.surveys.admission import admit
from kelisim.surveys.answers import compact
from kelisim.surveys.links import receipt
from kelisim.surveys.models import Attachment, Channel, Draft, Invitation, Submission
from kelisim.surveys.paradata import audit_csv
from kelisim.surveys.queries import form_of
from kelisim.surveys.xform.events import Events
from kelisim.surveys.xform.interview import Interview
from kelisim.surveys.xform.writing import write_instance


class AlreadyUsed(Exception):
    """The link was used before."""


def send_answers(*, draft: Draft, interview: Interview, invitation: Invitation) -> str:
    """Return the receipt of a submission made of a draft; the draft is destroyed.

    The action is not in the audit log: an entry would say when the holder of a link answered what.

    Raises
    ------
    AlreadyUsed
        The link was used before; nothing is changed.
    """
    Events(interview).closing()
    _name_audit(draft, interview)
    xml = write_instance(interview)
    meta = interview.root.child("meta")
    name = meta.child("instanceID") if meta else None
    instance = name.text if name is not None and name.text else f"uuid:{interview.new_id()}"
    with transaction.atomic():
        fresh = Invitation.objects.filter(pk=invitation.pk, used_on=None)
        if not fresh.update(used_on=timezone.localdate()):
            raise AlreadyUsed
        sent = Submission(
            questionnaire=draft.questionnaire,
            instance_id=instance,
            xml=xml,
            digest=hashlib.sha256(xml).hexdigest(),
            channel=Channel.SELF,
            language=draft.language,
            answers=compact(form_of(draft.questionnaire), xml),
        )
        admit([sent])
        sent.save(force_insert=True)
        if draft.paradata:
            content = audit_csv(draft.events)
            digest = hashlib.sha256(content).hexdigest()
            Attachment.objects.create(
                submission=sent, name="audit.csv", content=content, digest=digest
            )
        Draft.objects.filter(pk=draft.pk).delete()
    return receipt(instance)


def _name_audit(draft: Draft, interview: Interview) -> None:
    """Name the file of paradata in the answers, where the form has a place for it."""
    meta = interview.root.child("meta")
    audit = meta.child("audit") if meta else None
    if audit is not None:
        audit.text = "audit.csv" if draft.paradata else ""
