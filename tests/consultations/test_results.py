"""What was voted comes back as a picture and as findings, with their doubt or not at all."""

from __future__ import annotations

from datetime import timedelta
from unittest.mock import patch

import pytest
from django.urls import reverse
from django.utils import timezone, translation

from kelisim.accounts.roles import Role
from kelisim.bells.models import Bell
from kelisim.consultations import analysis, tokens
from kelisim.consultations.actions.prepare import name_group
from kelisim.consultations.actions.refresh import ask_refresh
from kelisim.consultations.models import Consultation, Event, Kind, Standing
from kelisim.consultations.results import results, signature
from kelisim.engine.opinion.eventlog import VoteLog
from kelisim.jobs import queue, worker
from kelisim.jobs.models import Job
from tests.consultations.making import asked, camps, vote
from tests.web import Cast, signed_in

pytestmark = pytest.mark.django_db


def worked() -> int:
    """Do the background work that is waiting, now."""
    Job.objects.filter(status="READY").update(ready_at=timezone.now())
    ran = 0
    # A lease that needs no renewal: the test holds the database, and the thread could not write.
    with patch.object(queue, "LEASE", timedelta(hours=1)):
        while (job := queue.take("test", ["default"])) is not None:
            worker.run(job)
            ran += 1
    return ran


def test_a_snapshot_is_what_the_engines_own_log_says(traffic: Consultation) -> None:
    camps(traffic, 12)
    vote(traffic, tokens.fresh(), 1, 0)
    log = VoteLog()
    for n in range(1, 9):
        log.submit(0.0, str(n))
    rows = Event.objects.filter(kind=Kind.VOTE).order_by("id")
    for time, row in enumerate(rows.select_related("participant", "statement"), start=1):
        assert row.participant is not None
        assert row.vote is not None
        log.vote(float(time), row.participant.alias, str(row.statement.number), row.vote)
    ours, theirs = analysis.snapshot(traffic), log.snapshot()
    assert ours.participants.to_list() == theirs.participants.to_list()
    assert ours.statements.to_list() == theirs.statements.to_list()
    assert ours.indptr.tolist() == theirs.indptr.tolist()
    assert ours.indices.tolist() == theirs.indices.tolist()
    assert ours.signs.tolist() == theirs.signs.tolist()


def test_many_votes_ask_for_one_refreshing(traffic: Consultation) -> None:
    camps(traffic, 5)
    assert Job.objects.count() == 1
    assert worked() == 1
    standing = Standing.objects.get()
    assert standing.asked_at is None
    assert standing.picture["participants"] == 5
    assert standing.picture["votes"] == 40
    assert Bell.objects.get(pk=traffic.channel("map")).rung == 2
    vote(traffic, tokens.fresh(), 1, 1)
    assert Job.objects.exclude(status="SUCCESSFUL").count() == 1


def test_a_refreshing_that_never_began_is_asked_for_again(traffic: Consultation) -> None:
    now = timezone.now()
    Standing.objects.update(asked_at=now - timedelta(minutes=3))
    ask_refresh([traffic.pk], now)
    assert Job.objects.count() == 1
    ask_refresh([traffic.pk], now)
    assert Job.objects.count() == 1


def test_nothing_is_computed_of_nothing(traffic: Consultation) -> None:
    ask_refresh([traffic.pk], timezone.now())
    worked()
    assert results(traffic, {}) is None


@pytest.mark.parametrize("choice", [0, 1, -1])
def test_one_participant_who_says_the_same_to_everything_is_no_accident(
    traffic: Consultation, choice: int
) -> None:
    token = tokens.fresh()
    for number in range(1, 9):
        taken = vote(traffic, token, number, choice)
    worked()
    found = results(traffic, taken.votes)
    assert found is not None
    assert found.participants == 1
    assert not found.groups
    assert found.reason


def test_two_camps_are_told_apart_and_agree_on_what_both_want(traffic: Consultation) -> None:
    made = camps(traffic, 60)
    worked()
    found = results(traffic, {})
    assert found is not None
    assert found.participants == 60
    # Simulated so: both camps agree on statements 1, 4 and 7, and are opposed on the rest.
    assert {one.item.number for one in found.shared} <= {1, 4, 7}
    assert {one.item.number for one in found.every[:3]} == {1, 4, 7}
    for one in found.every:
        assert one.low <= one.score <= one.high
    assert len(made) == 60


def test_what_hardly_anybody_has_seen_is_not_said_to_be_shared(traffic: Consultation) -> None:
    for number in range(1, 9):
        vote(traffic, tokens.fresh(), number, 1)
    worked()
    found = results(traffic, {})
    assert found is not None
    assert len(found.every) == 8
    assert found.shared == []


def test_a_persons_place_is_known_after_one_vote(traffic: Consultation) -> None:
    camps(traffic, 30)
    worked()
    taken = vote(traffic, tokens.fresh(), 2, 1)
    few = analysis.place(traffic.pk, {2: 1})
    more = analysis.place(traffic.pk, {2: 1, 3: -1, 5: -1, 6: 1})
    assert few is not None
    assert more is not None
    assert few.x_se > more.x_se > 0
    found = results(traffic, taken.votes)
    assert found is not None
    assert 'class="own"' in found.map


def test_a_place_before_any_picture_or_on_no_known_statement_is_none(traffic: Consultation) -> None:
    assert analysis.place(traffic.pk, {1: 1}) is None
    camps(traffic, 4)
    worked()
    assert analysis.place(traffic.pk, {}) is None
    assert analysis.place(traffic.pk, {99: 1}) is None


def test_displays_are_drawn_with_the_chance_that_is_logged(traffic: Consultation) -> None:
    camps(traffic, 20)
    worked()
    drawn = [analysis.draw(traffic, {}) for _ in range(3000)]
    counts: dict[int, int] = {}
    chances: dict[int, float] = {}
    for one in drawn:
        assert one is not None
        counts[one.statement] = counts.get(one.statement, 0) + 1
        chances[one.statement] = one.probability
    assert sum(chances.values()) == pytest.approx(1.0)
    for statement, chance in chances.items():
        deviation = (chance * (1 - chance) / len(drawn)) ** 0.5
        assert counts[statement] / len(drawn) == pytest.approx(chance, abs=5 * deviation)
    even = sum(one.even for one in drawn if one) / len(drawn)
    assert even == pytest.approx(0.15, abs=0.04)


def test_what_is_drawn_follows_the_voices_own_votes(traffic: Consultation) -> None:
    camps(traffic, 60)
    worked()
    pks = list(traffic.statements.order_by("number").values_list("pk", flat=True))

    def chances(votes: dict[int, int]) -> dict[int, float]:
        drawn = [analysis.draw(traffic, votes) for _ in range(400)]
        return {one.statement: one.probability for one in drawn if one is not None}

    one, other = chances({pks[1]: 1, pks[2]: -1}), chances({pks[1]: 1, pks[2]: 1})
    assert one.keys() == other.keys()
    assert one != other


def test_a_statement_added_later_is_drawn_too(traffic: Consultation, scene: Cast) -> None:
    from kelisim.consultations.actions.add_statement import seed

    camps(traffic, 10)
    worked()
    new = seed(traffic, {"kk": "Трамвай керек."}, by=scene.of(Role.RESEARCHER))
    now = Consultation.objects.get(pk=traffic.pk)
    seen = dict.fromkeys(traffic.statements.exclude(pk=new.pk).values_list("pk", flat=True), 1)
    drawn = analysis.draw(now, seen)
    assert drawn is not None
    assert (drawn.statement, drawn.probability) == (new.pk, 1.0)
    assert analysis.draw(now, seen | {new.pk: 0}) is None


def test_a_groups_name_stays_with_what_tells_it_apart(traffic: Consultation, scene: Cast) -> None:
    told_by = [{"statement": 2, "vote": 1}, {"statement": 3, "vote": -1}]
    group = {
        "group": "A",
        "participants": 9,
        "share": 0.9,
        "told_by": [{**one, "share": 0.9, "share_elsewhere": 0.1, "z": 3.0} for one in told_by],
    }
    document = {"groups": [group], "ground": [], "reason": "", "alarm": False}
    picture = {
        "participants": 10,
        "votes": 20,
        "discs": [[0.0, 0.0, 0, 10]],
        "centres": {"0": [0, 0]},
    }
    Standing.objects.update(findings=document, picture=picture)
    name_group(traffic, "A", signature(told_by), {"kk": "Жаяулар"}, by=scene.of(Role.RESEARCHER))
    found = results(traffic, {})
    assert found is not None
    assert found.groups[0].title.startswith("Жаяулар")
    # Whoever names a group sees on which side it stands.
    with translation.override("en"):
        address = reverse("run-consultation", args=["traffic"])
        shown = signed_in(scene.of(Role.RESEARCHER)).get(address).content.decode()
    assert "90% agree here, 10% elsewhere" in shown
    assert "90% disagree here, 10% elsewhere" in shown
    group["told_by"] = [{"statement": 5, "vote": 1, "share": 0.9, "share_elsewhere": 0.1, "z": 3.0}]
    Standing.objects.update(findings=document)
    found = results(traffic, {})
    assert found is not None
    assert "Жаяулар" not in found.groups[0].title


def test_results_wait_for_ones_own_votes_where_it_is_asked_so(scene: Cast) -> None:
    house = asked(scene.house, scene.of(Role.RESEARCHER), vote_first=True)
    camps(house, 10)
    worked()
    client = signed_in(None)
    page, part = (
        reverse(name, args=["traffic"]) for name in ("consultation", "consultation-results")
    )
    data = reverse("consultation-data", args=["traffic", "votes.csv"])
    with translation.override("en"):
        assert b"<svg" not in client.get(page).content
    assert b"<svg" not in client.get(part).content
    assert client.get(data).status_code == 404
    assert client.get("/api/consultations/traffic/results").status_code == 404
    for _turn in range(3):
        form = client.get(page)
        number = form.context["turn"].item.number
        client.post(
            reverse("consultation-vote", args=["traffic"]), {"statement": number, "vote": 1}
        )
    assert b"<svg" in client.get(page).content
    assert b"<svg" in client.get(part).content
    assert client.get(data).status_code == 200
