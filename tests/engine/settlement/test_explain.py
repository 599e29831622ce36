"""An explanation says what the rule is, what is decided, for whom how much, and how it is known."""

from __future__ import annotations

import numpy as np

from kelisim.engine.settlement.explain import KEYS, Fact, facts
from kelisim.engine.settlement.programme import Patience
from kelisim.engine.settlement.solve import solve
from tests.engine.settlement.cases import dirichlet, document, goods


def test_adjusted_winner_is_explained_with_its_transfers() -> None:
    solution = solve(goods([[6, 67, 27], [5, 34, 61]]))
    found = list(facts(solution.case, solution["adjusted_winner"]))
    assert (
        Fact("transferred", {"issue": "good 1", "from": "P1", "to": "P2", "percent": 100.0})
        in found
    )
    split = [
        f.about["percent"] for f in found if f.key == "divided" and f.about["issue"] == "good 2"
    ]
    assert sum(map(float, split)) == 100
    assert {"rule_adjusted_winner", "proved", "efficient", "envy_free", "equitable"} <= {
        fact.key for fact in found
    }


def test_every_fact_has_a_key_that_words_are_kept_for() -> None:
    tie = solve(document([[[2, 1], [1, 2]]]))
    hurried = solve(
        document(dirichlet(4, 8, 3, 1000, np.random.default_rng(2))),
        patience=Patience(0.0, lambda: 0.0, 0.0),
    )
    seen = {
        fact.key
        for solution in (tie, hurried)
        for settlement in solution.settlements
        for fact in facts(solution.case, settlement)
    }
    assert seen <= set(KEYS)
    assert {"tied", "bounded", "decided", "satisfied", "not_equitable"} <= seen
    bounded = [f for s in hurried.settlements for f in facts(hurried.case, s) if f.key == "bounded"]
    assert all(float(fact.about["gap"]) > 0 for fact in bounded)
