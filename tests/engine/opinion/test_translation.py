from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import polars as pl
import pytest

from kelisim.core.errors import ColumnRefused, SettingRefused
from kelisim.engine.opinion import translation
from kelisim.engine.opinion.translation import _discovery, _fitted, translation_effects
from kelisim.engine.opinion.votes import Votes
from tests.engine.opinion.conversations import matrix_votes


def country(
    shift: float, *, people: int = 400, statements: int = 24, seed: int = 0
) -> tuple[Votes, pl.DataFrame]:
    """Return simulated votes of two language groups that think differently, and what they read.

    On statement 0 the Kazakh wording adds ``shift`` log-odds of agreement. Speakers differ by one
    standard deviation of opinion, so that plain shares differ on most statements.
    """
    rng = np.random.default_rng(seed)
    kazakh = rng.random(people) < 0.5
    u = rng.normal(size=people) + np.where(kazakh, 0.5, -0.5)
    pull, level = rng.choice([-1.5, 1.5], statements), rng.normal(0, 0.7, statements)
    odds = np.outer(u, pull) + level
    odds[:, 0] += np.where(kazakh, shift, 0.0)
    matrix = np.where(rng.random(odds.shape) < 1 / (1 + np.exp(-odds)), 1.0, -1.0)
    matrix[rng.random(odds.shape) < 0.1] = 0.0
    matrix[rng.random(odds.shape) < 0.3] = np.nan
    votes = matrix_votes(matrix)
    rows = votes.rows()
    read = pl.DataFrame(
        {
            "participant": votes.participants.gather(rows),
            "statement": votes.statements.gather(votes.indices),
            "language": np.where(kazakh[rows], "kk", "ru"),
        }
    )
    return votes, read


def test_a_translation_that_changes_the_vote_is_found_with_its_size() -> None:
    found = translation_effects(*country(2.0))
    named = found.statements.filter("differs")["statement"].to_list()
    assert named == ["s0000"]
    effect = found.effects.filter(pl.col("statement") == "s0000", pl.col("language") == "kk")
    # The effect of one language is relative to the mean of the two: half of the shift.
    assert effect["low"].item() < 1.0 < effect["high"].item()
    assert effect["low"].item() > 0


def test_groups_that_merely_think_differently_are_not_blamed_on_the_translator() -> None:
    """The false discovery rate holds (simulated): no statement differs in any of twelve countries.

    Plain shares differ between the languages in most statements of the same votes.
    """
    named, apart = 0, 0
    for seed in range(12):
        votes, read = country(0.0, seed=seed)
        named += int(translation_effects(votes, read).statements["differs"].any())
        signs = pl.Series(votes.signs)
        shares = (
            read.with_columns(agree=signs == 1)
            .group_by("statement", "language")
            .agg(pl.col("agree").mean())
        )
        wide = shares.pivot("language", index="statement", values="agree")
        apart += int(((wide["kk"] - wide["ru"]).abs() > 0.12).sum())
    assert apart > 12 * 24 / 2
    assert named <= 2


def test_what_cannot_be_tested_says_why() -> None:
    votes, read = country(0.0, people=60)
    few = read.filter((pl.col("statement") != "s0003") | (pl.col("language") == "kk"))
    found = translation_effects(votes, few).statements
    assert found["note"][3] == "fewer than two languages with 20 votes"
    assert found["p_value"][3] is None
    assert found["differs"][3] is None
    many, told = country(0.0)
    same = replace(many, signs=np.where(many.indices == 5, 1, many.signs).astype(np.int8))
    assert translation_effects(same, told).statements["note"][5] == "all who voted said the same"


def test_a_language_in_which_all_agree_has_a_finite_effect() -> None:
    votes, read = country(0.0)
    rows = read["language"].to_numpy()
    signs = np.where((votes.indices == 2) & (rows == "kk"), 1, votes.signs).astype(np.int8)
    found = translation_effects(replace(votes, signs=signs), read)
    effects = found.effects.filter(pl.col("statement") == "s0002")
    assert np.isfinite(effects["effect"].to_numpy()).all()
    assert found.statements["differs"][2]


def test_three_languages_share_their_mean() -> None:
    votes, read = country(1.5)
    third = read.with_columns(
        language=pl.when(pl.int_range(pl.len()) % 3 == 0).then(pl.lit("en")).otherwise("language")
    )
    found = translation_effects(votes, third)
    sums = found.effects.group_by("statement").agg(pl.col("effect").sum())["effect"]
    np.testing.assert_allclose(sums.to_numpy(), 0.0, atol=1e-9)


def test_q_values_are_those_of_benjamini_and_hochberg() -> None:
    """The worked example of their paper (1995, section 3.2): four of fifteen are named at 0.05."""
    published = [
        0.0001, 0.0004, 0.0019, 0.0095, 0.0201, 0.0278, 0.0298, 0.0344, 0.0459, 0.3240,
        0.4262, 0.5719, 0.6528, 0.7590, 1.0,
    ]  # fmt: skip
    turned = np.array([*published[::-1], np.nan])
    assert int((_discovery(turned) <= 0.05).sum()) == 4
    assert np.isnan(_discovery(turned)[-1])


@pytest.mark.parametrize("missing", ["participant", "statement", "language"])
def test_a_missing_column_is_refused(missing: str) -> None:
    votes, read = country(0.0, people=40)
    with pytest.raises(ColumnRefused, match=f"There is no column '{missing}'"):
        translation_effects(votes, read.drop(missing))


@pytest.mark.parametrize("rate", [0.0, 1.0, -1.0])
def test_a_rate_that_is_no_share_is_refused(rate: Any) -> None:
    with pytest.raises(SettingRefused, match="The rate is"):
        translation_effects(*country(0.0, people=40), rate=rate)


def test_where_nothing_could_be_tested_nothing_is_named() -> None:
    assert np.isnan(_discovery(np.full(3, np.nan))).all()


def test_steps_are_short_so_that_a_fit_cut_off_is_near_where_it_began(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    x = np.linspace(-1, 1, 40)
    design, y = np.column_stack([np.ones(40), x]), (x > 0).astype(np.float64)
    whole = _fitted(design, y)
    monkeypatch.setattr(translation, "NEWTON_ROUNDS", 1)
    cut = _fitted(design, y)
    assert np.abs(cut.beta).max() <= 2.0 < np.abs(whole.beta).max()
    assert cut.likelihood < whole.likelihood
