"""Which columns a study uses, and as what: a number, a category, or a name of the interview."""

from __future__ import annotations

from collections.abc import Iterator

from kelisim.study.model import IndicatorSettings, Study

Roles = dict[str, str]
"""Column to what it is wanted for, in words."""


def number_columns(study: Study) -> Roles:
    """Return the columns that must hold numbers, each with its first use."""
    return _first_use(_numbers(study))


def category_columns(study: Study) -> Roles:
    """Return the columns that are compared and grouped by, each with its first use."""
    return _first_use(_categories(study))


def other_columns(study: Study) -> Roles:
    """Return the columns that only have to be there: the identifier and what the audit reads."""
    file = study.interviews
    named = {
        "the identifier": file.id,
        "the interviewer": file.interviewer,
        "the start": file.start,
        "the end": file.end,
        "the latitude": file.lat,
        "the longitude": file.lon,
    }
    return _first_use((column, role) for role, column in named.items() if column)


def _first_use(uses: Iterator[tuple[str, str]]) -> Roles:
    roles: Roles = {}
    for column, role in uses:
        roles.setdefault(column, role)
    return roles


def _numbers(study: Study) -> Iterator[tuple[str, str]]:
    if study.design.weight:
        yield study.design.weight, "the weight"
    for column in study.design.fpc:
        yield column, "the finite population correction"
    for column in study.population.totals if study.population else ():
        yield column, "a total of the population"
    for battery in study.batteries:
        for column in (*battery.items, *([battery.cohort] if battery.cohort else [])):
            yield column, f"the battery '{battery.name}'"
    for indicator in study.indicators:
        for column in number_parts(indicator):
            yield column, f"the indicator '{indicator.name}', of the kind {indicator.kind}"


def number_parts(indicator: IndicatorSettings) -> tuple[str, ...]:
    """Return the columns of an indicator that are read as numbers."""
    if indicator.kind == "categorical" or indicator.yes:
        return ()
    parts = (indicator.column, indicator.numerator, indicator.denominator)
    return tuple(part for part in parts if part)


def _categories(study: Study) -> Iterator[tuple[str, str]]:
    if study.design.strata:
        yield study.design.strata, "the stratum"
    for column in study.design.psu:
        yield column, "the primary sampling unit"
    for indicator in study.indicators:
        if indicator.column and not number_parts(indicator):
            yield indicator.column, f"the indicator '{indicator.name}'"
    for margin in study.population.rake if study.population else ():
        for column in margin:
            yield column, f"the margin '{'*'.join(margin)}'"
    for predictor in study.nonprobability.predictors if study.nonprobability else ():
        for column in predictor:
            yield column, "a predictor of taking part"
    for battery in study.batteries:
        for name in (battery.language, battery.wave):
            if name:
                yield name, f"the battery '{battery.name}'"
    for domains in study.domains:
        for column in domains:
            yield column, "a domain"
    if study.smallarea:
        yield study.smallarea.area, "the small area"
        for column in study.smallarea.cells:
            yield column, "a cell of the small areas"
