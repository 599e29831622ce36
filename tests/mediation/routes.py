"""Who may call which route of mediation: a case is open to exactly those who sit in it."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any

from django.urls import reverse

from kelisim.accounts.models import User
from kelisim.accounts.roles import Permission, Role
from kelisim.mediation.actions.invite import invite
from kelisim.mediation.models import (
    Case,
    Compartment,
    Copy,
    Mediator,
    Meeting,
    Paper,
    Promise,
    Round,
    Seat,
    Writing,
)
from kelisim.mediation.words import Channel, Kind, MediatorKind, Part, Purpose, Room
from tests.web import PUBLIC, SIGNED_IN, Cast, Rule, house

CODE = "K7M2P9QX"
SOON = datetime.now(UTC) + timedelta(days=3)


def first(scene: Cast) -> User:
    return scene.people["house", Role.CITIZEN]


def second(scene: Cast) -> User:
    return scene.people["other", Role.CITIZEN]


def registrar(scene: Cast) -> User:
    return scene.people["house", Role.MEDIATOR]


def mediator(scene: Cast) -> User:
    return scene.people["house", Role.MODERATOR]


def those(*who: Callable[[Cast], User]) -> Callable[[Cast, User | None], bool]:
    return lambda scene, person: person is not None and person in [one(scene) for one in who]


PARTIES = those(first, second)
TALKERS = those(first, second, mediator)
EVERYONE = those(first, second, mediator, registrar)
REGISTRAR = those(registrar)
MEDIATOR = those(mediator)


def seated(scene: Cast, state: str = "active") -> Case:
    """Return a case with its people and rooms; the keys are no keys, for nothing is read here."""
    case = Case.objects.create(
        code=CODE, centre=scene.house, region="KZ-75", topic="land", state=state
    )
    for who, part, side in (
        (first, Part.PARTY, "a"),
        (second, Part.PARTY, "b"),
        (registrar, Part.REGISTRAR, ""),
        (mediator, Part.MEDIATOR, ""),
    ):
        Seat.objects.create(case=case, person=who(scene), part=part, side=side)
    for room, side, members in (
        (Room.APPLICATION, "a", (first, registrar)),
        (Room.JOINT, "", (first, second, mediator)),
        (Room.SETTLEMENT, "", (first, second, mediator)),
        (Room.CAUCUS, "a", (first, mediator)),
        (Room.CAUCUS, "b", (second, mediator)),
        (Room.NOTES, "", (mediator,)),
    ):
        made = Compartment.objects.create(
            case=case, room=room, side=side, public=secrets.token_bytes(32)
        )
        Copy.objects.bulk_create(
            Copy(compartment=made, person=member(scene), box=b"x") for member in members
        )
    return case


def at(route: str, *more: object, state: str = "active") -> Callable[[Cast], str]:
    def address(scene: Cast) -> str:
        seated(scene, state)
        return reverse(route, args=[CODE, *more])

    return address


def with_row(
    route: str, make: Callable[[Case], Any], *more: object, state: str = "active"
) -> Callable[[Cast], str]:
    def address(scene: Cast) -> str:
        return reverse(route, args=[CODE, make(seated(scene, state)), *more])

    return address


def written(case: Case, room: Room, kind: Kind) -> Writing:
    within = Compartment.objects.get(case=case, room=room, side="")
    return Writing.objects.create(compartment=within, seq=1, kind=kind, box=b"x")


def paper(case: Case) -> int:
    text = written(case, Room.SETTLEMENT, Kind.TEXT)
    Paper.objects.create(case=case, writing=text, digest="0" * 64, issued=b"x")
    return text.pk


def document(case: Case) -> int:
    return written(case, Room.JOINT, Kind.FILE).pk


def promised(case: Case) -> int:
    text = written(case, Room.SETTLEMENT, Kind.PROMISE)
    made = Promise.objects.create(case=case, writing=text, side="a", due=date(2026, 5, 1))
    return made.pk


def opened(case: Case) -> int:
    made = Round.objects.create(case=case, purpose=Purpose.BIDS, public=b"x", subject=b"x")
    return made.pk


def with_side_asked(scene: Cast) -> str:
    """Return the way to the questionnaire of a case whose sides have preferences of their own."""
    case = seated(scene, "performance")
    for side, member in (("a", first), ("b", second)):
        room = Compartment.objects.create(
            case=case, room=Room.PREFERENCES, side=side, public=secrets.token_bytes(32)
        )
        Copy.objects.create(compartment=room, person=member(scene), box=b"x")
    return reverse("mediation-feedback", args=[CODE])


def meeting(case: Case) -> Any:
    return Meeting.objects.create(case=case, starts=SOON).uid


def invitation(case: Case) -> int:
    seat = Seat.objects.get(case=case, part=Part.REGISTRAR)
    return invite(seat, channel=Channel.LINK, greeting="x")[0].pk


def link(scene: Cast) -> str:
    case = seated(scene, "triage")
    seat = Seat.objects.get(case=case, part=Part.REGISTRAR)
    token = invite(seat, channel=Channel.LINK, greeting="Айгерім")[1]
    return reverse("mediation-invitation", args=[token])


def registered(scene: Cast) -> str:
    entry = Mediator.objects.create(
        person=mediator(scene), centre=scene.house, kind=MediatorKind.PUBLIC
    )
    return reverse("mediation-credentials", args=[scene.house.slug, entry.pk])


def plain(route: str) -> Callable[[Cast], str]:
    return lambda _scene: reverse(route)


LOCKED = 302
"""Where the key is needed and not unlocked, the page asks for it first."""

RULES = {
    "mediation": Rule(PUBLIC, plain("mediation")),
    "mediation-key": Rule(SIGNED_IN, plain("mediation-key")),
    "mediation-recover": Rule(SIGNED_IN, plain("mediation-recover")),
    "mediation-leave": Rule(PUBLIC, plain("mediation-leave"), allowed=302),
    "mediation-begin": Rule(SIGNED_IN, plain("mediation-begin"), allowed=LOCKED),
    "mediation-statistics": Rule(PUBLIC, plain("mediation-statistics"), names=frozenset({"CSV"})),
    "mediation-weekly": Rule(PUBLIC, plain("mediation-weekly")),
    "mediation-invitation": Rule(PUBLIC, link),
    "mediation-register": Rule(Permission.MANAGE_PEOPLE, house("mediation-register")),
    "mediation-credentials": Rule(Permission.MANAGE_PEOPLE, registered, names=frozenset({"SHA"})),
    "mediation-practice": Rule(Permission.MEDIATE, house("mediation-practice")),
    "mediation-case": Rule(EVERYONE, at("mediation-case"), names=frozenset({CODE})),
    "mediation-screening": Rule(PARTIES, at("mediation-screening"), allowed=LOCKED),
    "mediation-application": Rule(PARTIES, at("mediation-application"), allowed=LOCKED),
    "mediation-invite": Rule(REGISTRAR, at("mediation-invite"), allowed=LOCKED),
    "mediation-delivered": Rule(
        REGISTRAR, with_row("mediation-delivered", invitation), method="post", allowed=302
    ),
    "mediation-mediators": Rule(
        REGISTRAR, at("mediation-mediators", state="both_in"), names=frozenset({CODE})
    ),
    "mediation-conflicts": Rule(MEDIATOR, at("mediation-conflicts"), names=frozenset({CODE})),
    "mediation-say": Rule(
        PARTIES,
        at("mediation-say"),
        method="post",
        data={"about": "cooling", "yes": "yes"},
        allowed=302,
    ),
    "mediation-step": Rule(
        PARTIES, at("mediation-step"), method="post", data={"step": "withdraw"}, allowed=302
    ),
    "mediation-agreement": Rule(MEDIATOR, at("mediation-agreement"), allowed=LOCKED),
    "mediation-text": Rule(TALKERS, at("mediation-text"), allowed=LOCKED),
    "mediation-paper": Rule(TALKERS, with_row("mediation-paper", paper), allowed=LOCKED),
    "mediation-paper-file": Rule(
        TALKERS, with_row("mediation-paper-file", paper, "pdf"), allowed=LOCKED
    ),
    "mediation-desk": Rule(MEDIATOR, at("mediation-desk"), allowed=LOCKED),
    "mediation-room": Rule(
        those(first, mediator), at("mediation-room", "caucus-a"), allowed=LOCKED
    ),
    "mediation-after": Rule(
        those(second, mediator), at("mediation-after", "caucus-b", 0), allowed=LOCKED
    ),
    "mediation-upload": Rule(
        TALKERS, at("mediation-upload", "joint"), method="post", allowed=LOCKED
    ),
    "mediation-document": Rule(TALKERS, with_row("mediation-document", document), allowed=LOCKED),
    "mediation-call": Rule(
        those(first, mediator), at("mediation-call", "caucus-a"), names=frozenset({CODE})
    ),
    "mediation-call-join": Rule(
        those(second, mediator), at("mediation-call-join", "caucus-b"), method="post", allowed=422
    ),
    "mediation-call-end": Rule(
        MEDIATOR, at("mediation-call-end", "joint"), method="post", allowed=302
    ),
    "mediation-feedback": Rule(PARTIES, with_side_asked, allowed=LOCKED),
    "mediation-offers": Rule(TALKERS, at("mediation-offers"), allowed=LOCKED),
    "mediation-people": Rule(EVERYONE, at("mediation-people"), names=frozenset({CODE})),
    "mediation-issues": Rule(TALKERS, at("mediation-issues"), allowed=LOCKED),
    "mediation-rounds": Rule(TALKERS, at("mediation-rounds"), allowed=LOCKED),
    "mediation-answer-round": Rule(
        PARTIES, with_row("mediation-answer-round", opened), allowed=LOCKED
    ),
    "mediation-end-round": Rule(
        MEDIATOR, with_row("mediation-end-round", opened), method="post", allowed=302
    ),
    "mediation-promises": Rule(TALKERS, at("mediation-promises"), allowed=LOCKED),
    "mediation-promise": Rule(
        TALKERS,
        with_row("mediation-promise", promised),
        method="post",
        data={"what": "kept"},
        allowed=302,
    ),
    "mediation-meetings": Rule(EVERYONE, at("mediation-meetings"), names=frozenset({CODE})),
    "mediation-calendar": Rule(TALKERS, with_row("mediation-calendar", meeting)),
    "mediation-cancel": Rule(
        MEDIATOR, with_row("mediation-cancel", meeting), method="post", allowed=302
    ),
}
