"""The functions that expressions may call, gathered from the files of this folder."""

from __future__ import annotations

from kelisim.surveys.xform.xpath.functions import (
    answers,
    dates,
    logic,
    nodes,
    numbers,
    places,
    tables,
    texts,
)
from kelisim.surveys.xform.xpath.functions.registry import Function

FUNCTIONS: dict[str, Function] = {
    name: function
    for room in (answers, dates, logic, nodes, numbers, places, tables, texts)
    for name, function in room.HERE.functions.items()
}
"""Name of a function to the function."""
