"""One port, three doors: event streams and hot writes natively in ASGI, all else to WSGI.

Django's pages are several times faster as WSGI than as ASGI (docs/decisions), while thousands of
open event streams need ASGI. This router is the whole of the seam.
"""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable
from typing import Any

from a2wsgi import WSGIMiddleware

from kelisim.site.wsgi import application as pages  # isort: skip  (sets Django up, and comes first)

from kelisim.intake import submissions, votes
from kelisim.live import calls
from kelisim.live import door as live
from kelisim.live.door import Message, Receive, Send

Application = Callable[[Message, Receive, Send], Awaitable[None]]

PAGE_THREADS = 8

_pages: Any = WSGIMiddleware(pages, workers=PAGE_THREADS)  # type: ignore[arg-type]  # PEP 3333 in other words

DOORS: tuple[tuple[str, Application], ...] = (
    ("/intake/votes", votes.application),
    ("/live/calls", calls.application),
    ("/live", live.application),
    ("/openrosa/*/submission", submissions.application),
)
"""Beginnings of addresses that do not go to the pages, and who answers them; * is one step."""

_BEGINNINGS = [
    (re.compile(re.escape(beginning).replace(r"\*", "[^/]+") + r"(/|\Z)"), door)
    for beginning, door in DOORS
]


async def application(scope: Message, receive: Receive, send: Send) -> None:
    """Answer one connection; the ASGI lifespan has nothing to start and nothing to stop."""
    if scope["type"] == "lifespan":
        await _lifespan(receive, send)
        return
    path = scope["path"]
    for beginning, door in _BEGINNINGS:
        if beginning.match(path):
            await door(scope, receive, send)
            return

    async def receiving() -> Message:
        # The server's own `receive` returns a future; the pages ask for a coroutine.
        return await receive()

    await _pages(scope, receiving, send)


async def _lifespan(receive: Receive, send: Send) -> None:
    while True:
        event = await receive()
        await send({"type": f"{event['type']}.complete"})
        if event["type"] == "lifespan.shutdown":
            return
