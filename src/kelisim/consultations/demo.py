"""A consultation that is going on: a draft, what people said of it, and simulated voices."""

from __future__ import annotations

from datetime import timedelta

from django.db import transaction
from django.utils import timezone

from kelisim.accounts.demo import Stage
from kelisim.accounts.roles import Role
from kelisim.consultations import tokens
from kelisim.consultations.actions.add_statement import seed as add
from kelisim.consultations.actions.cast_votes import Ballot, cast_votes
from kelisim.consultations.actions.prepare import add_draft, prepare, write_clause
from kelisim.consultations.models import Consultation, DraftKind, Entry, Mode
from kelisim.consultations.refusals import Refused
from kelisim.core.rng import stream

VOICES, EACH = 120, 7
QUESTION = {
    "kk": "Қаладағы көлік қозғалысын қалай реттейміз?",
    "ru": "Как наладить движение в городе?",
    "en": "How should traffic in the city be arranged?",
}
DRAFT = {"kk": "Қозғалыс ережесінің жобасы", "ru": "Проект правил движения", "en": "Draft rules"}
CLAUSE = {
    "kk": "Қала орталығына кіру ақысы — 500 теңге.",
    "ru": "Плата за въезд в центр города — 500 тенге.",
    "en": "Entering the city centre costs 500 tenge.",
}
STATEMENTS = (
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
        "kk": "Мектеп маңында жылдамдық 30 км/сағ болсын.",
        "ru": "У школ скорость должна быть 30 км/ч.",
        "en": "Near schools the limit should be 30 km/h.",
    },
    {
        "kk": "Ескі көліктердің орталыққа кіруіне тыйым салынсын.",
        "ru": "Старым машинам въезд в центр нужно запретить.",
        "en": "Old cars should be kept out of the centre.",
    },
    {
        "kk": "Жаңа жолдар салу керек.",
        "ru": "Нужны новые дороги.",
        "en": "New roads should be built.",
    },
    {
        "kk": "Қоғамдық көлік тегін болсын.",
        "ru": "Общественный транспорт должен быть бесплатным.",
        "en": "Public transport should be free.",
    },
)


def furnish(stage: Stage, seed: int) -> Consultation:
    """Return a consultation with SIMULATED voices of two opinions that share every third wish."""
    by, now = stage.people[Role.RESEARCHER], timezone.now()
    made = Consultation(
        slug="traffic",
        opens_at=now - timedelta(days=3),
        closes_at=now + timedelta(days=18),
        entry=Entry.OPEN,
        published=True,
        **{f"question_{code}": text for code, text in QUESTION.items()},
    )
    prepare(made, organisation=stage.house, by=by)
    draft = add_draft(made, DraftKind.LAW, DRAFT, by=by)
    clause = write_clause(draft, "12", CLAUSE, by=by).clause
    for texts in STATEMENTS:
        add(made, texts, by=by, clause=clause)
    _vote(made.slug, seed)
    return made


def _vote(slug: str, seed: int) -> None:
    chance = stream(seed, "demo", "consultation")
    ballots = []
    for person in range(VOICES):
        token, camp = tokens.fresh(), person % 2
        for number in chance.sample(range(len(STATEMENTS)), EACH):
            shared = number % 3 == 0
            likely = 0.85 if shared or (number % 2 == camp) else 0.2
            vote = 0 if chance.random() < 0.1 else 1 if chance.random() < likely else -1
            # Entered as from paper: the limit of speed is for those who vote themselves.
            ballots.append(Ballot(slug, token, number + 1, vote, "kk", mode=Mode.PAPER))
    with transaction.atomic():
        for taken in cast_votes(ballots):
            if isinstance(taken, Refused):
                raise taken
