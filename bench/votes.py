"""The workload `votes`: so many votes through the door of a real server, each waited for.

votes.py KIND FOLDER ANSWER: KIND is ``sqlite`` or ``postgresql``. The answer is how many votes were
acknowledged and how many are in the log; the slowest hundredth is written beside it.
"""

import asyncio
import json
import sys
import time
from importlib.metadata import version
from pathlib import Path

import numpy as np
from votes_site import Line, ended, free_port, prepared, served, voices


async def cast(port, lines, votes, seed):
    """Return the seconds that each vote took, and how many were not taken."""
    seconds, wrong, left = [], 0, votes

    async def one(number):
        nonlocal left, wrong
        line, feed = Line(port), voices(f"{seed}-{number}")
        while left > 0:
            left -= 1
            start = time.perf_counter()
            wrong += await line.vote(*next(feed)) != 200
            seconds.append(time.perf_counter() - start)
        line.hang_up()

    await asyncio.gather(*(one(number) for number in range(lines)))
    return seconds, wrong


def main():
    """Serve, warm up, vote on the clock, and count what is in the log."""
    kind, folder, answer = sys.argv[1], Path(sys.argv[2]), Path(sys.argv[3])
    work = json.loads((folder / "votes.json").read_text())
    with prepared(kind) as home:
        port = free_port()
        server = served(home, port)
        try:
            warm, _ = asyncio.run(cast(port, work["lines"], work["lines"], "warm"))
            wall, cpu = time.perf_counter(), time.process_time()
            seconds, wrong = asyncio.run(
                cast(port, work["lines"], work["votes"], str(work["seed"]))
            )
            taken = {
                "seconds": time.perf_counter() - wall,
                "cpu_seconds": time.process_time() - cpu,
            }
        finally:
            ended(server)
        from kelisim.consultations.models import Event, Kind

        logged = Event.objects.filter(kind=Kind.VOTE).count() - len(warm)
    slowest = float(np.quantile(seconds, 0.99))
    told = {"p99": slowest, "wrong": wrong, "votes_a_second": work["votes"] / taken["seconds"]}
    answer.with_suffix(".told").write_text(json.dumps(told))
    print(f"{kind}: {json.dumps(told)}", file=sys.stderr)
    np.array([len(seconds) - wrong, logged], dtype="<f8").tofile(answer)
    print(json.dumps({"version": version("kelisim"), **taken}))


main()
