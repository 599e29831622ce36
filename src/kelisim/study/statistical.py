"""SPSS and Stata files: codes with names, sentences beside columns, and missing codes of their own.

A value that has a name goes by its name where it is a category (as R's ``haven::as_factor`` and
most people do) and by its code where it is a number. Two codes with one name stay apart:
``Other (5)`` and ``Other (6)``.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import polars as pl
import pyreadstat

from kelisim.core.errors import FileRefused
from kelisim.engine.frame import label
from kelisim.study.table import Table, without_codes

_READERS = {
    ".sav": pyreadstat.read_sav,
    ".zsav": pyreadstat.read_sav,
    ".dta": pyreadstat.read_dta,
}


@dataclass(frozen=True, slots=True)
class StatisticalSource:
    """A ``.sav`` or ``.dta`` file."""

    file: Path
    columns: tuple[str, ...]

    def read(self, columns: Sequence[str], missing: Sequence[str] = ()) -> Table:
        # Stata's missing letters are always missing; only SPSS has codes that a person declared.
        user_missing = {"user_missing": True} if self.file.suffix.lower() != ".dta" else {}
        cells, about = _read(self.file, usecols=list(columns), **user_missing)
        ranges = about.missing_ranges
        names = {
            column: _distinct_names(codes)
            for column, codes in about.variable_value_labels.items()
            if column in columns
        }
        frame, notes = {}, []
        for column in columns:
            codes = [code for code, name in names.get(column, {}).items() if name in missing]
            cell = pl.Series(column, cells[column], strict=False)
            given = without_codes(cell, [*missing, *codes])
            declared = list(_declared_missing(given, ranges.get(column, ())))
            frame[column] = without_codes(given, [label(code) for code in declared])
            if declared:
                gone = frame[column].null_count() - given.null_count()
                notes.append(_note(column, gone, declared, names.get(column, {})))
        wording = {c: w for c, w in about.column_names_to_labels.items() if w and c in columns}
        return Table(pl.DataFrame(frame), names, wording, tuple(notes))

    def place(self, row: int) -> str:
        return f"{self.file.name}, row {row + 1}"


def open_statistical(file: Path) -> StatisticalSource:
    """Open an SPSS or Stata file.

    Raises
    ------
    FileRefused
        It is not such a file, or is damaged.
    """
    _, about = _read(file, metadataonly=True)
    return StatisticalSource(file, tuple(about.column_names))


def _read(file: Path, **options: Any) -> tuple[Mapping[str, list[Any]], Any]:
    reader = _READERS[file.suffix.lower()]
    try:
        cells, about = reader(
            str(file), output_format="dict", disable_datetime_conversion=True, **options
        )
    except (pyreadstat.ReadstatError, pyreadstat.PyreadstatError, UnicodeDecodeError) as cause:
        raise FileRefused(
            f"The file cannot be read as a {file.suffix} file.",
            where=file.name,
            do="Export it again from SPSS or Stata, or save the table as .csv.",
        ) from cause
    return cells, about


def _distinct_names(codes: Mapping[Any, str]) -> dict[str, str]:
    times = Counter(codes.values())
    return {
        label(code): name if times[name] == 1 else f"{name} ({label(code)})"
        for code, name in codes.items()
    }


def _declared_missing(series: pl.Series, ranges: Sequence[Mapping[str, Any]]) -> Iterator[Any]:
    """Yield the values that occur and lie in a range that the file declares missing."""
    for value in series.unique().drop_nulls().sort():
        for one in ranges:
            if one["lo"] <= value <= one["hi"]:
                yield value
                break


def _note(column: str, gone: int, codes: Sequence[Any], names: Mapping[str, str]) -> str:
    called = ", ".join(
        f"{label(code)} ({names[label(code)]})" if label(code) in names else label(code)
        for code in codes
    )
    return (
        f"Column '{column}': cells with the user-missing codes {called} count as missing: {gone}."
    )
