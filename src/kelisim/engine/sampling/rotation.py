"""Rotation groups: parts of a sample that enter and leave a survey of several waves in turn."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

from kelisim.core.errors import DesignRefused
from kelisim.engine.frame import Codes
from kelisim.engine.sampling.asked import refuse_too_many, whole


def rotation_groups(n: int, groups: int, rng: Generator) -> Codes:
    """Deal n units into groups at random, as evenly as can be.

    Returns
    -------
    Codes
        Shape (n,), int32: the group of each unit, from 1. Sizes differ by one at most, and every
        unit is as likely to be in one group as in another.

    Raises
    ------
    DesignRefused
        There are fewer units than groups, or a number is not whole.

    Examples
    --------
    >>> rotation_groups(5, 2, np.random.default_rng(1))
    array([2, 2, 1, 1, 2], dtype=int32)
    """
    refuse_too_many(whole(groups, "The number of rotation groups"), n, "rotation groups")
    first = int(rng.random() * groups)
    codes = np.empty(n, dtype=np.int32)
    codes[np.argsort(rng.random(n), kind="stable")] = (np.arange(n) + first) % groups + 1
    return codes


def in_sample(pattern: Sequence[int]) -> NDArray[np.bool_]:
    """Return in which waves after its entry a group is interviewed.

    Parameters
    ----------
    pattern
        Waves in, out, in, ... such as (4, 8, 4): an odd number of whole numbers.

    Raises
    ------
    DesignRefused
        The pattern ends outside the sample, or a number in it is not whole.

    Examples
    --------
    >>> in_sample((2, 1, 1))
    array([ True,  True, False,  True])
    """
    if len(pattern) % 2 == 0:
        raise DesignRefused(
            f"The rotation pattern {tuple(pattern)} ends with waves out of the sample.",
            do="Give waves in, out, in, such as (4, 8, 4), or (4,) for four waves in a row.",
        )
    waves = [whole(length, "A length in the rotation pattern") for length in pattern]
    return np.repeat(np.arange(len(waves)) % 2 == 0, waves)


def rotation_schedule(pattern: Sequence[int], waves: int) -> NDArray[np.bool_]:
    """Return which groups are interviewed at which wave, when one group enters at every wave.

    Returns
    -------
    array of bool
        Shape (waves, groups): column g is the group that entered at wave g - L + 2, counted from 1,
        where L is the length of the pattern; so that the first wave has all its groups already.

    Raises
    ------
    DesignRefused
        As in `in_sample`.

    Examples
    --------
    >>> rotation_schedule((2,), 3).astype(int)
    array([[1, 1, 0, 0],
           [0, 1, 1, 0],
           [0, 0, 1, 1]])
    """
    stay = in_sample(pattern)[::-1]
    schedule = np.zeros((whole(waves, "The number of waves"), waves + len(stay) - 1), dtype=bool)
    for wave in range(waves):
        schedule[wave, wave : wave + len(stay)] = stay
    return schedule


def overlap(pattern: Sequence[int], lag: int) -> float:
    """Return the share of the groups of a wave that are interviewed ``lag`` waves later too.

    Raises
    ------
    DesignRefused
        As in `in_sample`, or the lag is no whole number.

    Examples
    --------
    >>> overlap((4, 8, 4), 1), overlap((4, 8, 4), 12)
    (0.75, 0.5)
    """
    stay = in_sample(pattern)
    later = np.concatenate([stay[whole(lag, "The lag") :], np.zeros(lag, dtype=bool)])[: len(stay)]
    return float((stay & later).sum() / stay.sum())
