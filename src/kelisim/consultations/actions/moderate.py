"""Decide about a statement: accept it, or say why not; each decision is an event and an entry."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext_lazy as _

from kelisim.accounts.models import User
from kelisim.auditlog.actions import declare, named, record
from kelisim.bells.ring import ring
from kelisim.consultations.actions.refresh import ask_refresh
from kelisim.consultations.models import (
    Appeal,
    Consultation,
    Event,
    Kind,
    Reason,
    State,
    Statement,
)
from kelisim.core.clock import Clock, SystemClock


def _verdict(kept: str) -> object:
    """Return what was decided: accepted, or why not."""
    if kept not in Reason.values:
        return named(State.choices)(kept)
    return f"{State.REJECTED.label} ({str(Reason(kept).label).rstrip('.')})"


DECIDED = declare(
    "consultations.moderate",
    _("%(actor)s decided about statement %(number)s: %(verdict)s."),
    facts=("number", "verdict"),
    reads={"verdict": _verdict},
)
JUDGED = declare(
    "consultations.judge_appeal",
    _("%(actor)s decided the appeal about statement %(number)s: %(verdict)s."),
    facts=("number", "verdict"),
    reads={
        "verdict": named(
            [
                ("appeal-lost", _("the first decision stands")),
                ("appeal-won-accepted", _("the statement is accepted after all")),
            ]
        )
    },
)


def accept(statement: Statement, *, by: User, clock: Clock | None = None) -> None:
    """Put a statement on the shelf."""
    _decide(statement, State.ACCEPTED, "", by, clock)


def reject(statement: Statement, reason: Reason, *, by: User, clock: Clock | None = None) -> None:
    """Keep a statement off the shelf, for a reason that its author reads. Its votes stay."""
    _decide(statement, State.REJECTED, reason.value, by, clock)


def _decide(statement: Statement, state: State, reason: str, by: User, clock: Clock | None) -> None:
    now = (clock or SystemClock()).now()
    with transaction.atomic():
        verdict = _settle(statement, state, reason, by, now)
        facts = {"number": statement.number, "verdict": verdict}
        house = statement.consultation.organisation
        record(DECIDED, statement, by=by, organisation=house, clock=clock, facts=facts)
        _ring(statement, now)


def judge(appeal: Appeal, *, upheld: bool, by: User, clock: Clock | None = None) -> None:
    """Decide an appeal; upheld puts the statement on the shelf.

    The first moderator cannot be the judge: the gatekeeper does not open the appeal to them, and
    the table would not hold it.
    """
    now = (clock or SystemClock()).now()
    statement = appeal.statement
    with transaction.atomic():
        appeal.upheld, appeal.decided_by, appeal.decided_at = upheld, by, now
        appeal.save()
        verdict = "appeal-lost"
        if upheld:
            verdict = f"appeal-won-{_settle(statement, State.ACCEPTED, '', by, now)}"
        else:
            _log(statement, verdict, now)
        facts = {"number": statement.number, "verdict": verdict}
        house = statement.consultation.organisation
        record(JUDGED, appeal, by=by, organisation=house, clock=clock, facts=facts)
        _ring(statement, now)


def _settle(statement: Statement, state: State, reason: str, by: User, now: datetime) -> str:
    statement.state, statement.reason = state, reason
    statement.decided_by, statement.decided_at = by, now
    statement.save()
    Consultation.objects.filter(pk=statement.consultation_id).update(shelf=F("shelf") + 1)
    verdict = reason or state.value
    _log(statement, verdict, now)
    return verdict


def _log(statement: Statement, verdict: str, now: datetime) -> None:
    Event.objects.create(
        consultation=statement.consultation,
        kind=Kind.MODERATION,
        at=now,
        statement=statement,
        verdict=verdict,
    )


def _ring(statement: Statement, now: datetime) -> None:
    ask_refresh([statement.consultation_id], now)
    ring(statement.consultation.channel("queue"))
