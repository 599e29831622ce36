"""What the worker watches: whether a wording changes the vote, and whether routing helps."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone, translation

from kelisim.accounts.roles import Role
from kelisim.consultations import analysis, checks, tokens
from kelisim.consultations.actions.cast_votes import Ballot, cast_votes
from kelisim.consultations.models import (
    Consultation,
    Event,
    Kind,
    Participant,
    Standing,
    Statement,
)
from kelisim.core.rng import stream
from tests.consultations.making import camps
from tests.consultations.test_results import worked
from tests.web import Cast, signed_in

pytestmark = pytest.mark.django_db

ILL = 5
"""The statement whose Russian wording says something else."""


def two_languages(consultation: Consultation, people: int = 120) -> list[str]:
    """Let people of two camps read in Kazakh or Russian; SIMULATED. Return their tokens."""
    chance = stream(0, "consultations.languages")
    made = [tokens.fresh() for _person in range(people)]
    for place, token in enumerate(made):
        language, camp = ("kk", "ru")[place % 2], (place // 2) % 2
        ballots = []
        for number in range(1, 9):
            leaning = 0.85 if number % 2 == camp else 0.25
            if number == ILL:
                leaning = 0.9 if language == "kk" else 0.1
            choice = 1 if chance.random() < leaning else -1
            ballots.append(Ballot(consultation.slug, token, number, choice, language))
        cast_votes(ballots)
    return made


def test_a_wording_that_changes_the_vote_is_marked_and_shown_to_moderators(
    traffic: Consultation, scene: Cast
) -> None:
    made = two_languages(traffic)
    worked()
    found = Standing.objects.get().findings["wordings"]
    marked = {row["statement"]: {one["language"]: one for one in row["languages"]} for row in found}
    effects = marked.pop(ILL)
    # A twentieth of the marks may be chance: in so few votes one is, now and then, and it is weak.
    assert all(
        one["kk"]["effect"] ** 2 < effects["kk"]["effect"] ** 2 / 4 for one in marked.values()
    )
    assert effects["kk"]["low"] > 0 > effects["ru"]["high"]
    with translation.override("en"):
        queue, address = (
            reverse(name, args=["traffic"]) for name in ("consultation-queue", "consultation")
        )
    shown = signed_in(scene.of(Role.MODERATOR)).get(queue).content.decode()
    assert "Wordings that change the vote" in shown
    assert "У школ нужно 30 км/ч." in shown
    client = signed_in(None)
    client.cookies[tokens.cookie("traffic")] = made[0]
    assert "The wording may change the vote." in client.get(address).content.decode()


def test_equal_wordings_are_not_named(traffic: Consultation) -> None:
    camps(traffic, 40)
    worked()
    assert Standing.objects.get().findings["wordings"] == []


def shown(consultation: Consultation, displays: int, *, informative: bool) -> None:
    """Log displays, every other even, each to a voice of its own; SIMULATED.

    A routed one is answered more often, and so tells more, where routing is to be informative.
    """
    now = timezone.now() - timedelta(hours=1)
    voices = Participant.objects.bulk_create(
        Participant(consultation=consultation, token=f"{place:064}", language="kk")
        for place in range(displays)
    )
    statement = Statement.objects.get(consultation=consultation, number=2)
    chance = stream(1, "consultations.shown")
    events = []
    for place, voice in enumerate(voices):
        even = place % 2 == 0
        shared = {
            "consultation": consultation,
            "participant": voice,
            "statement": statement,
            "at": now,
            "language": "kk",
        }
        events.append(Event(kind=Kind.DISPLAY, probability=0.5, even=even, **shared))
        if chance.random() < (0.9 if informative and not even else 0.2):
            events.append(Event(kind=Kind.VOTE, vote=1, **shared))
    Event.objects.bulk_create(events)


@pytest.mark.parametrize(("informative", "alarm"), [(True, False), (False, True)])
def test_routing_that_is_no_better_than_lots_alarms_those_who_run_it(
    traffic: Consultation, scene: Cast, *, informative: bool, alarm: bool
) -> None:
    camps(traffic, 30)
    Event.objects.filter(kind=Kind.DISPLAY)._raw_delete("default")
    shown(traffic, 420, informative=informative)
    worked()
    found = Standing.objects.get().findings["routing"]
    assert found["judged"]
    assert found["alarm"] is alarm
    for role, route in (
        (Role.RESEARCHER, "run-consultation"),
        (Role.MODERATOR, "consultation-queue"),
    ):
        with translation.override("en"):
            address = reverse(route, args=["traffic"])
        text = signed_in(scene.of(role)).get(address).content.decode()
        assert ("no better than by lot" in text) is alarm
    with translation.override("en"):
        public = signed_in(None).get(reverse("consultation", args=["traffic"]))
    assert "by lot" not in public.content.decode()


def test_without_displays_there_is_nothing_to_judge(traffic: Consultation) -> None:
    camps(traffic, 12)
    Event.objects.filter(kind=Kind.DISPLAY)._raw_delete("default")
    state = analysis.findings(analysis.snapshot(traffic)).state
    found = checks.routing(traffic, state)
    assert found == {
        "displays": 0,
        "even": 0,
        "judged": False,
        "alarm": False,
        "routed": None,
        "control": None,
    }
