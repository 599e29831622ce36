"""Cases and mediators to be matched, read from tables: every word known, every number whole."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import polars as pl
from numpy.typing import NDArray

from kelisim.core.errors import RosterRefused, listed
from kelisim.engine.frame import as_frame, column, numbers

Masks = NDArray[np.uint64]
Integers = NDArray[np.int64]

MOST_WORDS = 64
"""Languages, and specialisations, are the bits of one number."""


@dataclass(frozen=True, slots=True)
class Cases:
    """The cases of a roster.

    Attributes
    ----------
    names
        n names, no two alike.
    region
        Shape (n,): codes common to cases and mediators.
    language, specialisation
        Shape (n,): the languages and specialisations that the mediator must have, as bits.
    """

    names: tuple[str, ...]
    region: Integers
    language: Masks
    specialisation: Masks


@dataclass(frozen=True, slots=True)
class Mediators:
    """The mediators of a roster.

    Attributes
    ----------
    language, specialisation
        Shape (m,): what each mediator has, as bits.
    free
        Shape (m,): how many more cases each can take.
    recent
        Shape (m,): the cases each was given in the period over which turns are counted.
    capacity
        Shape (m,), > 0: how many cases each can have at a time.
    """

    names: tuple[str, ...]
    region: Integers
    language: Masks
    specialisation: Masks
    capacity: Integers
    free: Integers
    recent: Integers


@dataclass(frozen=True, slots=True)
class Roster:
    """What is to be matched.

    Attributes
    ----------
    conflicts
        Shape (k, 2): pairs of a case and a mediator that must never meet.
    """

    cases: Cases
    mediators: Mediators
    conflicts: Integers


def read_roster(cases: Any, mediators: Any) -> Roster:
    """Return the roster that two tables describe.

    Parameters
    ----------
    cases
        Columns ``case``, ``region``, ``language``, ``specialisation`` and optionally ``parties``
        and ``conflicts``. Several words in a cell are separated by ``;``, and the mediator must
        have all of them. ``conflicts`` names mediators.
    mediators
        Columns ``mediator``, ``region``, ``language``, ``specialisation``, ``capacity`` and
        optionally ``load`` (open cases), ``recent`` (cases of the period) and ``conflicts``, which
        names cases or parties.

    Raises
    ------
    ColumnRefused, ValueRefused
        A column is missing, or a number cannot be read.
    RosterRefused
        A name is empty or occurs twice, a conflict names a mediator who is not in the table, a
        number is not whole or negative, or there are more than 64 languages or specialisations.
    """
    left, right = as_frame(cases), as_frame(mediators)
    case_names, mediator_names = _named(left, "case"), _named(right, "mediator")
    region = _codes(_text(left, "region") + _text(right, "region"))
    masks = {}
    for subject in ("language", "specialisation"):
        masks[subject] = _masks(_words(left, subject), _words(right, subject), subject)
    capacity = _counts(right, "capacity")
    load = _counts(right, "load") if "load" in right.columns else np.zeros_like(capacity)
    recent = _counts(right, "recent") if "recent" in right.columns else load
    return Roster(
        Cases(
            names=case_names,
            region=region[: len(case_names)],
            language=masks["language"][0],
            specialisation=masks["specialisation"][0],
        ),
        Mediators(
            names=mediator_names,
            region=region[len(case_names) :],
            language=masks["language"][1],
            specialisation=masks["specialisation"][1],
            capacity=np.maximum(capacity, 1),
            free=np.maximum(capacity - load, 0),
            recent=recent,
        ),
        _conflicts(left, right, case_names, mediator_names),
    )


def _text(frame: pl.DataFrame, name: str) -> list[str]:
    return [str(v).strip() for v in column(frame, name).cast(pl.String).fill_null("").to_list()]


def _words(frame: pl.DataFrame, name: str) -> list[list[str]]:
    if name in ("parties", "conflicts") and name not in frame.columns:
        return [[] for _ in range(frame.height)]
    return [[w.strip() for w in cell.split(";") if w.strip()] for cell in _text(frame, name)]


def _named(frame: pl.DataFrame, what: str) -> tuple[str, ...]:
    names = _text(frame, what)
    if not names:
        raise RosterRefused(f"There is no {what}.", where=what, do="Give at least one row.")
    if "" in names:
        raise RosterRefused(
            f"The {what} has no name.",
            where=f"column '{what}', row {names.index('') + 1}",
            do="Give every row a name or a number of its own.",
        )
    if len(set(names)) < len(names):
        seen: set[str] = set()
        twice = sorted({name for name in names if name in seen or seen.add(name)})  # type: ignore[func-returns-value]  # add returns None
        raise RosterRefused(
            f"The {what} {listed(twice)} occurs twice.",
            where=f"column '{what}'",
            why="An assignment could not say which of them it means.",
            do="Keep one row for each.",
        )
    return tuple(names)


def _codes(words: Sequence[str]) -> Integers:
    return np.unique(np.array(words, dtype=np.str_), return_inverse=True)[1].astype(np.int64)


def _masks(
    left: Sequence[Sequence[str]], right: Sequence[Sequence[str]], subject: str
) -> tuple[Masks, Masks]:
    words = sorted({w for words in (*left, *right) for w in words})
    if len(words) > MOST_WORDS:
        raise RosterRefused(
            f"There are {len(words)} different words for a {subject}.",
            where=f"column '{subject}'",
            why=f"At most {MOST_WORDS} can be told apart.",
            do="Check the spelling, or group the words.",
        )
    bit = {word: 1 << k for k, word in enumerate(words)}
    return tuple(
        np.array([sum(bit[w] for w in set(words)) for words in side], dtype=np.uint64)
        for side in (left, right)
    )  # type: ignore[return-value]  # two sides


def _counts(frame: pl.DataFrame, name: str) -> Integers:
    values = numbers(frame, name, role="a number of cases")
    wrong = np.flatnonzero(~((values >= 0) & (values == np.floor(values))))
    if wrong.size:
        row = int(wrong[0])
        raise RosterRefused(
            "The number of cases is missing."
            if np.isnan(values[row])
            else f"{values[row]:g} is not a number of cases.",
            where=f"column '{name}', row {row + 1}",
            do="Write a whole number from 0 up.",
        )
    return values.astype(np.int64)


def _conflicts(
    left: pl.DataFrame,
    right: pl.DataFrame,
    case_names: Sequence[str],
    mediator_names: Sequence[str],
) -> Integers:
    """Return every conflict declared on either side, by mediator, by case or by party."""
    mediator_at = {name: k for k, name in enumerate(mediator_names)}
    about: dict[str, list[int]] = {name: [k] for k, name in enumerate(case_names)}
    for k, parties in enumerate(_words(left, "parties")):
        for party in parties:
            about.setdefault(party, []).append(k)
    pairs = set()
    for k, named in enumerate(_words(left, "conflicts")):
        for name in named:
            if name not in mediator_at:
                raise RosterRefused(
                    f"The conflict names the mediator '{name}', who is not in the table.",
                    where=f"column 'conflicts', case '{case_names[k]}'",
                    why="A misspelt conflict would be a conflict overlooked.",
                    do="Correct the name, or take the conflict out.",
                )
            pairs.add((k, mediator_at[name]))
    for m, named in enumerate(_words(right, "conflicts")):
        pairs |= {(k, m) for name in named for k in about.get(name, ())}
    return np.array(sorted(pairs), dtype=np.int64).reshape(-1, 2)
