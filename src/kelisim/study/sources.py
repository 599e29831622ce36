"""A file of rows, opened: the names of its columns, some of its columns, the place of a row.

Only the columns that a study uses are read, so that memory follows the study, not the export.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

import polars as pl

from kelisim.core.errors import ColumnRefused, FileRefused, listed, nearest
from kelisim.study.records import Records, line_of_record, scan
from kelisim.study.table import Table, present, without_codes

FORMATS = (".csv", ".parquet", ".sav", ".zsav", ".dta")


class Source(Protocol):
    """An opened file of rows."""

    @property
    def file(self) -> Path:
        """The file."""
        ...

    @property
    def columns(self) -> tuple[str, ...]:
        """Every column of the file, in its order."""
        ...

    def read(self, columns: Sequence[str], missing: Sequence[str] = ()) -> Table:
        """Return some columns; cells that are empty or spell a missing code are null."""
        ...

    def place(self, row: int) -> str:
        """Say where a row stands: ``interviews.csv, line 17``."""
        ...


def open_source(file: Path) -> Source:
    """Open a file of rows by the end of its name.

    Raises
    ------
    FileRefused
        The file is missing, of an unknown kind, or not what its name says.
    ColumnRefused
        Two columns have one name.
    """
    if not file.is_file():
        raise FileRefused(
            "There is no such file.",
            where=str(file),
            do="Correct the path in study.toml; it is relative to the study folder.",
        )
    kind = file.suffix.lower()
    if kind not in FORMATS:
        raise FileRefused(
            f"'{file.suffix or file.name}' is not a kind of file that can be read.",
            where=file.name,
            do=f"Save the table as one of {listed(FORMATS)}.",
        )
    source: Source
    if kind == ".csv":
        source = CsvSource(file, scan(file))
    elif kind == ".parquet":
        source = ParquetSource(file, _parquet_columns(file))
    else:
        from kelisim.study.statistical import open_statistical

        source = open_statistical(file)
    _refuse_repeated_columns(source)
    return source


def absent(source: Source, roles: Mapping[str, str]) -> Iterator[ColumnRefused]:
    """Yield a refusal for every column that is wanted and not in the file.

    Parameters
    ----------
    roles
        Column to what it is wanted for, in words.
    """
    for name, role in roles.items():
        if name not in source.columns:
            yield ColumnRefused(
                f"There is no column '{name}' ({role}).",
                where=source.file.name,
                do=nearest(name, source.columns)
                or f"The columns are {listed(source.columns, 12)}.",
            )


def _refuse_repeated_columns(source: Source) -> None:
    twice = [name for name, times in Counter(source.columns).items() if name and times > 1]
    if twice:
        raise ColumnRefused(
            f"The header names {listed(twice)} more than once.",
            where=source.file.name,
            why="It is not clear which of the columns is meant.",
            do="Give every column a name of its own.",
        )


@dataclass(frozen=True, slots=True)
class CsvSource:
    """A CSV file; its cells stay text until their use is known."""

    file: Path
    records: Records

    @property
    def columns(self) -> tuple[str, ...]:
        return self.records.names

    def read(self, columns: Sequence[str], missing: Sequence[str] = ()) -> Table:
        # Columns go by number inside Polars: it renames nameless and repeated ones on its own.
        numbers = {name: f"{self.columns.index(name)}" for name in columns}
        try:
            frame = (
                pl.scan_csv(
                    self.file,
                    separator=self.records.separator,
                    infer_schema=False,
                    glob=False,
                    with_column_names=lambda names: [f"{i}" for i, _ in enumerate(names)],
                )
                .select(pl.col(number).alias(name) for name, number in numbers.items())
                .head(self.records.count)
                .with_columns(present(pl.col(name), missing) for name in columns)
                .collect()
            )
        except pl.exceptions.PolarsError as cause:
            raise self._unreadable() from cause
        if columns and frame.height != self.records.count:
            raise self._unreadable()
        return Table(frame, decimal_comma=self.records.separator != ",")

    def _unreadable(self) -> FileRefused:
        return FileRefused(
            "The file is not a well-formed CSV: a quotation mark stands inside a cell.",
            where=self.file.name,
            do="Write a quotation mark inside a cell twice, and the cell in quotation marks.",
        )

    def place(self, row: int) -> str:
        line = line_of_record(self.file, row)
        return f"{self.file.name}, line {line}"


@dataclass(frozen=True, slots=True)
class ParquetSource:
    """A Parquet file; its columns have the types they were written with."""

    file: Path
    columns: tuple[str, ...]

    def read(self, columns: Sequence[str], missing: Sequence[str] = ()) -> Table:
        try:
            frame = pl.read_parquet(self.file, columns=list(columns), glob=False)
        except pl.exceptions.PolarsError as cause:
            raise _not_parquet(self.file) from cause
        for name, dtype in frame.schema.items():
            if dtype.is_nested():
                raise ColumnRefused(
                    f"The column '{name}' holds lists or structures.",
                    where=self.file.name,
                    do="Write it as one value a cell.",
                )
        return Table(frame.with_columns(without_codes(frame[name], missing) for name in columns))

    def place(self, row: int) -> str:
        return f"{self.file.name}, row {row + 1}"


def _parquet_columns(file: Path) -> tuple[str, ...]:
    try:
        return tuple(pl.read_parquet_schema(file))
    except (pl.exceptions.PolarsError, OSError) as cause:
        raise _not_parquet(file) from cause


def _not_parquet(file: Path) -> FileRefused:
    return FileRefused(
        "The file is not a readable Parquet file.",
        where=file.name,
        do="Export the data again; the file may have been cut short.",
    )
