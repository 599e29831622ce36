"""Nonresponse: those who answered speak for those like them who did not.

People of the sample are put in classes, and within a class the weight of those who did not respond
goes to those who did. The classes are given, or made of people with about the same estimated
propensity to respond: that is less sensitive to a wrong model than dividing by the propensity.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import polars as pl
from numpy.typing import NDArray

from kelisim.core.errors import NotConverged, SettingRefused, ValueRefused, WeightRefused, listed
from kelisim.engine.frame import Categories, Codes, Floats, as_frame, categories, numbers
from kelisim.engine.weighting.base import base_weights

Bools = NDArray[np.bool_]

STEPS = 50
"""Newton steps of the logistic regression."""

STEEP = 12.0
"""A logit beyond this means that somebody was sure to respond, or not to."""


@dataclass(frozen=True, slots=True)
class Adjusted:
    """Weights after nonresponse.

    Attributes
    ----------
    weights
        Shape (n,): 0 for those who did not respond; the same sum as before.
    base_weights
        Shape (n,).
    classes
        Shape (n,): the class of each person.
    labels, rates
        Of each class its name, and the weighted share who responded.
    propensity
        Shape (n,): the estimated probability of responding; None where classes were given.
    """

    weights: Floats
    base_weights: Floats
    classes: Codes
    labels: tuple[str, ...]
    rates: Floats
    propensity: Floats | None = None


def adjust_by_classes(
    data: Any, responded: str, classes: str | Sequence[str], weight: Any = None
) -> Adjusted:
    """Give the weight of those who did not respond to those of their class who did.

    Parameters
    ----------
    data
        A table with a row a person of the gross sample, responding or not.
    responded
        The column that is 1 or true for those who responded, 0 or false for the others.
    classes
        A column of classes, or several that are crossed.
    weight
        As for `rake`; with None everybody weighs 1.

    Raises
    ------
    ColumnRefused, ValueRefused, WeightRefused
        A column is not there, a class or a response is missing, a weight is not positive, or
        nobody of a class responded (it is named).

    Examples
    --------
    >>> people = {"area": ["a", "a", "b", "b"], "in": [1, 0, 1, 1]}
    >>> adjust_by_classes(people, "in", "area").weights.tolist()
    [2.0, 0.0, 1.0, 1.0]
    """
    frame = as_frame(data)
    base = base_weights(frame, weight, len(frame))
    names = [classes] if isinstance(classes, str) else list(classes)
    if not names:
        raise SettingRefused(
            "No class is named.", where="classes", do="Name at least one column of classes."
        )
    codes, labels = _crossed([_complete(categories(frame, name, role="a class")) for name in names])
    return _adjusted(base, _responded(frame, responded), codes, labels)


def adjust_by_propensity(
    data: Any,
    responded: str,
    predictors: Sequence[str],
    weight: Any = None,
    *,
    numeric: Sequence[str] = (),
    classes: int = 5,
) -> Adjusted:
    """Estimate who responds by a weighted logistic regression, and adjust in classes of its result.

    Parameters
    ----------
    data, responded, weight
        As for `adjust_by_classes`.
    predictors
        Columns of categories.
    numeric
        Columns of numbers.
    classes
        How many, each with about the same share of the weight.

    Raises
    ------
    ColumnRefused, ValueRefused, WeightRefused
        As for `adjust_by_classes`.
    SettingRefused
        There is no predictor, or there are fewer than two classes.
    NotConverged
        Predictors tell without error who responds, so that there is no finite propensity.

    References
    ----------
    Little (1986), Survey nonresponse adjustments for estimates of means. International Statistical
    Review 54.

    Examples
    --------
    >>> people = {"area": ["a"] * 4 + ["b"] * 4, "in": [1, 0, 0, 0, 1, 1, 1, 0]}
    >>> found = adjust_by_propensity(people, "in", ["area"], classes=2)
    >>> found.propensity.round(6).tolist()[::4], found.weights.round(3).tolist()[::4]
    ([0.25, 0.75], [4.0, 1.333])
    """
    if classes < 2 or not (predictors or numeric):
        raise SettingRefused(
            "A propensity needs at least one predictor and two classes.",
            where="predictors" if classes >= 2 else "classes",
            do="Name columns that are known for everyone, and take five classes.",
        )
    frame = as_frame(data)
    base = base_weights(frame, weight, len(frame))
    answered = _responded(frame, responded)
    coded = [_complete(categories(frame, name, role="a predictor")) for name in predictors]
    columns = [(one.codes == code) * 1.0 for one in coded for code in range(1, len(one.labels))]
    x = np.stack([np.ones(len(frame)), *columns, *_standardised(frame, numeric)], axis=1)
    propensity = logistic(x, answered, base)
    codes = _quantile_classes(propensity, base, classes)
    labels = tuple(f"propensity class {k + 1}" for k in range(int(codes.max()) + 1))
    return _adjusted(base, answered, codes, labels, propensity)


def logistic(x: Floats, answered: Bools, base: Floats) -> Floats:
    """Return the fitted probabilities of a weighted logistic regression: shape (n,).

    Raises
    ------
    NotConverged
        The likelihood has no maximum, because some were sure to respond, or not to.
    """
    beta, w = np.zeros(x.shape[1]), base / base.mean()
    steps, largest = 0, np.inf
    while largest >= 1e-10:
        p = (1 + np.tanh(x @ beta / 2)) / 2
        score = x.T @ (w * (answered - p))
        H = x.T @ (x * (w * p * (1 - p))[:, None])
        move = np.linalg.pinv(H, rcond=1e-10, hermitian=True) @ score
        move *= min(1.0, 4.0 / max(float(np.abs(x @ move).max()), 1e-300))
        beta, steps, largest = beta + move, steps + 1, float(np.abs(move).max())
        if steps == STEPS or np.abs(x @ beta).max() > STEEP:
            raise NotConverged(
                "The regression of response has no solution: some people were sure to respond, or "
                "not to.",
                where="predictors",
                why="A category in which all or none responded has no finite propensity.",
                do="Merge that category with another one, or adjust by classes.",
            )
    return np.asarray((1 + np.tanh(x @ beta / 2)) / 2)


def _responded(frame: pl.DataFrame, name: str) -> Bools:
    plain = frame.with_columns(pl.col(pl.Boolean).cast(pl.Int8))
    values = numbers(plain, name, role="who responded")
    wrong = np.flatnonzero((values != 0) & (values != 1))
    if wrong.size:
        raise ValueRefused(
            f"The response is neither 1 nor 0 in {wrong.size} rows.",
            where=f"column '{name}', row {int(wrong[0]) + 1}",
            do="Write 1 for those who responded and 0 for the others.",
        )
    return np.asarray(values == 1)


def _complete(found: Categories) -> Categories:
    missing = np.flatnonzero(found.codes < 0)
    if missing.size:
        raise ValueRefused(
            f"{missing.size} of {found.codes.size} rows have no value.",
            where=f"column '{found.name}', row {int(missing[0]) + 1}",
            why="It has to be known for those who responded and for those who did not.",
            do="Fill the missing values, or choose another column.",
        )
    return found


def _standardised(frame: pl.DataFrame, names: Sequence[str]) -> list[Floats]:
    columns = []
    for name in names:
        values = numbers(frame, name, role="a predictor")
        missing = np.flatnonzero(np.isnan(values))
        if missing.size:
            raise ValueRefused(
                f"{missing.size} of {values.size} rows have no number.",
                where=f"column '{name}', row {int(missing[0]) + 1}",
                why="It has to be known for those who responded and for those who did not.",
                do="Fill the missing numbers, or choose another column.",
            )
        spread = float(values.std())
        columns.append((values - values.mean()) / (spread if spread > 0 else 1.0))
    return columns


def _crossed(parts: list[Categories]) -> tuple[Codes, tuple[str, ...]]:
    """Return the crossings that occur: codes and labels."""
    codes, labels = parts[0].codes, parts[0].labels
    for part in parts[1:]:
        joint = codes.astype(np.int64) * len(part.labels) + part.codes
        occurring, place = np.unique(joint, return_inverse=True)
        pairs = (divmod(int(cell), len(part.labels)) for cell in occurring)
        labels = tuple(f"{labels[a]}*{part.labels[b]}" for a, b in pairs)
        codes = place.astype(np.int32)
    return codes, labels


def _quantile_classes(propensity: Floats, base: Floats, classes: int) -> Codes:
    """Cut people into classes of about equal weight; equal propensities stay together."""
    place = np.unique(propensity.round(12), return_inverse=True)[1]
    mass = np.bincount(place, weights=base)
    middle = (np.cumsum(mass) - mass / 2) / mass.sum()
    _, codes = np.unique((middle * classes).astype(int), return_inverse=True)
    return np.asarray(codes[place].astype(np.int32).reshape(propensity.shape))


def _adjusted(
    base: Floats,
    answered: Bools,
    codes: Codes,
    labels: tuple[str, ...],
    propensity: Floats | None = None,
) -> Adjusted:
    everyone = np.bincount(codes, weights=base, minlength=len(labels))
    those = np.bincount(codes, weights=base * answered, minlength=len(labels))
    silent = [label for label, found in zip(labels, those, strict=True) if found == 0]
    if silent:
        raise WeightRefused(
            f"Nobody responded in {listed(silent)}.",
            where="classes",
            why="There is no one to take over the weight of those who did not.",
            do="Merge the class with one that is like it.",
        )
    weights = np.where(answered, base * (everyone / those)[codes], 0.0)
    return Adjusted(weights, base, codes, labels, those / everyone, propensity)
