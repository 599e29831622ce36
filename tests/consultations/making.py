"""Consultations for tests: asked, filled with statements, voted in."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta

from django.utils import timezone

from kelisim.accounts.models import Organisation, User
from kelisim.consultations import tokens
from kelisim.consultations.actions.add_statement import seed
from kelisim.consultations.actions.cast_votes import Ballot, Cast, cast_vote, cast_votes
from kelisim.consultations.actions.prepare import add_draft, prepare, write_clause
from kelisim.consultations.models import (
    Clause,
    Consultation,
    DraftKind,
    Entry,
    Event,
    Kind,
    Participant,
    Statement,
)
from kelisim.consultations.refusals import Refused
from kelisim.core.rng import stream

QUESTION = {
    "kk": "Қалада көлікті қалай шектейміз?",
    "ru": "Как ограничить движение в городе?",
    "en": "How should traffic be limited?",
}
STATEMENTS = [
    {
        "kk": "Автобустар жиірек жүруі керек.",
        "ru": "Автобусы должны ходить чаще.",
        "en": "Buses should run more often.",
    },
    {
        "kk": "Орталыққа кіру ақылы болсын.",
        "ru": "Въезд в центр должен быть платным.",
        "en": "Entering the centre should cost money.",
    },
    {
        "kk": "Велосипед жолдары көбейсін.",
        "ru": "Нужно больше велодорожек.",
        "en": "More cycle paths are needed.",
    },
    {
        "kk": "Тұрақ тегін болып қалсын.",
        "ru": "Парковка должна остаться бесплатной.",
        "en": "Parking should stay free.",
    },
    {
        "kk": "Мектеп маңында 30 км/сағ болсын.",
        "ru": "У школ нужно 30 км/ч.",
        "en": "Near schools the limit should be 30 km/h.",
    },
    {
        "kk": "Ескі көліктерге тыйым салынсын.",
        "ru": "Старые машины нужно запретить.",
        "en": "Old cars should be banned.",
    },
    {"kk": "Жаңа жол салу керек.", "ru": "Нужны новые дороги.", "en": "New roads should be built."},
    {
        "kk": "Қоғамдық көлік тегін болсын.",
        "ru": "Транспорт должен быть бесплатным.",
        "en": "Public transport should be free.",
    },
]


def asked(
    house: Organisation,
    by: User,
    slug: str = "traffic",
    *,
    entry: Entry = Entry.OPEN,
    statements: int = len(STATEMENTS),
    clause: bool = False,
    **fields: object,
) -> Consultation:
    """Return a published consultation that is open now."""
    now = timezone.now()
    made = Consultation(
        slug=slug,
        opens_at=now - timedelta(days=1),
        closes_at=now + timedelta(days=7),
        entry=entry,
        published=True,
        **{f"question_{code}": text for code, text in QUESTION.items()},
    )
    for name, value in fields.items():
        setattr(made, name, value)
    prepare(made, organisation=house, by=by)
    about: Clause | None = None
    if clause:
        draft = add_draft(made, DraftKind.LAW, {"kk": "Жоба", "ru": "Проект", "en": "Draft"}, by=by)
        texts = {
            "kk": "Кіру ақысы — 500 теңге.",
            "ru": "Плата — 500 тенге.",
            "en": "The fee is 500.",
        }
        about = write_clause(draft, "12", texts, by=by).clause
    for texts in STATEMENTS[:statements]:
        seed(made, texts, by=by, clause=about)
    return Consultation.objects.get(pk=made.pk)


def vote(
    consultation: Consultation, token: str, number: object, vote: object, **more: object
) -> Cast:
    """Cast a vote as the door does."""
    ballot = Ballot(consultation.slug, token, number, vote, "kk")
    for name, value in more.items():
        object.__setattr__(ballot, name, value)
    return cast_vote(ballot)


def refusal(consultation: Consultation, token: str, number: object, choice: object) -> str:
    """Return the code with which a vote is refused."""
    try:
        vote(consultation, token, number, choice)
    except Refused as refused:
        return refused.code
    raise AssertionError("the vote was taken")


def camps(
    consultation: Consultation, people: int, seed_: int = 0, *, share: float = 0.5
) -> list[str]:
    """Let two camps vote, who agree on every third statement; SIMULATED. Return their tokens."""
    chance = stream(seed_, "consultations.camps")
    numbers = list(
        Statement.objects.filter(consultation=consultation)
        .order_by("number")
        .values_list("number", flat=True)
    )
    made = [tokens.fresh() for _person in range(people)]
    for token in made:
        side = int(chance.random() < share)
        ballots = []
        for place, number in enumerate(numbers):
            leaning = 0.95 if place % 3 == 0 or (place % 2 == 0) == (side == 0) else 0.05
            choice = 0 if chance.random() < 0.05 else (1 if chance.random() < leaning else -1)
            ballots.append(Ballot(consultation.slug, token, number, choice, "kk"))
        taken = cast_votes(ballots)
        assert not [one for one in taken if isinstance(one, Refused)]
    return made


def votes_logged(consultation: Consultation) -> list[tuple[int, int | None]]:
    """Return the votes in the log, in order: statement number and vote."""
    rows = Event.objects.filter(consultation=consultation, kind=Kind.VOTE).order_by("id")
    return list(rows.values_list("statement__number", "vote"))


def voices(consultation: Consultation) -> Iterable[Participant]:
    return Participant.objects.filter(consultation=consultation)
