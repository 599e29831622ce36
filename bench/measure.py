"""The clock that every Python program of the benchmarks is measured with."""

import json
import sys
import time
from importlib.metadata import version
from pathlib import Path

import numpy as np


def measured(package, read, work, answered=None):
    """Read the input, do the work on the clock, write the answer, and print what it took.

    `answered` makes numbers of what the work returned, where they are not it; off the clock.
    """
    folder, answer = Path(sys.argv[1]), Path(sys.argv[2])
    given = read(folder)
    wall, cpu = time.perf_counter(), time.process_time()
    result = work(*given)
    taken = {"seconds": time.perf_counter() - wall, "cpu_seconds": time.process_time() - cpu}
    if answered is not None:
        result = answered(*result)
    np.asarray(result, dtype="<f8").tofile(answer)
    print(json.dumps({"version": version(package), **taken}))
