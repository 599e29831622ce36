"""Does the language in which a statement is read change the vote? Differential item functioning.

People who read a statement in Kazakh and people who read it in Russian may well think differently.
So the test asks whether they differ on this statement beyond what their votes on the others say.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import polars as pl
from scipy.special import chdtrc, expit

from kelisim.core.errors import SettingRefused
from kelisim.engine.frame import Floats, as_frame, categories, column
from kelisim.engine.opinion.model import ideal_point
from kelisim.engine.opinion.prediction import agreement_log_odds
from kelisim.engine.opinion.votes import AGREE, PASS, Indices, Votes, keep

LEAST_VOTES = 20
"""Votes of agreement or disagreement in a language below which it is not tested on a statement."""

RATE = 0.05
"""Share of false alarms allowed among the statements that are named."""

FOLDS = 5
NEWTON_ROUNDS = 50
RIDGE = 0.01
"""Prior precision of slopes and effects: a language in which all say the same stays finite."""


@dataclass(frozen=True, slots=True)
class TranslationEffects:
    """What reading a statement in another language does to the vote.

    Attributes
    ----------
    statements
        A row a statement: ``statement, n, p_value, q_value, differs, note``. The null hypothesis is
        that all languages have the same effect; ``differs`` holds at the false discovery rate
        asked for. Statements that cannot be tested have nulls and a note.
    effects
        A row a statement and language: ``statement, language, n, effect, low, high``, the log-odds
        of agreement that the language adds, relative to the mean of the languages, with its 95 %
        interval.
    rate
        The false discovery rate.
    """

    statements: pl.DataFrame
    effects: pl.DataFrame
    rate: float


def translation_effects(
    votes: Votes, languages: Any, *, dimensions: int = 2, rate: float = RATE
) -> TranslationEffects:
    """Return, for every statement, whether the language it was read in changes the vote.

    The agreement of each vote is predicted from the votes of the same person on other statements
    (five folds, so that a vote does not predict itself). Within a statement a logistic regression
    of the votes on this prediction and on the language is compared with one without the language by
    a likelihood ratio; the p-values are held to a false discovery rate by Benjamini and Hochberg.

    Parameters
    ----------
    votes
        The last vote of each participant on each statement.
    languages
        A table ``participant, statement, language``: in which language the statement was read when
        the vote was cast. Votes without a row are left out.
    dimensions
        Of the model that predicts.

    Raises
    ------
    ColumnRefused
        A column is missing.
    SettingRefused
        The rate is not in (0, 1).

    References
    ----------
    Swaminathan, Rogers (1990), Detecting differential item functioning using logistic regression
    procedures, Journal of Educational Measurement 27, 361-370. Benjamini, Hochberg (1995).
    """
    if not 0 < rate < 1:
        raise SettingRefused(f"The rate is {rate}.", where="rate", do="Give a share, such as 0.05.")
    spoken = _spoken(votes, as_frame(languages))
    known = spoken.codes >= 0
    told = keep(votes, known)
    codes = spoken.codes[known]
    predicted = _predicted(told, codes, len(spoken.labels), dimensions)
    judged = told.signs != PASS
    agreed = (told.signs == AGREE).astype(np.float64)
    rows, effects = [], []
    for j, name in enumerate(votes.statements):
        at = np.flatnonzero(judged & (told.indices == j))
        found = _tested(agreed[at], predicted[at], codes[at], len(spoken.labels))
        rows.append((name, len(at), found.p_value, found.note))
        effects += [(name, spoken.labels[k], n, *numbers) for k, n, *numbers in found.effects]
    return TranslationEffects(_table(rows, rate), _effects_table(effects), rate)


@dataclass(frozen=True, slots=True)
class _Spoken:
    codes: Indices
    labels: tuple[str, ...]


def _spoken(votes: Votes, frame: pl.DataFrame) -> _Spoken:
    """Return the language of each vote as a code, -1 where it is not told."""
    told = categories(frame, "language", role="the language a statement was read in")
    given = pl.DataFrame(
        {
            "p": column(frame, "participant", role="the participants").cast(pl.String),
            "s": column(frame, "statement", role="the statements").cast(pl.String),
            "code": told.codes,
        }
    ).unique(["p", "s"], keep="last", maintain_order=True)
    cast = pl.DataFrame(
        {
            "p": votes.participants.gather(votes.rows()),
            "s": votes.statements.gather(votes.indices),
        }
    )
    found = cast.join(given, on=["p", "s"], how="left", maintain_order="left")["code"]
    return _Spoken(found.fill_null(-1).to_numpy(), told.labels)


def _predicted(votes: Votes, codes: Indices, count: int, dimensions: int) -> Floats:
    """Return the log-odds of agreement of each vote, from a model that has not seen it.

    A position is drawn towards the middle of all, and so away from the middle of the speakers of a
    language; what that leaves is learnt over all statements at once, as a shift of each language
    along the loadings. Without it every statement that parts people would seem ill translated.
    """
    place = np.arange(len(votes.signs)) - np.repeat(votes.indptr[:-1], votes.n_votes)
    fold = (place + votes.rows()) % FOLDS
    rows, predicted = votes.rows(), np.zeros(len(votes.signs))
    contrast = _contrast(count)
    for k in range(FOLDS):
        at = np.flatnonzero(fold == k)
        model = ideal_point(keep(votes, fold != k), dimensions, tolerance=5e-3)
        odds = agreement_log_odds(model, rows[at], votes.indices[at]).mean
        slopes = model.agreeing.mean[votes.indices[at]].copy()
        slopes[:, 0] = 1.0
        shifts = np.einsum("ql,qd->qld", contrast[codes[at]], slopes).reshape(len(at), -1)
        design = np.column_stack([np.ones(len(at)), odds, shifts])
        judged = votes.signs[at] != PASS
        beta = _fitted(design[judged], (votes.signs[at][judged] == AGREE).astype(np.float64)).beta
        predicted[at] = design @ beta
    return predicted


def _contrast(count: int) -> Floats:
    """Return effects that sum to zero over the languages, so that none of them is the norm."""
    return np.vstack([np.eye(count - 1), -np.ones(count - 1)])


@dataclass(frozen=True, slots=True)
class _Tested:
    p_value: float | None
    effects: list[tuple[int, int, float, float, float]]
    note: str


def _tested(agreed: Floats, predicted: Floats, codes: Indices, count: int) -> _Tested:
    sizes = np.bincount(codes, minlength=count)
    used = np.flatnonzero(sizes >= LEAST_VOTES)
    if len(used) < 2:
        return _Tested(None, [], f"fewer than two languages with {LEAST_VOTES} votes")
    kept = np.isin(codes, used)
    y, x, spoken = agreed[kept], predicted[kept], np.searchsorted(used, codes[kept])
    if y.min() == y.max():
        return _Tested(None, [], "all who voted said the same")
    plain = np.column_stack([np.ones(len(y)), x])
    contrast = _contrast(len(used))
    full = np.column_stack([plain, contrast[spoken]])
    without, within = _fitted(plain, y), _fitted(full, y)
    statistic = max(2 * (within.likelihood - without.likelihood), 0.0)
    beta, covariance = within.beta[2:], within.covariance[2:, 2:]
    effects = []
    for k, language in enumerate(used):
        effect = float(contrast[k] @ beta)
        half = 1.959963984540054 * float(np.sqrt(contrast[k] @ covariance @ contrast[k]))
        effects.append((int(language), int(sizes[language]), effect, effect - half, effect + half))
    return _Tested(float(chdtrc(len(used) - 1, statistic)), effects, "")


@dataclass(frozen=True, slots=True)
class _Logistic:
    beta: Floats
    covariance: Floats
    likelihood: float


def _fitted(design: Floats, y: Floats) -> _Logistic:
    """Return a logistic regression; coefficients beyond the intercept have a weak normal prior."""
    width = design.shape[1]
    precision = np.diag([1e-6, *[RIDGE] * (width - 1)])
    beta: Floats = np.zeros(width)
    for _ in range(NEWTON_ROUNDS):
        p = expit(design @ beta)
        curvature = (design * (p * (1 - p))[:, None]).T @ design + precision
        step = np.linalg.solve(curvature, design.T @ (y - p) - precision @ beta)
        beta = np.asarray(beta + np.clip(step, -2.0, 2.0), np.float64)
        if np.abs(step).max() < 1e-9:
            break
    odds = design @ beta
    likelihood = float(np.sum(y * odds - np.logaddexp(0.0, odds)))
    return _Logistic(beta, np.asarray(np.linalg.inv(curvature), np.float64), likelihood)


def _table(rows: list[tuple[str, int, float | None, str]], rate: float) -> pl.DataFrame:
    p_values = np.array([np.nan if p is None else p for _, _, p, _ in rows])
    q_values = _discovery(p_values)
    return pl.DataFrame(
        {
            "statement": pl.Series([row[0] for row in rows], dtype=pl.String),
            "n": pl.Series([row[1] for row in rows], dtype=pl.Int64),
            "p_value": pl.Series(p_values).fill_nan(None),
            "q_value": pl.Series(q_values).fill_nan(None),
            "differs": pl.Series(q_values <= rate).set(pl.Series(np.isnan(q_values)), None),
            "note": pl.Series([row[3] for row in rows], dtype=pl.String),
        }
    )


def _discovery(p_values: Floats) -> Floats:
    """Return the smallest false discovery rate at which each hypothesis is named."""
    tested = np.flatnonzero(~np.isnan(p_values))
    q_values = np.full(len(p_values), np.nan)
    if tested.size:
        order = tested[np.argsort(p_values[tested], kind="stable")]
        scaled = p_values[order] * len(order) / np.arange(1, len(order) + 1)
        q_values[order] = np.minimum(np.minimum.accumulate(scaled[::-1])[::-1], 1.0)
    return q_values


def _effects_table(rows: list[tuple[Any, ...]]) -> pl.DataFrame:
    schema: Mapping[str, Any] = {
        "statement": pl.String,
        "language": pl.String,
        "n": pl.Int64,
        "effect": pl.Float64,
        "low": pl.Float64,
        "high": pl.Float64,
    }
    return pl.DataFrame(rows, schema=dict(schema), orient="row")
