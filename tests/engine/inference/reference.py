"""The reference samples and how results are compared with them."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl

from kelisim.engine.inference import Design, Estimates

DESIGNS = {
    "strat": ("apistrat.csv", Design("pw", strata="stype", fpc="fpc")),
    "strat_nofpc": ("apistrat.csv", Design("pw", strata="stype")),
    "clus1": ("apiclus1.csv", Design("pw", psu="dnum", fpc="fpc")),
    "clus2": ("apiclus2.csv", Design(psu=["dnum", "snum"], fpc=["fpc1", "fpc2"])),
}
"""The four designs of taylor_api.json, as `svydesign` calls are written in golden/README.md."""


def survey_file(shared: Path, name: str) -> pl.DataFrame:
    return pl.read_csv(shared / "golden" / "survey" / name, null_values="NA")


def row(
    estimates: Estimates, indicator: str, *, category: str = "", domain: str = ""
) -> dict[str, Any]:
    """Return the row of an estimate; there must be exactly one."""
    chosen = estimates.to_polars().filter(indicator=indicator, category=category, domain=domain)
    assert chosen.height == 1, (indicator, category, domain, chosen.height)
    return chosen.row(0, named=True)


def column(rows: Iterable[dict[str, Any]], name: str) -> list[float]:
    return [one[name] for one in rows]


def agrees(ours: Any, theirs: Any, *, relative: float = 1e-8, zero: float = 1e-8) -> None:
    """Assert equality to 1e-8, relative; of a number that is 0 up to rounding, absolute.

    The last is the rule of golden/README.md for standard errors that the strata or the calibration
    determine: R and we each leave our own rounding there.
    """
    a = np.asarray(ours, dtype=np.float64)
    b = np.asarray(theirs, dtype=np.float64)
    assert a.size == b.size
    np.testing.assert_allclose(a.ravel(), b.ravel(), rtol=relative, atol=zero * _dust(b))


def _dust(theirs: np.ndarray) -> float:
    """Return 1 if a reference number is rounding dust, else 0: then nothing absolute goes."""
    return float(np.any(np.abs(theirs) < 1e-8))
