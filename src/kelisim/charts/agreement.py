"""Direct estimates against a model's: on the slanted line the two are equal.

The larger the dot, the more people answered in the area: large dots lie near the line, because a
model leaves an area alone that speaks for itself.
"""

from __future__ import annotations

from collections.abc import Sequence
from math import sqrt

from kelisim.charts import markup
from kelisim.charts.axis import kept
from kelisim.charts.dots import dot, dots
from kelisim.charts.measure import fit, width
from kelisim.charts.rows import Numbers
from kelisim.charts.scale import Scale, scale
from kelisim.charts.shrinkage import Pull, PullWords

_LARGEST, _SMALLEST = 8.0, 2.5
_SIDE = 380


def agreement_chart(
    pulls: Sequence[Pull],
    words: PullWords,
    numbers: Numbers,
    sheet: markup.Sheet,
    *,
    bounds: tuple[float, float] | None = None,
) -> str:
    """Return the SVG of a square with the direct estimate across and the model's upwards.

    Parameters
    ----------
    pulls
        Areas; one without a direct estimate has no place.
    """
    known = [
        (pull, pull.direct, pull.model.value)
        for pull in pulls
        if pull.direct is not None and pull.model.value is not None
    ]
    ends = [one for _, direct, model in known for one in (direct, model)]
    left = 16 + max(width(numbers.tick(t), 11) for t in scale(ends, 0, 1, bounds=bounds).ticks)
    side = min(float(_SIDE), sheet.width - left - 12)
    across = scale(ends, left, left + side, bounds=bounds)
    upwards = Scale(across.ticks, 24 + side, 24.0)
    most = max((pull.model.n or 1 for pull, _, _ in known), default=1)
    marks = [
        dot(across.at(direct), upwards.at(model), _radius(pull.model.n or 1, most))
        for pull, direct, model in known
    ]
    name = fit(words.direct, 11.5, side)
    return markup.framed(
        sheet,
        24 + side + 38,
        words.row.title,
        words.row.description,
        [
            markup.notes([markup.text(0, 12, fit(words.model, 11.5, sheet.width))], 11.5, "start"),
            *_grid(across, upwards, numbers, sheet.width),
            markup.lines("reference", markup.INK, 1.2, [_diagonal(across, upwards)], "4 3"),
            *dots(marks, []),
            markup.notes([markup.text(left + side / 2, 24 + side + 33, name)], 11.5, "middle"),
        ],
    )


def _radius(n: int, most: int) -> float:
    """Return a radius whose circle grows with the respondents, and that can still be seen."""
    return max(_SMALLEST, _LARGEST * sqrt(n / most))


def _diagonal(across: Scale, upwards: Scale) -> str:
    x, y = (markup.short(one) for one in (across.start, upwards.start))
    return f"M{x} {y}L{markup.short(across.end)} {markup.short(upwards.end)}"


def _grid(across: Scale, upwards: Scale, numbers: Numbers, room: float) -> list[str]:
    short = markup.short
    down = [
        f"M{short(across.at(t))} {short(upwards.end)}V{short(upwards.start)}" for t in across.ticks
    ]
    level = [
        f"M{short(across.start)} {short(upwards.at(t))}H{short(across.end)}" for t in across.ticks
    ]
    below, beside, taken = [], [], float("-inf")
    for tick in across.ticks:
        words = numbers.tick(tick)
        wide = width(words, 11)
        x = kept(across.at(tick), wide, room)
        beside.append(markup.text(across.start - 6, upwards.at(tick) + 4, words))
        if x - wide / 2 > taken + 4:
            taken = x + wide / 2
            below.append(markup.text(x, upwards.start + 17, words))
    return [
        markup.lines("rule", markup.RULE, 1, [*down, *level]),
        markup.notes(below, 11, "middle"),
        markup.notes(beside, 11, "end"),
    ]
