from __future__ import annotations

import json
from collections import Counter

import numpy as np
import pytest

from kelisim.core.errors import ValueRefused, VotesRefused
from kelisim.engine.opinion.map import live_map
from kelisim.engine.opinion.model import ideal_point
from kelisim.engine.opinion.visit import (
    Standing,
    map_document,
    map_from,
    next_statement,
    place_one,
    standing_document,
    standing_from,
    vote_told,
)
from tests.engine.opinion.conversations import camps, matrix_votes

MATRIX = camps(60, 20)
VOTES = matrix_votes(MATRIX)
MAP = live_map(VOTES)
STANDING = Standing(VOTES.statements, ideal_point(VOTES, 1))


def cast(i: int) -> dict[str, int]:
    """Return the votes of a participant by the names of the statements."""
    return {f"s{j:04d}": int(v) for j, v in enumerate(MATRIX[i]) if not np.isnan(v)}


def test_the_own_dot_is_where_everybodys_map_has_it_whatever_the_order_of_votes() -> None:
    again = live_map(VOTES, before=MAP, tolerance=1e-3)
    forward = place_one(MAP, cast(3))
    backward = place_one(MAP, dict(reversed(list(cast(3).items()))))
    assert forward == backward
    np.testing.assert_allclose([forward.x, forward.y], again.places[3], atol=1e-3)
    np.testing.assert_allclose([forward.x_se, forward.y_se], again.errors[3], atol=1e-3)
    assert forward.n_votes == len(cast(3))


def test_one_vote_gives_a_place_and_more_votes_a_smaller_halo() -> None:
    votes = cast(5)
    names = list(votes)
    halos = [
        place_one(MAP, {name: votes[name] for name in names[:k]}).x_se
        for k in range(1, len(names) + 1)
    ]
    assert np.isfinite(halos[0])
    assert (np.diff(halos) <= 1e-12).all()
    assert halos[-1] < 0.7 * halos[0]


def test_a_vote_on_a_statement_newer_than_the_map_waits() -> None:
    assert place_one(MAP, cast(3) | {"new": 1}) == place_one(MAP, cast(3))
    with pytest.raises(VotesRefused, match="no vote to place"):
        place_one(MAP, {"new": 1})
    with pytest.raises(VotesRefused, match="no vote to place"):
        place_one(MAP, {})


@pytest.mark.parametrize("vote", [2, -2, 7])
def test_a_vote_that_is_none_is_refused(vote: int) -> None:
    with pytest.raises(ValueRefused, match=f"A vote is {vote}"):
        place_one(MAP, {"s0001": vote})


def test_documents_survive_json() -> None:
    kept = map_from(json.loads(json.dumps(map_document(MAP))))
    assert place_one(kept, cast(7)) == place_one(MAP, cast(7))
    standing = standing_from(json.loads(json.dumps(standing_document(STANDING))))
    offered = ["s0001", "s0004", "s0015"]
    for seed in range(5):
        assert next_statement(
            standing, cast(7), offered, {}, np.random.default_rng(seed)
        ) == next_statement(STANDING, cast(7), offered, {}, np.random.default_rng(seed))


def drawn(offered: list[str], counts: dict[str, int], draws: int = 3000) -> Counter[str]:
    rng = np.random.default_rng(0)
    found = [next_statement(STANDING, {}, offered, counts, rng) for _ in range(draws)]
    assert all(0 < display.probability <= 1 for display in found)
    return Counter(display.statement for display in found)


def test_a_newcomer_is_asked_what_parts_people_and_now_and_then_anything() -> None:
    offered = VOTES.statements.to_list()
    shown = drawn(offered, dict.fromkeys(offered, 500))
    parting = sum(shown[name] for name in offered[:10])
    assert parting > 0.75 * 3000
    assert set(shown) == set(offered)


def test_a_statement_newer_than_the_fit_gets_its_share_at_once() -> None:
    offered = [*VOTES.statements.to_list(), "new"]
    counts = dict.fromkeys(VOTES.statements, 500)
    assert drawn(offered, counts)["new"] > 3000 / 21
    late = drawn(offered, counts | {"new": 500})
    assert late["new"] < drawn(offered, counts)["new"]


def test_who_has_seen_all_is_thanked() -> None:
    with pytest.raises(ValueRefused, match="no statement left"):
        next_statement(STANDING, cast(1), [], {}, np.random.default_rng(0))


def test_a_vote_tells_something_once() -> None:
    votes = {"s0000": -1}
    assert vote_told(STANDING, votes, "s0001", 1) > 0
    assert vote_told(STANDING, votes, "s0000", -1) > 0
    assert vote_told(STANDING, votes, "new", 1) == 0.0
    assert vote_told(STANDING, {}, "s0001", 1) > vote_told(STANDING, cast(3), "s0015", 1)
