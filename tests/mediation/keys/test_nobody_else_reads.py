"""No sequence of actions lets a person read what was written while they were no member."""

from __future__ import annotations

import secrets
from dataclasses import dataclass, field

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import Bundle, RuleBasedStateMachine, consumes, invariant, rule
from nacl.public import PrivateKey

from kelisim.mediation.keys.compartment import (
    Compartment,
    admitted,
    destroyed,
    dismissed,
    founded,
    key_of,
    opened,
    opened_copy,
    sealed,
)
from kelisim.mediation.keys.errors import KeyRefused

PEOPLE = ("Aigerim", "Bolat", "the mediator", "the next mediator", "an outsider")
people = st.sampled_from(PEOPLE)


@dataclass
class Room:
    """A compartment, and what the rules of the house say of it."""

    kept: Compartment
    may_read: set[str]
    boxes: list[tuple[str, bytes, str]] = field(default_factory=list)


class House(RuleBasedStateMachine):
    """People found rooms, write, let others in, are sent out, destroy; everyone tries every key."""

    rooms = Bundle("rooms")

    def __init__(self) -> None:
        super().__init__()
        self.private = {name: bytes(PrivateKey.generate()) for name in PEOPLE}
        self.public = {n: bytes(PrivateKey(k).public_key) for n, k in self.private.items()}
        self.all: list[Room] = []

    @rule(target=rooms, members=st.sets(people, min_size=1, max_size=3))
    def found(self, members: set[str]) -> Room:
        room = Room(founded({name: self.public[name] for name in members}), set(members))
        self.all.append(room)
        return room

    @rule(room=rooms)
    def write(self, room: Room) -> None:
        if room.kept.public:
            word, place = secrets.token_hex(8), secrets.token_hex(4)
            room.boxes.append((place, sealed(room.kept.public, place, {"word": word}), word))

    @rule(room=rooms, by=people, newcomer=people)
    def admit(self, room: Room, by: str, newcomer: str) -> None:
        try:
            key = key_of(room.kept, by, self.private[by])
        except KeyRefused:
            assert by not in room.may_read
            return
        assert by in room.may_read
        room.kept = admitted(room.kept, key, newcomer, self.public[newcomer])
        room.may_read.add(newcomer)

    @rule(room=rooms, who=people)
    def dismiss(self, room: Room, who: str) -> None:
        room.kept = dismissed(room.kept, who)
        room.may_read.discard(who)

    @rule(room=consumes(rooms))
    def destroy(self, room: Room) -> None:
        room.kept = destroyed(room.kept)
        room.may_read = set()

    @invariant()
    def a_person_reads_exactly_what_is_theirs(self) -> None:
        copies = [copy for room in self.all for copy in room.kept.copies.values()]
        for name, private in self.private.items():
            keys = [private, *(key for copy in copies if (key := attempt(copy, private)))]
            for room in self.all:
                for place, box, word in room.boxes:
                    found = {read(key, place, box) for key in keys} - {None}
                    assert found == ({word} if name in room.may_read else set()), name


def attempt(copy: bytes, private: bytes) -> bytes | None:
    try:
        return opened_copy(copy, private)
    except KeyRefused:
        return None


def read(key: bytes, place: str, box: bytes) -> str | None:
    try:
        return str(opened(key, place, box)["word"])
    except KeyRefused:
        return None


TestHouse = House.TestCase
TestHouse.settings = settings(max_examples=60, stateful_step_count=25, deadline=None)
