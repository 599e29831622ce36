"""One demo country polled again and again: how often intervals, ranks and decisions hold.

Every poll takes the road of ``poll run`` from the interviews on (raked, estimated, ranked), without
files. What is counted is how often a 95 % interval holds the truth, how often the rank sets of all
domains hold the true ranks at once, and which share of the decisions at a threshold is wrong.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import polars as pl

from kelisim.core.rng import stream_seed
from kelisim.study.demo.comparison import compare
from kelisim.study.demo.folder import answer_table, build_demo
from kelisim.study.demo.opinions import Opinions, simulate_opinions
from kelisim.study.demo.population import DemoPopulation, simulate_population
from kelisim.study.demo.sample import draw_poll
from kelisim.study.demo.truth import truth_table
from kelisim.study.interviews import read_interviews
from kelisim.study.model import Interviews, Study
from kelisim.study.population import Margins, read_margins
from kelisim.study.ranks import ranks_of
from kelisim.study.roles import category_columns, number_columns
from kelisim.study.run import estimates_of
from kelisim.study.settings import read_study
from kelisim.study.weights import weigh


@dataclass(frozen=True, slots=True)
class Country:
    """A demo country with its truth, and the study that every poll of it is.

    Attributes
    ----------
    truth
        Columns indicator, category, domain, truth.
    read
        The interviews of the first poll as they were read: their names, labels and file.
    """

    population: DemoPopulation
    opinions: Opinions
    truth: pl.DataFrame
    study: Study
    margins: Margins
    read: Interviews


@dataclass(frozen=True, slots=True)
class Poll:
    """What one poll says, in the columns of estimates.csv, ranks.csv and thresholds.csv."""

    estimates: pl.DataFrame
    ranks: pl.DataFrame
    decisions: pl.DataFrame


def found_country(seed: int) -> Country:
    """Return the country that `build_demo` makes with the same seed."""
    country = np.random.default_rng(stream_seed(seed, "demo", "country"))
    population = simulate_population(country)
    opinions = simulate_opinions(country, population)
    with tempfile.TemporaryDirectory(prefix="kelisim-demo-") as home:
        folder = Path(home) / "demo"
        build_demo(folder, seed)
        study = read_study(folder)
        interviews = read_interviews(study)
        margins = read_margins(study.population, interviews.names)
    truth = truth_table(population, opinions)
    return Country(population, opinions, truth, study, margins, interviews)


def poll_again(country: Country, seed: int) -> Poll:
    """Draw a poll in the country and estimate it; the seed of `build_demo` gives its first poll."""
    rng = np.random.default_rng(stream_seed(seed, "demo", "poll"))
    respondents = draw_poll(rng, country.population, country.opinions)
    interviews = _interviews(country, answer_table(country.population, respondents))
    weights = weigh(country.study, interviews, country.margins)
    estimates = estimates_of(country.study, interviews, weights, seed)
    places = ranks_of(country.study, estimates, seed)
    return Poll(estimates.to_polars(), places.ranks, places.decisions)


def _interviews(country: Country, table: pl.DataFrame) -> Interviews:
    """Return a poll as the reader of files would: numbers as Float64, missing ones as null."""
    numbers = number_columns(country.study)
    used = [name for name in table.columns if name in numbers | category_columns(country.study)]
    frame = table.select(
        pl.col(name).cast(pl.Float64).fill_nan(None) if name in numbers else pl.col(name)
        for name in used
    )
    read = country.read
    ids = pl.Series("id", np.arange(1, table.height + 1))
    return Interviews(frame, ids, read.labels, read.names, (), read.place, read.columns)


@dataclass(frozen=True, slots=True)
class Held:
    """How often something held.

    Attributes
    ----------
    what, of
        ``interval``, ``ranks``, ``wrong above`` or ``wrong below``; of which quantities or domains.
    cases
        In how many polls, or decisions, it could hold or not.
    rate, error
        The mean over polls, and its Monte-Carlo standard error.
    """

    what: str
    of: str
    cases: int
    rate: float
    error: float


Judged = tuple[str, str, int, float]
"""What was judged, of what, in how many cases, and the share in one poll."""


def judge(country: Country, seed: int) -> list[Judged]:
    """Draw the poll of a seed, estimate it, and judge it by the truth."""
    return list(_judged(country, poll_again(country, seed)))


def held(polls: Iterable[Sequence[Judged]]) -> list[Held]:
    """Return how often what polls said held, over all of them."""
    rates: dict[tuple[str, str], list[float]] = {}
    cases: dict[tuple[str, str], int] = {}
    for poll in polls:
        for what, of, number, rate in poll:
            rates.setdefault((what, of), []).append(rate)
            cases[what, of] = cases.get((what, of), 0) + number
    return [
        Held(what, of, cases[what, of], float(np.mean(found)), _error(found))
        for (what, of), found in rates.items()
    ]


def _error(rates: list[float]) -> float:
    return float(np.std(rates, ddof=1) / len(rates) ** 0.5) if len(rates) > 1 else float("nan")


def _judged(country: Country, poll: Poll) -> Iterator[Judged]:
    compared = compare(poll.estimates, country.truth)
    for one in compared.coverage:
        yield "interval", one.domains or "nation", one.intervals, one.share
    nation = compared.rows.filter(domain="")
    for name, category, covered in nation.select("indicator", "category", "covered").iter_rows():
        yield "interval", f"nation: {name}{' = ' if category else ''}{category}", 1, float(covered)
    truth = country.truth.select("indicator", "domain", "truth").filter(
        ~pl.col("indicator").is_in(
            country.truth.filter(pl.col("category") != "")["indicator"].implode()
        )
    )
    ranks = poll.ranks.join(truth, on=["indicator", "domain"]).with_columns(_by())
    for (name, by), rows in ranks.group_by(["indicator", "by"], maintain_order=True):
        rank = rows["truth"].rank("min", descending=True)
        held = rank.is_between(rows["rank_low"], rows["rank_high"]).all()
        yield "ranks", f"{name} by {by}", 1, float(held)
    decided = poll.decisions.join(truth, on=["indicator", "domain"]).with_columns(_by())
    for (name, by), rows in decided.group_by(["indicator", "by"], maintain_order=True):
        yield from _wrong(rows, f"{name} by {by}")


def _by() -> pl.Expr:
    return pl.col("domain").str.replace(r"=.*", "").alias("by")


def _wrong(rows: pl.DataFrame, of: str) -> Iterator[Judged]:
    """Yield the share of wrong calls on each side; none called is none wrong."""
    over = pl.col("truth") > pl.col("threshold")
    for side, wrong in (("above", ~over), ("below", over)):
        called = rows.filter(decision=side)
        share = called.select(wrong.mean()).item() if called.height else 0.0
        yield f"wrong {side}", of, called.height, float(share)
