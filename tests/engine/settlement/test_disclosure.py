"""What a suggestion reveals is bounded, repeatable, and nothing where the rule ignores points."""

from __future__ import annotations

from functools import partial

import numpy as np
import pytest

from kelisim.core.errors import CaseRefused
from kelisim.engine.settlement.disclosure import Disclosure, disclosure
from kelisim.engine.settlement.model import Case, Package
from kelisim.engine.settlement.reading import read_case
from kelisim.engine.settlement.solve import suggestion
from tests.engine.settlement.cases import document, goods


def dispute() -> Case:
    return read_case(document([[[40, 0], [0, 10]], [[30, 0], [0, 20]], [[30, 0], [0, 70]]]))


def told(rule: object, seed: int = 1, steps: int = 400) -> Disclosure:
    return disclosure(dispute(), rule, 1, np.random.default_rng(seed), steps=steps)  # type: ignore[arg-type]  # any rule


def test_a_rule_that_ignores_points_reveals_almost_nothing() -> None:
    found = told(lambda _: (0, 0, 0), steps=4000)
    assert found.guess < 0.45
    assert found.bits < 0.05
    assert found.consistent > 0.7
    assert found.allowed(1.0) >= 20


def test_a_rule_that_names_the_top_issue_reveals_all_of_it() -> None:
    def naming(case: Case) -> Package:
        best = [int(table[1].max()) for table in case.points]
        return (best.index(max(best)),)

    found = told(naming)
    assert (found.top_issue, found.guess) == (1.0, 1.0)
    assert found.bits == found.most_bits == pytest.approx(np.log2(3))
    assert found.allowed(1.0) == 0


def test_a_real_rule_is_between_and_repeatable() -> None:
    nash = partial(suggestion, method="nash")
    found = told(nash)
    assert found == told(nash)
    assert found != told(nash, seed=2)
    assert found.blind_guess == pytest.approx(1 / 3)
    assert 0 <= found.bits <= found.most_bits
    assert found.steps == 400


def test_shares_count_as_people_see_them_in_whole_per_cent() -> None:
    case = read_case(goods([[50, 30, 20, 0], [20, 30, 50, 0]]))
    rule = partial(suggestion, method="leximin")
    found = disclosure(case, rule, 0, np.random.default_rng(0), steps=100)
    assert 0 < found.consistent < 1


def test_a_single_issue_hides_nothing() -> None:
    case = read_case(goods([[1], [1]]))
    with pytest.raises(CaseRefused, match="With a single issue"):
        disclosure(case, lambda _: None, 0, np.random.default_rng(0))
