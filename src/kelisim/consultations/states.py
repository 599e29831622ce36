"""What one computation leaves for the next, as arrays in bytes: axes of the picture, the model."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from io import BytesIO
from typing import Any

import numpy as np
import polars as pl
from numpy.typing import NDArray

from kelisim.engine.frame import Floats
from kelisim.engine.opinion.map import LiveMap
from kelisim.engine.opinion.model import Gaussian, IdealPoint, Priors
from kelisim.engine.opinion.spectrum import Axes

NOBODY = np.empty((0, 2))
Corners = tuple[tuple[float, float], tuple[float, float]]


@dataclass(frozen=True, slots=True)
class ModelState:
    """What is known of the statements, to draw the next one for somebody.

    Attributes
    ----------
    numbers
        Shape (m,): the statements' numbers.
    model
        The posterior of the statements; its people are not kept.
    votes
        Shape (m,): how many votes each statement had.
    aliases, labels
        Shape (n,): the participants and their groups, -1 between groups.
    """

    numbers: NDArray[np.int64]
    model: IdealPoint
    votes: Floats
    aliases: NDArray[np.str_]
    labels: NDArray[np.int32]


@dataclass(frozen=True, slots=True)
class MapState:
    """The axes of a map without anybody's place, and the corners of what is drawn."""

    map: LiveMap
    corners: Corners


def pack_map(found: LiveMap, corners: Corners) -> bytes:
    """Return the axes of a map and the corners of its picture as bytes."""
    return _packed(
        {
            "statements": np.array(found.statements.to_list(), dtype=np.str_),
            "means": found.axes.means,
            "loadings": found.axes.loadings,
            "variances": found.axes.variances,
            "spread": found.spread,
            "noise": np.array(found.noise),
            "corners": np.array(corners),
        }
    )


def unpack_map(content: bytes) -> MapState | None:
    """Return the map that was packed, or None of nothing."""
    if not content:
        return None
    part = _unpacked(content)
    axes = Axes(part["means"], part["loadings"], part["variances"], 0)
    statements = pl.Series("statement", part["statements"].tolist(), pl.String)
    found = LiveMap(axes, statements, NOBODY, NOBODY, part["spread"], float(part["noise"]))
    (left, low), (right, high) = part["corners"].tolist()
    return MapState(found, ((left, low), (right, high)))


def pack_model(state: ModelState) -> bytes:
    """Return what is known of the statements as bytes."""
    model = state.model
    return _packed(
        {
            "numbers": state.numbers,
            "votes": state.votes,
            "aliases": state.aliases,
            "labels": state.labels,
            "agreeing_mean": model.agreeing.mean,
            "agreeing_covariance": model.agreeing.covariance,
            "passing_mean": model.passing.mean,
            "passing_covariance": model.passing.covariance,
            "habit": model.priors.habit,
            "loading": model.priors.loading,
            "level_mean": model.priors.level_mean,
            "level": model.priors.level,
        }
    )


def unpack_model(content: bytes) -> ModelState | None:
    """Return the model that was packed, or None of nothing."""
    if not content:
        return None
    part = _unpacked(content)
    size = part["agreeing_mean"].shape[1] + 1
    priors = Priors(
        part["habit"], part["loading"], part["level_mean"], part["level"], len(part["numbers"])
    )
    nobody = Gaussian(np.empty((0, size)), np.empty((0, size, size)))
    model = IdealPoint(
        nobody,
        Gaussian(part["agreeing_mean"], part["agreeing_covariance"]),
        Gaussian(part["passing_mean"], part["passing_covariance"]),
        priors,
        0,
    )
    return ModelState(part["numbers"], model, part["votes"], part["aliases"], part["labels"])


def _packed(arrays: Mapping[str, NDArray[Any]]) -> bytes:
    into = BytesIO()
    np.savez_compressed(into, allow_pickle=False, **arrays)
    return into.getvalue()


def _unpacked(content: bytes) -> dict[str, NDArray[Any]]:
    with np.load(BytesIO(bytes(content)), allow_pickle=False) as found:
        return dict(found)
