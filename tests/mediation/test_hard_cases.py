"""The hard cases of mediation, 1 to 14, each played by its people."""

from __future__ import annotations

from datetime import date

import pytest

from kelisim.core.errors import StepRefused
from kelisim.mediation.actions.answer_invitation import come
from kelisim.mediation.actions.declare import declare, owes_declaration
from kelisim.mediation.actions.invite import invite
from kelisim.mediation.actions.keep_register import revoke_credential
from kelisim.mediation.actions.keep_time import keep_time
from kelisim.mediation.actions.propose_mediator import propose_mediator
from kelisim.mediation.actions.speak import speak
from kelisim.mediation.actions.take_step import take_step
from kelisim.mediation.keys.errors import KeyRefused
from kelisim.mediation.law_table import due_of
from kelisim.mediation.models import Credential, Invitation, KeyPair, Seat, Signature
from kelisim.mediation.path import standing
from kelisim.mediation.queries import lines, newest
from kelisim.mediation.scope import answers_to
from kelisim.mediation.words import Channel, Part, Room, Side
from tests.mediation.play import SAFE, Hand, Play, keyring, mediator, person

pytestmark = pytest.mark.django_db


def leaves(play: Play, who: object) -> None:
    seat = play.seat(who)  # type: ignore[arg-type]  # somebody of the play
    actor = "applicant" if seat.side == Side.A else "respondent"
    take_step(play.case, "withdraw", by=actor, seat=seat, clock=play.clock)  # type: ignore[arg-type]  # one of the actors


@pytest.mark.parametrize("day", [12, 59])
def test_1_a_party_leaves_without_being_asked_why(day: int) -> None:
    play = Play().active()
    if day > 30:
        play.clock.on(10)
        for who in (play.a, play.b):
            speak(play.seat(who), "extend:30", yes=True, clock=play.clock)
        play.clock.on(day - 10)
    else:
        play.clock.on(day)
    assert keep_time(clock=play.clock)["moved"] == 0
    leaves(play, play.b)
    assert play.state() == "closed_withdrawn"
    with pytest.raises(StepRefused, match="Қазір мұнда жазуға болмайды"):
        play.say(play.a, Room.JOINT, "One more thing")


def test_1_a_party_leaves_after_signing_before_the_other_signs() -> None:
    play = Play().active()
    paper = play.signing()
    play.sign(paper, play.a)
    leaves(play, play.a)
    assert play.state() == "closed_withdrawn"
    with pytest.raises(StepRefused):
        play.sign(paper, play.b)
    assert Signature.objects.filter(paper=paper).count() == 1


def test_2_silence_for_ten_days_is_a_refusal() -> None:
    play = Play().filed()
    invitation, _token = play.invited()
    play.clock.on(10)
    assert keep_time(clock=play.clock)["moved"] == 0
    play.clock.on(1)
    assert keep_time(clock=play.clock)["moved"] == 1
    assert play.state() == "closed_no_consent"
    with pytest.raises(StepRefused):
        come(invitation, by=play.b, clock=play.clock)


def test_3_a_late_conflict_freezes_the_case_and_the_next_mediator_inherits_no_caucus() -> None:
    play = Play().active()
    play.say(play.a, Room.CAUCUS, "Only for Marat", "a")
    play.say(play.a, Room.JOINT, "For all who were there")
    concluded = due_of(play.case, date(2026, 3, 3))
    declare(play.mediators()[0], clear=False, reason="A cousin", clock=play.clock)
    assert play.state() == "paused_conflict"
    with pytest.raises(StepRefused):
        play.say(play.b, Room.JOINT, "While it is frozen")
    old = play.m
    play.proposed("madina").accept_mediators()
    play.sign(play.agreement(), play.a, play.b, *(s.person for s in play.mediators()))
    assert play.state() == "active"
    assert due_of(play.case, date(2026, 3, 3)) == concluded, "the term is not begun again"
    new = play.m
    for room, side in ((Room.CAUCUS, "a"), (Room.JOINT, "")):
        first = play.case.compartments.get(room=room, side=side, epoch=1)
        with pytest.raises(KeyRefused):
            keyring(new).key(first)
        with pytest.raises(KeyRefused):
            keyring(old).key(first)
        assert lines([first], keyring(play.a))
    with pytest.raises(KeyRefused):
        keyring(old).key(newest(play.case, Room.JOINT))


def test_3_both_sides_may_waive_the_conflict_and_go_on() -> None:
    play = Play().active()
    declare(play.mediators()[0], clear=False, reason="An old colleague", clock=play.clock)
    speak(play.seat(play.a), "waive", yes=True, clock=play.clock)
    assert play.state() == "paused_conflict"
    speak(play.seat(play.b), "waive", yes=True, clock=play.clock)
    assert play.state() == "active"


def test_3_conflicts_are_asked_anew_at_each_stage() -> None:
    play = Play().active()
    assert owes_declaration(play.mediators()[0])
    declare(play.mediators()[0], clear=True, clock=play.clock)
    assert not owes_declaration(play.mediators()[0])
    play.frozen()
    assert owes_declaration(play.mediators()[0])


def test_4_a_certificate_that_ends_mid_case_keeps_the_paper_from_being_signed() -> None:
    play = Play().active()
    paper = play.signing()
    play.sign(paper, play.a, play.b)
    keeper = person("another-keeper", keys=False)
    revoke_credential(Credential.objects.get(mediator__person=play.m), by=keeper)
    with pytest.raises(StepRefused):
        play.sign(paper, play.m)
    assert play.state() == "signing"
    later = Play(clock=Hand(), name="2").both_in()
    expired = mediator(later.centre, "expired", expires=date(2026, 1, 1))
    with pytest.raises(StepRefused):
        propose_mediator(later.seat(later.registrar), [expired], clock=later.clock)


def test_4_the_last_day_of_a_certificate_ends_with_the_day_of_kazakhstan() -> None:
    play = Play().active()
    paper = play.signing()
    play.sign(paper, play.a, play.b)
    last = Credential.objects.filter(mediator__person=play.m)
    last.update(expires=play.clock.now().date())
    play.clock.at = play.clock.at.replace(hour=19, minute=30)  # half past midnight in Astana
    with pytest.raises(StepRefused):
        play.sign(paper, play.m)
    play.clock.at = play.clock.at.replace(hour=18, minute=30)
    play.sign(paper, play.m)


def test_5_a_party_without_internet_has_the_same_path_and_the_same_days() -> None:
    play = Play().filed()
    seat = play.seat(play.registrar)
    by_desk, _ = invite(seat, channel=Channel.DESK, greeting="A", clock=play.clock)
    by_letter, _ = invite(seat, channel=Channel.LETTER, greeting="A", clock=play.clock)
    assert by_desk.ends == by_letter.ends, "asking again does not begin the term again"
    come(by_letter, by=play.b, clock=play.clock)
    # Whoever helps at the desk has no key of what the party writes.
    play.seat(play.b)
    helper = person("helper")
    with pytest.raises(KeyRefused):
        keyring(helper).key(newest(play.case, Room.SCREENING, "b"))


def test_6_a_relative_of_the_other_side_cannot_take_a_second_chair() -> None:
    play = Play().filed()
    invitation, _token = play.invited()
    with pytest.raises(StepRefused):
        come(invitation, by=play.a, clock=play.clock)
    with pytest.raises(StepRefused):
        come(invitation, by=play.registrar, clock=play.clock)
    assert play.state() == "invited"


def test_7_a_child_at_risk_is_a_duty_said_before_anyone_types() -> None:
    out, warned = answers_to({"minor"})
    assert out == []
    assert "балалардың құқығын" in str(warned[0].answer)
    play = Play().active()
    take_step(play.case, "stop", by="mediator", seat=play.mediators()[0], clock=play.clock)
    assert play.state() == "stopped_safety"


def test_8_danger_stops_the_case_and_the_other_side_learns_nothing() -> None:
    play = Play()
    play.both_in(answers=SAFE | {"choked": "once"})
    assert play.state() == "stopped_safety"
    seen = [standing(play.case, play.seat(who), date(2026, 3, 3)) for who in (play.a, play.b)]
    assert seen[0] == seen[1]
    assert str(seen[0].state) == "Медиацияға келмейді"
    assert not play.case.compartments.filter(room=Room.JOINT).exists()
    with pytest.raises(KeyRefused):
        keyring(play.a).key(newest(play.case, Room.SCREENING, "b"))
    first = Play(clock=Hand(), name="2").filed(answers=SAFE | {"weapon": "often"})
    assert first.state() == "stopped_safety"
    assert not Invitation.objects.filter(case=first.case).exists()


def test_9_a_shared_phone_keeps_nothing_after_leaving(client: object) -> None:
    from kelisim.mediation.actions.visit import continue_visit, end_visits, open_visit
    from tests.mediation.play import PASSPHRASE

    who = person("aigerim")
    cookie = open_visit(person=who, passphrase=PASSPHRASE)
    assert continue_visit(person=who, cookie=cookie)
    end_visits(person=who)
    assert continue_visit(person=who, cookie=cookie) is None


def test_10_a_threat_in_the_joint_room_ends_it_for_both_in_the_same_words() -> None:
    play = Play().active()
    play.say(play.b, Room.JOINT, "You will regret this")
    take_step(play.case, "stop", by="mediator", seat=play.mediators()[0], clock=play.clock)
    for who in (play.a, play.b):
        with pytest.raises(StepRefused):
            play.say(who, Room.JOINT, "More")


def test_11_a_mass_dispute_speaks_through_representatives_who_all_sign() -> None:
    play = Play().both_in()
    second = person("second-speaker")
    Seat.objects.create(case=play.case, person=second, part=Part.PARTY, side=Side.B)
    from kelisim.mediation.actions.answer_screening import answer_screening
    from kelisim.mediation.actions.found_rooms import found_room

    found_room(play.case, Room.SCREENING, [second, play.registrar], Side.B)
    answer_screening(play.seat(second), SAFE, clock=play.clock)
    play.proposed()
    declare(play.mediators()[0], clear=True, clock=play.clock)
    number = play.mediators()[0].pk
    for who in (play.a, play.b):
        speak(play.seat(who), f"mediator:{number}", yes=True, clock=play.clock)
    assert play.state() == "mediator_proposed", "the second representative has not spoken"
    speak(play.seat(second), f"mediator:{number}", yes=True, clock=play.clock)
    paper = play.agreement()
    play.sign(paper, play.a, play.b, play.m)
    assert play.state() == "mediator_set"
    play.sign(paper, second)
    assert play.state() == "active"
    assert answers_to({"many"})[1][0].key == "many"


def test_12_two_ethnomediators_work_as_a_team_with_notes_of_their_own() -> None:
    play = Play().active("saule", "timur")
    saule, timur = (seat.person for seat in play.mediators())
    notes = list(play.case.compartments.filter(room=Room.NOTES).order_by("epoch"))
    assert len(notes) == 2
    assert keyring(saule).key(notes[0])
    with pytest.raises(KeyRefused):
        keyring(timur).key(notes[0])
    three = [mediator(play.centre, name) for name in ("x", "y", "z")]
    with pytest.raises(StepRefused):
        propose_mediator(play.seat(play.registrar), three, clock=play.clock)
    assert "20" in str(answers_to({"court"})[1][0].article)
    assert "ethnic" not in " ".join(f.name for f in KeyPair._meta.get_fields())


def test_13_a_state_body_may_come_and_needs_a_mandate() -> None:
    out, warned = answers_to({"office"})
    assert out == []
    assert warned[0].basis == "memory", "the wording in force is not confirmed"


def test_14_an_absent_co_owner_is_warned_of() -> None:
    assert [rule.key for rule in answers_to({"absent_owner"})[1]] == ["absent_owner"]
