"""Kill the site under load, again and again: no interview that was acknowledged may be missing.

intake_soak.py FOLDER KILLS [DATABASE_URL] prints one JSON document and ends with 1 if any is lost.
"""

import asyncio
import json
import random
import sys
import threading
import time
from pathlib import Path

from intake_load import (
    COUNT,
    PREPARE,
    crowd,
    environment,
    interview,
    kill,
    python,
    request,
    serving,
)


def endless(path, rng):
    """Yield interviews for ever."""
    while True:
        number, body = interview(rng)
        yield number, request(path, body)


def main():
    """Run the soak."""
    folder, kills = Path(sys.argv[1]), int(sys.argv[2])
    told = environment(folder, sys.argv[3] if len(sys.argv) > 3 else None)
    path = f"/openrosa/{python(PREPARE, told)}/submission"
    rng = random.Random(20_260)
    acknowledged, start = [], time.monotonic()
    for turn in range(kills):
        with serving("kelisim.site.asgi:application", told, folder / "server.log") as (
            port,
            server,
        ):
            cut = threading.Timer(rng.uniform(0.1, 1.2), kill, [server])
            cut.start()
            asyncio.run(crowd(port, endless(path, rng), acknowledged, 16))
            cut.join()
        if turn % 10 == 9:
            print(
                f"{turn + 1} kills, {len(acknowledged)} acknowledged", file=sys.stderr, flush=True
            )
    rows = set(python(COUNT, told).split("\n"))
    lost = len(set(acknowledged) - rows)
    print(
        json.dumps(
            {
                "kills": kills,
                "acknowledged": len(acknowledged),
                "rows": len(rows),
                "lost": lost,
                "seconds": round(time.monotonic() - start),
            }
        )
    )
    return 1 if lost or len(acknowledged) < kills else 0


if __name__ == "__main__":
    sys.exit(main())
