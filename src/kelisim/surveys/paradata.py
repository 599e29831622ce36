"""Paradata as ODK's audit.csv: what was seen when, and how answers changed."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from typing import Any

COLUMNS = ("event", "node", "start", "end", "old-value", "new-value")
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def audit_csv(events: Sequence[Sequence[Any]]) -> bytes:
    """Return events as a file of the specification: UTF-8, line feeds, milliseconds since 1970.

    What begins as a formula is written with an apostrophe, so that no spreadsheet runs an answer.
    """
    file = io.StringIO()
    writer = csv.writer(file, lineterminator="\n")
    writer.writerow(COLUMNS)
    if events:
        writer.writerow(["form start", "", events[0][2], "", "", ""])
    for name, node, start, end, before, after in events:
        writer.writerow([name, node, start, end, _plain(before), _plain(after)])
    if events:
        writer.writerow(["form exit", "", events[-1][3], "", "", ""])
    return file.getvalue().encode()


def _plain(text: str) -> str:
    number = text.removeprefix("-").replace(".", "", 1).isdigit()
    return f"'{text}" if text.startswith(_FORMULA) and not number else text
