"""What is asked of a draw: whole numbers of units, and no more than there are."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np

from kelisim.core.errors import DesignRefused, listed, nearest


def whole(value: object, what: str, *, where: str = "") -> int:
    """Return a whole number of at least 1.

    Parameters
    ----------
    what
        What the number is, to begin a sentence: "The sample size n".

    Raises
    ------
    DesignRefused
        The value is not an integer, or is less than 1.

    Examples
    --------
    >>> whole(12, "The sample size n")
    12
    """
    if isinstance(value, bool) or not isinstance(value, (int, np.integer)):
        raise DesignRefused(
            f"{what} is {value!r}, which is not a whole number.",
            where=where,
            why="Part of a unit cannot be drawn.",
            do="Round it up to a whole number.",
        )
    if value < 1:
        raise DesignRefused(
            f"{what} is {value}, and must be at least 1.",
            where=where,
            do="Ask for one unit or more.",
        )
    return int(value)


def refuse_too_many(n: int, there_are: int, units: str, *, where: str = "") -> None:
    """Refuse a draw without replacement of more units than there are.

    Parameters
    ----------
    units
        What is drawn, in the plural.

    Raises
    ------
    DesignRefused
        ``n`` is larger than ``there_are``.
    """
    if n > there_are:
        raise DesignRefused(
            f"{n} {units} are asked for, and there are {there_are}.",
            where=where,
            why="Without replacement a unit is drawn once at most.",
            do=f"Ask for {there_are} at most, or correct the frame.",
        )


def known_word(word: str, known: Iterable[str], what: str) -> str:
    """Return a word that is one of a few.

    Raises
    ------
    DesignRefused
        It is another one; the sentence offers the nearest.

    Examples
    --------
    >>> known_word("srs", ["srs", "systematic"], "method of selection")
    'srs'
    """
    words = tuple(known)
    if word not in words:
        raise DesignRefused(
            f"There is no {what} '{word}'.",
            do=nearest(word, words) or f"Choose one of {listed(words, 12)}.",
        )
    return word
