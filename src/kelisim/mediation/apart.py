"""Run a round in a process of its own, which ends with the answer."""

from __future__ import annotations

import base64
import json
import os
import subprocess
import sys
from collections.abc import Mapping, Sequence
from typing import Any

LONGEST_SECONDS = 120


def run_apart(
    purpose: str,
    place: str,
    shares: Sequence[bytes],
    boxes: Mapping[str, bytes],
    issues: Sequence[Mapping[str, Any]],
) -> dict[str, Any]:
    """Return the answer of `kelisim.mediation.solver`; the numbers never enter this process."""
    question = {
        "purpose": purpose,
        "place": place,
        "shares": [base64.b64encode(share).decode() for share in shares],
        "boxes": {side: base64.b64encode(box).decode() for side, box in boxes.items()},
        "issues": list(issues),
    }
    done = subprocess.run(
        [sys.executable, "-m", "kelisim.mediation.solver"],
        input=json.dumps(question).encode(),
        stdout=subprocess.PIPE,
        # What a broken process says could hold numbers: it goes nowhere.
        stderr=subprocess.DEVNULL,
        timeout=LONGEST_SECONDS,
        check=True,
        env={k: v for k, v in os.environ.items() if k in ("PATH", "PYTHONPATH", "HOME", "LANG")},
    )
    told: dict[str, Any] = json.loads(done.stdout)
    return told
