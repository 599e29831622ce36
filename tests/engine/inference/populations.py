"""Random samples for property tests: designs of one or two stages, with gaps in the answers."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import polars as pl
from hypothesis import strategies as st

from kelisim.engine.inference import Design


@dataclass(frozen=True)
class Drawn:
    """A sample and its design; ``frame`` has h, psu, ssu, N, M, w, sex, region, y, x, one, yes."""

    frame: pl.DataFrame
    design: Design


@st.composite
def samples(draw: st.DrawFn, *, gaps: bool = True) -> Drawn:
    rng = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    strata = draw(st.integers(1, 4))
    psus = draw(st.integers(2, 4))
    ssus = draw(st.integers(2, 3))
    size = draw(st.integers(1, 3))
    stages = draw(st.sampled_from(["rows", "one", "one with fpc", "two with fpc"]))
    frame = _frame(rng, strata, psus, ssus, size)
    if gaps:
        frame = frame.with_columns(
            pl.when(pl.Series(_answered(rng, frame.height))).then(name).alias(name)
            for name in ("y", "yes", "sex")
        )
    return Drawn(frame, DESIGNS[stages])


def _answered(rng: np.random.Generator, n: int) -> np.ndarray:
    """Four in five rows, and always the first two: one says yes and one no."""
    return np.asarray((rng.random(n) > 0.2) | (np.arange(n) < 2))


DESIGNS = {
    "rows": Design("w", strata="h"),
    "one": Design("w", strata="h", psu="psu"),
    "one with fpc": Design("w", strata="h", psu="psu", fpc="N"),
    "two with fpc": Design("w", strata="h", psu=["psu", "ssu"], fpc=["N", "M"]),
}


def _frame(rng: np.random.Generator, strata: int, psus: int, ssus: int, size: int) -> pl.DataFrame:
    h, psu, ssu, _ = (part.ravel() for part in np.indices((strata, psus, ssus, size)))
    n = h.size
    population = psus + rng.integers(0, 9, strata)
    within = ssus + rng.integers(0, 9, (strata, psus))
    x = rng.gamma(3, 1, n)
    return pl.DataFrame(
        {
            "h": h,
            "psu": psu,
            "ssu": ssu,
            "N": population[h],
            "M": within[h, psu],
            "w": rng.gamma(4, 5, n),
            "sex": rng.choice(["f", "m"], n),
            "region": rng.choice(["A", "B", "C"], n),
            "x": x,
            "y": 100 + 20 * x + rng.normal(0, 10, n) + 15 * psu,
            "one": np.ones(n),
            "yes": np.concatenate([[1, 0], rng.integers(0, 2, n - 2)]),
        }
    )
