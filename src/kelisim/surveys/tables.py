"""Tables that grow block by block, each in a file of its own: CSV, or Parquet in one pass."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from queue import Full, Queue
from types import TracebackType
from typing import Protocol

import polars as pl
from polars.io.plugins import register_io_source

_FORMULA = r"^[=+\-@\t\r]"
PATIENCE = 0.5
"""Seconds between two looks whether the writer of a file is still there."""


class _Table(Protocol):
    file: Path

    def add(self, frame: pl.DataFrame) -> None: ...
    def finish(self) -> None: ...
    def stop(self) -> None: ...


class Tables:
    """The tables of an export. Leaving it finishes them; an exception stops them unfinished."""

    def __init__(self, folder: Path, kind: str) -> None:
        self._folder = folder
        self._kind = kind
        self._tables: dict[str, _Table] = {}

    @property
    def files(self) -> list[Path]:
        """The files of the tables in the order of their first blocks."""
        return [table.file for table in self._tables.values()]

    def __enter__(self) -> Tables:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        for table in self._tables.values():
            if error is None:
                table.finish()
            else:
                table.stop()

    def add(self, name: str, frame: pl.DataFrame) -> None:
        """Add a block to a table; its columns are those of the table's first block."""
        if name not in self._tables:
            file = self._folder / f"{name}.{self._kind}"
            self._tables[name] = (
                _Parquet(file, frame.schema) if self._kind == "parquet" else _Csv(file)
            )
        self._tables[name].add(frame)


class _Csv:
    def __init__(self, file: Path) -> None:
        self.file = file
        self._begun = False

    def add(self, frame: pl.DataFrame) -> None:
        with self.file.open("ab") as file:
            inert(frame).write_csv(
                file, include_header=not self._begun, include_bom=not self._begun
            )
        self._begun = True

    def finish(self) -> None:
        """Every block is in the file already."""

    def stop(self) -> None:
        """Every block is in the file already."""


class _Parquet:
    """One file written by Polars in a thread of its own, while the next block is being read.

    The frames are handed over one at a time, so that two blocks are in memory and no more; the
    thread that reads the database stays the caller's.
    """

    def __init__(self, file: Path, schema: pl.Schema) -> None:
        self.file = file
        self._schema = schema
        self._waiting: Queue[pl.DataFrame | None] = Queue(1)
        self._thread = ThreadPoolExecutor(1, "parquet")
        self._written: Future[None] = self._thread.submit(self._write)

    def add(self, frame: pl.DataFrame) -> None:
        self._hand(frame)

    def finish(self) -> None:
        self._hand(None)
        self._thread.shutdown()
        self._written.result()

    def stop(self) -> None:
        if not self._written.done():
            self._hand(None)
        self._thread.shutdown()

    def _hand(self, frame: pl.DataFrame | None) -> None:
        given = False
        while not given:
            try:
                self._waiting.put(frame, timeout=PATIENCE)
                given = True
            except Full:
                if self._written.done():
                    self._written.result()
                    raise

    def _frames(
        self,
        _columns: list[str] | None,
        _predicate: pl.Expr | None,
        _rows: int | None,
        _size: int | None,
    ) -> Iterator[pl.DataFrame]:
        while (frame := self._waiting.get()) is not None:
            yield frame

    def _write(self) -> None:
        frames = register_io_source(self._frames, schema=self._schema)
        frames.sink_parquet(self.file, compression="lz4", statistics=False, maintain_order=True)


def inert(frame: pl.DataFrame) -> pl.DataFrame:
    """Return a frame whose texts no spreadsheet takes for formulas.

    Numbers stay as they are; of a column with a list of choices only the list is looked at.
    """
    texts = [name for name, kind in frame.schema.items() if _may_be_formula(frame[name], kind)]
    words = {name: pl.col(name).cast(pl.String) for name in texts}
    return frame.with_columns(
        pl.when(word.str.contains(_FORMULA) & ~word.str.contains(r"^-?[\d.]+$"))
        .then("'" + word)
        .otherwise(word)
        .alias(name)
        for name, word in words.items()
    )


def _may_be_formula(column: pl.Series, kind: pl.DataType) -> bool:
    if isinstance(kind, pl.Enum):
        return bool(kind.categories.str.contains(_FORMULA).any())
    return kind == pl.String and bool(column.str.contains(_FORMULA).any())
