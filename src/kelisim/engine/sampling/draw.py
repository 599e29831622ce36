"""A sample drawn from a frame by a design, with the probability of everything in it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
import polars as pl
from numpy.random import Generator, default_rng
from numpy.typing import NDArray

from kelisim.core.errors import DesignRefused
from kelisim.core.rng import stream_seed
from kelisim.engine.frame import Codes, Floats
from kelisim.engine.sampling.division import divide
from kelisim.engine.sampling.frame import Frame, Place, read_frame, row_place
from kelisim.engine.sampling.household import kish_tables
from kelisim.engine.sampling.inclusion import certain_units, pps_inclusion
from kelisim.engine.sampling.joint import joint_of_drawn, joint_of_strata, refuse_too_many_pairs
from kelisim.engine.sampling.plan import Plan, check_plan
from kelisim.engine.sampling.rotation import rotation_groups
from kelisim.engine.sampling.selection import (
    Positions,
    brewer,
    poisson,
    pps_wr,
    randomised_systematic,
    srs,
    systematic,
    systematic_pps,
)

BY_PROBABILITY = {
    "pps-systematic": systematic_pps,
    "pps-randomised": randomised_systematic,
    "pps-brewer": brewer,
    "poisson": poisson,
}
EQUAL = {"srs": srs, "systematic": systematic}


@dataclass(frozen=True, slots=True)
class Sample:
    """A sample that has been drawn.

    Attributes
    ----------
    table
        A row a unit drawn: ``row`` in the table of the frame, from 0; ``unit``; ``stratum`` and
        ``psu`` (null where the design has none); ``draw``, the number of the PSU, or unit, among
        those drawn first in its stratum; ``pi``, the probability of inclusion, which is the
        expected number of times where ``method`` is "pps-wr"; ``weight``, 1 / pi; ``rotation``,
        the rotation group (null without); ``household``, where the plan chooses one person of an
        address: the letter of its table of Kish, or "last-birthday". A unit drawn twice with
        replacement has two rows.
    strata
        A row a stratum: ``stratum``; ``units``, ``psus`` (null without) and ``size`` in the frame;
        ``asked``, how many were to be drawn first; ``drawn``, how many were; ``certain``, how many
        of them had no other chance; ``rows`` of the sample; their ``weight``.
    joint
        A row a pair of units drawn, in the order of ``table``: ``unit_i``, ``unit_j`` and
        ``pi_ij``, the probability that both are in the sample. None where the plan asks for none.
    """

    table: pl.DataFrame
    strata: pl.DataFrame
    joint: pl.DataFrame | None = None


@dataclass(frozen=True, slots=True)
class _Part:
    """What is drawn in a stratum: places in the frame, number of the first draw, probability.

    ``joint`` has the joint probabilities of these places, where the plan asks for them.
    """

    place: NDArray[np.intp]
    draw: Codes
    pi: Floats
    certain: int
    joint: Floats | None = None


def draw_sample(data: Any, plan: Plan, seed: int, place: Place = row_place) -> Sample:
    """Draw a sample.

    Every stratum, and every PSU drawn, has a stream of chance of its own, named after it: what is
    drawn in one does not depend on what the others hold. Equal seeds give equal samples; the order
    of the table matters only to a systematic draw that is not told what to sort by.

    Parameters
    ----------
    data
        The frame: a row a unit.
    plan
        The design.
    seed
        Any integer, such as the digest of a public value.
    place
        A row number to its place, for refusals.

    Raises
    ------
    Refusal
        What `check_plan`, `read_frame` and `divide` refuse; nothing is drawn.

    Examples
    --------
    >>> plan = Plan(id="house", n=2, strata="town")
    >>> frame = {"house": ["a", "b", "c", "d", "e", "f"], "town": ["x"] * 4 + ["y"] * 2}
    >>> draw_sample(frame, plan, seed=1).table["weight"].to_list()
    [4.0, 2.0]
    """
    check_plan(plan)
    frame = read_frame(data, plan, place)
    asked = divide(frame, plan)
    if plan.joint:
        refuse_too_many_pairs(int(asked.sum()))
    parts = [_draw_stratum(frame, plan, code, int(n), seed) for code, n in enumerate(asked)]
    table = _table(frame, plan, parts)
    table = _with_household(_rotated(table, plan, seed), plan, seed)
    return Sample(table, _summary(frame, plan, asked, parts), _pairs(table["unit"], parts))


def _draw_stratum(frame: Frame, plan: Plan, code: int, n: int, seed: int) -> _Part:
    here = np.flatnonzero(frame.stratum == code)
    rng = default_rng(stream_seed(seed, "sample", "stratum", frame.strata[code]))
    _, first, member = np.unique(frame.psu[here], return_index=True, return_inverse=True)
    order = np.argsort(first, kind="stable")  # PSUs stand in the order of their first units
    size = np.bincount(member, weights=frame.size[here])[order].astype(np.float64)
    drawn, pi = _draw_first(plan.method, size, n, rng)
    certain = 0 if plan.method == "pps-wr" else int(certain_units(pi).sum())
    if plan.psu is None:
        number = np.arange(1, len(drawn) + 1, dtype=np.int32)
        joint = _joint(plan, size, n, drawn, frame.strata[code]) if plan.joint else None
        return _Part(here[first[order[drawn]]], number, pi, certain, joint)
    clusters = [here[member == order[one]] for one in drawn]
    return _draw_second(frame, plan, clusters, pi, certain, seed)


def _joint(plan: Plan, size: Floats, n: int, drawn: Positions, stratum: str) -> Floats:
    try:
        return joint_of_drawn(plan.method, size, n, drawn)
    except DesignRefused as refused:
        refused.where = f"stratum '{stratum}'" if plan.strata else ""
        raise


def _draw_second(
    frame: Frame, plan: Plan, clusters: list[Positions], pi: Floats, certain: int, seed: int
) -> _Part:
    """Draw inside every PSU that was drawn; one drawn twice is gone into twice."""
    taken = [np.zeros(0, dtype=np.intp)]
    within = np.ones(len(clusters))
    for hit, units in enumerate(clusters):
        names = frame.strata[frame.stratum[units[0]]], frame.psus[frame.psu[units[0]]]
        rng = default_rng(stream_seed(seed, "sample", "psu", *names, hit + 1))
        taken.append(_draw_within(units, plan, rng))
        within[hit] = len(taken[-1]) / len(units)
    lengths = [len(units) for units in taken[1:]]
    return _Part(
        place=np.concatenate(taken),
        draw=np.repeat(np.arange(1, len(clusters) + 1, dtype=np.int32), lengths),
        pi=np.repeat(pi * within, lengths),
        certain=certain,
    )


def _draw_first(method: str, size: Floats, n: int, rng: Generator) -> tuple[Positions, Floats]:
    """Return the positions drawn, and the probability (or expected number) of each of them."""
    if method == "pps-wr":
        drawn = pps_wr(size, n, rng)
        return drawn, n * size[drawn] / size.sum()
    if method in EQUAL:
        return EQUAL[method](len(size), n, rng), np.full(n, n / len(size))
    pi = pps_inclusion(size, n)
    drawn = BY_PROBABILITY[method](pi, rng)
    return drawn, pi[drawn]


def _draw_within(units: Positions, plan: Plan, rng: Generator) -> Positions:
    if plan.take is None:
        return units
    taken: Positions = units[EQUAL[plan.within](len(units), plan.take, rng)]
    return taken


def _table(frame: Frame, plan: Plan, parts: list[_Part]) -> pl.DataFrame:
    place = np.concatenate([part.place for part in parts])
    pi = np.concatenate([part.pi for part in parts])
    strata = [frame.strata[code] for code in frame.stratum[place]]
    psus = [frame.psus[code] for code in frame.psu[place]] if plan.psu else None
    return pl.DataFrame(
        [
            pl.Series("row", frame.row[place], dtype=pl.Int64),
            frame.unit.gather(place),
            pl.Series("stratum", strata if plan.strata else [None] * len(place), dtype=pl.String),
            pl.Series("psu", psus or [None] * len(place), dtype=pl.String),
            pl.Series("draw", np.concatenate([part.draw for part in parts]), dtype=pl.Int64),
            pl.Series("pi", pi, dtype=pl.Float64),
            pl.Series("weight", 1.0 / pi, dtype=pl.Float64),
        ]
    )


def _pairs(unit: pl.Series, parts: list[_Part]) -> pl.DataFrame | None:
    blocks = [part.joint for part in parts if part.joint is not None]
    if not blocks:
        return None
    i, j = np.triu_indices(len(unit), 1)
    joint = pl.Series("pi_ij", joint_of_strata(blocks)[i, j], dtype=pl.Float64)
    return pl.DataFrame([unit.gather(i).alias("unit_i"), unit.gather(j).alias("unit_j"), joint])


def _rotated(table: pl.DataFrame, plan: Plan, seed: int) -> pl.DataFrame:
    """Deal what was drawn first to rotation groups, running through the strata in turn."""
    if plan.rotation is None:
        return table.with_columns(pl.lit(None, dtype=pl.Int64).alias("rotation"))
    firsts = table.select("stratum", "draw").unique(maintain_order=True)
    rng = default_rng(stream_seed(seed, "sample", "rotation"))
    groups = rotation_groups(firsts.height, plan.rotation, rng)
    dealt = firsts.with_columns(pl.Series("rotation", groups, dtype=pl.Int64))
    return table.join(
        dealt, on=["stratum", "draw"], how="left", nulls_equal=True, maintain_order="left"
    )


def _with_household(table: pl.DataFrame, plan: Plan, seed: int) -> pl.DataFrame:
    """Say how the person is chosen at each address; Kish's tables are dealt along the sample."""
    if plan.household is None:
        return table
    how = ["last-birthday"] * table.height
    if plan.household == "kish" and table.height:
        how = kish_tables(table.height, default_rng(stream_seed(seed, "sample", "household")))
    return table.with_columns(pl.Series("household", how, dtype=pl.String))


def _summary(frame: Frame, plan: Plan, asked: Any, parts: list[_Part]) -> pl.DataFrame:
    return pl.DataFrame(
        list(_rows(frame, plan, asked, parts)),
        schema={
            "stratum": pl.String,
            "units": pl.Int64,
            "psus": pl.Int64,
            "size": pl.Float64,
            "asked": pl.Int64,
            "drawn": pl.Int64,
            "certain": pl.Int64,
            "rows": pl.Int64,
            "weight": pl.Float64,
        },
    )


def _rows(frame: Frame, plan: Plan, asked: Any, parts: list[_Part]) -> Iterator[dict[str, object]]:
    for code, part in enumerate(parts):
        here = frame.stratum == code
        yield {
            "stratum": frame.strata[code] if plan.strata else None,
            "units": int(here.sum()),
            "psus": len(np.unique(frame.psu[here])) if plan.psu else None,
            "size": float(frame.size[here].sum()),
            "asked": int(asked[code]),
            "drawn": int(part.draw.max(initial=0)),
            "certain": part.certain,
            "rows": len(part.place),
            "weight": float((1.0 / part.pi).sum()),
        }
