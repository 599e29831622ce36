"""Sampling: from a frame to a sample whose every unit has a known probability."""

from kelisim.engine.sampling.allocation import allocate, cost_optimal, neyman, power
from kelisim.engine.sampling.dispositions import (
    Dispositions,
    OutcomeRates,
    eligibility,
    outcome_rates,
)
from kelisim.engine.sampling.draw import Sample, draw_sample
from kelisim.engine.sampling.household import (
    kish_person,
    kish_probability,
    kish_tables,
    last_birthday,
    person_weights,
    random_person,
)
from kelisim.engine.sampling.inclusion import pps_inclusion
from kelisim.engine.sampling.joint import (
    joint_brewer,
    joint_of_strata,
    joint_poisson,
    joint_srs,
    joint_systematic,
)
from kelisim.engine.sampling.plan import Allocation, Plan
from kelisim.engine.sampling.rotation import overlap, rotation_groups, rotation_schedule
from kelisim.engine.sampling.selection import (
    brewer,
    poisson,
    pps_wr,
    randomised_systematic,
    srs,
    systematic,
    systematic_pps,
)
from kelisim.engine.sampling.size import SampleSize, size_for_mean, size_for_proportion

__all__ = [
    "Allocation",
    "Dispositions",
    "OutcomeRates",
    "Plan",
    "Sample",
    "SampleSize",
    "allocate",
    "brewer",
    "cost_optimal",
    "draw_sample",
    "eligibility",
    "joint_brewer",
    "joint_of_strata",
    "joint_poisson",
    "joint_srs",
    "joint_systematic",
    "kish_person",
    "kish_probability",
    "kish_tables",
    "last_birthday",
    "neyman",
    "outcome_rates",
    "overlap",
    "person_weights",
    "poisson",
    "power",
    "pps_inclusion",
    "pps_wr",
    "random_person",
    "randomised_systematic",
    "rotation_groups",
    "rotation_schedule",
    "size_for_mean",
    "size_for_proportion",
    "srs",
    "systematic",
    "systematic_pps",
]
