"""Codes of answers as numbers of a list: read once, and named without looking at a row again.

A column of one choice of a list is read as the place of its code in the list (`polars.Enum`).
What the choices are called in a language is a second list in the same order, so that a million
answers are named by exchanging the list.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import polars as pl

from kelisim.surveys.analysis import blocks, columns, published
from kelisim.surveys.labelling import codes
from kelisim.surveys.models import Survey
from kelisim.surveys.queries import form_of


@dataclass(frozen=True, slots=True)
class Coding:
    """The lists of a survey's columns: the codes, and what each is called."""

    lists: Mapping[str, Mapping[str, str]]

    @property
    def coded(self) -> dict[str, pl.Enum]:
        """The types by which columns are read."""
        return {name: pl.Enum(list(told)) for name, told in self.lists.items()}

    def without_strange(self, survey: Survey) -> Coding:
        """Return the lists of those columns that hold nothing but their codes."""
        strange: set[str] = set()
        for block in blocks(survey):
            for name, told in self.lists.items():
                found = set(block.answers[name].unique().drop_nulls())
                if not found <= told.keys():
                    strange.add(name)
        return Coding({name: told for name, told in self.lists.items() if name not in strange})

    def named(self, frame: pl.DataFrame) -> pl.DataFrame:
        """Return a frame with what the answers are called in the place of their codes."""
        return frame.with_columns(
            pl.col(name).to_physical().cat.to(pl.Enum(list(told.values())))
            for name, told in self.lists.items()
        )

    def numbered(self, frame: pl.DataFrame) -> tuple[pl.DataFrame, dict[str, dict[int, str]]]:
        """Return codes as numbers with their labels: their own where whole, else 1, 2, ..."""
        labels: dict[str, dict[int, str]] = {}
        changed = []
        for name, told in self.lists.items():
            own = all(code.lstrip("-").isdigit() for code in told)
            numbers = [int(code) for code in told] if own else list(range(1, len(told) + 1))
            labels[name] = dict(zip(numbers, told.values(), strict=True))
            place = pl.col(name).to_physical()
            changed.append(pl.lit(pl.Series(numbers, dtype=pl.Int32)).gather(place).alias(name))
        return frame.with_columns(changed), labels


def coding(survey: Survey, language: str) -> Coding:
    """Return the lists of all columns of one choice, as every version of the survey knows them.

    A column without a list, or in which two choices are called the same, is read as text.
    """
    asked = [one for one in columns(survey) if one.kind == "one"]
    told: dict[str, dict[str, str]] = {one.name: {} for one in asked}
    for form in map(form_of, reversed(published(survey))):
        for one in asked:
            told[one.name] |= codes(form, one, language)
    return Coding(
        {name: found for name, found in told.items() if len(set(found.values())) == len(found) > 0}
    )
