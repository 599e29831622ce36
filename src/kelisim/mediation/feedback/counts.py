"""What both sides said, counted by centre and month; no count from which one answer can be told."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import numpy as np
import polars as pl

from kelisim.core.clock import in_kazakhstan
from kelisim.engine.inference.intervals import clopper_pearson
from kelisim.mediation.anonymity import SMALLEST
from kelisim.mediation.feedback.questionnaire import FORM, ITEMS, NO, YES
from kelisim.surveys.analysis import answers
from kelisim.surveys.models import Survey

FEWEST = 10
"""Answers that a month of a centre must have before anything is said of it."""


@dataclass(frozen=True, slots=True)
class Said:
    """How many of those who answered an item said yes, with the exact 95 % interval of the share.

    `yes` is None, and with it the interval, where it or the rest is smaller than
    `anonymity.SMALLEST`: then only the number of answers is told.
    """

    centre: str
    month: str
    item: str
    asked: int
    yes: int | None
    low: float | None
    high: float | None

    @property
    def share(self) -> float | None:
        """The share of yes among those who said yes or no."""
        return None if self.yes is None else self.yes / self.asked


def said(today: date) -> list[Said]:
    """Return what was said, by centre, month and item; the month that goes on is left out.

    A month that still grew could be compared with itself a day earlier, and one answer read off.
    """
    told = []
    for survey in Survey.objects.filter(slug=FORM).select_related("organisation").order_by("pk"):
        frame = _by_month(survey)
        for month in sorted(set(frame["month"]) - {f"{today:%Y-%m}"}):
            within = frame.filter(pl.col("month") == month)
            centre = str(survey.organisation)
            told += [_counted(within, centre, month, item) for item in ITEMS]
    return [one for one in told if one.asked >= FEWEST]


def _by_month(survey: Survey) -> pl.DataFrame:
    frame = answers(survey)
    if frame.is_empty():
        return pl.DataFrame(schema={"month": pl.String})
    months = [f"{in_kazakhstan(at):%Y-%m}" for at in frame["_received"]]
    return frame.with_columns(pl.Series("month", months))


def _counted(frame: pl.DataFrame, centre: str, month: str, item: str) -> Said:
    yes = frame.filter(pl.col(item).is_in(YES)).height
    no = frame.filter(pl.col(item).is_in(NO)).height
    n = yes + no
    if min(yes, no) < SMALLEST:
        return Said(centre, month, item, n, None, None, None)
    low, high = clopper_pearson(np.array(yes / n), np.array(float(n)))
    return Said(centre, month, item, n, yes, float(low), float(high))
