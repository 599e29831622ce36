"""Why there are no weights: the sentences of a raking that is refused."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from kelisim.core.errors import NotConverged
from kelisim.engine.frame import Floats
from kelisim.engine.weighting.conflict import Conflict, Level
from kelisim.engine.weighting.fitting import Bounds, Fit, Problem
from kelisim.engine.weighting.margins import Margin
from kelisim.engine.weighting.nearest import Nearest

MOST = 4
"""Categories named in one breath."""


def contradiction(
    margins: Sequence[Margin], conflict: Conflict, nearest: Nearest | None
) -> NotConverged:
    """Return the refusal of margins that the sample cannot meet together.

    Parameters
    ----------
    nearest
        Margins that it can meet, where they were looked for.
    """
    wanted, scarce = _either(margins, conflict.wanted), _either(margins, conflict.scarce)
    want, have = conflict.wanted_total, conflict.scarce_total
    counts = (
        f"the population has {want:,.6g} of the former and only {have:,.6g} of the latter"
        if want > have * (1 + 1e-6)
        else f"the population has {want:,.6g} of both, so any other row with {scarce} could only "
        "get weight zero"
    )
    return NotConverged(
        "Raking cannot meet these margins, and no weights are returned: in the sample every row "
        f"with {wanted} also has {scarce}, but {counts}.",
        where=_where(margins, (*conflict.wanted, *conflict.scarce)),
        do="Merge these categories with neighbouring ones, or leave one of the margins out."
        + ("" if nearest is None else _instead(margins, nearest)),
    )


def _instead(margins: Sequence[Margin], nearest: Nearest) -> str:
    changes = nearest.changes([margin.targets for margin in margins])
    told = [
        f"{margins[k].category(code)} {after:,.6g} instead of {before:,.6g}"
        for (k, code), before, after in changes[:MOST]
    ]
    if not told:
        return " A thousandth of the population moved to other categories would do."
    more = f" and {len(changes) - MOST} more" if len(changes) > MOST else ""
    return (
        f" The nearest margins that can be met move {nearest.moved:.2%} of the population to "
        f"other categories: {', '.join(told)}{more}."
    )


def too_narrow(
    margins: Sequence[Margin], problem: Problem, bounded: Fit, bounds: Bounds, nearest: Bounds
) -> NotConverged:
    """Return the refusal of bounds that no weights can keep.

    Parameters
    ----------
    bounded
        The fit that failed.
    nearest
        Bounds of the same shape that can be kept.
    """
    needs = [
        target / total
        for target, total in zip(
            problem.targets, problem.cells.margin_totals(problem.mass), strict=True
        )
    ]
    beyond = [np.maximum(need / bounds[1], bounds[0] / need) for need in needs]
    impossible = max(float(part.max()) for part in beyond) > 1
    k, code = _largest(beyond if impossible else misfits(problem, bounded))
    return NotConverged(
        f"Weights between {bounds[0]:g} and {bounds[1]:g} times the base weight cannot meet the "
        f"margins. The tightest is {margins[k].category(code)}, whose rows need "
        f"{needs[k][code]:.4g} times their base weight on average.{_scale(problem, bounds)}",
        where=f"bounds, margin '{margins[k].name}'",
        why="The margins come first: weights that miss them are not returned.",
        do=f"Widen the bounds to [{nearest[0]:g}, {nearest[1]:g}], which can be kept, or merge "
        "this category with a neighbouring one.",
    )


def unmet(margins: Sequence[Margin], problem: Problem, last: Fit) -> NotConverged:
    """Return the refusal of a raking that ran out of sweeps."""
    left = misfits(problem, last)
    k, code = _largest(left)
    return NotConverged(
        f"Raking did not converge in {last.sweeps} sweeps: {margins[k].category(code)} is still "
        f"{left[k][code]:.2g} of its count away from it.",
        where=f"margin '{margins[k].name}'",
        why="Weights that miss a margin are not returned.",
        do="Allow more sweeps, or merge this category with a neighbouring one.",
    )


def misfits(problem: Problem, found: Fit) -> list[Floats]:
    """Return |total - target| / target of every category: K arrays of shape (L_k,)."""
    totals = problem.cells.margin_totals(problem.mass * found.ratio)
    return [np.abs(a / b - 1) for a, b in zip(totals, problem.targets, strict=True)]


def _largest(values: Sequence[Floats]) -> Level:
    k = int(np.argmax([part.max() for part in values]))
    return k, int(np.argmax(values[k]))


def _scale(problem: Problem, bounds: Bounds) -> str:
    base, population = float(problem.mass.sum()), float(problem.targets[0].sum())
    if bounds[0] <= population / base <= bounds[1]:
        return ""
    return (
        f" The base weights add up to {base:,.6g} and the population to {population:,.6g}: scale "
        "the base weights first."
    )


def _either(margins: Sequence[Margin], levels: Sequence[Level]) -> str:
    names = [margins[k].category(code) for k, code in levels[:MOST]]
    if len(levels) > MOST:
        names.append(f"one of {len(levels) - MOST} more")
    return " or ".join(names)


def _where(margins: Sequence[Margin], levels: Sequence[Level]) -> str:
    names = dict.fromkeys(f"'{margins[k].name}'" for k, _ in levels)
    return f"margins {' and '.join(names)}"
