"""After warming, what a page computes with is compiled: nothing is left for the first visitor."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from pathlib import Path

import polars as pl
import pytest
from numba.core.dispatcher import Dispatcher

from kelisim.consultations import analysis, states
from kelisim.engine.opinion import own_place, read_votes
from kelisim.site.warming import keep_compiled, warm_soon


def compiled() -> dict[str, int]:
    """Return how many kinds of arguments each compiled function of ours has met."""
    return {f"{name}.{one}": len(made.signatures) for name, one, made in _functions()}


def _functions() -> Iterator[tuple[str, str, Dispatcher]]:
    for name, module in list(sys.modules.items()):
        if name.startswith("kelisim.engine."):
            for one, value in list(vars(module).items()):
                if isinstance(value, Dispatcher):
                    yield name, one, value


def test_no_page_compiles_anything_after_warming() -> None:
    warm_soon(after=0).join()
    before = compiled()
    assert any(before.values())
    rows = [
        {"participant": f"p{n}", "statement": str(s), "vote": [-1, 1, 0][(n * s) % 3], "time": n}
        for n in range(70)
        for s in range(20)
    ]
    votes = read_votes(pl.DataFrame(rows))
    first = analysis.picture(votes, b"", b"")
    again = analysis.picture(votes, first.state, b"")
    state = states.unpack_map(again.state)
    assert state is not None
    own_place(state.map, votes.indices[:3], votes.signs[:3])
    assert compiled() == before


def test_what_is_compiled_is_kept_in_the_data_folder(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("NUMBA_CACHE_DIR", raising=False)
    keep_compiled(Path("/srv/kelisim"))
    assert os.environ["NUMBA_CACHE_DIR"] == "/srv/kelisim/compiled"
    keep_compiled(Path("/elsewhere"))
    assert os.environ["NUMBA_CACHE_DIR"] == "/srv/kelisim/compiled", "what was said stands"
