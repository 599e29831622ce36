"""A case from the first word to destroyed keys, and the promises kept on the way."""

from __future__ import annotations

from datetime import date

import pytest

from kelisim.auditlog.models import Entry
from kelisim.mediation.actions.destroy_keys import house_seed
from kelisim.mediation.actions.keep_time import keep_time
from kelisim.mediation.actions.make_promises import keep_promise
from kelisim.mediation.keys.erasure import is_signed, verifying_key
from kelisim.mediation.keys.errors import KeyRefused
from kelisim.mediation.models import Compartment, Copy, Erasure, Writing
from kelisim.mediation.queries import lines
from kelisim.mediation.words import Kind, Room
from tests.mediation.play import Play, keyring

pytestmark = pytest.mark.django_db


def test_a_case_goes_from_intake_to_a_kept_settlement_and_destroyed_keys() -> None:
    play = Play().active()
    play.say(play.a, Room.JOINT, "Good day")
    play.say(play.a, Room.CAUCUS, "Between us", "a")
    play.settled()
    assert play.state() == "performance"
    promise = play.case.promises.get()
    assert (promise.side, promise.due) == ("b", date(2026, 5, 1))
    keep_promise(play.seat(play.a), promise, clock=play.clock)
    assert play.state() == "fulfilled"
    play.clock.on(366)
    assert keep_time(clock=play.clock)["moved"] == 1
    assert play.state() == "keys_destroyed"
    kept = Compartment.objects.get(case=play.case, destroyed__isnull=True)
    assert kept.room == Room.SETTLEMENT
    assert [line.content["kind"] for line in lines([kept], keyring(play.a), Kind.TEXT)] == [
        "settlement"
    ]
    gone = Writing.objects.exclude(compartment=kept)
    assert {bytes(w.box) for w in gone} == {b""}
    assert not Copy.objects.exclude(compartment=kept).exists()
    with pytest.raises(KeyRefused):
        keyring(play.a).read(gone.filter(kind=Kind.MESSAGE)[0])
    erasure = Erasure.objects.get(case=play.case)
    public = verifying_key(house_seed())
    assert is_signed(erasure.document, bytes(erasure.signature), public)
    assert not is_signed({**erasure.document, "reason": "x"}, bytes(erasure.signature), public)


def test_every_step_is_in_the_audit_log_and_none_of_the_words() -> None:
    play = Play().active()
    play.say(play.a, Room.JOINT, "A word that nobody else may read")
    told = " ".join(f"{e.action} {e.facts}" for e in Entry.objects.all())
    for step in ("file", "invite", "accept", "propose_mediator", "agree_on_mediator", "conclude"):
        assert f"'step': '{step}'" in told
    assert "nobody else" not in told
