"""Words planted in every compartment are found nowhere but by those who hold its key.

``KELISIM_CANARY_CASES`` and ``KELISIM_CANARY_CALLS`` set how many cases are simulated and how many
calls are made, ``KELISIM_CANARY_SEED`` from which seed, so that a long run can be had in parts;
docs/mediation.md says how many were run and what they found.
"""

from __future__ import annotations

import base64
import logging
import os
import secrets
import sqlite3
from collections import defaultdict
from collections.abc import Callable, Iterator
from pathlib import Path
from random import Random
from typing import Any

import pytest
from django.core import mail
from django.db import connection, transaction
from django.http import Http404

from kelisim.accounts.models import User
from kelisim.core.errors import StepRefused
from kelisim.core.rng import stream
from kelisim.mediation import access
from kelisim.mediation.actions.answer_screening import answer_screening
from kelisim.mediation.actions.attach import attach
from kelisim.mediation.actions.declare import declare
from kelisim.mediation.actions.deposit import deposit
from kelisim.mediation.actions.draft_clause import draft_clause
from kelisim.mediation.actions.end_round import end_round
from kelisim.mediation.actions.freeze_text import freeze_text, open_signing
from kelisim.mediation.actions.hand_over import let_in
from kelisim.mediation.actions.open_round import open_round
from kelisim.mediation.actions.seat_people import promise_silence, release, seat_person
from kelisim.mediation.actions.visit import open_visit
from kelisim.mediation.actions.write import write
from kelisim.mediation.documents.pdf import paper_pdf
from kelisim.mediation.documents.word import paper_docx
from kelisim.mediation.keys.errors import KeyRefused
from kelisim.mediation.models import (
    Call,
    Compartment,
    Copy,
    Deposit,
    PracticeNote,
    Round,
    Seat,
    Writing,
)
from kelisim.mediation.notices import send_notice
from kelisim.mediation.queries import newest, notes_of, sitting
from kelisim.mediation.words import Kind, Part, Purpose, Room, Side, Topic
from tests.mediation.play import PASSPHRASE, SAFE, Hand, Play, keyring, person

CASES = int(os.environ.get("KELISIM_CANARY_CASES", "3"))
CALLS = int(os.environ.get("KELISIM_CANARY_CALLS", "4000"))
SEED = int(os.environ.get("KELISIM_CANARY_SEED", "20261128"))


class Canaries:
    """Words that occur nowhere else, and the compartment each was let out in."""

    def __init__(self) -> None:
        self.home: dict[str, int] = {}

    def word(self, compartment: Compartment | None) -> str:
        word = f"qanat{secrets.token_hex(12)}"
        self.home[word] = compartment.pk if compartment else 0
        return word

    def forms(self) -> Iterator[tuple[str, bytes]]:
        """Yield every word in every spelling in which it could have been kept."""
        for word in self.home:
            raw = word.encode()
            yield word, raw
            yield word, word.encode("utf-16-le")
            yield word, raw.hex().encode()
            for shift in range(3):
                inside = base64.b64encode(b" " * shift + raw + b"  ")
                yield word, inside[4:-4]


def lives(play: Play, canaries: Canaries, chance: Random) -> None:
    """Play a whole case, with a canary in whatever its people write."""
    plant = canaries.word
    play.active()
    for room, side, who in (
        (Room.JOINT, "", (play.a, play.b, play.m)),
        (Room.CAUCUS, "a", (play.a, play.m)),
        (Room.CAUCUS, "b", (play.b, play.m)),
        (Room.NOTES, "", (play.m,)),
    ):
        within = (
            notes_of(play.seat(play.m)) if room == Room.NOTES else newest(play.case, room, side)
        )
        for _turn in range(chance.randint(1, 3)):
            author = play.seat(chance.choice(who))
            write(within, Kind.MESSAGE, {"text": plant(within)}, seat=author, clock=play.clock)
        name, content = plant(within), plant(within).encode()
        attach(within, name, content, seat=play.seat(who[0]), clock=play.clock)
    joint = newest(play.case, Room.JOINT)
    issue = {"issue": "1", "name": plant(joint), "options": [], "interests": {"a": plant(joint)}}
    other = {"issue": "2", "name": plant(joint), "options": [], "interests": {}}
    for one in (issue, other):
        write(joint, Kind.ISSUE, one, seat=play.seat(play.m), clock=play.clock)
    opened = open_round(
        play.seat(play.m),
        Purpose.SUGGESTION,
        for_all=False,
        keyring=keyring(play.m),
        clock=play.clock,
    )
    points = {str(issue["name"]): 60, str(other["name"]): 40}
    # One side gives its numbers, with a word of its own; the round is left waiting.
    mine = newest(play.case, Room.PREFERENCES, "a")
    numbers = {"points": points, "disagreement": 0, "why": plant(mine)}
    deposit(play.seat(play.a), opened, numbers, keyring=keyring(play.a), clock=play.clock)
    open_visit(person=play.a, passphrase=PASSPHRASE)
    waits = chance.random() < 0.5
    if not waits:
        end_round(play.seat(play.m), opened, clock=play.clock)
        assert not Deposit.objects.filter(round=opened).exists()
    if chance.random() < 0.75:
        speaks_later(play, canaries, chance, waits=waits)
    if chance.random() < 0.5:
        reason = plant(joint)
        declare(play.seat(play.m), clear=False, reason=reason, clock=play.clock)
        return
    play.clauses()
    text = plant(joint)
    draft_clause(
        play.seat(play.b),
        clause="",
        section="other",
        texts=dict.fromkeys(("kk", "ru", "en"), text),
        clock=play.clock,
    )
    # The last clause goes into the paper as well: whoever reads the settlement may read it.
    paper = freeze_text(play.seat(play.m), keyring=keyring(play.m), clock=play.clock)
    open_signing(play.seat(play.m), clock=play.clock)
    play.sign(paper, *(seat.person for seat in sitting(play.case, Part.PARTY)), play.m)
    document = keyring(play.a).read(paper.writing)
    allowed = text.encode()
    for made in (paper_pdf(document, paper.digest), paper_docx(document, paper.digest)):
        assert not [word for word, form in canaries.forms() if form in made and form != allowed]


def speaks_later(play: Play, canaries: Canaries, chance: Random, *, waits: bool) -> None:
    """Let another speak for a side, and be called with it; sometimes one of the two leaves again.

    Both stay among the people whose keys are tried. Who holds the share of a round that `waits`
    cannot leave.
    """
    side = chance.choice(list(Side)).value
    first = {"a": play.a, "b": play.b}[side]
    late = person(f"late{play.name}")
    play.people.append(late)
    seat_person(play.seat(first), late.email, Part.PARTY, clock=play.clock)
    own = play.case.compartments.filter(room=Room.SCREENING, side=side).latest("epoch")
    write(own, Kind.MESSAGE, {"text": canaries.word(own)}, seat=play.seat(late), clock=play.clock)
    answer_screening(play.seat(late), SAFE, clock=play.clock)
    promise_silence(play.seat(late), clock=play.clock)
    let_in(play.seat(late), by=play.seat(first), keyring=keyring(first))
    call = Call.objects.create(compartment=newest(play.case, Room.CAUCUS, side))
    goes = late if waits else chance.choice([first, late])
    if chance.random() < 0.5:
        release(play.seat(first), play.seat(goes), clock=play.clock)
        call.refresh_from_db()
        assert call.ended
    stays = first if goes == late else late
    setattr(play, side, stays)
    for room, of in ((Room.CAUCUS, side), (Room.JOINT, ""), (Room.PREFERENCES, side)):
        within = newest(play.case, room, of)
        content = {"text": canaries.word(within)}
        write(within, Kind.MESSAGE, content, seat=play.seat(stays), clock=play.clock)


@pytest.mark.django_db(transaction=True)
def test_no_word_is_found_outside_its_compartment(
    caplog: pytest.LogCaptureFixture, tmp_path: Path
) -> None:
    caplog.set_level(logging.DEBUG)
    canaries = Canaries()
    plays = []
    for number in range(CASES):
        play = Play(clock=Hand(), name=str(number))
        lives(play, canaries, stream(SEED, "canaries", number))
        for who in (play.a, play.b, play.m):
            send_notice.call(who.pk)
        plays.append(play)
    letters = [f"{sent.subject}\n{sent.body}\n{sent.to}".encode() for sent in mail.outbox]
    places = {"logs": caplog.text.encode(), "mail": b"\n".join(letters), **stored(tmp_path)}
    forms = [*canaries.forms(), ("a passphrase", PASSPHRASE.encode())]
    for place, content in places.items():
        assert [word for word, form in forms if form in content] == [], place
    for play in plays:
        everyone_reads_their_own(play, canaries)
    told = f"seed {SEED}, {CASES} cases: {lived(plays)}, {len(canaries.home)} words planted"
    print(told)  # noqa: T201  (the figures of docs/mediation.md)


def lived(plays: list[Play]) -> str:
    """Say how much of what happens by chance happened."""
    late = sum(who.email.startswith("late") for play in plays for who in play.people)
    ended = Seat.objects.filter(part=Part.PARTY, until__isnull=False)
    first = ended.exclude(person__email__startswith="late").count()
    rounds = Round.objects.filter(unanswered=True).count()
    return (
        f"{late} representatives came later, {ended.count()} places ended ({first} of them of who "
        f"spoke first), {rounds} rounds ended by the mediator"
    )


@pytest.mark.django_db(transaction=True)
def test_a_word_that_was_let_out_is_found(tmp_path: Path) -> None:
    canaries = Canaries()
    play = Play()
    word = canaries.word(None)
    for form in (word, base64.b64encode(f"x{word}y".encode()).decode(), word.encode().hex()):
        note = PracticeNote.objects.create(
            author=play.registrar, centre=play.centre, topic=Topic.LAND, title="Leak", text=form
        )
        found = [w for w, f in canaries.forms() if any(f in c for c in stored(tmp_path).values())]
        assert found
        note.delete()


def stored(tmp_path: Path) -> dict[str, bytes]:
    """Return all that the database keeps, as its own bytes where it is a file."""
    if connection.vendor != "sqlite":
        return {"tables": b"\n".join(rows())}
    path = Path(str(connection.settings_dict["NAME"]))
    backup = tmp_path / "backup.sqlite3"
    with sqlite3.connect(path) as source, sqlite3.connect(backup) as target:
        source.backup(target)
    source.close()
    target.close()
    found = {file.name: file.read_bytes() for file in path.parent.glob(f"{path.name}*")}
    return {**found, "backup": backup.read_bytes()}


def rows() -> Iterator[bytes]:
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f'SELECT * FROM "{table}"')  # noqa: S608  (our own tables)
            for row in cursor.fetchall():
                for cell in row:
                    yield bytes(cell) if isinstance(cell, memoryview) else str(cell).encode()


def everyone_reads_their_own(play: Play, canaries: Canaries) -> None:
    """Try every key of every person on every writing of a case."""
    at_home: dict[int, set[str]] = defaultdict(set)
    for word, home in canaries.home.items():
        at_home[home].add(word)
    for who in play.people:
        ring = keyring(who)
        member = set(Copy.objects.filter(person=who).values_list("compartment_id", flat=True))
        for writing in Writing.objects.filter(compartment__case=play.case):
            try:
                content = str(ring.read(writing))
            except KeyRefused:
                assert writing.compartment_id not in member
                continue
            assert writing.compartment_id in member
            elsewhere = [
                word
                for home, words in at_home.items()
                if home not in member
                for word in words
                if word in content
            ]
            assert elsewhere == []


@pytest.mark.django_db
def test_no_generated_call_opens_a_room_of_others() -> None:
    """Random visitors ask the gatekeepers for random things; a table made beside says who may."""
    plays = [Play(clock=Hand(), name=str(n)).active() for n in range(2)]
    for play in plays:
        play.say(play.a, Room.JOINT, "x")
        play.say(play.a, Room.CAUCUS, "x", "a")
        attach(newest(play.case, Room.CAUCUS, "b"), "n", b"x", seat=play.seat(play.b))
        ring = keyring(play.m)
        open_round(play.seat(play.m), Purpose.BIDS, for_all=True, keyring=ring, clock=play.clock)
    people = [who for p in plays for who in (p.a, p.b, p.m, p.registrar)]
    outsider = User.objects.create_user("outsider@example.kz")
    kept = {w.pk: w for w in Writing.objects.select_related("compartment")}
    rounds = list(Round.objects.order_by("pk"))
    chance = stream(SEED, "calls")
    opened = 0
    for _call in range(CALLS):
        visitor = chance.choice([*people, outsider])
        play = chance.choice(plays)
        what, call = question(play.case.code, list(kept.values()), rounds, chance)
        try:
            call(visitor)
        except (Http404, StepRefused):
            assert not may(play, visitor, what), what
        else:
            assert may(play, visitor, what), what
            opened += 1
    assert opened


Question = tuple[tuple[Any, ...], Callable[[User], Any]]


def question(code: str, kept: list[Writing], rounds: list[Round], chance: Random) -> Question:
    """Return something to ask for: often something that is there, often something that is not."""
    room, side = chance.choice(list(Room)), chance.choice(["", "a", "b"])
    part = chance.choice(list(Part))
    writing = chance.choice(kept)
    kind = chance.choice([Kind(writing.kind), *Kind])
    of = chance.choice(rounds)
    asked: list[Question] = [
        (("seat", part), lambda v: access.seat(v, code, part)),
        (("room", room, side), lambda v: access.room(v, code, room, side)),
        (("writing", writing, kind), lambda v: access.writing(v, code, writing.pk, kind)),
        (("round", of, part), lambda v: access.round_of(v, code, of.pk, part)),
        (("end", of, Part.MEDIATOR), lambda v: ended_and_undone(access.seat(v, code), of)),
    ]
    return chance.choice(asked)


def ended_and_undone(seat: Seat, of: Round) -> None:
    """End a round, and leave it as it was for whoever asks next."""
    with transaction.atomic():
        end_round(seat, of)
        assert Round.objects.get(pk=of.pk).unanswered
        transaction.set_rollback(True)


def may(play: Play, visitor: User, what: tuple[Any, ...]) -> bool:
    """Say who may, from the cast of the play and not from its tables."""
    parts = {play.a.pk: "party", play.b.pk: "party", play.m.pk: "mediator"}
    parts[play.registrar.pk] = "registrar"
    members = {
        ("application", "a"): {play.a, play.registrar},
        ("screening", "a"): {play.a, play.registrar},
        ("screening", "b"): {play.b, play.registrar},
        ("joint", ""): {play.a, play.b, play.m},
        ("settlement", ""): {play.a, play.b, play.m},
        ("caucus", "a"): {play.a, play.m},
        ("caucus", "b"): {play.b, play.m},
        ("notes", ""): {play.m},
        ("preferences", "a"): {play.a},
        ("preferences", "b"): {play.b},
    }
    if what[0] == "seat":
        return bool(parts.get(visitor.pk) == what[1].value)
    if what[0] == "room":
        return visitor in members.get((what[1].value, what[2]), set())
    found = what[1]
    if what[0] in ("round", "end"):
        return bool(found.case_id == play.case.pk and parts.get(visitor.pk) == what[2].value)
    within = found.compartment
    its = within.case_id == play.case.pk and found.kind == what[2]
    return bool(its and visitor in members[within.room, within.side])
