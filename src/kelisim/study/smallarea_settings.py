"""The ``[smallarea]`` table of study.toml: which areas, by which model, from what."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

from kelisim.core.errors import Refusal, listed, nearest
from kelisim.study import kinds
from kelisim.study.declaration import Declaration
from kelisim.study.indicators import gives_several
from kelisim.study.model import IndicatorSettings, SmallAreaSettings, TableFile
from kelisim.study.section import Section

SECTION = "smallarea"
MRP, FAY_HERRIOT = "mrp", "fay_herriot"

_OF_CELLS = ("cells", "interactions", "neighbours", "draws")
"""Settings that only a model of population cells has a use for."""


def read_smallarea(
    declaration: Declaration, refusals: list[Refusal], indicators: Sequence[IndicatorSettings]
) -> SmallAreaSettings | None:
    """Read the section; None where the study has none. What is refused is added to ``refusals``."""
    if SECTION not in declaration.table:
        return None
    with Section(declaration, refusals, SECTION) as section:
        method = section.take("method", kinds.one_of(MRP, FAY_HERRIOT), MRP)
        settings = SmallAreaSettings(
            method=method,
            area=section.need("area", kinds.text, ""),
            indicators=tuple(_chosen(section, indicators, method)),
            cells=_cells(section, method),
            interactions=section.take("interactions", kinds.margins, ()),
            predictors=_table(section, "area_predictors", declaration.file.parent),
            neighbours=_table(section, "neighbours", declaration.file.parent),
            draws=section.take("draws", kinds.whole, 1000),
        )
        _refuse_unsuited(section, settings, population="population" in declaration.table)
        return settings


def _cells(section: Section, method: str) -> tuple[str, ...]:
    if method == MRP:
        return section.need("cells", kinds.texts, ())
    return section.take("cells", kinds.texts, ())


def _chosen(
    section: Section, indicators: Sequence[IndicatorSettings], method: str
) -> Iterator[str]:
    """Yield the indicators that are modelled, in the order of the study.

    Without a list they are those that the method can model for certain.
    """
    names = [one.name for one in indicators]
    suited = [one.name for one in indicators if _suits(one, method)]
    wanted = section.take("indicators", kinds.texts, tuple(suited))
    for name in wanted:
        if name not in names:
            known = nearest(name, names) or f"The indicators are {listed(names)}."
            section.refuse(f"There is no indicator '{name}'.", "indicators", do=known)
    if not wanted:
        section.refuse(
            f"No indicator of the study is one that the method {method} can model.",
            *(("indicators",) if "indicators" in section else ()),
            why=_MODELS[method],
        )
    for one in indicators:
        if one.name in wanted:
            yield one.name
            if one.name not in suited and not (method == MRP and one.kind == "mean"):
                section.refuse(
                    f"The indicator '{one.name}', of the kind {one.kind}, is not one that the "
                    f"method {method} can model.",
                    "indicators",
                    why=_MODELS[method],
                    do="Leave it out of 'indicators'.",
                )


_MODELS = {
    MRP: "It models shares of answers.",
    FAY_HERRIOT: "It models one number an area that has a standard error.",
}


def _suits(indicator: IndicatorSettings, method: str) -> bool:
    """Say whether a method can model an indicator; the mean of a column may be one of 0 and 1."""
    if method == FAY_HERRIOT:
        return indicator.kind != "quantile" and not gives_several(indicator)
    return indicator.kind == "categorical" or (indicator.kind == "mean" and bool(indicator.yes))


def _table(section: Section, key: str, folder: Path) -> TableFile | None:
    if key not in section:
        section.take(key, kinds.text, None)
        return None
    with section.inner(key) as inner:
        return TableFile(
            file=folder / inner.need("file", kinds.text, ""),
            columns=inner.need("columns", kinds.texts, ()),
        )


def _refuse_unsuited(section: Section, settings: SmallAreaSettings, *, population: bool) -> None:
    if settings.method == MRP and not population:
        section.refuse(
            "The areas are to be estimated from population cells, and the study has none.",
            why="Every area's estimate is a sum over its cells.",
            do="Add [population] with the file of the cells and their count.",
        )
    for key in _OF_CELLS if settings.method == FAY_HERRIOT else ():
        if key in section:
            section.refuse(
                f"'{key}' does not belong to the method {FAY_HERRIOT}.",
                key,
                why="It works on one direct estimate an area, not on cells.",
                do=f'Leave it out, or write method = "{MRP}".',
            )
    if settings.area and settings.area in settings.cells:
        section.refuse(
            f"'{settings.area}' is the area and a cell variable at once.",
            "cells",
            do="Leave it out of 'cells'; the area is always in the model.",
        )
    if settings.neighbours and len(settings.neighbours.columns) != 2:
        section.refuse(
            "'neighbours' needs the two columns that name the areas of a pair.",
            "neighbours",
            "columns",
            do='Write columns = ["area", "neighbour"].',
        )
    known = (settings.area, *settings.cells)
    for crossed in settings.interactions:
        strange = [name for name in crossed if name not in known]
        if strange or len(crossed) < 2:
            section.refuse(
                f"'{'*'.join(crossed)}' is not an interaction of the area and the cell variables.",
                "interactions",
                do=(strange and nearest(strange[0], known))
                or f"Cross two or more of {listed(known, 12)}.",
            )
