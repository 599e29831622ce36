"""What a device is told: a status and a sentence for the interviewer, in the device's language."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True, slots=True)
class Answered:
    """The status and the sentence of an answer, put into words when its language is known."""

    status: int
    sentence: Promise
    facts: Mapping[str, object] = field(default_factory=dict)

    @property
    def words(self) -> str:
        """The sentence in the language of the moment."""
        return str(self.sentence) % self.facts if self.facts else str(self.sentence)


RECEIVED = Answered(201, _("The interview is received and kept."))
STRANGER = Answered(
    404, _("This device is not known here, or was switched off. Ask your supervisor.")
)
UNKNOWN = Answered(
    202,
    _("This questionnaire or its version is not known. The interview is kept for the supervisor."),
)
NOT_OPEN = Answered(
    202, _("The survey is not in the field. The interview is kept for the supervisor.")
)
FULL = Answered(
    202,
    _("The interview is kept aside for the supervisor: no more interviews of its kind are wanted."),
)
CONFLICT = Answered(
    409,
    _("Another interview came under the same number. Both are kept, and the supervisor is told."),
)
ONLY_POST = Answered(405, _("Send interviews with POST."))
COMPRESSED = Answered(415, _("Send the interview as it is, without compressing the request."))
TOO_LARGE = Answered(
    413, _("This is more than can be received at once. Send fewer or smaller files.")
)
TOO_SLOW = Answered(408, _("The sending took too long. Try again on a better line."))
BUSY = Answered(503, _("Too many interviews are coming in. Try again in a moment."))


def waiting(files: int) -> Answered:
    """Return the answer to an interview of which files are still to come."""
    sentence = _("The interview is kept. Files of it that are still to come: %(count)d.")
    return Answered(202, sentence, {"count": files})


def unreadable(why: str) -> Answered:
    """Return the answer to what cannot be read."""
    return Answered(400, _("The interview cannot be read: %(why)s"), {"why": why})
