"""Who asked, when and in which language: the paradata of the demo poll. SIMULATED."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

from kelisim.core.clock import KAZAKHSTAN_TIME
from kelisim.engine.frame import Codes
from kelisim.study.demo.facts import GROUPS, SETTLEMENTS
from kelisim.study.demo.population import CLASSES, REGION_CODES, DemoPopulation
from kelisim.study.demo.sample import Respondents

FIELDWORK = (date(2026, 3, 2), date(2026, 3, 20))
VISITS_OF_INTERVIEWER = 6
DAYS_BETWEEN_VISITS = 3
FIRST_INTERVIEW = time(9, 30)
"""Nobody is asked earlier; in each settlement the first interview is within an hour after it."""

SIMULATED_KAZAKH_LANGUAGE = {"kazakh": 0.78, "russian": 0.02, "other": 0.45}
"""Share of interviews held in Kazakh; the others are held in Russian."""


@dataclass(frozen=True, slots=True)
class Paradata:
    """What is known of each interview beside its answers, lists of length n.

    Moments are ISO 8601 with the offset of Kazakhstan.
    """

    case: list[str]
    interviewer: list[str]
    start: list[str]
    end: list[str]
    language: list[str]


def simulate_paradata(
    rng: Generator, population: DemoPopulation, respondents: Respondents
) -> Paradata:
    """Give every drawn settlement an interviewer and a day, and every interview its hour."""
    region = [REGION_CODES[code] for code in population.region[respondents.place]]
    visits = dict(_visits(respondents.draw.tolist(), region))
    days = [visits[draw][1] for draw in respondents.draw.tolist()]
    start, end = _seconds(rng, respondents.draw)
    return Paradata(
        case=[f"D{number:05}" for number in range(1, len(region) + 1)],
        interviewer=[visits[draw][0] for draw in respondents.draw.tolist()],
        start=_moments(days, start),
        end=_moments(days, end),
        language=_languages(rng, respondents.people),
    )


def strata_of(population: DemoPopulation, respondents: Respondents) -> list[str]:
    """Return the stratum of each interview, such as "KZ-10-urban"."""
    region = [REGION_CODES[code] for code in population.region[respondents.place]]
    part = [SETTLEMENTS[code] for code in population.settlement[respondents.place]]
    return [f"{code}-{name}" for code, name in zip(region, part, strict=True)]


def units_of(respondents: Respondents) -> list[str]:
    """Return the drawn settlement of each interview, unique over strata."""
    return [f"P{draw + 1:03}" for draw in respondents.draw.tolist()]


def _visits(draws: list[int], regions: list[str]) -> Iterator[tuple[int, tuple[str, date]]]:
    """Yield the interviewer and the day of each drawn settlement; interviewers stay in a region."""
    made: dict[str, int] = {}
    for draw, region in dict(zip(draws, regions, strict=True)).items():
        earlier = made.get(region, 0)
        made[region] = earlier + 1
        interviewer, turn = divmod(earlier, VISITS_OF_INTERVIEWER)
        day = FIELDWORK[0] + timedelta(days=turn * DAYS_BETWEEN_VISITS + interviewer % 3)
        yield draw, (f"{region[3:]}-{interviewer + 1:02}", day)


def _seconds(rng: Generator, draw: Codes) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return when each interview starts and ends, in seconds after `FIRST_INTERVIEW`."""
    length = np.rint(rng.lognormal(np.log(21 * 60), 0.25, len(draw))).astype(np.int64)
    walk = rng.integers(3 * 60, 15 * 60, len(draw))
    before = np.cumsum(length + walk) - length - walk
    arrival = rng.integers(0, 60 * 60, int(draw.max()) + 1)
    start = arrival[draw] + before - before[np.searchsorted(draw, draw)]
    return start, start + length


def _moments(days: list[date], seconds: NDArray[np.int64]) -> list[str]:
    return [
        (
            datetime.combine(day, FIRST_INTERVIEW, KAZAKHSTAN_TIME) + timedelta(seconds=second)
        ).isoformat()
        for day, second in zip(days, seconds.tolist(), strict=True)
    ]


def _languages(rng: Generator, people: Codes) -> list[str]:
    share = np.array([SIMULATED_KAZAKH_LANGUAGE[GROUPS[group]] for _, _, group in CLASSES])
    in_kazakh = rng.random(len(people)) < share[people]
    return ["kk" if kazakh else "ru" for kazakh in in_kazakh]
