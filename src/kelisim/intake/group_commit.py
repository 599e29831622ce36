"""Group commit: many writers wait for one durable commit.

A commit that survives a power cut costs the same for one row as for hundreds. Whatever arrives
while a commit is on its way forms the next batch (the group commit of DeWitt et al., 1984), so
that the batch grows with the load and an idle door answers at once.
"""

from __future__ import annotations

import asyncio
import logging
import queue
import threading
from collections.abc import Callable, Sequence
from concurrent.futures import Future
from typing import Generic, TypeVar

from django.db import close_old_connections, connection, transaction

T = TypeVar("T")
R = TypeVar("R")
log = logging.getLogger(__name__)

MOST_WAITING = 4096
"""Writes that may wait for their commit; past that a door says 'busy' instead of growing."""


class Busy(Exception):
    """More writes are waiting than the door may keep: try again in a moment."""


class GroupCommit(Generic[T, R]):
    """Writes items in batches, each batch in one transaction, in a thread of its own.

    Parameters
    ----------
    write
        Writes a batch inside an open transaction and returns an answer for each item, in order.
        An item that is refused is an answer too; an exception undoes the batch.
    most
        How many items a batch may hold.
    """

    def __init__(self, write: Callable[[Sequence[T]], Sequence[R]], *, most: int = 256) -> None:
        self._write = write
        self._most = most
        self._waiting: queue.Queue[tuple[T, Future[R]] | None] = queue.Queue(MOST_WAITING)
        self._starting = threading.Lock()
        self._thread: threading.Thread | None = None

    async def add(self, item: T) -> R:
        """Return the answer for an item once it is on the disk.

        Raises
        ------
        Busy
            Too many items are waiting.
        """
        self._start()
        promise: Future[R] = Future()
        try:
            self._waiting.put_nowait((item, promise))
        except queue.Full:
            raise Busy from None
        return await asyncio.wrap_future(promise)

    def close(self) -> None:
        """Write what is waiting, and end the thread and its connection."""
        with self._starting:
            if self._thread is not None:
                self._waiting.put(None)
                self._thread.join()
                self._thread = None

    def _start(self) -> None:
        with self._starting:
            if self._thread is None:
                name = f"group-commit-{self._write.__name__}"
                self._thread = threading.Thread(target=self._run, name=name, daemon=True)
                self._thread.start()

    def _run(self) -> None:
        closing = False
        while not closing:
            batch = []
            one = self._waiting.get()
            while one is not None:
                batch.append(one)
                if len(batch) == self._most or self._waiting.empty():
                    break
                one = self._waiting.get()
            closing = one is None
            if batch:
                close_old_connections()
                self._commit(batch)
        connection.close()

    def _commit(self, batch: list[tuple[T, Future[R]]]) -> None:
        try:
            with transaction.atomic():
                answers = self._write([item for item, _promise in batch])
        except Exception as error:
            if len(batch) == 1:
                log.exception("a write was lost to %s", type(error).__name__)
                batch[0][1].set_exception(error)
                return
            # One bad item must not take the others with it: each is tried alone.
            for one in batch:
                self._commit([one])
            return
        for (_item, promise), answer in zip(batch, answers, strict=True):
            promise.set_result(answer)
