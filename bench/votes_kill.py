"""Kill the site with SIGKILL while people vote, again and again: votes_kill.py [KILLS] [KIND].

Prints one JSON object: how many votes were acknowledged, and how many of those are not in the log.
"""

import asyncio
import json
import random
import signal
import sys
from contextlib import suppress

from votes_site import Line, ended, free_port, prepared, served, voices

LINES = 16


async def until_killed(port, feeds, acknowledged, server, after):
    """Vote on many lines until the server is killed; whatever is answered with 200 is noted."""

    async def one(feed):
        line = Line(port)
        with suppress(OSError, asyncio.IncompleteReadError):
            while True:
                token, statement, vote = next(feed)
                if await line.vote(token, statement, vote) == 200:
                    acknowledged.append((token, statement, vote))
        line.hang_up()

    async def kill():
        await asyncio.sleep(after)
        ended(server, signal.SIGKILL)

    await asyncio.gather(kill(), *(one(feed) for feed in feeds))


def main():
    """Kill so many times, then look for every acknowledged vote."""
    kills = int(sys.argv[1]) if len(sys.argv) > 1 else 100
    kind = sys.argv[2] if len(sys.argv) > 2 else "sqlite"
    chance = random.Random(0)
    acknowledged = []
    feeds = [voices(f"kill-{number}") for number in range(LINES)]
    with prepared(kind) as home:
        port = free_port()
        for _kill in range(kills):
            server = served(home, port)
            after = chance.uniform(0.1, 1.0)
            asyncio.run(until_killed(port, feeds, acknowledged, server, after))
        from kelisim.consultations.models import Event, Kind
        from kelisim.consultations.tokens import digest

        rows = Event.objects.filter(kind=Kind.VOTE).order_by("id")
        last = {
            (token, statement): vote
            for token, statement, vote in rows.values_list(
                "participant__token", "statement__number", "vote"
            )
        }
        lost = sum(last.get((digest(token), s)) != vote for token, s, vote in acknowledged)
    print(json.dumps({"kills": kills, "acknowledged": len(acknowledged), "lost": lost}))


main()
