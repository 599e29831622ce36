"""A design that contradicts itself is refused before any frame is read."""

from __future__ import annotations

from typing import Any

import pytest

from kelisim.core.errors import DesignRefused
from kelisim.engine.sampling import Allocation, Plan
from kelisim.engine.sampling.plan import check_plan

WRONG: dict[str, tuple[dict[str, Any], str]] = {
    "unknown method": ({"method": "brewer"}, "There is no method of selection 'brewer'"),
    "unknown method within": ({"psu": "p", "within": "x"}, "within PSUs 'x'"),
    "unknown allocation": ({"allocation": Allocation("neymann")}, "Did you mean 'neyman'"),
    "no n": ({"n": None}, "does not say how many units are drawn"),
    "n of a half": ({"n": 2.5}, "n is 2.5, which is not a whole number"),
    "n twice": (
        {"strata": "h", "allocation": Allocation("fixed", counts={"a": 2})},
        "gives the size of the sample, and n gives it again",
    ),
    "minimum of zero": ({"allocation": Allocation(minimum=0)}, "The minimum of a stratum is 0"),
    "allocation of nothing": ({"allocation": Allocation("equal")}, "the design has no strata"),
    "take of a half": ({"psu": "p", "take": 1.5}, "to take in a PSU is 1.5"),
    "take without PSUs": ({"take": 5}, "the design names no PSUs"),
    "method within without PSUs": ({"within": "systematic"}, "the design names no PSUs"),
    "no groups": ({"rotation": 0}, "The number of rotation groups is 0"),
    "pps without size": ({"method": "pps-wr"}, "and no size is given"),
    "sorted for nothing": ({"sort": ("a",)}, "which the method 'srs' takes no notice of"),
    "pairs with replacement": (
        {"method": "pps-wr", "size": "s", "joint": True},
        "the method 'pps-wr' has none that can be computed.",
    ),
    "pairs in random order": (
        {"method": "pps-randomised", "size": "s", "joint": True},
        "They would have to be summed over every order of the list.",
    ),
    "pairs inside PSUs": ({"psu": "p", "joint": True}, "units are drawn inside PSUs."),
    "pairs of persons": ({"household": "kish", "joint": True}, "one person is chosen at every"),
}


@pytest.mark.parametrize("name", WRONG)
def test_a_contradiction_is_refused(name: str) -> None:
    settings, words = WRONG[name]
    with pytest.raises(DesignRefused) as refused:
        check_plan(Plan(**{"id": "id", "n": 3, **settings}))
    assert words in str(refused.value)


@pytest.mark.parametrize(
    "settings",
    [
        {"method": "poisson"},
        {"method": "pps-brewer", "size": "s", "joint": True},
        {"method": "pps-brewer", "psu": "p"},
        {"psu": "p", "take": 3, "within": "systematic", "sort": ("a",)},
        {"n": None, "strata": "h", "allocation": Allocation("fixed", counts={"a": 2})},
    ],
)
def test_a_design_that_can_be_drawn_is_accepted(settings: dict[str, Any]) -> None:
    check_plan(Plan(**{"id": "id", "n": 3, **settings}))
