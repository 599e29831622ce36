"""Locks open for the right secret and for no other; what was altered is noticed."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from nacl.public import PrivateKey

from kelisim.mediation.keys import compartment as rooms
from kelisim.mediation.keys.erasure import is_signed, signed, verifying_key
from kelisim.mediation.keys.errors import Altered, Destroyed, KeyRefused, NotAMember, WrongSecret
from kelisim.mediation.keys.padding import LEAST, pad, padded_length, unpad
from kelisim.mediation.keys.passphrase import MEMORIES, Strength, calibrated
from kelisim.mediation.keys.person import new_person, recovered, relocked, unlocked
from kelisim.mediation.keys.session import visit, visiting
from kelisim.mediation.keys.shares import joined, split_pair

QUICK = Strength(1, 8192)


def test_a_passphrase_and_a_recovery_key_open_the_same_key() -> None:
    locked, recovery = new_person("қыс келді, қар жауды", QUICK)
    private = unlocked(locked, "қыс келді, қар жауды")
    assert bytes(PrivateKey(private).public_key) == locked.public
    assert recovered(locked, recovery) == private
    assert recovered(locked, recovery.upper().replace("-", " ")) == private
    assert private not in locked.by_passphrase + locked.by_recovery


def test_another_passphrase_opens_nothing() -> None:
    locked, recovery = new_person("one", QUICK)
    with pytest.raises(WrongSecret):
        unlocked(locked, "One")
    with pytest.raises(WrongSecret):
        recovered(locked, recovery[:-1] + ("a" if recovery[-1] != "a" else "b"))


def test_a_new_passphrase_ends_the_old_one_and_keeps_the_recovery_key() -> None:
    locked, recovery = new_person("old", QUICK)
    private = unlocked(locked, "old")
    again = relocked(locked, private, "new", QUICK)
    assert unlocked(again, "new") == recovered(again, recovery) == private
    with pytest.raises(WrongSecret):
        unlocked(again, "old")


def test_the_strength_is_one_of_those_offered() -> None:
    slow = calibrated(0.0)
    assert (slow.operations, slow.memory) == (2, MEMORIES[-1])
    found = calibrated()
    assert found.memory in MEMORIES
    assert 2 <= found.operations <= 16


@given(st.binary(max_size=5000))
def test_padding_comes_off_as_it_was_put_on(content: bytes) -> None:
    assert unpad(pad(content)) == content


@given(st.integers(0, 10**9))
def test_padding_costs_at_most_twelve_per_cent(length: int) -> None:
    padded = padded_length(length)
    assert length <= padded <= max(LEAST, length * 1.12)
    assert padded_length(padded) == padded


def test_short_texts_have_one_length() -> None:
    assert len({len(pad(b"a" * n)) for n in range(LEAST - 4)}) == 1


@pytest.mark.parametrize("harm", [lambda b: b[:-1], lambda b: b[:-1] + b"x", lambda b: b"\xff" + b])
def test_damaged_padding_is_refused(harm: object) -> None:
    with pytest.raises(Altered):
        unpad(harm(pad(b"word")))  # type: ignore[operator]  # a function of the parameters


@given(st.data())
@settings(deadline=None)
def test_one_changed_byte_is_noticed(data: st.DataObject) -> None:
    pair = PrivateKey.generate()
    room = rooms.founded({"a": bytes(pair.public_key)})
    key = rooms.key_of(room, "a", bytes(pair))
    box = bytearray(rooms.sealed(room.public, "here", {"text": "сөз"}))
    at = data.draw(st.integers(0, len(box) - 1))
    box[at] ^= data.draw(st.integers(1, 255))
    with pytest.raises(Altered):
        rooms.opened(key, "here", bytes(box))


def test_what_is_moved_to_another_place_is_noticed() -> None:
    pair = PrivateKey.generate()
    room = rooms.founded({"a": bytes(pair.public_key)})
    key = rooms.key_of(room, "a", bytes(pair))
    box = rooms.sealed(room.public, "message 1", {"text": "yes"})
    assert rooms.opened(key, "message 1", box) == {"text": "yes"}
    with pytest.raises(Altered):
        rooms.opened(key, "message 2", box)


def test_refusals_name_their_reason() -> None:
    mine, other = PrivateKey.generate(), PrivateKey.generate()
    room = rooms.founded({"a": bytes(mine.public_key)})
    with pytest.raises(NotAMember):
        rooms.key_of(room, "b", bytes(other))
    with pytest.raises(NotAMember):
        rooms.key_of(room, "a", bytes(other))
    with pytest.raises(NotAMember):
        rooms.admitted(room, bytes(other), "b", bytes(other.public_key))
    with pytest.raises(Destroyed):
        rooms.key_of(rooms.destroyed(room), "a", bytes(mine))


@given(st.integers(2, 6))
@settings(deadline=None)
def test_a_round_opens_with_all_shares_and_with_no_fewer(sides: int) -> None:
    public, shares = split_pair(sides)
    assert bytes(PrivateKey(joined(shares)).public_key) == public
    for left_out in range(sides):
        rest = [share for k, share in enumerate(shares) if k != left_out]
        assert bytes(PrivateKey(joined(rest)).public_key) != public


def test_a_visit_needs_both_the_box_and_the_cookie() -> None:
    private = bytes(PrivateKey.generate())
    box, cookie = visit(private)
    assert visiting(box, cookie) == private
    for wrong in (visit(private)[1], "", "not base64 at all", "ä"):
        with pytest.raises(WrongSecret):
            visiting(box, wrong)


def test_an_erasure_record_cannot_be_altered() -> None:
    seed = bytes(range(32))
    record = {"case": "K7", "destroyed": ["ab", "cd"]}
    signature = signed(record, seed)
    assert is_signed(record, signature, verifying_key(seed))
    assert not is_signed({**record, "case": "K8"}, signature, verifying_key(seed))
    assert issubclass(Altered, KeyRefused)
