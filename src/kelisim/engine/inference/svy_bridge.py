"""The bridge to the package ``svy``: one call there and one back, for what we do not do ourselves.

Regressions of other families, tests of several groups by ranks, marginal effects: they are done
there, and done well. `to_svy` carries data, design, weights and replicates over; `from_svy` brings
any of its tables back with the names used here. Installed by ``pip install kelisim[svy]``.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Protocol

import numpy as np
import polars as pl

from kelisim.core.errors import DesignRefused, PeerMissing
from kelisim.engine.calibration import Calibration
from kelisim.engine.frame import as_frame
from kelisim.engine.inference.design import Design
from kelisim.engine.inference.replicates import Replicates
from kelisim.engine.inference.sample import read_sample

if TYPE_CHECKING:
    import svy

WEIGHT = "kelisim_weight"
STRATUM = "kelisim_stratum"
PSU = "kelisim_psu"
REPLICATE = "kelisim_replicate_"

LONELY: Mapping[str, str] = {"certainty": "skip", "adjust": "center", "average": "scale"}
"""What is done with a stratum of one unit, and what svy calls it."""

NAMES = {
    "est": "estimate",
    "margin": "estimate",
    "std_err": "se",
    "lci": "ci_low",
    "uci": "ci_high",
    "conf_low": "ci_low",
    "conf_high": "ci_high",
    "f_stat": "statistic",
    "t": "statistic",
    "ndf": "df1",
    "ddf": "df2",
    "p_value": "p",
}
"""Columns of svy's tables, and what they are called here."""


class Tabular(Protocol):
    """A result of svy, which all have a table."""

    def to_polars(self) -> pl.DataFrame:
        """Return the result as a table."""
        ...


def to_svy(
    data: Any,
    design: Design,
    *,
    calibration: Calibration | None = None,
    replicates: Replicates | None = None,
) -> svy.Sample:
    """Return the sample as svy has it.

    Of a design with corrections at two stages svy 0.35 uses both for means and totals, and the
    first alone for regressions and tables; its rank tests break ties otherwise than R does.

    Parameters
    ----------
    data, design
        As for `estimate`.
    calibration
        Its weights estimate. What calibration does to a variance is not carried over: pass
        replicates that were calibrated for that, else standard errors err on the large side.
    replicates
        Of `replicate_weights`; svy then refits in each with ``method="replication"``.

    Raises
    ------
    PeerMissing
        svy is not installed.
    DesignRefused
        The design has three stages or more, which svy does not know.
    Refusal
        What `estimate` refuses of a design.

    Examples
    --------
    >>> to_svy({"y": [1, 2, 3], "w": [2.0, 2.0, 2.0]}, Design("w")).n_records  # doctest: +SKIP
    3
    """
    module = _svy()
    frame = as_frame(data)
    sample = read_sample(frame, design, calibration)
    weights = sample.weights if replicates is None else replicates.full
    columns = {WEIGHT: weights, **_units(frame, design)}
    settings: dict[str, Any] = {"wgt": WEIGHT}
    if design.strata:
        settings["stratum"] = STRATUM
        if design.lonely_psu != "fail":
            settings["singleton"] = LONELY[design.lonely_psu]
    if design.stages:
        settings["psu"] = PSU
        settings["ssu"] = design.stages[1] if len(design.stages) == 2 else None
    if design.corrections:
        both = len(design.corrections) == 2
        settings["pop_size"] = (
            module.PopSize(*design.corrections) if both else design.corrections[0]
        )
    if replicates is not None:
        columns |= _replicated(replicates)
        settings["rep_wgts"] = module.BootstrapWgts(
            prefix=REPLICATE,
            n_reps=replicates.rscales.size,
            rep_coefs=tuple((replicates.scale * replicates.rscales).tolist()),
            df=sample.df,
        )
    carried = frame.with_columns(pl.Series(name, values) for name, values in columns.items())
    return module.Sample(carried, module.Design(**settings))


def _svy() -> Any:
    try:
        import svy
    except ImportError as cause:
        raise PeerMissing(
            "The package svy is not installed.",
            why="It does the work that this call hands over.",
            do="Install it with: pip install kelisim[svy]",
        ) from cause
    return svy


def _units(frame: pl.DataFrame, design: Design) -> dict[str, Any]:
    """Return strata and first units under codes that are the same in text and number."""
    if len(design.stages) > 2:
        raise DesignRefused(
            f"The design has {len(design.stages)} stages, and svy knows two.",
            where="psu",
            do="Name the first two stages: later ones add little to a variance.",
        )
    found: dict[str, Any] = {}
    if design.strata:
        found[STRATUM] = frame[design.strata].cast(pl.String)
    if design.stages:
        psu = frame[design.stages[0]].cast(pl.String)
        found[PSU] = found[STRATUM] + "\x1f" + psu if design.nest and design.strata else psu
    return found


def _replicated(replicates: Replicates) -> dict[str, Any]:
    columns = np.asarray(replicates.weights).T
    return {f"{REPLICATE}{r}": weights for r, weights in enumerate(columns, start=1)}


def from_svy(result: Tabular) -> pl.DataFrame:
    """Return a result of svy as a table with the names used here.

    Parameters
    ----------
    result
        Anything of svy that has a table: estimates, fitted regressions, margins, tests.

    Examples
    --------
    >>> class Margins:
    ...     def to_polars(self):
    ...         return pl.DataFrame({"term": ["age"], "margin": [0.1], "se": [0.2], "lci": [-0.3]})
    >>> from_svy(Margins()).columns
    ['term', 'estimate', 'se', 'ci_low']
    """
    table = result.to_polars()
    return table.rename({old: new for old, new in NAMES.items() if old in table.columns})
