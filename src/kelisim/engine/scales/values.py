"""Schwartz's basic human values from the 21 portraits of the European Social Survey."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from kelisim.core.errors import IndicatorRefused
from kelisim.engine.frame import Floats

PVQ21: Mapping[str, tuple[int, ...]] = {
    "self_direction": (1, 11),
    "stimulation": (6, 15),
    "hedonism": (10, 21),
    "achievement": (4, 13),
    "power": (2, 17),
    "security": (5, 14),
    "conformity": (7, 16),
    "tradition": (9, 20),
    "benevolence": (12, 18),
    "universalism": (3, 8, 19),
}
"""The ten values and the numbers of their portraits, in the order of the questionnaire (A = 1)."""

HIGHER: Mapping[str, tuple[str, ...]] = {
    "openness_to_change": ("self_direction", "stimulation", "hedonism"),
    "self_enhancement": ("achievement", "power"),
    "conservation": ("security", "conformity", "tradition"),
    "self_transcendence": ("benevolence", "universalism"),
}
"""The four values of higher order. Hedonism stands with openness, as in most uses of the ESS."""

MOST_MISSING = 5
"""More unanswered portraits than this, and a person has no scores (Schwartz's instruction)."""


def value_scores(answers: Floats) -> dict[str, Floats]:
    """Return the ten values and the four of higher order, centred within each person.

    People differ in how far they call anything important; what counts is what is important to them
    beside the rest. So each person's mean over all portraits is taken off (ipsatised scores): the
    scores of a person lean on each other, and only differences have a meaning.

    Parameters
    ----------
    answers
        Shape (n, 21): the portraits in the order of the questionnaire, high where important; NaN
        where unanswered.

    Returns
    -------
    dict
        Value to its score, shape (n,); NaN for people who left more than five unanswered, or all of
        a value's portraits.

    Raises
    ------
    IndicatorRefused
        There are not 21 portraits.

    References
    ----------
    Schwartz (2003), A proposal for measuring value orientations across nations. Chapter 7 of the
    questionnaire development report of the European Social Survey; and its instructions for
    computing scores.

    Examples
    --------
    >>> flat = np.full((1, 21), 4.0)
    >>> flat[0, [1, 16]] = 6.0
    >>> found = value_scores(flat)
    >>> round(found["power"].item(), 3), round(found["security"].item(), 3)
    (1.81, -0.19)
    """
    if answers.ndim != 2 or answers.shape[1] != 21:
        raise IndicatorRefused(
            f"The battery has {answers.shape[-1]} items, and PVQ-21 has 21 portraits.",
            where="items",
            do="Name the 21 columns in the order of the questionnaire, or use kind scale.",
        )
    unanswered = np.isnan(answers).sum(axis=1)
    kept = np.where((unanswered > MOST_MISSING)[:, None], np.nan, answers)
    centred = kept - _mean(kept)[:, None]
    scores = {
        name: _mean(centred[:, [number - 1 for number in portraits]])
        for name, portraits in PVQ21.items()
    }
    portraits_of = {
        name: [number - 1 for value in values for number in PVQ21[value]]
        for name, values in HIGHER.items()
    }
    return scores | {name: _mean(centred[:, at]) for name, at in portraits_of.items()}


def _mean(answers: Floats) -> Floats:
    """Return the mean of what is answered in each row, NaN where nothing is."""
    known = ~np.isnan(answers)
    count = known.sum(axis=1)
    sums = np.where(known, answers, 0.0).sum(axis=1)
    return np.where(count > 0, sums / np.maximum(count, 1), np.nan)
