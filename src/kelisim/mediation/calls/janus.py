"""What the site asks of Janus itself: to make a room, to say who is in it, to take it down."""

from __future__ import annotations

import json
import secrets
from contextlib import closing
from dataclasses import dataclass
from http.client import HTTPConnection, HTTPException
from typing import Any

from kelisim.core.clock import Clock, SystemClock
from kelisim.mediation.calls.service import Service
from kelisim.mediation.calls.tokens import PLUGIN, entrance

PATIENCE = 5.0
"""Seconds that a Janus on the same machine may take to answer."""

MOST_PEOPLE = 8
BIT_RATE = 400_000
EXISTS = 427
ABSENT = 426
SYSTEM = SystemClock()


class CallsAbsent(Exception):
    """No service of calls answers."""


@dataclass(frozen=True, slots=True)
class RoomKeys:
    """A room of Janus: its name, what opens it, and what takes it down."""

    name: str
    pin: str
    secret: str


def answers(service: Service) -> bool:
    """Return whether the service answers."""
    try:
        return bool(_asked(service, "", {"janus": "info"}).get("janus") == "server_info")
    except CallsAbsent:
        return False


def make_room(service: Service, room: RoomKeys, *, clock: Clock = SYSTEM) -> None:
    """Make a private room, unless it is there.

    Raises
    ------
    CallsAbsent
        Janus does not answer, or makes no room.
    """
    told = _said(
        service,
        clock,
        request="create",
        admin_key=service.admin_key,
        room=room.name,
        pin=room.pin,
        secret=room.secret,
        description="room",
        is_private=True,
        signed_tokens=True,
        require_pvtid=True,
        record=False,
        lock_record=True,
        notify_joining=True,
        publishers=MOST_PEOPLE,
        bitrate=BIT_RATE,
        bitrate_cap=True,
    )
    if told.get("videoroom") != "created" and told.get("error_code") != EXISTS:
        raise CallsAbsent(told.get("error_code"))


def present(service: Service, room: RoomKeys, *, clock: Clock = SYSTEM) -> list[str] | None:
    """Return who is in a room, by the names under which they joined; None if there is no room.

    Raises
    ------
    CallsAbsent
        Janus does not answer.
    """
    told = _said(service, clock, request="listparticipants", room=room.name)
    if told.get("error_code") == ABSENT:
        return None
    return [str(one["id"]) for one in told.get("participants", [])]


def take_down(service: Service, room: RoomKeys, *, clock: Clock = SYSTEM) -> None:
    """Take a room down; whoever is in it is put out.

    Raises
    ------
    CallsAbsent
        Janus does not answer.
    """
    _said(service, clock, request="destroy", room=room.name, secret=room.secret)


def _said(service: Service, clock: Clock, **body: Any) -> dict[str, Any]:
    """Return what the plug-in of rooms answers, asked in a session that ends with the answer."""
    until = int(clock.now().timestamp()) + 60
    token = {"token": entrance(service.token_secret, until=until)}
    session = _number(_asked(service, "", {"janus": "create", **token}))
    try:
        within = f"/{session}"
        desk = _number(_asked(service, within, {"janus": "attach", "plugin": PLUGIN, **token}))
        asked = {"janus": "message", "body": body, **token}
        told = _asked(service, f"{within}/{desk}", asked)
    finally:
        _asked(service, f"/{session}", {"janus": "destroy", **token})
    found: dict[str, Any] = told.get("plugindata", {}).get("data", {})
    return found


def _number(told: dict[str, Any]) -> int:
    if told.get("janus") != "success":
        raise CallsAbsent(told.get("error"))
    return int(told["data"]["id"])


def _asked(service: Service, path: str, body: dict[str, Any]) -> dict[str, Any]:
    text = json.dumps(body | {"transaction": secrets.token_hex(8)})
    try:
        with closing(HTTPConnection("127.0.0.1", service.port, timeout=PATIENCE)) as line:
            line.request("POST", f"/janus{path}", text)
            told: dict[str, Any] = json.loads(line.getresponse().read())
    except (OSError, HTTPException, ValueError) as cause:
        raise CallsAbsent(str(cause)) from cause
    return told
