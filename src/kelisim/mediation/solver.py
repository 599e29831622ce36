"""The process that sees both sides' numbers: it opens them, computes, prints the answer, and ends.

Started by `apart.run_apart` with sealed boxes and the shares of the round's key on standard input.
Nothing is kept: no file, no table, no log. What it prints names no points of anybody.
"""

from __future__ import annotations

import base64
import json
import sys
import time
from collections.abc import Mapping
from typing import Any

from kelisim.core.errors import CaseRefused, NotSolved
from kelisim.mediation.keys.compartment import opened
from kelisim.mediation.keys.shares import joined

SEED = 20261128
SHOWN = ("method", "choice", "status", "gap", "properties", "explanation")
SECONDS = 20.0
STEPS = 120
"""Of each simulated walk: somebody waits, and a short walk overstates what is revealed."""


def answer(question: Mapping[str, Any]) -> dict[str, Any]:
    """Return what both sides' numbers lead to.

    Parameters
    ----------
    question
        ``purpose``, ``place``, ``shares`` and ``boxes`` by side, and for suggestions ``issues``.
    """
    key = joined([base64.b64decode(share) for share in question["shares"]])
    numbers = {
        side: opened(key, question["place"], base64.b64decode(box))
        for side, box in question["boxes"].items()
    }
    if question["purpose"] == "bids":
        return bids(float(numbers["a"]["limit"]), float(numbers["b"]["limit"]))
    return suggestions(question["issues"], numbers)


def bids(asks: float, offers: float) -> dict[str, Any]:
    """Return the middle if what one side offers reaches what the other asks, else nothing at all.

    Examples
    --------
    >>> bids(90.0, 110.0), bids(110.0, 90.0)
    ({'status': 'agreed', 'amount': 100.0}, {'status': 'not_yet'})
    """
    if offers >= asks:
        return {"status": "agreed", "amount": round((asks + offers) / 2, 2)}
    return {"status": "not_yet"}


def suggestions(issues: list[dict[str, Any]], numbers: Mapping[str, Any]) -> dict[str, Any]:
    """Return named settlements without anybody's points, and what they reveal; or ``not_yet``."""
    from kelisim.engine.settlement import read_case, solve
    from kelisim.engine.settlement.document import reveals_document, solution_document
    from kelisim.engine.settlement.programme import Patience

    sides = sorted(numbers)
    document = {
        "parties": sides,
        "issues": issues,
        "points": {side: numbers[side]["points"] for side in sides},
        "disagreement": {side: numbers[side].get("disagreement", 0) for side in sides},
    }
    try:
        case = read_case(document)
        solution = solve(case, patience=Patience.of(SECONDS, time.perf_counter))
    except (CaseRefused, NotSolved):
        return {"status": "not_yet"}
    told = solution_document(solution)
    kept = [{k: s[k] for k in SHOWN} for s in told["solutions"]]
    for one in kept:
        one["explanation"] = [f for f in one["explanation"] if f["key"] != "satisfied"]
    revealed = reveals_document(case, [s["method"] for s in kept], SEED, steps=STEPS)
    return {
        "status": "found",
        "solutions": kept,
        "remarks": [r["key"] for r in told["remarks"]],
        "reveals": [
            {k: r[k] for k in ("method", "about", "guess", "blind_guess", "bits", "most_bits")}
            for r in revealed
        ],
    }


def main() -> None:
    """Answer one question from standard input on standard output."""
    json.dump(answer(json.load(sys.stdin)), sys.stdout)


if __name__ == "__main__":
    main()
