"""Two tables of estimates become changes: a row for everything that either wave estimates."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import numpy as np
import polars as pl

from kelisim.engine.frame import Floats
from kelisim.engine.inference.change import independent, square_and_add
from kelisim.engine.inference.groups import Bools
from kelisim.study.harmony import Harmony
from kelisim.study.panel import Joint, Key
from kelisim.study.published import Published
from kelisim.study.waves import METHODS, ChangeRow, Remark, WaveNote

Estimates = Mapping[Key, Mapping[str, Any]]
MODELLED = ("mrp", "fay-herriot")
"""Methods whose estimates of two waves have no known covariance; they are not compared."""

_ABSENT = (math.nan,) * 6


def changes(
    release: Published,
    tables: tuple[pl.DataFrame, pl.DataFrame],
    harmony: Harmony,
    overlap: str,
    joint: Joint | None = None,
) -> Iterator[ChangeRow]:
    """Yield the changes from one table to another, in the order of the first.

    Parameters
    ----------
    release
        Says which kind each indicator is.
    tables
        The columns of estimates.csv, with common categories.
    joint
        What is known of two waves as one design; without it they are independent samples.
    """
    waves = _by_key(tables[0]), _by_key(tables[1])
    place = {name: i for i, name in enumerate(release.kinds)}
    keys = sorted(dict.fromkeys([*waves[0], *waves[1]]), key=lambda key: place[key[0]])
    estimate = _grid(keys, waves, "estimate")
    ends = square_and_add(estimate, _grid(keys, waves, "ci_low"), _grid(keys, waves, "ci_high"))
    numbers = _numbers(keys, waves, estimate, joint)
    unanimous = _unanimous(keys, estimate, release)
    domains = [{(name, domain) for name, _, domain in wave} for wave in waves]
    for k, key in enumerate(keys):
        found = list(numbers[k])
        if unanimous[k]:
            found[1:] = [math.nan, ends[0][k], ends[1][k], math.nan, math.nan]
        change, se, low, high, df, p = map(_known, found)
        yield ChangeRow(
            indicator=key[0],
            category=key[1],
            domain=key[2],
            estimate_1=_known(estimate[0, k]),
            estimate_2=_known(estimate[1, k]),
            change=change,
            se=se,
            ci_low=low,
            ci_high=high,
            df=df,
            p_value=p,
            method=METHODS[overlap],
            remarks=(
                *_of_both(key, harmony, joint),
                *_of_number(key, found, release, joint, unanimous=bool(unanimous[k])),
                *_of_wave(1, key, waves[0], domains[0]),
                *_of_wave(2, key, waves[1], domains[1]),
            ),
        )


def _by_key(table: pl.DataFrame) -> dict[Key, dict[str, Any]]:
    rows = table.filter(~pl.col("method").is_in(MODELLED)).iter_rows(named=True)
    return {(one["indicator"], one["category"] or "", one["domain"] or ""): one for one in rows}


def _grid(keys: Sequence[Key], waves: tuple[Estimates, Estimates], name: str) -> Floats:
    """Return a number of both waves: shape (2, K), NaN where there is none."""
    cells = [[wave[key][name] if key in wave else None for key in keys] for wave in waves]
    return np.array(cells, dtype=np.float64).reshape(2, len(keys))


def _numbers(
    keys: Sequence[Key],
    waves: tuple[Estimates, Estimates],
    estimate: Floats,
    joint: Joint | None,
) -> list[tuple[float, ...]]:
    if joint is not None:
        plain = [(two - one, *_ABSENT[1:]) for one, two in estimate.T]
        return [joint.get(key, less) for key, less in zip(keys, plain, strict=True)]
    found = independent(estimate, _grid(keys, waves, "se"), _grid(keys, waves, "df"))
    arrays = (found.change, found.se, found.low, found.high, found.df, found.p)
    return [tuple(map(float, row)) for row in zip(*arrays, strict=True)]


def _unanimous(keys: Sequence[Key], estimate: Floats, release: Published) -> Bools:
    """Say which changes are of shares that are 0 or 1 in a wave: no standard error holds there."""
    kinds = release.kinds
    share = np.array(
        [
            kinds[name]["kind"] == "categorical"
            or (kinds[name]["kind"] == "mean" and bool(kinds[name]["yes"]))
            for name, _, _ in keys
        ]
    )
    known = ~np.isnan(estimate).any(axis=0)
    return np.asarray(share & known & ((estimate == 0) | (estimate == 1)).any(axis=0))


def _of_both(key: Key, harmony: Harmony, joint: Joint | None) -> Iterator[Remark]:
    if joint is None:
        yield 0, str(WaveNote.INDEPENDENT)
    if harmony.touches(key[0], key[1]):
        yield 0, str(WaveNote.HARMONISED)


def _of_number(
    key: Key, found: Sequence[float], release: Published, joint: Joint | None, *, unanimous: bool
) -> Iterator[Remark]:
    if unanimous:
        yield 0, str(WaveNote.UNANIMOUS)
    elif not math.isnan(found[0]) and math.isnan(found[1]):
        quantile = joint is not None and release.kinds[key[0]]["kind"] == "quantile"
        yield 0, str(WaveNote.QUANTILE if quantile else WaveNote.NO_ERROR)


def _of_wave(
    wave: int, key: Key, estimates: Estimates, domains: set[tuple[str, str]]
) -> Iterator[Remark]:
    if key not in estimates:
        in_domain = (key[0], key[2]) in domains
        yield wave, str(WaveNote.CATEGORY if in_domain else WaveNote.DOMAIN)
    elif estimates[key]["note"]:
        yield wave, estimates[key]["note"]


def _known(number: float) -> float | None:
    return float(number) if math.isfinite(number) else None
