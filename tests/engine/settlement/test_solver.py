"""At the door of the solver: what it cannot show is not claimed, whatever goes wrong inside."""

from __future__ import annotations

from fractions import Fraction
from types import SimpleNamespace

import numpy as np
import pytest

from kelisim.core.errors import NotSolved
from kelisim.engine.settlement import cumulated, levels, mixed, outer, polish, programme, whole
from kelisim.engine.settlement.division import Line
from kelisim.engine.settlement.envelope import frontier_pieces
from kelisim.engine.settlement.measure import satisfaction
from kelisim.engine.settlement.model import Case, Package, worth
from kelisim.engine.settlement.programme import ENDLESS, Answer, Patience
from kelisim.engine.settlement.reading import read_case
from kelisim.engine.settlement.searched import choices_by_search
from kelisim.engine.settlement.solve import solve
from tests.engine.settlement.cases import dirichlet, document, goods


def dispute(seed: int = 11) -> Case:
    return read_case(document(dirichlet(4, 8, 3, 100, np.random.default_rng(seed))))


def as_given(case: Case, measure: object, package: Package) -> Package:
    return package


@pytest.mark.parametrize("seed", range(4))
def test_leximin_does_not_depend_on_where_the_search_begins(
    monkeypatch: pytest.MonkeyPatch, seed: int
) -> None:
    case = dispute(seed)
    expected = solve(case)["leximin"]
    monkeypatch.setattr(levels, "polished", as_given)
    (found,) = choices_by_search(case, ENDLESS, ("leximin",))
    measure = satisfaction(case)
    assert measure.gains(worth(case, found.package)) == measure.gains(expected.worth)  # type: ignore[union-attr]  # one choice
    assert found.bound == expected.choice.bound  # type: ignore[union-attr]  # one choice


def test_a_linear_programme_that_fails_costs_time_and_no_truth(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    case = dispute()
    expected = solve(case)["leximin"].of_hundred
    failed = SimpleNamespace(status=4, fun=None)
    monkeypatch.setattr(cumulated, "linprog", lambda *_, **__: failed)
    found = solve(case)["leximin"]
    assert sorted(found.of_hundred) == sorted(expected)
    assert found.status == "proved"


def test_chords_that_cannot_be_prepared_cost_time_and_no_truth(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    case = dispute()
    expected = solve(case)["nash"].choice.value
    monkeypatch.setattr(outer, "LINEAR_ROUNDS", 1)
    assert solve(case)["nash"].choice.value == expected
    monkeypatch.setattr(outer, "maximise", lambda *_: Answer("stopped", None, np.inf))
    found = solve(case)["nash"]
    assert (found.choice.value, found.status) == (expected, "proved")


def test_a_search_that_is_cut_off_has_a_bound(monkeypatch: pytest.MonkeyPatch) -> None:
    case = dispute()
    expected = solve(case)["nash"].choice.value
    monkeypatch.setattr(whole, "ROUNDS", 1)
    found = solve(case)["nash"]
    assert found.status == "bound"
    assert found.gap > 0
    assert found.choice.value <= expected <= found.choice.bound
    monkeypatch.setattr(mixed, "ROUNDS", 1)
    shared = solve(goods([[7, 2, 1], [1, 7, 2], [2, 1, 7]]))["nash"]
    assert shared.status == "bound"
    assert shared.gap > 0


def test_a_package_that_is_not_better_after_all_is_not_taken(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    case = dispute()
    start = solve(case)["utilitarian"].choice.package
    monkeypatch.setattr(levels, "package_at", lambda *_: start)
    monkeypatch.setattr(levels, "polished", as_given)
    (found,) = choices_by_search(case, ENDLESS, ("leximin",))
    assert not found.proved  # type: ignore[union-attr]  # one choice


def test_a_solver_stopped_half_way_leaves_what_it_found(monkeypatch: pytest.MonkeyPatch) -> None:
    case = read_case(goods([[7, 2, 1], [1, 7, 2], [2, 1, 7]]))
    plain = cumulated.cumulated_level

    def stopped(*arguments: object) -> Answer:
        answer = plain(*arguments)  # type: ignore[arg-type]  # passed on
        return Answer("stopped", answer.x, answer.bound)

    monkeypatch.setattr(mixed, "cumulated_level", stopped)
    (found,) = choices_by_search(case, ENDLESS, ("leximin",))
    assert not found.proved  # type: ignore[union-attr]  # one choice
    assert float(found.value) == pytest.approx(70, abs=1e-3)  # type: ignore[union-attr]  # one choice


def test_a_solver_that_gives_up_is_refused_with_its_words(monkeypatch: pytest.MonkeyPatch) -> None:
    gone = SimpleNamespace(status=4, message="numerical trouble", x=None)
    monkeypatch.setattr(programme, "milp", lambda *_, **__: gone)
    with pytest.raises(NotSolved, match="numerical trouble"):
        solve(dispute())


def test_a_solver_without_a_bound_bounds_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    late = SimpleNamespace(status=1, x=None, fun=None, mip_dual_bound=None)
    monkeypatch.setattr(programme, "milp", lambda *_, **__: late)
    found = solve(dispute())
    assert {s.status for s in found.settlements if s.method != "utilitarian"} == {"bound"}
    assert all(np.isfinite(s.gap) for s in found.settlements)


def test_many_issues_are_polished_one_at_a_time(monkeypatch: pytest.MonkeyPatch) -> None:
    case = dispute()
    measure = satisfaction(case)
    start: Package = (0,) * len(case.issues)
    pairs = polish.polished(case, measure, start)
    monkeypatch.setattr(polish, "MOST_PAIRS", 1)
    single = polish.polished(case, measure, start)
    gains = [measure.gains(worth(case, p)) for p in (start, single, pairs)]
    assert gains == sorted(gains)
    assert gains[0] < gains[1]


def test_patience_counts_from_its_beginning() -> None:
    moments = iter([10.0, 11.0, 14.0])
    patience = Patience.of(3.0, lambda: next(moments))
    assert patience.left() == 2.0
    assert patience.left() == 0.0


def test_rules_may_be_asked_one_at_a_time() -> None:
    case = dispute()
    for method in ("nash", "leximin", "kalai_smorodinsky", "utilitarian"):
        (found,) = choices_by_search(case, ENDLESS, (method,))
        assert found.method == method


def test_a_stretch_below_a_later_one_leaves_the_frontier() -> None:
    line = Line(((0, 10), (5, 5), (6, 0)), (0, 1), (), (5, 1))
    pieces = frontier_pieces(np.array([[0, 5], [6, 4]]), line)
    corners = [(piece.start, piece.end) for piece in pieces]
    assert corners == [((0, 15), (1, 14)), ((6, 14), (11, 9)), ((11, 9), (12, 4))]


def test_shares_are_read_as_millionths_that_sum_to_one() -> None:
    case = read_case(goods([[1], [1], [1]]))
    model = programme.programme_of(case)
    (shares,) = programme.package_at(case, model, np.array([1 / 3, 1 / 3, 1 / 3]))
    assert isinstance(shares, tuple)
    assert sum(shares) == 1
    assert max(shares) - min(shares) <= Fraction(1, 10**6)
