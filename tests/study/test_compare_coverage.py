"""Two polls of the demo country with known truth: do 95 % intervals of the change hold it?"""

from __future__ import annotations

from pathlib import Path

import polars as pl
import pytest

from kelisim.study.changes import changes
from kelisim.study.demo import TRUTH, build_demo
from kelisim.study.harmony import Harmony
from kelisim.study.published import Published
from kelisim.study.run import run_study
from kelisim.study.settings import read_study
from kelisim.study.waves import ChangeRow

KEYS = ["indicator", "category", "domain"]


def wave(folder: Path, seed: int) -> tuple[pl.DataFrame, dict[tuple[str, ...], float]]:
    build_demo(folder, seed)
    truth = pl.read_csv(folder / TRUTH).with_columns(pl.col(KEYS).cast(pl.String).fill_null(""))
    known = {row[:-1]: row[-1] for row in truth.select(*KEYS, "truth").iter_rows()}
    return run_study(read_study(folder)).estimates, known


def release(folder: Path) -> Published:
    asked = read_study(folder).indicators
    kinds = [{"name": one.name, "kind": one.kind, "yes": list(one.yes)} for one in asked]
    return Published(folder, {"indicators": kinds}, pl.DataFrame())


@pytest.fixture(scope="module")
def held(tmp_path_factory: pytest.TempPathFactory) -> list[tuple[ChangeRow, bool]]:
    """Every change between three pairs of simulated polls, and whether its interval holds it."""
    home, found = tmp_path_factory.mktemp("demo"), []
    for pair in ((0, 1), (2, 3), (4, 5)):
        (one, before), (two, after) = (wave(home / str(seed), seed) for seed in pair)
        for row in changes(release(home / str(pair[0])), (one, two), Harmony(), "none"):
            key = (row.indicator, row.category, row.domain)
            if key in before and key in after and row.ci_low is not None:
                truth = after[key] - before[key]
                found.append((row, row.ci_low <= truth <= (row.ci_high or 0)))
    return found


def test_intervals_of_a_change_hold_the_true_change_as_often_as_they_promise(
    held: list[tuple[ChangeRow, bool]],
) -> None:
    regions = [good for row, good in held if row.domain.startswith("region=")]
    assert len(regions) > 1000
    assert sum(regions) / len(regions) == pytest.approx(0.95, abs=0.025)
    others = [good for row, good in held if not row.domain.startswith("region=")]
    assert sum(others) / len(others) == pytest.approx(0.95, abs=0.05)
