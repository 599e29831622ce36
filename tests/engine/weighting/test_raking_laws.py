"""Laws of raking, on random samples with margins that can be met."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from kelisim.engine.frame import as_frame
from kelisim.engine.weighting import rake
from kelisim.engine.weighting.cells import collapse
from kelisim.engine.weighting.fitting import Problem, fit
from kelisim.engine.weighting.margins import read_margins

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Poll:
    """A sample, its base weights, and the margins of some positive weights on it."""

    data: dict[str, list[str]]
    base: Floats
    margins: dict[Any, dict[Any, float]]


@st.composite
def polls(draw: st.DrawFn) -> Poll:
    n, K = draw(st.integers(2, 60)), draw(st.integers(1, 4))
    rng = np.random.default_rng(draw(st.integers(0, 2**32)))
    spread = draw(st.sampled_from([0.0, 0.3, 1.0, 3.0]))
    data = {f"m{k}": [f"c{c}" for c in rng.integers(0, 4, n)] for k in range(K)}
    wanted = rng.gamma(1, 1, n) + 0.01
    cell_factor = {
        row: np.exp(rng.normal(0, spread)) for row in set(zip(*data.values(), strict=True))
    }
    wanted *= [cell_factor[row] for row in zip(*data.values(), strict=True)]
    margins: dict[Any, dict[Any, float]] = {name: {} for name in data}
    for name, column in data.items():
        for category, weight in zip(column, wanted, strict=True):
            margins[name][category] = margins[name].get(category, 0.0) + float(weight)
    return Poll(data, rng.gamma(2, 1, n) + 0.01, margins)


@given(polls())
@settings(deadline=None, max_examples=60)
def test_every_margin_is_reproduced(poll: Poll) -> None:
    r = rake(poll.data, poll.margins, weight=poll.base)
    population = float(r.weights.sum())
    worst = 0.0
    for name, counts in poll.margins.items():
        for category, count in counts.items():
            inside = np.array([value == category for value in poll.data[name]])
            worst = max(worst, abs(float(r.weights[inside].sum()) - count) / population)
    assert worst <= 1e-9
    assert abs(worst - r.max_error) < 1e-12
    assert (r.weights > 0).all()


@given(polls(), st.randoms(use_true_random=False))
@settings(deadline=None, max_examples=40)
def test_the_order_of_the_rows_does_not_matter(poll: Poll, random: Any) -> None:
    order = list(range(len(poll.base)))
    random.shuffle(order)
    shuffled = {name: [column[row] for row in order] for name, column in poll.data.items()}
    one = rake(poll.data, poll.margins, weight=poll.base, tolerance=1e-11)
    other = rake(shuffled, poll.margins, weight=poll.base[order], tolerance=1e-11)
    np.testing.assert_allclose(one.weights[order], other.weights, rtol=1e-7)


@given(polls(), st.floats(1e-6, 1e6))
@settings(deadline=None, max_examples=40)
def test_the_scale_of_the_base_weights_does_not_matter(poll: Poll, scale: float) -> None:
    one = rake(poll.data, poll.margins, weight=poll.base, tolerance=1e-11)
    other = rake(poll.data, poll.margins, weight=poll.base * scale, tolerance=1e-11)
    np.testing.assert_allclose(one.weights, other.weights, rtol=1e-7)


@given(polls())
@settings(deadline=None, max_examples=40)
def test_cells_and_rows_give_the_same_weights(poll: Poll) -> None:
    margins = read_margins(as_frame(poll.data), poll.margins, 1e-8)
    found = []
    for worth in (1.0, 0.0):
        cells = collapse([m.codes for m in margins], [len(m.labels) for m in margins], worth=worth)
        problem = Problem(cells, cells.total(poll.base), tuple(m.targets for m in margins))
        found.append(poll.base * cells.spread(fit(problem, goal=1e-12).ratio))
    np.testing.assert_allclose(found[0], found[1], rtol=1e-7)


@given(polls(), polls())
@settings(deadline=None, max_examples=40)
def test_wherever_it_starts_it_ends_at_the_same_weights(poll: Poll, other: Poll) -> None:
    start = rake(other.data, other.margins, weight=other.base)
    cold = rake(poll.data, poll.margins, weight=poll.base, tolerance=1e-11)
    warm = rake(poll.data, poll.margins, weight=poll.base, tolerance=1e-11, start=start)
    np.testing.assert_allclose(warm.weights, cold.weights, rtol=1e-7)


@given(polls())
@settings(deadline=None, max_examples=40)
def test_raking_raked_weights_again_leaves_them(poll: Poll) -> None:
    once = rake(poll.data, poll.margins, weight=poll.base, tolerance=1e-11)
    twice = rake(poll.data, poll.margins, weight=once.weights, tolerance=1e-11)
    np.testing.assert_allclose(once.weights, twice.weights, rtol=1e-7)


@given(polls())
@settings(deadline=None, max_examples=40)
def test_odds_ratios_within_the_sample_are_those_of_the_base_weights(poll: Poll) -> None:
    """Rows of one cell keep the proportions of their base weights (Deming and Stephan)."""
    r = rake(poll.data, poll.margins, weight=poll.base)
    ratio: dict[tuple[str, ...], float] = {}
    for row, cell in enumerate(zip(*poll.data.values(), strict=True)):
        factor = float(r.weights[row] / poll.base[row])
        assert abs(ratio.setdefault(cell, factor) / factor - 1) < 1e-12
