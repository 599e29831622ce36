"""Freeze the single text: complete, the same in three languages, under one digest for everyone."""

from __future__ import annotations

from datetime import timedelta

from django.db import transaction
from django.utils.translation import gettext

from kelisim.core.clock import Clock, SystemClock, in_kazakhstan
from kelisim.core.errors import StepRefused
from kelisim.mediation.actions.draft_agreement import check_all_in, names, withdraw_papers
from kelisim.mediation.actions.issue_paper import issue_paper
from kelisim.mediation.actions.take_step import take_step
from kelisim.mediation.actions.write import write
from kelisim.mediation.clauses import Clause, current, mismatches, missing_languages
from kelisim.mediation.keyring import Keyring
from kelisim.mediation.models import Case, Compartment, Paper, Seat, Voice
from kelisim.mediation.papers import missing_from_settlement
from kelisim.mediation.queries import lines, newest, sitting
from kelisim.mediation.words import Kind, Part, Room

COOLING = timedelta(hours=24)
SYSTEM = SystemClock()


def clauses_of(case: Case, keyring: Keyring) -> list[Clause]:
    """Return the single text as a reader can open it."""
    rooms = Compartment.objects.filter(
        case=case, room=Room.JOINT, copies__person_id=keyring.person
    ).order_by("epoch")
    return current(line.content for line in lines(list(rooms), keyring, Kind.CLAUSE))


def faults_of(case: Case, clauses: list[Clause]) -> list[str]:
    """Return everything that keeps the text from being signed, in the reader's language."""
    parties = [one["name"] for one in names(case, Part.PARTY)]
    told = [
        gettext("It lacks: %(what)s.") % {"what": label}
        for label in missing_from_settlement(clauses)
    ]
    for number, clause in enumerate(clauses, start=1):
        told += [
            gettext("Clause %(n)d has no words in “%(language)s”.")
            % {"n": number, "language": lang}
            for lang in missing_languages(clause)
        ]
        told += [
            gettext("Clause %(n)d: “%(value)s” is in “%(has)s”, not in “%(lacks)s”.")
            % {"n": number, "value": odd.value, "has": odd.has, "lacks": odd.lacks}
            for odd in mismatches(clause, parties)
        ]
    return told


def freeze_text(seat: Seat, *, keyring: Keyring, clock: Clock = SYSTEM) -> Paper:
    """Return the paper to be signed.

    Raises
    ------
    StepRefused
        Something required is missing, or the languages say different things.
    """
    case = seat.case
    check_all_in(case)
    clauses = clauses_of(case, keyring)
    faults = faults_of(case, clauses)
    if faults:
        raise StepRefused(
            gettext("The text is not ready to be signed."),
            why=" ".join(faults),
            do=gettext("Correct it, then freeze it again."),
        )
    document = {
        "kind": "settlement",
        "case": case.code,
        "date": in_kazakhstan(clock.now()).date().isoformat(),
        "language": case.language,
        "parties": names(case, Part.PARTY),
        "mediators": names(case, Part.MEDIATOR),
        "clauses": [
            {
                "section": clause.section,
                "due": clause.due,
                "side": clause.side,
                **clause.texts,
            }
            for clause in clauses
        ],
    }
    with transaction.atomic():
        take_step(case, "freeze_text", by="mediator", seat=seat, clock=clock)
        withdraw_papers(case, clock=clock)
        room = newest(case, Room.SETTLEMENT)
        text = write(room, Kind.TEXT, document, seat=seat, clock=clock)
        return issue_paper(case, text, document)


def open_signing(seat: Seat, *, clock: Clock = SYSTEM) -> None:
    """Open the frozen text for signatures, after the day of reflection that a side asked for.

    Raises
    ------
    StepRefused
        A side asked for a day to think, and it is not over.
    """
    case = seat.case
    asked = Voice.objects.filter(
        case=case, about="cooling", yes=True, seat__in=sitting(case, Part.PARTY)
    )
    if asked.exists() and clock.now() < case.since + COOLING:
        raise StepRefused(
            gettext("A side asked for a day to think it over."),
            do=gettext("Open the signing after that."),
        )
    take_step(case, "open_signing", by="mediator", seat=seat, clock=clock)


def reopen_text(seat: Seat, *, by_party: bool, clock: Clock = SYSTEM) -> None:
    """Take the text back into negotiation; every signature under it falls away with its paper."""
    with transaction.atomic():
        actor = "party" if by_party else "mediator"
        take_step(seat.case, "reopen", by=actor, seat=seat, clock=clock)  # type: ignore[arg-type]  # two of the actors
        withdraw_papers(seat.case, clock=clock)
