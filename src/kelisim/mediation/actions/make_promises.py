"""The promise ledger: made when the settlement is signed, then kept, broken or agreed anew."""

from __future__ import annotations

from datetime import date

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from kelisim.auditlog.actions import declare, record
from kelisim.core.clock import Clock, SystemClock
from kelisim.mediation.actions.take_step import take_step
from kelisim.mediation.actions.write import write
from kelisim.mediation.keyring import Keyring
from kelisim.mediation.models import Case, Paper, Promise, Seat
from kelisim.mediation.words import Kind

SYSTEM = SystemClock()
KEPT = declare("mediation.keep_promise", _("%(actor)s noted that a promise was kept."))
BROKEN = declare("mediation.break_promise", _("%(actor)s noted that a promise was not kept."))


def make_promises(paper: Paper, *, keyring: Keyring, clock: Clock = SYSTEM) -> list[Promise]:
    """Return a promise for every clause of the settlement that has a day."""
    document = keyring.read(paper.writing)
    made = []
    for clause in document["clauses"]:
        if clause["due"] and clause["side"]:
            words = {language: clause[language] for language in ("kk", "ru", "en")}
            room = paper.writing.compartment
            text = write(room, Kind.PROMISE, words, seat=None, clock=clock)
            made.append(
                Promise.objects.create(
                    case=paper.case,
                    writing=text,
                    side=clause["side"],
                    due=date.fromisoformat(clause["due"]),
                )
            )
    return made


def keep_promise(seat: Seat, promise: Promise, *, clock: Clock = SYSTEM) -> None:
    """Note that a promise was kept; with the last one the settlement is fulfilled."""
    with transaction.atomic():
        Promise.objects.filter(pk=promise.pk).update(kept=clock.now(), broken=None)
        record(KEPT, promise, by=seat.person, organisation=promise.case.centre, clock=clock)
        case = Case.objects.get(pk=promise.case_id)
        if case.state == "performance" and not case.promises.filter(kept__isnull=True).exists():
            take_step(case, "fulfil", by="party", seat=seat, clock=clock)


def break_promise(seat: Seat, promise: Promise, *, clock: Clock = SYSTEM) -> None:
    """Note that a promise was not kept: both sides may agree anew, or take the papers to court."""
    with transaction.atomic():
        Promise.objects.filter(pk=promise.pk, kept__isnull=True).update(broken=clock.now())
        record(BROKEN, promise, by=seat.person, organisation=promise.case.centre, clock=clock)
        case = Case.objects.get(pk=promise.case_id)
        if case.state == "performance":
            take_step(case, "break", by="party", seat=seat, clock=clock)


def agree_anew(promise: Promise, due: date, *, clock: Clock = SYSTEM) -> None:
    """Give a broken promise a new day that both sides agreed on."""
    with transaction.atomic():
        Promise.objects.filter(pk=promise.pk).update(due=due, broken=None, reminded=None)
        take_step(promise.case, "renegotiate", by="house", clock=clock)
