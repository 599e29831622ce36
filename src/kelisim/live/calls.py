"""The door of calls: ``/live/calls``, behind which Janus listens on the loopback alone.

Whoever holds no token of the site gets no word through, and whoever holds one can say only what a
call needs: nothing that makes, lists or takes down a room, records, or forwards what is said.
"""

from __future__ import annotations

import asyncio
import json
import re
from typing import Any
from urllib.parse import quote

from django.conf import settings

from kelisim.core.clock import SystemClock
from kelisim.live.door import Message, Receive, Send
from kelisim.mediation.calls.service import Service, service_of
from kelisim.mediation.calls.tokens import holds

PATHS = re.compile(r"/live/calls((?:/[0-9]{1,20}){0,2})")
VERBS = frozenset({"create", "attach", "message", "trickle", "keepalive", "detach", "destroy"})
REQUESTS = frozenset({"join", "configure", "start", "unpublish", "leave"})
MOST_BYTES = 64 * 1024
"""An offer with its candidates has about 6 kB."""

MOST_EVENTS = 10
CLOCK = SystemClock()


class Refused(Exception):
    """A request that does not go through."""


async def application(scope: Message, receive: Receive, send: Send) -> None:
    """Hand one request on to Janus, and its answer back."""
    service = service_of(settings.ENVIRONMENT.data)
    found = PATHS.fullmatch(scope["path"])
    if service is None or found is None:
        await _answered(send, 404, b"{}")
        return
    try:
        asked = await _allowed(scope, receive, service, found.group(1))
    except Refused:
        await _answered(send, 403, b"{}")
        return
    # Janus holds a question for news for half a minute: it is let go with whoever asked it.
    answer = asyncio.ensure_future(_handed_on(service, asked))
    gone = asyncio.ensure_future(_gone(receive))
    try:
        await asyncio.wait({answer, gone}, return_when=asyncio.FIRST_COMPLETED)
        if answer.done():
            await _answered(send, 200, answer.result())
    except OSError:
        await _answered(send, 503, b"{}")
    finally:
        answer.cancel()
        gone.cancel()


async def _allowed(scope: Message, receive: Receive, service: Service, path: str) -> bytes:
    """Return the request as Janus is to hear it.

    Raises
    ------
    Refused
        It bears no token that holds, or says what a call does not need.
    """
    headers = {name.decode("latin-1").lower(): value for name, value in scope["headers"]}
    token = headers.get("x-call-token", b"").decode("latin-1")
    if not holds(service.token_secret, token, CLOCK.now().timestamp()):
        raise Refused
    if scope["method"] == "GET":
        query = f"?maxev={MOST_EVENTS}&token={quote(token, safe='')}"
        return f"GET /janus{path}{query} HTTP/1.0\r\nHost: localhost\r\n\r\n".encode()
    if scope["method"] != "POST":
        raise Refused
    told = _read(await _body(receive)) | {"token": token}
    body = json.dumps(told).encode()
    head = f"POST /janus{path} HTTP/1.0\r\nHost: localhost\r\nContent-Length: {len(body)}\r\n\r\n"
    return head.encode() + body


def _read(body: bytes) -> dict[str, Any]:
    try:
        told = json.loads(body)
    except ValueError as cause:
        raise Refused from cause
    if not isinstance(told, dict) or told.get("janus") not in VERBS:
        raise Refused
    if told["janus"] == "message":
        asked = told.get("body")
        if not isinstance(asked, dict) or asked.get("request") not in REQUESTS:
            raise Refused
        if "record" in asked or "filename" in asked:
            raise Refused
    return told


async def _body(receive: Receive) -> bytes:
    read: bytes = b""
    while True:
        event = await receive()
        read += event.get("body", b"")
        if len(read) > MOST_BYTES:
            raise Refused
        if not event.get("more_body"):
            return read


async def _handed_on(service: Service, asked: bytes) -> bytes:
    reader, writer = await asyncio.open_connection("127.0.0.1", service.port)
    try:
        writer.write(asked)
        await writer.drain()
        answer = await reader.read(-1)
    finally:
        writer.close()
    return answer.partition(b"\r\n\r\n")[2]


async def _gone(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass


async def _answered(send: Send, status: int, body: bytes) -> None:
    headers = [(b"content-type", b"application/json"), (b"cache-control", b"no-store")]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body})
