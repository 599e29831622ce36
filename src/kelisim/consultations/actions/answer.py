"""Answer officially: what the office did with a statement, why, and what was changed by it."""

from __future__ import annotations

from collections.abc import Mapping

from django.core.mail import send_mail
from django.db import transaction
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from kelisim.accounts.models import User
from kelisim.auditlog.actions import declare, named, record
from kelisim.bells.ring import ring
from kelisim.consultations.models import ClauseText, Consultation, Owed, Verdict
from kelisim.core.clock import Clock, SystemClock, in_kazakhstan
from kelisim.jobs.worker import JobContext, background

ANSWERED = declare(
    "consultations.answer",
    _("%(actor)s answered statement %(number)s: %(verdict)s."),
    facts=("number", "verdict"),
    reads={"verdict": named(Verdict.choices)},
)


def answer(
    owed: Owed,
    verdict: Verdict,
    because: Mapping[str, str],
    *,
    by: User,
    before: ClauseText | None = None,
    after: ClauseText | None = None,
    address: str = "",
    clock: Clock | None = None,
) -> None:
    """Give an official answer; whoever follows the consultation is told that there is one.

    Parameters
    ----------
    because
        The reasons, by language.
    before, after
        Two versions of a clause, where the statement changed the draft.
    address
        Where the site is, for the notice.
    """
    now = (clock or SystemClock()).now()
    with transaction.atomic():
        owed.verdict, owed.answered_by = verdict, by
        owed.answered_on = in_kazakhstan(now).date()
        owed.before, owed.after = before, after
        for language, text in because.items():
            setattr(owed, f"because_{language}", text)
        owed.save()
        facts = {"number": owed.statement.number, "verdict": verdict.value}
        house = owed.consultation.organisation
        record(ANSWERED, owed, by=by, organisation=house, clock=clock, facts=facts)
        tell.enqueue(owed.consultation_id, address)
        ring(owed.consultation.channel("answers"))


@background
def tell(context: JobContext, pk: int, address: str) -> int:
    """Write to everybody who follows a consultation; the letter says that, and never what."""
    row = Consultation.objects.get(pk=pk)
    followers = list(row.followers.select_related("person").order_by("pk"))
    for done, follower in enumerate(followers):
        with translation.override(follower.person.language):
            page = f"{address}{reverse('consultation-answers', args=[row.slug])}"
            send_mail(
                gettext("There is a new official answer"),
                gettext(
                    "In a consultation that you follow, an office has answered. "
                    "The answer is here: %(page)s"
                )
                % {"page": page},
                None,
                [follower.person.email],
            )
        context.progress(done + 1, len(followers))
    return len(followers)
