"""The door of event streams: ``/live`` (SSE) and ``/live/poll``, the same question asked once.

A stream says which of the page's tickets were rung, never what happened. Its event id holds the
numbers of all its channels, so that a client that comes back with Last-Event-ID hears at once of
whatever it missed.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import Awaitable, Callable, Mapping, MutableMapping
from dataclasses import dataclass
from http.cookies import CookieError, SimpleCookie
from typing import Any
from urllib.parse import parse_qs

from asgiref.sync import sync_to_async
from django.conf import settings
from django.core.signing import BadSignature
from django.db import close_old_connections

from kelisim.bells import tickets
from kelisim.live.watch import Watch

Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]

HEARTBEAT = 15.0
"""Seconds of silence after which a beat is sent, so that no proxy takes the line for dead and the
page notices when it is."""

MOST_TICKETS = 20


def _numbers(channels: Any) -> Mapping[str, int]:
    close_old_connections()
    return tickets.numbers(channels)


_numbers_async = sync_to_async(_numbers, thread_sensitive=False)
_watch = Watch(_numbers)


@dataclass(frozen=True, slots=True)
class Listener:
    """What a page listens to: the channels of each of its tickets, and the numbers it has heard."""

    channels: tuple[frozenset[str], ...]
    heard: dict[str, int]

    def news(self, now: Mapping[str, int]) -> list[int]:
        """Return the tickets in which something was rung, and take note of it."""
        rung = {channel for channel, number in now.items() if number != self.heard[channel]}
        self.heard.update(now)
        return [place for place, channels in enumerate(self.channels) if channels & rung]

    def id(self) -> str:
        """Return the numbers heard, as an event id: in the order of the channels' names."""
        return ".".join(str(self.heard[channel]) for channel in sorted(self.heard))


async def application(scope: Message, receive: Receive, send: Send) -> None:
    """Answer one connection."""
    try:
        listener = _listener(scope)
    except (BadSignature, ValueError):
        await _plain(
            send, 403, {"refused": "This page is too old, or is not yours. Load it again."}
        )
        return
    if scope["path"].endswith("/poll"):
        rung = listener.news(await _numbers_async(list(listener.heard)))
        await _plain(send, 200, {"id": listener.id(), "rung": rung})
    else:
        await _stream(listener, receive, send)


def _listener(scope: Message) -> Listener:
    query = parse_qs(scope["query_string"].decode("latin-1"))
    headers = {name.decode("latin-1").lower(): value for name, value in scope["headers"]}
    asked = query.get("ticket", [])
    if not 0 < len(asked) <= MOST_TICKETS:
        raise ValueError(asked)
    session = _session(headers.get("cookie", b"").decode("latin-1"))
    read = [tickets.read(one, session) for one in asked]
    heard = {channel: number for one in read for channel, number in one.items()}
    last = headers.get("last-event-id", b"").decode("latin-1") or query.get("last", [""])[0]
    if last:
        told = [int(number) for number in last.split(".")]
        heard = dict(zip(sorted(heard), told, strict=True))
    return Listener(tuple(frozenset(one) for one in read), heard)


def _session(cookies: str) -> str | None:
    try:
        found = SimpleCookie(cookies).get(settings.SESSION_COOKIE_NAME)
    except CookieError:
        return None
    return found.value if found else None


async def _stream(listener: Listener, receive: Receive, send: Send) -> None:
    await _start(send, 200, b"text/event-stream")
    await _say(send, "retry: 2000\n\n")
    gone = asyncio.ensure_future(_gone(receive))
    woken = _watch.join(listener.heard)
    woken.set()
    try:
        while not gone.done():
            if woken.is_set():
                woken.clear()
                rung = listener.news(await _numbers_async(list(listener.heard)))
                if rung:
                    await _say(
                        send, f"id: {listener.id()}\nevent: bell\ndata: {json.dumps(rung)}\n\n"
                    )
            waiting = asyncio.ensure_future(woken.wait())
            await asyncio.wait(
                {waiting, gone}, timeout=HEARTBEAT, return_when=asyncio.FIRST_COMPLETED
            )
            waiting.cancel()
            if not woken.is_set() and not gone.done():
                await _say(send, "event: beat\ndata: 0\n\n")
    except OSError:
        return  # the listener hung up while being told
    finally:
        _watch.leave(woken)
        gone.cancel()


async def _gone(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass


async def _start(send: Send, status: int, kind: bytes) -> None:
    headers = [
        (b"content-type", kind),
        (b"cache-control", b"no-store"),
        (b"x-accel-buffering", b"no"),
    ]
    await send({"type": "http.response.start", "status": status, "headers": headers})


async def _say(send: Send, text: str) -> None:
    await send({"type": "http.response.body", "body": text.encode(), "more_body": True})


async def _plain(send: Send, status: int, told: Mapping[str, object]) -> None:
    await _start(send, status, b"application/json")
    await send({"type": "http.response.body", "body": json.dumps(told).encode()})
