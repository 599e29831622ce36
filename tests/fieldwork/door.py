"""The door of interviews, called in this process as the server calls it."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from kelisim.fieldwork.conformance.client import File, multipart
from kelisim.intake import submissions
from kelisim.intake.http import Message


@dataclass(frozen=True, slots=True)
class Told:
    """A whole answer of the door."""

    status: int
    headers: Mapping[str, str]
    text: str


async def called(
    path: str,
    body: bytes | Iterable[bytes] = b"",
    headers: Mapping[str, str] | None = None,
    method: str = "POST",
) -> Told:
    scope = {
        "type": "http",
        "method": method,
        "path": f"{path}/submission",
        "headers": [(n.lower().encode(), v.encode()) for n, v in (headers or {}).items()],
    }
    pieces = [body] if isinstance(body, bytes) else list(body)
    waiting = [
        {"type": "http.request", "body": one, "more_body": at < len(pieces) - 1}
        for at, one in enumerate(pieces)
    ]
    said: list[Message] = []

    async def receive() -> Message:
        return waiting.pop(0) if waiting else {"type": "http.disconnect"}

    async def send(message: Message) -> None:
        said.append(message)

    await submissions.application(scope, receive, send)
    told = {name.decode(): value.decode() for name, value in said[0]["headers"]}
    return Told(said[0]["status"], told, said[1]["body"].decode())


def posted(
    path: str,
    xml: bytes | None,
    files: Sequence[File] = (),
    *,
    incomplete: bool = False,
    headers: Mapping[str, str] | None = None,
) -> Told:
    """Send one interview."""
    return at_once(path, [(xml, files)], incomplete=incomplete, headers=headers)[0]


def at_once(
    path: str,
    several: Sequence[tuple[bytes | None, Sequence[File]]],
    *,
    incomplete: bool = False,
    headers: Mapping[str, str] | None = None,
) -> list[Told]:
    """Send several interviews at the same moment."""

    async def every() -> list[Told]:
        bodies = [multipart(xml, files, incomplete=incomplete) for xml, files in several]
        calls = (called(path, b, {"Content-Type": kind, **(headers or {})}) for b, kind in bodies)
        return await asyncio.gather(*calls)

    return asyncio.run(every())
