"""A named stream of chance depends on the seed and its own name, and on nothing else."""

from __future__ import annotations

import hashlib
import random

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from kelisim.core.rng import stream, stream_seed

NAMES = st.lists(st.text(st.characters(exclude_categories=["Cs"]), max_size=6), max_size=3)


def test_the_seed_is_the_digest_of_a_text_anyone_can_write_down() -> None:
    written = hashlib.sha256(b'["7","demo","interviews"]').hexdigest()[:32]
    assert stream_seed(7, "demo", "interviews") == int(written, 16)


def test_the_same_name_gives_the_same_numbers() -> None:
    assert [stream(7, "a").random() for _ in range(3)] == [stream(7, "a").random()] * 3
    seeded = random.Random(stream_seed(7, "a"))  # noqa: S311
    assert stream(7, "a").random() == seeded.random()


@given(st.integers(), st.integers(), NAMES, NAMES)
@settings(deadline=None, max_examples=50)
def test_other_seeds_and_other_names_give_other_streams(
    seed: int, other: int, names: list[str], others: list[str]
) -> None:
    same = stream_seed(seed, *names) == stream_seed(other, *others)
    assert same == ((seed, names) == (other, others))


def test_names_are_not_run_together() -> None:
    assert stream_seed(7, "ab", "c") != stream_seed(7, "a", "bc") != stream_seed(7, "abc")
    assert stream_seed(7, "1") != stream_seed(7, 1)


def test_any_integer_is_a_seed_and_fits_numpy() -> None:
    seed = stream_seed(-(10**40), "bootstrap", 17)
    assert 0 <= seed < 2**128
    assert np.random.default_rng(seed).random() == np.random.default_rng(seed).random()
