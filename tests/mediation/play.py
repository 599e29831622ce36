"""A mediation played by its people, by the same actions that the pages call."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import Any

from kelisim.accounts.models import Membership, Organisation, User
from kelisim.accounts.roles import Role
from kelisim.mediation.actions import answer_invitation, file_case
from kelisim.mediation.actions.answer_screening import answer_screening
from kelisim.mediation.actions.begin_case import begin_case
from kelisim.mediation.actions.declare import declare
from kelisim.mediation.actions.draft_agreement import draft_agreement
from kelisim.mediation.actions.draft_clause import draft_clause
from kelisim.mediation.actions.freeze_text import freeze_text, open_signing
from kelisim.mediation.actions.invite import invite
from kelisim.mediation.actions.keep_register import (
    add_credential,
    confirm_credential,
    enter_mediator,
)
from kelisim.mediation.actions.make_keys import locked_of, make_keys
from kelisim.mediation.actions.propose_mediator import propose_mediator
from kelisim.mediation.actions.sign_paper import sign_paper
from kelisim.mediation.actions.speak import speak
from kelisim.mediation.actions.write import write
from kelisim.mediation.keyring import Keyring
from kelisim.mediation.keys.person import unlocked
from kelisim.mediation.models import Case, Invitation, Mediator, Paper, Seat
from kelisim.mediation.papers import AGREEMENT
from kelisim.mediation.queries import newest
from kelisim.mediation.safety import ITEMS
from kelisim.mediation.words import Channel, Kind, MediatorKind, Part, Room, SignedBy, Topic
from tests.web import PASSWORD, organisation

PASSPHRASE = "five words that nobody guesses"  # noqa: S105  (of people who exist in tests only)
SAFE = {item.key: "never" for item in ITEMS}
START = datetime(2026, 3, 2, 5, 0, tzinfo=UTC)


class Hand:
    """A clock that a test winds on."""

    def __init__(self, at: datetime = START) -> None:
        self.at = at

    def now(self) -> datetime:
        return self.at

    def on(self, days: float) -> None:
        self.at += timedelta(days=days)


def person(name: str, *, keys: bool = True) -> User:
    made = User.objects.create_user(f"{name}@example.kz", PASSWORD, name=name.title())
    if keys:
        make_keys(person=made, passphrase=PASSPHRASE)
    return made


def keyring(of: User) -> Keyring:
    of.refresh_from_db()
    return Keyring(of.pk, unlocked(locked_of(of.key_pair), PASSPHRASE))


def mediator(centre: Organisation, name: str, expires: date = date(2030, 1, 1)) -> Mediator:
    made = person(name)
    Membership.objects.create(person=made, organisation=centre, role=Role.MEDIATOR)
    keeper, _new = User.objects.get_or_create(email="keeper@example.kz")
    entry = enter_mediator(
        centre=centre,
        person=made,
        kind=MediatorKind.PROFESSIONAL,
        regions=["KZ-75"],
        languages=["kk", "ru", "en"],
        topics=[t.value for t in Topic],
        by=keeper,
    )
    seen = add_credential(
        entry,
        title="Certificate",
        number="7",
        issued=date(2020, 1, 1),
        expires=expires,
        evidence="register 7",
        by=keeper,
    )
    confirm_credential(seen, by=keeper)
    return entry


@dataclass
class Play:
    """One case, from the first word on."""

    clock: Hand = field(default_factory=Hand)
    name: str = ""
    case: Case = field(init=False)
    people: list[User] = field(default_factory=list)

    def __post_init__(self) -> None:
        n = self.name
        self.centre = Organisation.objects.filter(slug=f"centre{n}").first() or organisation(
            f"centre{n}"
        )
        self.registrar = person(f"registrar{n}")
        Membership.objects.create(
            person=self.registrar, organisation=self.centre, role=Role.MEDIATOR
        )
        self.a, self.b = person(f"aigerim{n}"), person(f"bolat{n}")
        self.people += [self.registrar, self.a, self.b]
        self.case = begin_case(
            centre=self.centre,
            region="KZ-75",
            topic=Topic.NEIGHBOURS,
            language="kk",
            by=self.a,
            clock=self.clock,
        )

    def seat(self, who: User) -> Seat:
        found = Seat.objects.select_related("case", "person").get(
            case=self.case, person=who, until__isnull=True
        )
        self.case = found.case
        return found

    def state(self) -> str:
        self.case.refresh_from_db()
        return self.case.state

    # The path, a stage at a time.

    def filed(self, answers: dict[str, str] | None = None) -> Play:
        answer_screening(self.seat(self.a), answers or SAFE, clock=self.clock)
        if self.state() == "draft":
            file_case.file_case(
                self.seat(self.a),
                subject="The fence between two yards",
                other="A neighbour",
                contact="+7 700 000 00 00",
                channel=Channel.SMS,
                greeting="Aigerim, your neighbour",
                clock=self.clock,
            )
        return self

    def invited(self) -> tuple[Invitation, str]:
        return invite(
            self.seat(self.registrar),
            channel=Channel.SMS,
            greeting="Aigerim, your neighbour",
            clock=self.clock,
        )

    def both_in(self, answers: dict[str, str] | None = None) -> Play:
        invitation, _token = self.filed().invited()
        answer_invitation.come(invitation, by=self.b, clock=self.clock)
        answer_screening(self.seat(self.b), answers or SAFE, clock=self.clock)
        return self

    def proposed(self, *names: str) -> Play:
        entries = [mediator(self.centre, f"{n}{self.name}") for n in names or ("marat",)]
        self.m = entries[0].person
        self.people += [entry.person for entry in entries]
        propose_mediator(self.seat(self.registrar), entries, clock=self.clock)
        return self

    def mediators(self) -> list[Seat]:
        return list(
            Seat.objects.filter(case=self.case, part=Part.MEDIATOR, until__isnull=True)
            .select_related("case", "person")
            .order_by("pk")
        )

    def set(self, *names: str) -> Play:
        self.both_in().proposed(*names)
        return self.accept_mediators()

    def accept_mediators(self) -> Play:
        for seat in self.mediators():
            declare(seat, clear=True, clock=self.clock)
        for seat in self.mediators():
            for party in (self.a, self.b):
                speak(self.seat(party), f"mediator:{seat.pk}", yes=True, clock=self.clock)
        return self

    def agreement(self) -> Paper:
        fields = {key: f"Words on {key}" for key, _label in AGREEMENT}
        return draft_agreement(self.mediators()[0], fields, clock=self.clock)

    def sign(self, paper: Paper, *who: User) -> None:
        for one in who:
            sign_paper(
                self.seat(one),
                paper,
                digest=paper.digest,
                by=SignedBy.HERE,
                evidence=b"the passphrase",
                keyring=keyring(one),
                clock=self.clock,
            )

    def active(self, *names: str) -> Play:
        self.set(*names)
        self.sign(self.agreement(), self.a, self.b, *(s.person for s in self.mediators()))
        return self

    def clauses(self) -> Play:
        texts = {
            "subject": ("Қоршау туралы дау.", "Спор о заборе.", "The dispute about the fence."),
            "terms": (
                "Қоршау 2 метрге жылжытылады.",
                "Забор переносится на 2 метра.",
                "The fence is moved by 2 metres.",
            ),
            "performance": (
                "2026 жылғы 1 мамырға дейін 150 000 теңге төленеді.",
                "До 1 мая 2026 года уплачивается 150 000 тенге.",
                "150,000 tenge are paid by 1 May 2026.",
            ),
            "consequences": (
                "Орындалмаса, тараптар сотқа жүгінеді.",
                "При неисполнении стороны обращаются в суд.",
                "If it is not performed, the parties turn to a court.",
            ),
        }
        for section, (kk, ru, en) in texts.items():
            draft_clause(
                self.mediators()[0],
                clause="",
                section=section,
                texts={"kk": kk, "ru": ru, "en": en},
                due="2026-05-01" if section == "performance" else "",
                side="b" if section == "performance" else "",
                clock=self.clock,
            )
        return self

    def frozen(self) -> Paper:
        self.clauses()
        return freeze_text(self.mediators()[0], keyring=keyring(self.m), clock=self.clock)

    def signing(self) -> Paper:
        paper = self.frozen()
        open_signing(self.mediators()[0], clock=self.clock)
        return paper

    def settled(self) -> Play:
        self.sign(self.signing(), self.a, self.b, *(s.person for s in self.mediators()))
        return self

    def say(self, who: User, room: Room, text: str, side: str = "", **more: Any) -> Any:
        return write(
            newest(self.case, room, side),
            Kind.MESSAGE,
            {"text": text},
            seat=self.seat(who),
            clock=self.clock,
            **more,
        )
