"""Comparing estimates: their joint covariance, and linear combinations such as differences."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from kelisim.core.errors import ColumnRefused, IndicatorRefused, listed, nearest
from kelisim.engine.frame import Floats
from kelisim.engine.inference.answers import Answers
from kelisim.engine.inference.domains import DomainSet
from kelisim.engine.inference.intervals import wald
from kelisim.engine.inference.joint import (
    Sums,
    beside,
    combined,
    joint_covariance,
    replicated,
    sums,
)
from kelisim.engine.inference.partition import partition
from kelisim.engine.inference.replicate_variance import replicate_covariance
from kelisim.engine.inference.survey import Survey

Choice = tuple[Answers, Sequence[int]]
"""An indicator and the places of the categories wanted of it."""


@dataclass(frozen=True, slots=True)
class Covariance:
    """The joint covariance of K estimates.

    Attributes
    ----------
    indicators, categories, domains
        K texts each, as in the table of estimates.
    estimate
        Shape (K,).
    matrix
        Shape (K, K); NaN in the rows and columns of estimates without a standard error.
    df
        Shape (K,): design degrees of freedom of each.
    """

    indicators: tuple[str, ...]
    categories: tuple[str, ...]
    domains: tuple[str, ...]
    estimate: Floats
    matrix: Floats
    df: Floats


@dataclass(frozen=True, slots=True)
class Contrast:
    """A linear combination of one quantity in several domains.

    Attributes
    ----------
    estimate, se, low, high
        The combination, its standard error and Wald interval.
    df
        PSUs less strata that hold answers of any of the domains; below 1 there is no standard
        error, and ``se``, ``low`` and ``high`` are NaN.
    """

    estimate: float
    se: float
    low: float
    high: float
    df: float


def choose(answers: Answers, category: str | None) -> Choice:
    """Return the places of one category, or of all of them.

    Raises
    ------
    IndicatorRefused
        There is no such category.
    """
    if category is None:
        return answers, range(len(answers.categories))
    if category in answers.categories:
        return answers, [answers.categories.index(category)]
    raise IndicatorRefused(
        f"The indicator '{answers.indicator.name}' has no category '{category}'.",
        do=nearest(category, answers.categories)
        or f"Its categories are {listed(answers.categories, 12)}.",
    )


def covary(choices: Sequence[Choice], by: tuple[str, ...], survey: Survey) -> Covariance:
    """Return the joint covariance of chosen categories in all domains of one set.

    Raises
    ------
    ColumnRefused
        The survey has no such set of domains.
    """
    place = _place_of(by, survey)
    joint = beside([sums(answers, places, place, survey) for answers, places in choices])
    named = [
        (answers.indicator.name, answers.categories[category], domain)
        for answers, places in choices
        for category in places
        for domain in survey.partitions[place].domains.labels
    ]
    indicators, categories, domains = zip(*named, strict=True)
    if survey.replicates is None:
        matrix = joint_covariance(joint, survey)
    else:
        theta = np.concatenate(
            [replicated(*choice, place, survey, survey.replicates) for choice in choices]
        )
        matrix = replicate_covariance(theta, survey.replicates, joint.estimate)
    unknown = np.isnan(joint.estimate) | (joint.df < 1)
    matrix[unknown, :] = np.nan
    matrix[:, unknown] = np.nan
    return Covariance(indicators, categories, domains, joint.estimate, matrix, joint.df)


def _place_of(by: tuple[str, ...], survey: Survey) -> int:
    for place, part in enumerate(survey.partitions):
        if part.domains.columns == by:
            return place
    known = [" x ".join(part.domains.columns) for part in survey.partitions[1:]]
    raise ColumnRefused(
        f"There are no estimates by {' x '.join(by)}.",
        do=f"The sets of domains are {listed(known, 12)}." if known else "Estimate by them first.",
    )


def contrast(
    choice: Choice, coefficients: Mapping[str, float], survey: Survey, level: float
) -> Contrast:
    """Return a linear combination of one category over domains of any sets.

    Raises
    ------
    IndicatorRefused
        Several categories are chosen.
    ColumnRefused
        There is no such domain, or none is named.
    """
    answers, places = choice
    if not coefficients:
        raise ColumnRefused("A contrast names no domain.", do="Give at least one a coefficient.")
    if len(places) > 1:
        raise IndicatorRefused(
            f"The indicator '{answers.indicator.name}' has several categories.",
            do=f"Choose one of {listed(answers.categories, 12)}.",
        )
    vectors = _vectors(coefficients, survey)
    each = [
        combined(sums(answers, places, place, survey), vector) for place, vector in vectors.items()
    ]
    whole = combined(beside(each), np.ones(len(each)))
    df = _df(answers, vectors, survey)
    se = np.sqrt(_variance(whole, choice, vectors, survey)) if df >= 1 else np.array([np.nan])
    low, high = wald(whole.estimate, se, df, level)
    return Contrast(float(whole.estimate[0]), float(se[0]), float(low[0]), float(high[0]), df)


def _variance(whole: Sums, choice: Choice, vectors: Mapping[int, Floats], survey: Survey) -> Floats:
    """Return the variance of one combination: shape (1,)."""
    if survey.replicates is None:
        return np.asarray(joint_covariance(whole, survey)[0])
    theta = np.zeros((1, survey.replicates.rscales.size))
    for place, vector in vectors.items():
        chosen = vector != 0
        theta += vector[chosen] @ replicated(*choice, place, survey, survey.replicates)[chosen]
    return np.asarray(replicate_covariance(theta, survey.replicates, whole.estimate)[0])


def _vectors(coefficients: Mapping[str, float], survey: Survey) -> dict[int, Floats]:
    """Return, for each set of domains that is named, the coefficients of all its domains."""
    place_of = {
        label: (place, domain)
        for place, part in enumerate(survey.partitions)
        for domain, label in enumerate(part.domains.labels)
    }
    vectors: dict[int, Floats] = {}
    for label, coefficient in coefficients.items():
        if label not in place_of:
            raise ColumnRefused(
                f"There is no domain '{label}'.",
                do=nearest(label, place_of) or f"The domains are {listed(list(place_of)[1:], 12)}.",
            )
        place, domain = place_of[label]
        vector = vectors.setdefault(place, np.zeros(survey.partitions[place].size))
        vector[domain] = coefficient
    return vectors


def _df(answers: Answers, vectors: Mapping[int, Floats], survey: Survey) -> float:
    """Return PSUs less strata with answers of any domain that has a coefficient."""
    inside = np.zeros(survey.sample.rows, dtype=np.bool_)
    for place, vector in vectors.items():
        codes = survey.partitions[place].domains.codes
        inside |= (codes >= 0) & (vector[codes] != 0)
    if answers.answered is not None:
        inside &= answers.answered
    union = DomainSet((), np.where(inside, 0, -1).astype(np.int32), ("",))
    return float(partition(survey.sample, union).df[0, 0])
