"""The door of votes, ``/intake/votes``: a vote is on the disk before it is acknowledged.

The page's script sends JSON here; the plain form of the page does the same action without a script.
A page of another site cannot: the type of the body asks for a permission that is never given, and
the voice's cookie is not sent along.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from http.cookies import CookieError, SimpleCookie
from typing import Any

from asgiref.sync import sync_to_async
from django.db import close_old_connections
from django.utils import translation

from kelisim.consultations import analysis, tokens, turn
from kelisim.consultations.actions.cast_votes import Ballot, Cast, cast_votes
from kelisim.consultations.refusals import Refused
from kelisim.core.kazakh import LANGUAGES
from kelisim.intake import http
from kelisim.intake.group_commit import Busy, GroupCommit
from kelisim.intake.http import HungUp, Message, Receive, Send, TooLarge

LONGEST = 4096
"""Bytes of a vote with everything around it."""

STATUS = {
    "no-consultation": 404,
    "no-statement": 404,
    "no-voice": 403,
    "not-open": 409,
    "too-large": 413,
    "unreadable": 415,
    "too-fast": 429,
    "busy": 503,
}
"""Statuses of refusals; 422 for the rest."""

_door: GroupCommit[Ballot, Cast | Refused] = GroupCommit(cast_votes)


async def application(scope: Message, receive: Receive, send: Send) -> None:
    """Answer one vote."""
    headers = http.headers(scope)
    language = "kk"
    try:
        try:
            sent = _read(headers, await http.body(receive, LONGEST))
            language = sent["language"] if sent["language"] in LANGUAGES else "kk"
            told = await _taken(sent, headers)
        except TooLarge:
            raise Refused("too-large") from None
        except Busy:
            raise Refused("busy") from None
    except HungUp:
        return
    except Refused as refused:
        with translation.override(language):
            answer = {"refused": refused.code, "sentence": refused.sentence}
        await _answer(send, STATUS.get(refused.code, 422), answer)
        return
    await _answer(send, 200, told)


async def _answer(send: Send, status: int, told: Mapping[str, Any]) -> None:
    later = (("retry-after", "60" if status == 429 else "5"),) if status in (429, 503) else ()
    content = json.dumps(told, ensure_ascii=False).encode()
    await http.answer(send, status, content, headers=later)


def _read(headers: Mapping[str, str], content: bytes) -> dict[str, Any]:
    """Return what was sent, its fields there and of the kinds they must be.

    Raises
    ------
    Refused
        It is no JSON of ours, or another site's page sent it.
    """
    if headers.get("content-type", "").partition(";")[0].strip() != "application/json":
        raise Refused("unreadable")
    if headers.get("sec-fetch-site", "same-origin") not in ("same-origin", "none"):
        raise Refused("unreadable")
    try:
        sent = json.loads(content)
        texts = {name: sent[name] for name in ("consultation", "language")}
        texts["drawn"] = sent.get("drawn", "")
        rest = {"statement": sent["statement"], "vote": sent["vote"]}
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        raise Refused("unreadable") from None
    if not all(isinstance(text, str) for text in texts.values()):
        raise Refused("unreadable")
    return {**texts, **rest}


async def _taken(sent: Mapping[str, Any], headers: Mapping[str, str]) -> dict[str, Any]:
    ballot = Ballot(
        sent["consultation"],
        _token(headers.get("cookie", ""), sent["consultation"]),
        sent["statement"],
        sent["vote"],
        sent["language"],
        turn.read_drawn(sent["drawn"]),
    )
    cast = await _door.add(ballot)
    if isinstance(cast, Refused):
        raise cast
    return await _turned(cast, sent["language"])


def _token(cookies: str, slug: str) -> str:
    try:
        found = SimpleCookie(cookies).get(tokens.cookie(slug))
    except CookieError:
        return ""
    return found.value if found else ""


def _told(cast: Cast, language: str) -> dict[str, Any]:
    house = cast.consultation
    number = house.standing.picture_number
    if not analysis.is_kept(house.pk, number):
        close_old_connections()
    with translation.override(language):
        now = turn.turn(house, cast.votes, cast.next, language)
        return turn.told(now, turn.own_shape(house, cast.votes, number))


_turned = sync_to_async(_told, thread_sensitive=False)
