"""Making two waves say the same: names of categories, and the regions that were split in 2022."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import polars as pl

from kelisim.core.errors import (
    DesignRefused,
    FileRefused,
    IndicatorRefused,
    SettingRefused,
    listed,
    nearest,
)
from kelisim.core.regions import REGIONS, SPLITS_2022, before_split
from kelisim.engine.frame import MISSING, categories
from kelisim.engine.inference import Design, Indicator

Renaming = Mapping[str, Mapping[str, str]]
"""Indicator to (category of the wave to the common category)."""

WAVES = ("first", "second")
AFFECTED = frozenset({*SPLITS_2022, *SPLITS_2022.values()})
"""Regions whose borders changed on the day of the split."""

_ISO = frozenset(region.iso for region in REGIONS)


@dataclass(frozen=True, slots=True)
class Harmony:
    """The table of categories: what each wave's categories are called in common.

    Attributes
    ----------
    waves
        The renaming of each wave; empty where nothing is renamed.
    """

    waves: tuple[Renaming, ...] = ()

    def of(self, place: int) -> Renaming:
        """Return the renaming of a wave."""
        return self.waves[place] if self.waves else {}

    def touches(self, indicator: str, category: str) -> bool:
        """Return whether a common category came out of the table."""
        return any(category in wave.get(indicator, {}).values() for wave in self.waves)


def read_harmony(file: Path, names: Sequence[str] = WAVES) -> Harmony:
    """Read a TOML table of categories: ``[first.trust]``, then ``"rather" = "trust"``.

    Parameters
    ----------
    names
        What the table calls the waves, the earliest first.

    Raises
    ------
    FileRefused
        The file is missing or is not TOML in UTF-8.
    SettingRefused
        It holds something else than tables of texts for the waves, or a name is renamed again.
    """
    try:
        table = tomllib.loads(file.read_text(encoding="utf-8-sig"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as cause:
        raise FileRefused(
            "The table of categories cannot be read.",
            where=str(file),
            why=f"{cause}."[:200],
            do=f"Write a TOML file in UTF-8 with tables such as [{names[0]}.trust].",
        ) from cause
    if not set(table) <= set(names) or not all(map(_is_renaming, table.values())):
        tables = " or ".join(f"[{name}.INDICATOR]" for name in names)
        raise SettingRefused(
            "The table of categories holds something else than names.",
            where=file.name,
            do=f'Under {tables} write "its category" = "common".',
        )
    for wave, renaming in table.items():
        for indicator, categories_of in renaming.items():
            _refuse_chains(f"{file.name}, [{wave}.{indicator}]", categories_of)
    return Harmony(tuple(table.get(name, {}) for name in names))


def _refuse_chains(where: str, names: Mapping[str, str]) -> None:
    """Refuse a common name that is a category renamed in turn: the two cannot both be meant."""
    for own, common in names.items():
        if names.get(common, common) != common:
            raise SettingRefused(
                f"'{own}' becomes '{common}', and '{common}' becomes '{names[common]}'.",
                where=where,
                why="Whether the first is to follow the second is not clear.",
                do="Give common names that no renamed category of the wave has.",
            )


def _is_renaming(value: object) -> bool:
    return isinstance(value, dict) and all(
        isinstance(one, dict) and all(isinstance(text, str) and text for text in one.values())
        for one in value.values()
    )


def refuse_unknown(renaming: Renaming, known: Mapping[str, Iterable[str]], wave: str) -> None:
    """Refuse a renaming of an indicator or a category that the wave does not have.

    Parameters
    ----------
    known
        Indicator with a share a category to its categories.

    Raises
    ------
    IndicatorRefused
        With the nearest name.
    """
    for name, names in renaming.items():
        if name not in known:
            raise IndicatorRefused(
                f"The {wave} wave has no indicator '{name}' with categories.",
                where="table of categories",
                do=nearest(name, known) or f"Those with categories are {listed(known, 12)}.",
            )
        there = list(known[name])
        for category in names:
            if category not in there:
                raise IndicatorRefused(
                    f"The indicator '{name}' has no category '{category}' in the {wave} wave.",
                    where="table of categories",
                    do=nearest(category, there) or f"Its categories are {listed(there, 12)}.",
                )


def renamed(table: pl.DataFrame, renaming: Renaming) -> pl.DataFrame:
    """Return estimates with common names of categories.

    Raises
    ------
    IndicatorRefused
        Two categories would become one, whose standard error estimates do not hold.
    """
    for name, names in renaming.items():
        own = pl.col("indicator") == name
        before = table.filter(own)["category"].unique(maintain_order=True).to_list()
        after = [names.get(one, one) for one in before]
        joined = [one for one in dict.fromkeys(after) if after.count(one) > 1]
        if joined:
            raise IndicatorRefused(
                f"Several categories of '{name}' would become '{joined[0]}'.",
                where="table of categories",
                why="The standard error of joined categories is not in the estimates of a release.",
                do="Name the study folders behind the releases too, to estimate it anew.",
            )
        to = pl.col("category").replace(names)
        table = table.with_columns(pl.when(own).then(to).otherwise("category").alias("category"))
    return table


def recoded(
    frame: pl.DataFrame, indicators: Iterable[Indicator], renaming: Renaming
) -> tuple[pl.DataFrame, list[Indicator]]:
    """Return interviews in which renamed indicators have columns of their own."""
    found = []
    for indicator in indicators:
        names = renaming.get(indicator.name)
        if names and indicator.column:
            column = f"{indicator.column} for {indicator.name}"
            frame = frame.with_columns(_texts(frame, indicator.column, names).alias(column))
            indicator = replace(indicator, column=column)
        found.append(indicator)
    return frame, found


def _texts(frame: pl.DataFrame, column: str, names: Mapping[str, str]) -> pl.Series:
    coded = categories(frame, column)
    texts = [names.get(text, text) for text in coded.labels]
    return pl.Series(
        [None if code == MISSING else texts[code] for code in coded.codes], dtype=pl.String
    )


Values = Mapping[str, frozenset[str]]
"""Column to the values it has as a domain."""


def newer_borders(*waves: Values) -> tuple[frozenset[str], ...]:
    """Return, for each wave, its columns of regions that are split where another wave's are not.

    >>> newer_borders({"region": frozenset({"KZ-63"})}, {"region": frozenset({"KZ-63", "KZ-10"})})
    (frozenset(), frozenset({'region'}))
    """
    newer = tuple(set[str]() for _ in waves)
    for column in sorted({name for wave in waves for name in wave}):
        having = [place for place, wave in enumerate(waves) if column in wave]
        if all(waves[place][column] <= _ISO for place in having):
            split = [place for place in having if waves[place][column] & set(SPLITS_2022)]
            if len(split) < len(having):
                for place in split:
                    newer[place].add(column)
    return tuple(map(frozenset, newer))


def on_older_borders(
    frame: pl.DataFrame, design: Design, columns: Iterable[str], *, as_drawn: bool
) -> tuple[pl.DataFrame, Design]:
    """Return interviews with columns of regions as before the split of 2022.

    Parameters
    ----------
    as_drawn
        Whether the design keeps the strata and units that were drawn, under another name; two
        waves that are one design need those of the older borders.

    Raises
    ------
    DesignRefused
        Two units of one code come together where two regions are joined.
    """
    drawn: dict[str, str] = {}
    units = _units(frame, design)
    for column in columns:
        old = {text: before_split(text).iso for text in categories(frame, column).labels}
        drawn[column] = f"{column} as drawn"
        frame = frame.with_columns(
            pl.col(column).alias(drawn[column]), _texts(frame, column, old).alias(column)
        )
    if not as_drawn:
        _refuse_merged(units, _units(frame, design))
        return frame, design
    strata = drawn.get(design.strata or "", design.strata)
    psu = tuple(drawn.get(one, one) for one in design.stages) or None
    return frame, replace(design, strata=strata, psu=psu)


def _units(frame: pl.DataFrame, design: Design) -> int:
    named = [name for name in (design.strata, *design.stages[:1]) if name]
    return frame.select(named).n_unique() if named else 0


def _refuse_merged(before: int, after: int) -> None:
    if after < before:
        raise DesignRefused(
            f"Within the borders before 8 June 2022 {before - after} sampling units have the code "
            "of another one.",
            where="psu",
            why="Codes that start anew in each stratum say no longer which unit is which.",
            do="Give every sampling unit a code of its own, or compare with --overlap none.",
        )
