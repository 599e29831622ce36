"""A refusal says what, where, why and what to do, to a person and to a program."""

from __future__ import annotations

import re

import pytest

from kelisim.core import errors
from kelisim.core.errors import Refusal, listed, nearest


def every_kind() -> list[type[Refusal]]:
    return [
        kind
        for kind in vars(errors).values()
        if isinstance(kind, type) and issubclass(kind, Refusal)
    ]


def test_a_refusal_reads_as_place_what_why_and_what_to_do() -> None:
    refusal = Refusal("It is raining.", where="garden", why="You get wet.", do="Take an umbrella.")
    assert str(refusal) == "garden: It is raining. You get wet. Take an umbrella."


def test_what_is_not_known_leaves_no_gap_in_the_sentence() -> None:
    assert str(Refusal("It is raining.")) == "It is raining."
    assert str(Refusal("It is raining.", do="Wait.")) == "It is raining. Wait."


def test_a_program_reads_the_parts_and_the_code() -> None:
    assert errors.WeightRefused("Zero.", where="row 3").as_dict() == {
        "code": "weight",
        "what": "Zero.",
        "where": "row 3",
        "why": "",
        "do": "",
    }


def test_every_kind_has_a_code_of_its_own_in_small_letters() -> None:
    codes = [kind.code for kind in every_kind()]
    assert len(codes) == len(set(codes)) > 10
    assert all(re.fullmatch(r"[a-z]+(-[a-z]+)*", code) for code in codes)


def test_every_kind_says_in_its_docstring_when_it_is_raised() -> None:
    assert all(
        (kind.__doc__ or "").strip().partition("\n")[0].endswith(".") for kind in every_kind()
    )


@pytest.mark.parametrize("kind", every_kind())
def test_every_kind_is_caught_as_a_refusal_and_keeps_its_parts(kind: type[Refusal]) -> None:
    with pytest.raises(Refusal, match="What") as caught:
        raise kind("What.", where="where", why="Why.", do="Do.")
    assert (caught.value.where, caught.value.why, caught.value.do) == ("where", "Why.", "Do.")


def test_a_slip_of_the_pen_is_answered_with_the_nearest_word() -> None:
    assert nearest("stratta", ["weight", "strata"]) == "Did you mean 'strata'?"


def test_nothing_near_is_answered_with_nothing() -> None:
    assert nearest("қала", ["weight", "strata"]) == ""
    assert nearest("weight", []) == ""


def test_long_lists_are_cut_and_say_how_much_is_left_out() -> None:
    assert listed([1, 2]) == "'1', '2'"
    assert listed(range(5)) == "'0', '1', '2', '3', '4'"
    assert listed(range(7)) == "'0', '1', '2', '3', '4' and 2 more"
    assert listed([]) == ""
