"""Ringing: one more change in each of some channels, heard when the transaction commits."""

from __future__ import annotations

from django.db import connection

_RING = (
    "INSERT INTO bells_bell (channel, rung) VALUES (%s, 1) "
    "ON CONFLICT (channel) DO UPDATE SET rung = bells_bell.rung + 1"
)


def ring(*channels: str) -> None:
    """Ring channels inside the caller's transaction.

    Ring last: PostgreSQL holds the row of a channel from here to the commit. Channels are rung in
    the order of their names, so that two transactions with the same channels cannot wait for each
    other in a circle.
    """
    with connection.cursor() as cursor:
        for channel in sorted(set(channels)):
            cursor.execute(_RING, [channel])
