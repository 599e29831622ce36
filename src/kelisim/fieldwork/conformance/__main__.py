"""The command: checks a server and prints what it does and does not do."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterator
from dataclasses import dataclass

from kelisim.fieldwork.conformance import discovery, robustness, submission
from kelisim.fieldwork.conformance.ground import CHECKS, Broken, Level, Server

ROOMS = (discovery, submission, robustness)
"""Where the checks are; reading them in is what fills CHECKS."""


@dataclass(frozen=True)
class Found:
    """What a check found; `trouble` is empty where the server does what is asked."""

    sentence: str
    level: Level
    trouble: str


def conformance(address: str) -> Iterator[Found]:
    """Run every check against a server, in order."""
    server = Server(address)
    for one in CHECKS:
        try:
            one.run(server)
        except Broken as broken:
            yield Found(one.sentence, one.level, str(broken))
        except Exception as error:  # noqa: BLE001  (whatever a server does must not end the checks)
            yield Found(one.sentence, one.level, f"{type(error).__name__}: {error}")
        else:
            yield Found(one.sentence, one.level, "")


def main() -> int:
    """Return 0 if the server does everything, 1 if not."""
    asked = argparse.ArgumentParser(
        prog="python -m kelisim.fieldwork.conformance", description=__doc__
    )
    asked.add_argument(
        "url", help="the address a client is given, such as http://host/openrosa/TOKEN"
    )
    asked.add_argument("--json", action="store_true", help="one JSON document instead of lines")
    given = asked.parse_args()
    found = []
    for one in conformance(given.url):
        found.append(one)
        if not given.json:
            mark = f"FAILS  {one.trouble}" if one.trouble else "holds"
            print(f"{one.level:6} {one.sentence}: {mark}", flush=True)  # noqa: T201  (it is a command)
    held = sum(not one.trouble for one in found)
    if given.json:
        print(json.dumps({"held": held, "checks": [vars(one) for one in found]}))  # noqa: T201  (as above)
    else:
        print(f"{held} of {len(found)} checks hold.")  # noqa: T201  (as above)
    return 0 if held == len(found) else 1


if __name__ == "__main__":
    sys.exit(main())
