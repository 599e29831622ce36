"""What a sampling design is made of, and what in it contradicts itself."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from kelisim.core.errors import DesignRefused, listed
from kelisim.engine.sampling.asked import known_word, whole

METHODS = (
    "srs",
    "systematic",
    "pps-systematic",
    "pps-randomised",
    "pps-brewer",
    "pps-wr",
    "poisson",
)
IN_ORDER = frozenset({"systematic", "pps-systematic"})
"""Methods for which the order of the frame matters."""

WITH_JOINT = ("srs", "systematic", "pps-systematic", "pps-brewer", "poisson")
"""Methods whose joint probabilities of inclusion can be computed."""

ALLOCATIONS = ("proportional", "equal", "neyman", "power", "cost", "fixed")
WITHIN = ("srs", "systematic")
HOUSEHOLD = ("kish", "last-birthday")


@dataclass(frozen=True, slots=True)
class Allocation:
    """How a sample is divided among strata.

    Attributes
    ----------
    method
        One of `ALLOCATIONS`.
    minimum
        The least of every stratum.
    counts
        Stratum to its number, for "fixed".
    deviation
        Stratum to its standard deviation, for "neyman" and "cost"; for "power" its coefficient of
        variation, where known.
    cost
        Stratum to the cost of one unit, for "cost".
    power
        The exponent, for "power".
    """

    method: str = "proportional"
    minimum: int = 1
    counts: Mapping[str, int] = field(default_factory=dict)
    deviation: Mapping[str, float] = field(default_factory=dict)
    cost: Mapping[str, float] = field(default_factory=dict)
    power: float = 0.5


@dataclass(frozen=True, slots=True)
class Plan:
    """A sampling design.

    Attributes
    ----------
    id
        The column that names a unit.
    n
        How many units are drawn first: PSUs where ``psu`` is given, else units. None only with a
        fixed allocation.
    method
        One of `METHODS`, of what is drawn first.
    strata
        The column of the strata, drawn independently.
    size
        The column of the measure of size; the size of a PSU is the sum over its units.
    sort
        Columns to sort the frame by before a systematic draw (implicit stratification).
    allocation
        How n is divided among the strata.
    psu
        The column of the primary sampling units.
    take
        How many units are drawn inside every PSU drawn; all of them without it.
    within
        How they are drawn: "srs" or "systematic".
    rotation
        The number of rotation groups that what is drawn first is dealt to.
    household
        How one person is chosen where units are addresses: one of `HOUSEHOLD`.
    joint
        Whether the joint probabilities of the units drawn are computed.
    """

    id: str
    n: int | None = None
    method: str = "srs"
    strata: str | None = None
    size: str | None = None
    sort: tuple[str, ...] = ()
    allocation: Allocation = field(default_factory=Allocation)
    psu: str | None = None
    take: int | None = None
    within: str = "srs"
    rotation: int | None = None
    household: str | None = None
    joint: bool = False

    @property
    def in_order(self) -> bool:
        """Whether the order of the frame matters to the draw."""
        return self.method in IN_ORDER or self.within in IN_ORDER


def check_plan(plan: Plan) -> None:
    """Refuse a design that contradicts itself, whatever the frame.

    Raises
    ------
    DesignRefused
        An unknown word, a number that is not whole, or settings that exclude one another.
    """
    known_word(plan.method, METHODS, "method of selection")
    known_word(plan.within, WITHIN, "method of selection within PSUs")
    known_word(plan.allocation.method, ALLOCATIONS, "method of allocation")
    whole(plan.allocation.minimum, "The minimum of a stratum")
    if plan.take is not None:
        whole(plan.take, "The number of units to take in a PSU")
    if plan.rotation is not None:
        whole(plan.rotation, "The number of rotation groups")
    if plan.household is not None:
        known_word(plan.household, HOUSEHOLD, "choice of a person in a household")
    _check_n(plan)
    _check_stages(plan)
    if plan.joint:
        _check_joint(plan)


def _check_n(plan: Plan) -> None:
    fixed = plan.allocation.method == "fixed"
    if fixed and plan.n is not None:
        raise DesignRefused(
            "A fixed allocation gives the size of the sample, and n gives it again.",
            do="Leave out n, or choose another method of allocation.",
        )
    if not fixed:
        if plan.n is None:
            raise DesignRefused(
                "The design does not say how many units are drawn.",
                do="Give n, or a fixed number for every stratum.",
            )
        whole(plan.n, "The sample size n")
    if plan.strata is None and plan.allocation.method != "proportional":
        raise DesignRefused(
            f"The allocation is '{plan.allocation.method}', and the design has no strata.",
            do="Name the column of the strata, or leave out the allocation.",
        )


def _check_stages(plan: Plan) -> None:
    if plan.psu is None and (plan.take is not None or plan.within != "srs"):
        raise DesignRefused(
            "Units are to be taken inside PSUs, and the design names no PSUs.",
            do="Name the column of the PSUs.",
        )
    if plan.size is None and plan.psu is None and plan.method.startswith("pps"):
        raise DesignRefused(
            f"The method '{plan.method}' draws proportionally to size, and no size is given.",
            do="Name the column with the measure of size, or draw with 'srs' or 'systematic'.",
        )
    if plan.sort and not plan.in_order:
        raise DesignRefused(
            f"The frame is to be sorted, which the method '{plan.method}' takes no notice of.",
            do="Draw with 'systematic' or 'pps-systematic', or leave out the sorting.",
        )


def _check_joint(plan: Plan) -> None:
    """Refuse joint probabilities where a pair of rows has none, or none that can be computed."""
    asked = "The joint probabilities are asked for, and "
    if plan.method not in WITH_JOINT:
        raise DesignRefused(
            f"{asked}the method '{plan.method}' has none that can be computed.",
            why="A unit may be drawn twice."
            if plan.method == "pps-wr"
            else "They would have to be summed over every order of the list.",
            do=f"Draw with one of {listed(WITH_JOINT)}, or leave out 'joint'.",
        )
    if plan.psu is not None:
        raise DesignRefused(
            f"{asked}units are drawn inside PSUs.",
            why="They are computed for samples of one stage.",
            do="Leave out 'joint': an estimate takes its variance from the PSUs, and needs none.",
        )
    if plan.household is not None:
        raise DesignRefused(
            f"{asked}one person is chosen at every address.",
            why="Those of two persons depend on how many live at each address, which is learnt at "
            "the door.",
            do="Leave out 'joint', or 'household' where the addresses are what is studied.",
        )
