"""Whether two releases can be compared: what makes a difference of their estimates meaningless."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from kelisim.core.errors import WavesRefused, listed
from kelisim.study.published import Published

_MEANING = ("kind", "yes", "at")
"""What of an indicator must not change; its column may."""


def refuse_incomparable(first: Published, second: Published) -> None:
    """Refuse two releases that did not estimate the same, or are one.

    Raises
    ------
    WavesRefused
        With the names of the indicators that differ.
    """
    if first.manifest == second.manifest:
        raise WavesRefused(
            "The two folders hold the same release.",
            where=f"{first.folder} and {second.folder}",
            do="Name the release of the earlier wave, then that of the later one.",
        )
    if first.manifest["level"] != second.manifest["level"]:
        raise WavesRefused(
            f"The intervals are at {first.manifest['level']:g} in the first release and at "
            f"{second.manifest['level']:g} in the second.",
            where="level",
            do="Run both studies with one version of Kelisim.",
        )
    _refuse_reversed(first, second)
    _refuse_other_indicators(first.kinds, second.kinds)


def _refuse_reversed(first: Published, second: Published) -> None:
    before, after = first.manifest["fieldwork"], second.manifest["fieldwork"]
    if before and after and before[0] > after[0]:
        raise WavesRefused(
            f"The first release is of fieldwork that began on {before[0]}, after that of the "
            f"second ({after[0]}).",
            where=f"{first.folder} and {second.folder}",
            why="A rise would be shown as a fall.",
            do="Name the earlier wave first.",
        )


def _refuse_other_indicators(
    first: Mapping[str, Mapping[str, Any]], second: Mapping[str, Mapping[str, Any]]
) -> None:
    here, there = ([n for n in a if n not in b] for a, b in ((first, second), (second, first)))
    if here or there:
        found = [f"only in the {w} wave: {listed(n, 12)}" for w, n in _named(here, there) if n]
        raise WavesRefused(
            f"The waves have different indicators; {'; '.join(found)}.",
            where="[[indicator]]",
            why="Only what was asked twice can have changed.",
            do="Give equal indicators equal names, and leave the others out of both studies.",
        )
    changed = [
        name for name in first if any(first[name][one] != second[name][one] for one in _MEANING)
    ]
    if changed:
        name = changed[0]
        raise WavesRefused(
            f"{listed(changed)} changed: '{name}' is {_spoken(first[name])} in the first wave and "
            f"{_spoken(second[name])} in the second.",
            where="[[indicator]]",
            why="Two kinds of quantity have no difference.",
            do="Declare the indicator alike in both studies and run them again.",
        )


def _named(here: list[str], there: list[str]) -> tuple[tuple[str, list[str]], ...]:
    return ("first", here), ("second", there)


def _spoken(indicator: Mapping[str, Any]) -> str:
    details = [f"{key} = {indicator[key]}" for key in ("yes", "at") if indicator[key]]
    return " with ".join([f"of kind {indicator['kind']}", *details])
