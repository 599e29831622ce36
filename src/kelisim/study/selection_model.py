"""Volunteers who differ from their kind: what a proxy pattern-mixture model makes of each answer.

The bounds of selection.csv believe nothing. This model believes that taking part depends on a mix
of what is known of everybody and of the answer itself, and says what each mix would mean.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np
import polars as pl

from kelisim.core.errors import ValueRefused
from kelisim.engine.inference import Indicator
from kelisim.engine.inference.answers import read_answers
from kelisim.engine.inference.selection import best_proxy, proxy_model
from kelisim.engine.weighting.participation import Participation
from kelisim.study.model import Interviews, Study
from kelisim.study.volunteers import MARK, kinds_of_people

SCHEMA = {
    "indicator": pl.String,
    "category": pl.String,
    "n": pl.Int64,
    "published": pl.Float64,
    "volunteers": pl.Float64,
    "correlation": pl.Float64,
    "phi": pl.Float64,
    "estimate": pl.Float64,
    "note": pl.String,
}
UNPREDICTED = "what is known of everybody does not predict the answer"
UNFITTED = "no population fits this degree of selection"

Row = tuple[str | int | float | None, ...]


def selection_model_of(
    study: Study, interviews: Interviews, indicators: Sequence[Indicator], estimates: pl.DataFrame
) -> pl.DataFrame | None:
    """Return the national estimate of every share and mean at every phi of the study.

    ``published`` is the weighted estimate and ``volunteers`` the plain mean of those who came;
    ``phi`` is 0 where taking part depends on the predictors alone, 1 where on the answer alone.
    None where the sample was drawn.

    Raises
    ------
    Refusal
        The reference cannot be read.
    """
    if study.nonprobability is None:
        return None
    known = kinds_of_people(study.nonprobability, interviews)
    nation = {
        (row["indicator"], row["category"] or ""): row["estimate"]
        for row in estimates.filter(pl.col("domain").fill_null("") == "").iter_rows(named=True)
    }
    phi = study.nonprobability.phi
    rows = [
        row
        for one in indicators
        if one.kind in ("categorical", "mean")
        for row in _rows(one, interviews, known, nation, phi)
    ]
    return pl.DataFrame(rows, schema=SCHEMA, orient="row")


def _rows(
    indicator: Indicator,
    interviews: Interviews,
    known: Participation,
    nation: dict[tuple[str, str], float],
    phi: Sequence[float],
) -> Iterator[Row]:
    answers = read_answers(interviews.frame, indicator)
    answered = np.ones(interviews.frame.height, dtype=bool)
    if answers.answered is not None:
        answered = answers.answered
    share = indicator.kind == "categorical" or bool(indicator.accepted)
    for place, category in enumerate(answers.categories):
        y = np.asarray(answers.numerator(place), dtype=np.float64)[answered]
        mean = float(y.mean()) if y.size else None
        head = (indicator.name, category, y.size, nation.get((indicator.name, category)), mean)
        try:
            proxy = best_proxy(y, known.design[answered], known.reference, known.counts)
            found = proxy_model(y, proxy.values, proxy.mean, proxy.variance, binary=share, phi=phi)
        except ValueRefused:
            yield (*head, None, None, None, f"{MARK}; {UNPREDICTED}")
            continue
        for degree, value in zip(found.phi, found.estimate, strict=True):
            fits = bool(np.isfinite(value))
            estimate, note = (float(value), MARK) if fits else (None, f"{MARK}; {UNFITTED}")
            yield (*head, found.correlation, float(degree), estimate, note)
