"""Country, not crowd: what volunteers said, carried to the whole population with its doubt.

Participants tell their region, sex, age group or language; each statement's agreement is regressed
on these by `kelisim.mrp` and summed over the population. Whoever does not tell is in no estimate of
the country, and is counted.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import polars as pl
from scipy.special import expit, logit, ndtri

from kelisim.core.errors import (
    SettingRefused,
)
from kelisim.core.rng import stream_seed
from kelisim.engine.frame import Floats, as_frame
from kelisim.engine.opinion.crowd import Distance, Verdict
from kelisim.engine.opinion.votes import AGREE, PASS, Votes
from kelisim.engine.smallarea import mrp
from kelisim.study.crowd import COUNT, Crowd, distances_of, read_crowd, standing_of
from kelisim.study.progress import Progress, silent

LEVEL = 0.9
DRAWS = 400

SELECTION = 0.3
"""Prior standard deviation, in log-odds, of how much readier to agree than others of the same cell
the volunteers are: about 7 points at 50 %. Polls of volunteers err by about as much after weighting
(Mercer, Lau, Kennedy 2018, For weighting online opt-in samples, what matters most?)."""

LEAST_VOTES = 5
"""Votes of agreement or disagreement below which nothing is said of the country."""

NONE_VOTED = "fewer than 5 participants who told who they are agreed or disagreed"
UNANIMOUS = "all who voted said the same: the country is bounded, not modelled"


@dataclass(frozen=True, slots=True)
class CountryEstimate:
    """What the country would say, beside what was said here.

    Attributes
    ----------
    statements
        A row a statement: ``statement, n, voices, country, country_low, country_high,
        sampling_low, sampling_high, overturned_by, majority, note``. ``voices`` is the share of
        agreement among those who agreed or disagreed here. ``sampling_*`` is the 90 % interval if
        the volunteers of a cell were like its people; ``country_*`` widens it by `selection`.
        ``overturned_by`` is the bias within cells, in points of 1, that would turn the majority;
        ``majority`` is ``agree``, ``disagree`` or ``undecided``.
    groups
        A row an opinion group (and ``between groups``): ``group, voices, country, country_low,
        country_high``. Empty where no groups are shown.
    distances
        How far the crowd is from the country, by variable.
    told, participants
        How many who voted told every variable, of how many who voted.
    effective
        What their number is worth as a random sample: n over the largest design effect; 0 if a
        category of the country is absent.
    selection
        The prior standard deviation of the bias within cells, in log-odds.
    """

    statements: pl.DataFrame
    groups: pl.DataFrame
    distances: Mapping[str, Distance]
    told: int
    participants: int
    effective: float
    selection: float

    @property
    def furthest(self) -> tuple[str, Distance]:
        """Return the variable in which the crowd is furthest from the country.

        What chance alone explains, however far, is behind what it does not.
        """
        severity = list(Verdict)
        return max(
            self.distances.items(),
            key=lambda found: (severity.index(found[1].verdict), found[1].total_variation),
        )

    def document(self) -> dict[str, Any]:
        """Return how far the crowd is from the country, as plain numbers and words."""
        variable, furthest = self.furthest
        return {
            "variable": variable,
            "verdict": str(furthest.verdict),
            "total_variation": round(furthest.total_variation, 9),
            "told": self.told,
            "participants": self.participants,
            "effective": round(self.effective, 3),
            "selection": self.selection,
            "variables": {
                name: {
                    "total_variation": round(one.total_variation, 9),
                    "by_chance": round(one.by_chance, 9),
                    "verdict": str(one.verdict),
                }
                for name, one in self.distances.items()
            },
        }


def country_estimate(
    votes: Votes,
    people: Any,
    population: Any,
    *,
    places: Floats | None = None,
    groups: Sequence[str | None] | None = None,
    variables: Sequence[str] | None = None,
    area: str | None = None,
    selection: float = SELECTION,
    draws: int = DRAWS,
    seed: int = 0,
    report: Progress = silent,
) -> CountryEstimate:
    """Return what the country would say to each statement, with its interval, beside the voices.

    Parameters
    ----------
    people
        A table ``participant, region, sex, age...``, a row a participant, cells empty if not told.
    population
        A table of the same variables and ``n``, the people of each cell.
    places
        Shape (n, 2): the place of each participant on the map, NaN without one. Where the people of
        an area stand on average is a predictor of what they say to every statement.
    groups
        The opinion group of each participant in the order of ``votes.participants``.
    variables
        Which columns to use; all that both tables have when not given.
    area
        The variable with a model of its own; ``region`` if there is one, else the one with the most
        categories.
    selection
        See `SELECTION`; 0 believes that volunteers are like the people of their cell.
    seed
        Equal seeds give equal results.

    Raises
    ------
    ColumnRefused
        The tables share no variable, or a column is missing.
    ValueRefused
        A participant has a category that the population has not, or a count is not possible.
    IdRefused
        A participant has two rows.
    VotesRefused
        Nobody who voted tells every variable.
    SettingRefused
        The selection is negative or not finite.
    """
    if not 0 <= selection < np.inf:
        raise SettingRefused(
            f"The selection is {selection}.", where="selection", do="Give 0 or more: 0.3."
        )
    cells = read_crowd(votes, as_frame(people), as_frame(population), variables, area)
    if places is not None:
        cells = replace(cells, standing=standing_of(cells, places))
    rows = cells.people["row"].to_numpy()
    distances = distances_of(cells, seed)
    effect = max(found.design_effect for found in distances.values())
    effective = len(rows) / effect
    estimates = []
    for j, (name, voted) in enumerate(zip(votes.statements, _judged(votes), strict=True)):
        report("country", j, len(votes.statements))
        estimates.append(_statement(name, voted, cells, selection, effective, draws, seed))
    return CountryEstimate(
        pl.DataFrame(estimates, schema=STATEMENT_SCHEMA, orient="row"),
        _groups(groups, cells, selection, draws, seed),
        distances,
        len(rows),
        int((votes.n_votes > 0).sum()),
        effective,
        selection,
    )


STATEMENT_SCHEMA = {
    "statement": pl.String,
    "n": pl.Int64,
    "voices": pl.Float64,
    "country": pl.Float64,
    "country_low": pl.Float64,
    "country_high": pl.Float64,
    "sampling_low": pl.Float64,
    "sampling_high": pl.Float64,
    "overturned_by": pl.Float64,
    "majority": pl.String,
    "note": pl.String,
}

GROUP_SCHEMA = {
    "group": pl.String,
    "voices": pl.Float64,
    "country": pl.Float64,
    "country_low": pl.Float64,
    "country_high": pl.Float64,
}


def _regressed(outcomes: pl.DataFrame, cells: Crowd, draws: int, seed: int, *names: str) -> Floats:
    """Return draws of the country's share, shape (draws,), or by category (draws, categories)."""
    # The density of a spread may vanish in its tail, of which the model takes the logarithm.
    with np.errstate(divide="ignore"):
        found = mrp(
            outcomes,
            cells.population,
            "outcome",
            cells.area,
            [name for name in cells.variables if name != cells.area],
            area_predictors=cells.standing,
            count=COUNT,
            draws=draws,
            seed=stream_seed(seed, "country", *names) % 2**63,
        )
    return found.national


def _judged(votes: Votes) -> list[pl.DataFrame]:
    """Return the votes on each statement that are not passes: who, and 1 for agree."""
    judged = np.flatnonzero(votes.signs != PASS)
    order = judged[np.argsort(votes.indices[judged], kind="stable")]
    ends = np.searchsorted(votes.indices[order], np.arange(1, votes.shape[1]))
    rows = votes.rows().astype(np.int64)
    return [
        pl.DataFrame({"row": rows[part], "outcome": (votes.signs[part] == AGREE).astype(np.int8)})
        for part in np.split(order, ends)
    ]


def _statement(
    name: str,
    voted: pl.DataFrame,
    cells: Crowd,
    selection: float,
    effective: float,
    draws: int,
    seed: int,
) -> tuple[Any, ...]:
    outcomes = cells.people.join(voted, on="row", how="inner").sort("row")
    voices = round(float(voted["outcome"].to_numpy().mean()), 9) if len(voted) else None
    n = len(outcomes)
    if n < LEAST_VOTES:
        return (name, n, voices, *([None] * 7), NONE_VOTED)
    share = float(outcomes["outcome"].to_numpy().mean())
    if 0 < share < 1:
        shares, note = _regressed(outcomes, cells, draws, seed, "statement", name), ""
    else:
        rng = np.random.default_rng(stream_seed(seed, "country", "statement", name))
        # A random sample of the size that these volunteers are worth, under Jeffreys' prior.
        worth = n * effective / len(cells.people)
        shares = rng.beta(worth * share + 0.5, worth * (1 - share) + 0.5, draws)
        note = UNANIMOUS
    return (name, n, voices, *_doubted(shares, selection), note)


def _doubted(shares: Floats, selection: float) -> tuple[float | str, ...]:
    """Return the estimate, both intervals, the overturning bias and the majority."""
    odds = logit(np.clip(shares, 1e-9, 1 - 1e-9))
    low, high = (expit(bound) for bound in _widened(odds, selection))
    plain = np.quantile(shares, [0.5 - LEVEL / 2, 0.5 + LEVEL / 2])
    share = float(shares.mean())
    majority = "agree" if low > 0.5 else "disagree" if high < 0.5 else "undecided"
    numbers_found = (share, low, high, *plain, abs(share - 0.5))
    return (*(round(float(value), 9) for value in numbers_found), majority)


def _widened(odds: Floats, selection: float) -> tuple[float, float]:
    """Return quantiles of draws plus a normal bias, as those of a normal law around the median.

    The half widths of the draws to each side are kept, and the bias is added in squares.
    """
    z = float(ndtri(0.5 + LEVEL / 2))
    low, middle, high = np.quantile(odds, [0.5 - LEVEL / 2, 0.5, 0.5 + LEVEL / 2])
    below = np.hypot(middle - low, z * selection)
    above = np.hypot(high - middle, z * selection)
    return float(middle - below), float(middle + above)


def echoes(integrity: Mapping[str, Any]) -> list[str]:
    """Return the accounts of clusters that vote as one but the first of each, which alone speaks.

    >>> echoes({"clusters": [{"participants": ["a", "b"]}]})
    ['b']
    """
    return [
        name for cluster in integrity.get("clusters", []) for name in cluster["participants"][1:]
    ]


def _groups(
    labels: Sequence[str | None] | None, cells: Crowd, selection: float, draws: int, seed: int
) -> pl.DataFrame:
    if labels is None or not any(labels):
        return pl.DataFrame(schema=GROUP_SCHEMA)
    everyone = pl.Series("outcome", [label or "between groups" for label in labels])
    outcomes = cells.people.with_columns(everyone.gather(cells.people["row"]))
    names = outcomes["outcome"].unique().sort().to_list()
    if len(names) < 2:
        return pl.DataFrame(schema=GROUP_SCHEMA)
    shares = _regressed(outcomes, cells, draws, seed, "groups")
    rows = []
    for k, name in enumerate(names):
        share, low, high = _doubted(shares[:, k], selection)[:3]
        here = float((everyone.gather(cells.people["row"]) == name).mean() or 0.0)
        rows.append((name, round(here, 9), share, low, high))
    return pl.DataFrame(rows, schema=GROUP_SCHEMA, orient="row")
