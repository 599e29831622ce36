"""The door of votes: what is acknowledged is kept, and what is no vote is told so."""

from __future__ import annotations

import http.client
import json
import os
import subprocess
import sys
from collections.abc import Mapping
from datetime import timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.db import connection
from django.utils import timezone

from kelisim.accounts.roles import Role
from kelisim.consultations import tokens
from kelisim.consultations.actions.cast_votes import Ballot, cast_votes
from kelisim.consultations.models import Consultation, Event, Kind, Participant
from kelisim.core.clock import FixedClock
from tests.consultations.making import asked, camps
from tests.consultations.test_results import worked
from tests.house.inventory import ROOT
from tests.serving import database_url, serving
from tests.web import cast

pytestmark = pytest.mark.django_db(transaction=True)

VOTE = {"consultation": "traffic", "statement": 1, "vote": 1, "language": "en", "drawn": ""}
JSON = {"Content-Type": "application/json"}


def sent(
    site: str, content: object, token: str = "", headers: Mapping[str, str] = JSON
) -> tuple[int, dict[str, Any]]:
    """Send a vote as the page's script does, and return the status and the answer."""
    line = http.client.HTTPConnection(urlsplit(site).netloc, timeout=60)
    body = content if isinstance(content, bytes) else json.dumps(content).encode()
    cookie = {"Cookie": f"voice-traffic={token}"} if token else {}
    line.request("POST", "/intake/votes", body, {**headers, **cookie})
    answer = line.getresponse()
    told = answer.status, json.loads(answer.read())
    line.close()
    return told


@pytest.fixture
def traffic() -> Consultation:
    scene = cast()
    return asked(scene.house, scene.of(Role.RESEARCHER), clause=True)


def test_a_vote_is_kept_and_the_next_statement_comes_with_the_own_place(
    traffic: Consultation, tmp_path: Path
) -> None:
    camps(traffic, 30)
    worked()
    token = tokens.fresh()
    with serving(tmp_path) as site:
        status, told = sent(site, VOTE, token)
        assert status == 200
        assert told["progress"] == "You have voted on 1 of about 8 useful ones."
        assert told["next"]["lang"] == "en"
        assert told["next"]["clause_text"] == "The fee is 500."
        x, y, across, down = told["own"]
        assert 0 < x < 640
        assert 0 < y < 480
        assert across > 0
        assert down > 0
        _status, again = sent(site, VOTE | {"statement": told["next"]["number"]}, token)
        assert again["seen"] == 2
        assert again["own"][2:] < [across, down]
    voice = Participant.objects.get(token=tokens.digest(token))
    assert Event.objects.filter(participant=voice, kind=Kind.VOTE).count() == 2


REFUSED = [
    (VOTE | {"vote": 2}, 422, "not-a-vote"),
    (VOTE | {"vote": "1"}, 422, "not-a-vote"),
    (VOTE | {"vote": None}, 422, "not-a-vote"),
    (VOTE | {"statement": 99}, 404, "no-statement"),
    (VOTE | {"consultation": "nowhere"}, 404, "no-consultation"),
    (VOTE | {"language": 7}, 415, "unreadable"),
    ({"vote": 1}, 415, "unreadable"),
    ([1, 2], 415, "unreadable"),
    (b"not json", 415, "unreadable"),
    (b"[" * 4000, 415, "unreadable"),
    (b"\xff\xfe", 415, "unreadable"),
    (VOTE | {"drawn": "x" * 5000}, 413, "too-large"),
]


def test_what_is_no_vote_is_told_so_in_the_language_of_the_page(
    traffic: Consultation, tmp_path: Path
) -> None:
    token = tokens.fresh()
    with serving(tmp_path) as site:
        for content, status, code in REFUSED:
            got, told = sent(site, content, token)
            assert (got, told["refused"]) == (status, code), content
            assert told["sentence"].endswith(".")
        assert sent(site, VOTE)[1]["refused"] == "no-voice"
        for headers in (
            {"Content-Type": "text/plain"},
            {"Content-Type": "application/x-www-form-urlencoded"},
            JSON | {"Sec-Fetch-Site": "cross-site"},
        ):
            assert sent(site, VOTE, token, headers)[0] == 415
        russian = sent(site, VOTE | {"vote": 3, "language": "ru"}, token)[1]["sentence"]
        assert russian.startswith("Голос — это")
        spoiled = sent(site, VOTE | {"drawn": "not a note of ours"}, token)
        assert spoiled[0] == 200
    assert Event.objects.filter(kind=Kind.VOTE).count() == 1


def test_too_many_votes_in_a_minute_are_told_to_wait(traffic: Consultation, tmp_path: Path) -> None:
    token = tokens.fresh()
    # Of a moment to come, so that they are of this minute however long the server takes to start.
    soon = FixedClock(timezone.now() + timedelta(minutes=10))
    ballots = [Ballot("traffic", token, 1 + n % 8, (-1) ** (n // 8), "en") for n in range(50)]
    cast_votes(ballots, clock=soon)
    with serving(tmp_path) as site:
        status, told = sent(site, VOTE | {"statement": 8, "vote": 0}, token)
        assert (status, told["refused"]) == (429, "too-fast")
        assert sent(site, VOTE | {"statement": 8, "vote": 0}, tokens.fresh())[0] == 200
    assert Event.objects.filter(kind=Kind.VOTE).count() == 51


def test_five_kills_lose_no_acknowledged_vote() -> None:
    script = ROOT / "bench" / "votes_kill.py"
    done = subprocess.run(
        [sys.executable, str(script), "5", connection.vendor],
        env=os.environ | {"POSTGRES": database_url()},
        capture_output=True,
        text=True,
        check=True,
    )
    told = json.loads(done.stdout)
    assert told["kills"] == 5
    assert told["acknowledged"] > 0
    assert told["lost"] == 0
