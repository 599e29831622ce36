"""One look at the bells for everybody who listens, several times a second."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress

from asgiref.sync import sync_to_async

PERIOD = 0.25
"""Seconds between two looks: what a person waits for at most, beside the way of the news."""

Numbers = Callable[[Iterable[str]], Mapping[str, int]]


class Watch:
    """Wakes listeners when a channel of theirs was rung.

    Whatever the number of listeners, one query looks for all of them; with nobody listening the
    watch sleeps.
    """

    def __init__(self, numbers: Numbers) -> None:
        self._numbers = numbers
        self._listeners: dict[asyncio.Event, frozenset[str]] = {}
        self._heard: dict[str, int] = {}
        self._task: asyncio.Task[None] | None = None

    def join(self, channels: Iterable[str]) -> asyncio.Event:
        """Return an event that is set whenever one of the channels was rung."""
        woken = asyncio.Event()
        self._listeners[woken] = frozenset(channels)
        if self._task is None or self._task.done():
            self._task = asyncio.get_running_loop().create_task(self._look())
        return woken

    def leave(self, woken: asyncio.Event) -> None:
        """Forget a listener."""
        self._listeners.pop(woken, None)

    async def _look(self) -> None:
        while self._listeners:
            wanted = frozenset().union(*self._listeners.values())
            now = await sync_to_async(self._numbers, thread_sensitive=False)(wanted)
            # A channel that is new to the watch counts as rung: who joined compares for themselves.
            rung = {channel for channel in now if now[channel] != self._heard.get(channel)}
            self._heard = dict(now)
            for woken, channels in self._listeners.items():
                if channels & rung:
                    woken.set()
            await asyncio.sleep(PERIOD)

    async def close(self) -> None:
        """Stop looking."""
        if self._task is not None:
            self._task.cancel()
            with suppress(asyncio.CancelledError):
                await self._task
