"""Volunteers: pseudo-weights from the probability that somebody like them takes part.

Nobody knows the chances of a volunteer. If people of the same kind take part equally often, they
can be estimated by comparing who came with who there is: a population table, or a probability
sample that asked the same. That assumption cannot be checked; `selection` says what its failure
would do.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import polars as pl
from scipy.special import expit

from kelisim.core.errors import MarginRefused, NotConverged, SettingRefused, listed
from kelisim.engine.frame import Categories, Codes, Floats, as_frame, categories, numbers

STEPS = 100
"""Newton steps after which a fit is given up; a handful is usual."""


@dataclass(frozen=True, slots=True)
class Participation:
    """Volunteers with the estimated probability that they take part.

    Attributes
    ----------
    weights
        Shape (n,): 1 / probability. They add up to the population where every cell has a
        coefficient of its own; else the model expects as many volunteers as came, and no more.
    probability
        Shape (n,), in (0, 1].
    terms
        Names of the coefficients.
    coefficients
        Of the logit of taking part.
    population
        How many people there are, by the reference.
    design, reference, counts
        Shapes (n, k), (c, k) and (c,): what is known of every volunteer and of every row of the
        reference, a column a coefficient, and how many people the row stands for.
    """

    weights: Floats
    probability: Floats
    terms: tuple[str, ...]
    coefficients: Floats
    population: float
    design: Floats
    reference: Floats
    counts: Floats


def participation(
    data: Any, reference: Any, predictors: Sequence[str | Sequence[str]], count: str
) -> Participation:
    r"""Estimate who takes part by the pseudo-likelihood of Chen, Li and Wu.

    With :math:`\pi(x) = 1 / (1 + e^{-x'b})`, b solves
    :math:`\sum_A x = \sum_B d \pi(x) x`: the volunteers A that the model expects of the population
    are those who came. Where every cell has a coefficient of its own the weights are those of
    post-stratification.

    Parameters
    ----------
    data
        The volunteers.
    reference
        The population as cells with a count, or a probability sample with its weights.
    predictors
        Columns of categories in both; a list of columns is their crossing.
    count
        The column of the reference with counts or weights.

    Raises
    ------
    SettingRefused
        No predictor is named.
    MarginRefused
        A value is missing, a category of the reference has no volunteers or the other way round, or
        a count is negative.
    NotConverged
        There are more volunteers of a kind than people (named), or no probabilities below one make
        the model expect the volunteers who came.

    References
    ----------
    Chen, Li and Wu (2020), Doubly robust inference with nonprobability survey samples. JASA 115,
    equation (6).

    Examples
    --------
    >>> came = {"sex": ["f", "f", "f", "m"]}
    >>> there = {"sex": ["f", "m"], "n": [500, 480]}
    >>> participation(came, there, ["sex"], "n").weights.round(3).tolist()
    [166.667, 166.667, 166.667, 480.0]
    """
    if not predictors:
        raise SettingRefused(
            "No predictor of taking part is named.",
            where="predictors",
            do="Name columns that both the volunteers and the population have.",
        )
    people, there = as_frame(data), as_frame(reference)
    counts = numbers(there, count, role="the count")
    if not (counts >= 0).all():
        raise MarginRefused(
            "A count is missing or negative.", where=f"column '{count}'", do="Correct the counts."
        )
    names = [(one,) if isinstance(one, str) else tuple(one) for one in predictors]
    coded = [_common(people, there, counts, name) for name in names]
    labels = [pair[2] for pair in coded]
    a = _matrix([pair[0] for pair in coded], labels)
    b = _matrix([pair[1] for pair in coded], labels)
    named = (
        f"{'*'.join(name)}={label}"
        for name, pair in zip(names, coded, strict=True)
        for label in pair[2][1:]
    )
    for name, codes in zip(names, coded, strict=True):
        _refuse_more_than_there_are("*".join(name), *codes, counts)
    coefficients = _solve(a, b, counts)
    probability = expit(a @ coefficients)
    return Participation(
        weights=1 / probability,
        probability=probability,
        terms=("(constant)", *named),
        coefficients=coefficients,
        population=float(counts.sum()),
        design=a,
        reference=b,
        counts=counts,
    )


def _common(
    people: pl.DataFrame, there: pl.DataFrame, counts: Floats, name: tuple[str, ...]
) -> tuple[Codes, Codes, tuple[str, ...]]:
    """Return codes of both tables into common labels, refusing what only one of them has."""
    (mine, labels), (theirs, known) = _crossed(people, name), _crossed(there, name)
    inhabited = {known[code] for code in np.unique(theirs[counts > 0])}
    where = f"'{'*'.join(name)}'"
    strange, unseen = set(labels) - inhabited, inhabited - set(labels)
    if strange or unseen:
        raise MarginRefused(
            f"{listed(sorted(strange))} of the volunteers is not in the population."
            if strange
            else f"No volunteer is of {listed(sorted(unseen))}.",
            where=where,
            why="Nobody can speak for them, or they for nobody.",
            do="Merge categories so that every one of the population has volunteers.",
        )
    place = {label: code for code, label in enumerate(labels)}
    lookup = np.array([place.get(label, 0) for label in known], dtype=np.int32)
    return mine, lookup[theirs], labels


def _refuse_more_than_there_are(
    name: str, mine: Codes, theirs: Codes, labels: tuple[str, ...], counts: Floats
) -> None:
    came = np.bincount(mine, minlength=len(labels))
    people = np.bincount(theirs, counts, minlength=len(labels))
    for label, ours, all_of_them in zip(labels, came, people, strict=True):
        if ours > all_of_them:
            raise NotConverged(
                f"Of '{label}' {ours} took part, more than the {all_of_them:.10g} there are.",
                where=f"'{name}'",
                why="Their probability of taking part would be above one.",
                do="Check the counts of the population, or merge small categories.",
            )


def _crossed(frame: pl.DataFrame, names: tuple[str, ...]) -> tuple[Codes, tuple[str, ...]]:
    parts = [categories(frame, name, role="a predictor of taking part") for name in names]
    for part in parts:
        missing = np.flatnonzero(part.codes < 0)
        if missing.size:
            raise MarginRefused(
                f"{missing.size} rows have no value.",
                where=f"column '{part.name}', row {int(missing[0]) + 1}",
                why="It is not known of which kind they are.",
                do="Fill the values, or give those who did not say a category of their own.",
            )
    cell = parts[0].codes.astype(np.int64)
    for part in parts[1:]:
        cell = cell * len(part.labels) + part.codes
    occurring, codes = np.unique(cell, return_inverse=True)
    return codes.astype(np.int32), tuple(_name(int(cell), parts) for cell in occurring)


def _name(cell: int, parts: Sequence[Categories]) -> str:
    """Return the labels of a crossing, from its number."""
    words: list[str] = []
    for part in reversed(parts):
        cell, code = divmod(cell, len(part.labels))
        words.insert(0, part.labels[code])
    return "*".join(words)


def _matrix(codes: Sequence[Codes], labels: Sequence[tuple[str, ...]]) -> Floats:
    """Return the constant and a column a category but the first of each predictor."""
    columns = [np.ones(codes[0].size)]
    for code, names in zip(codes, labels, strict=True):
        columns += [np.asarray(code == k, dtype=np.float64) for k in range(1, len(names))]
    return np.stack(columns, axis=1)


def _solve(a: Floats, b: Floats, counts: Floats) -> Floats:
    """Solve sum_A x = sum_B d pi x by Newton's method with damped steps."""
    came = a.sum(axis=0)
    theta = np.zeros(came.size)
    theta[0] = np.log(came[0] / max(float(counts.sum()) - came[0], 1e-9))
    for _ in range(STEPS):
        p = expit(b @ theta)
        score = came - (counts * p) @ b
        if float((np.abs(score) / came).max()) < 1e-11:
            return theta
        H = b.T @ (b * (counts * p * (1 - p))[:, None])
        move = np.linalg.pinv(H, rcond=1e-13, hermitian=True) @ score
        theta = theta + move * min(1.0, 3.0 / max(float(np.abs(b @ move).max()), 1e-300))
    raise NotConverged(
        f"No chances of taking part below one were found in {STEPS} steps.",
        where="predictors",
        why="Where nearly all or nearly none of a kind of people came, their chance runs to one "
        "or to nothing.",
        do="Merge small categories, leave out a predictor, or cross the predictors into cells.",
    )
