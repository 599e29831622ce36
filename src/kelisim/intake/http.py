"""The little of HTTP that a door needs: read a body up to a limit, answer in one piece."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable, MutableMapping
from typing import Any

Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]


class TooLarge(Exception):
    """The body is longer than the door accepts."""


class HungUp(Exception):
    """The client went away before the whole body came."""


async def body(receive: Receive, most: int) -> bytes:
    """Return the whole body, sent in one piece or in chunks.

    Raises
    ------
    TooLarge
        More than `most` bytes came.
    HungUp
        The connection ended first.
    """
    parts: list[bytes] = []
    length = 0
    while True:
        message = await receive()
        if message["type"] == "http.disconnect":
            raise HungUp
        part = message.get("body", b"")
        length += len(part)
        if length > most:
            raise TooLarge
        parts.append(part)
        if not message.get("more_body"):
            return b"".join(parts)


async def answer(
    send: Send,
    status: int,
    content: bytes = b"",
    *,
    kind: str = "application/json",
    headers: Iterable[tuple[str, str]] = (),
) -> None:
    """Send a whole answer."""
    told = [
        (b"content-type", kind.encode()),
        (b"content-length", str(len(content)).encode()),
        (b"cache-control", b"no-store"),
        *((name.lower().encode(), value.encode()) for name, value in headers),
    ]
    await send({"type": "http.response.start", "status": status, "headers": told})
    await send({"type": "http.response.body", "body": content})


def headers(scope: Message) -> dict[str, str]:
    """Return the request's headers, their names in lower case."""
    return {name.decode("latin-1").lower(): v.decode("latin-1") for name, v in scope["headers"]}
