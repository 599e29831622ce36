"""The replicate weights that ``[replicates]`` of a study asks for."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, cast

import numpy as np
import polars as pl

from kelisim.core.errors import SettingRefused
from kelisim.engine.frame import Floats
from kelisim.engine.inference import Design, Replicates, replicate_weights
from kelisim.engine.weighting import Calibrated, Raking, recalibrate, rerake
from kelisim.study.model import Study

SECTION = "replicates"


def replicates_of(
    study: Study,
    frame: pl.DataFrame,
    design: Design,
    final: Floats,
    fitted: Raking | Calibrated | None,
    seed: int,
) -> Replicates | None:
    """Make the replicates of a study, raked again where it says so; None where it has none.

    Without raking again, every replicate keeps the factors that raking gave the full sample.

    Parameters
    ----------
    final
        Shape (n,): the weights that estimate.
    fitted
        Where they come from; None where nothing was calibrated.
    seed
        Of the bootstrap.

    Raises
    ------
    Refusal
        The method does not fit the design, there is nothing to rake to, or a replicate cannot be
        raked.
    """
    if SECTION not in study.sections:
        return None
    settings = cast("Mapping[str, Any]", study.sections[SECTION])
    if settings["rerake"] and fitted is None:
        raise SettingRefused(
            "Replicates are to be raked again, and the study rakes nothing.",
            where=f"study.toml, [{SECTION}], rerake",
            do="Name the margins in [population], or leave rerake out.",
        )
    drawn = replicate_weights(frame, design, settings["method"], count=settings["count"], seed=seed)
    factors = drawn.factors
    if settings["rerake"] and isinstance(fitted, Calibrated):
        return drawn.reweighted(final, recalibrate(fitted, factors))
    if settings["rerake"] and isinstance(fitted, Raking):
        bounds = study.population.bounds if study.population else None
        return drawn.reweighted(final, rerake(fitted, factors, bounds=bounds))
    return drawn.reweighted(final, np.multiply(factors, final[:, None], out=factors))
