"""Two waves as one design, estimated from their interviews: the covariance of what they share."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from kelisim.core.errors import DesignRefused, SettingRefused
from kelisim.engine.frame import label
from kelisim.engine.inference import Design, Indicator
from kelisim.engine.inference.answers import read_answers
from kelisim.engine.inference.change import Change, chosen, linearised, overlapping
from kelisim.engine.inference.overlap import Union, UnitName, refuse_moved, union, unit_names
from kelisim.engine.inference.survey import Survey
from kelisim.study.harmonised import Interviewed
from kelisim.study.published import LEVEL

Key = tuple[str, str, str]
"""Indicator, category, domain."""


def shared_design(first: Interviewed, second: Interviewed, overlap: str) -> Union:
    """Return the sampling units of both waves as one design.

    Raises
    ------
    DesignRefused
        The waves share nothing, their designs are of two kinds, or someone changed places.
    SettingRefused
        Respondents are to be recognised, and a study names no column that identifies them.
    """
    _refuse_unlike(first.design, second.design)
    people = [_people(one) if overlap == "respondent" else None for one in (first, second)]
    surveys = first.survey(), second.survey()
    names = [
        unit_names(survey, wave.design, who)
        for survey, wave, who in zip(surveys, (first, second), people, strict=True)
    ]
    if not first.design.nest and first.design.stages:
        codes = [{code: (h, code) for h, code in one} for one in names]
        refuse_moved(codes[0], codes[1], "PSU")
    if people[0] is not None and people[1] is not None:
        _refuse_strangers(people[0], people[1])
        places = [
            dict(zip(who, _places(one, survey), strict=True))
            for who, one, survey in zip((people[0], people[1]), names, surveys, strict=True)
        ]
        refuse_moved(places[0], places[1], "respondent")
    return union(names[0], names[1], second.design.lonely_psu)


def _places(names: Sequence[UnitName], survey: Survey) -> list[UnitName]:
    return [names[unit] for unit in survey.sample.stages[0].units.of_row]


def _people(wave: Interviewed) -> list[str]:
    if wave.study.interviews.id is None:
        raise SettingRefused(
            "The study does not name the column that identifies respondents.",
            where=f"{wave.study.folder / 'study.toml'}, [interviews]",
            why="Rows of two files are not the same people because they have the same number.",
            do='Write id = "...", or compare with --overlap psu or none.',
        )
    return [label(one) for one in wave.interviews.ids.to_list()]


def _refuse_strangers(first: Sequence[str], second: Sequence[str]) -> None:
    if not set(first) & set(second):
        raise DesignRefused(
            "The two waves have no respondent in common.",
            where="[interviews] id",
            do="Compare with --overlap psu or none, or give the same people the same identifier.",
        )


def _refuse_unlike(first: Design, second: Design) -> None:
    if first.corrections or second.corrections:
        raise DesignRefused(
            "A design has a finite population correction (fpc).",
            where="study.toml, [design]",
            why="Which fraction of the population two overlapping waves sampled together is not "
            "known from the fractions of each.",
            do="Compare with --overlap none, or run both studies without fpc, which makes "
            "intervals slightly wider.",
        )
    kinds = [
        (bool(one.strata), bool(one.stages), one.nest, one.lonely_psu) for one in (first, second)
    ]
    if kinds[0] != kinds[1]:
        raise DesignRefused(
            "The designs of the two waves are of different kinds: strata, psu, nest and "
            "lonely_psu are not set alike.",
            where="study.toml, [design]",
            why="Waves that share sampling units are estimated as one design.",
            do="Set them alike in both studies and run them again, or compare with --overlap none.",
        )


Joint = dict[Key, tuple[float, ...]]
"""Change, standard error, low, high, df and p-value by indicator, category and domain."""


def joint_changes(first: Interviewed, second: Interviewed, both: Union) -> Joint:
    """Return the changes of everything both waves estimate, as of one design.

    Quantiles have none: they have no linearised variable.
    """
    found: Joint = {}
    surveys = first.survey(), second.survey()
    later = {one.name: one for one in second.indicators}
    for indicator in first.indicators:
        if indicator.kind != "quantile" and indicator.name in later:
            pair = (indicator, later[indicator.name])
            for place, by in enumerate([(), *first.study.domains]):
                if by in [(), *second.study.domains]:
                    places = (place, [(), *second.study.domains].index(by))
                    found |= _changes(pair, surveys, places, both)
    return found


def _changes(
    indicators: tuple[Indicator, Indicator],
    surveys: tuple[Survey, Survey],
    places: tuple[int, int],
    both: Union,
) -> Joint:
    keys: list[dict[Key, int]] = []
    parts = []
    for indicator, survey, place in zip(indicators, surveys, places, strict=True):
        answers = read_answers(survey.frame, indicator)
        labels = survey.partitions[place].domains.labels
        named = [(indicator.name, c, d) for c in answers.categories for d in labels]
        keys.append({key: k for k, key in enumerate(named)})
        parts.append(linearised(answers, place, survey))
    common = [key for key in keys[0] if key in keys[1]]
    columns = [np.array([one[key] for key in common], dtype=np.intp) for one in keys]
    change = overlapping(chosen(parts[0], columns[0]), chosen(parts[1], columns[1]), both, LEVEL)
    return dict(zip(common, _rows(change), strict=True))


def _rows(found: Change) -> list[tuple[float, ...]]:
    arrays = (found.change, found.se, found.low, found.high, found.df, found.p)
    return [tuple(map(float, row)) for row in zip(*arrays, strict=True)]
