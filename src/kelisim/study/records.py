"""The physical shape of a CSV file: its records, their fields, and the lines they stand on.

Polars reads cells fast but pads a short record with empty cells in silence. One pass of array
operations over the bytes finds every record that is too short or too long, whatever its length.
"""

from __future__ import annotations

import codecs
import csv
from collections.abc import Iterator
from dataclasses import dataclass
from io import StringIO
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from kelisim.core.errors import FileRefused
from kelisim.study.encoding import not_utf8, refuse_other_formats

BLOCK = 1 << 23
SEPARATORS = (",", ";", "\t")
_NEWLINE, _RETURN, _QUOTE = 10, 13, 34

Bytes = NDArray[np.uint8]


@dataclass(frozen=True, slots=True)
class Records:
    """What one pass over a CSV file tells.

    Attributes
    ----------
    names
        The header, in the order of the file; a name may be empty.
    separator
        ``,`` ``;`` or a tab.
    count
        Records below the header, without empty lines at the end.
    """

    names: tuple[str, ...]
    separator: str
    count: int


def scan(file: Path) -> Records:
    """Read the header of a CSV file and count its records.

    Raises
    ------
    FileRefused
        The file is empty, is not UTF-8 text, or has a record whose number of fields is not that
        of the header; the sentence names the line.
    """
    with file.open("rb") as stream:
        beginning = stream.read(1 << 20)
    if not beginning.strip():
        raise FileRefused("The file is empty.", where=file.name, do="Export the data again.")
    refuse_other_formats(file.name, beginning)
    names, separator = _header(file, beginning)
    return Records(names, separator, _count(file, len(names), separator))


def _header(file: Path, beginning: bytes) -> tuple[tuple[str, ...], str]:
    """Return the header as the separator that cuts it into most names sees it."""
    try:
        text = codecs.getincrementaldecoder("utf-8-sig")().decode(beginning)
    except UnicodeDecodeError as cause:
        raise not_utf8(file.name, beginning) from cause
    try:
        cut = {mark: tuple(next(csv.reader(StringIO(text), delimiter=mark))) for mark in SEPARATORS}
    except csv.Error as cause:
        raise FileRefused(
            "The header is not a line of names: it is too long, or holds a bare carriage return.",
            where=f"{file.name}, line 1",
            do="Save the file again as 'CSV UTF-8'.",
        ) from cause
    separator = max(SEPARATORS, key=lambda mark: len(cut[mark]))
    if not cut[separator]:
        raise FileRefused(
            "The first line is empty; it should hold the names of the columns.",
            where=f"{file.name}, line 1",
            do="Remove the empty lines above the header.",
        )
    return cut[separator], separator


@dataclass(slots=True)
class _Position:
    """Where a pass over the blocks stands: what the next block has to know of the earlier ones."""

    lines: int = 0
    """Line breaks so far, those inside quotation marks too."""
    records: int = 0
    """Records so far, the header too."""
    quoted: int = 0
    """1 within quotation marks."""
    fields: int = 0
    """Separators of the record that is under way."""
    length: int = 0
    """Bytes of the record that is under way."""
    start: int = 1
    """The line on which the record that is under way begins."""
    last: int = 0
    """Records up to the last one that is not an empty line."""
    blank: int = 0
    """The line of the first empty line, 0 where there is none."""


def _count(file: Path, width: int, separator: str) -> int:
    at = _Position()
    for block in _blocks(file):
        _cross(block, at, file.name, width, separator)
    if at.quoted:
        raise FileRefused(
            "A quotation mark is opened and never closed.",
            where=f"{file.name}, line {at.start}",
            do="Close it, or write a quotation mark inside a cell twice.",
        )
    return at.last - 1


def _blocks(file: Path) -> Iterator[Bytes]:
    """Yield the bytes of a UTF-8 file in blocks of whole lines."""
    lines = 0
    with file.open("rb") as stream:
        while block := stream.read(BLOCK) + stream.readline():
            try:
                block.decode()
            except UnicodeDecodeError as cause:
                line = lines + block.count(b"\n", 0, cause.start) + 1
                sample = block[max(0, cause.start - 200) :]
                raise not_utf8(f"{file.name}, line {line}", sample) from cause
            lines += block.count(b"\n")
            yield np.frombuffer(block if block.endswith(b"\n") else block + b"\n", np.uint8)


def _cross(block: Bytes, at: _Position, name: str, width: int, separator: str) -> None:
    """Move the position over a block, refusing a record of another width than the header."""
    breaks = block == _NEWLINE
    inside = np.bitwise_xor.accumulate((block == _QUOTE).view(np.uint8)) ^ at.quoted
    ends = np.flatnonzero(breaks & (inside == 0))
    separators = np.flatnonzero((block == ord(separator)) & (inside == 0))
    before = np.searchsorted(separators, ends)
    fields = np.diff(before, prepend=0)
    lengths = np.diff(ends, prepend=-1) - 1
    if ends.size:
        fields[0] += at.fields
        lengths[0] += at.length
        returns = block[np.maximum(ends - 1, 0)] == _RETURN
        empty = (lengths == 0) | ((lengths == 1) & returns)
        starts = at.lines + 1 + np.searchsorted(np.flatnonzero(breaks), ends[:-1], side="right")
        _look(at, name, width, fields, empty, np.concatenate(([at.start], starts)))
        at.start = at.lines + 1 + int(np.count_nonzero(breaks[: ends[-1] + 1]))
        at.records += ends.size
        at.fields = separators.size - int(before[-1])
        at.length = block.size - int(ends[-1]) - 1
    else:
        at.fields += separators.size
        at.length += block.size
    at.lines += int(np.count_nonzero(breaks))
    at.quoted = int(inside[-1])


def _look(
    at: _Position,
    name: str,
    width: int,
    fields: NDArray[np.int64],
    empty: NDArray[np.bool_],
    starts: NDArray[np.int64],
) -> None:
    """Check the records that end in one block, and remember empty lines and the last full one."""
    full = np.flatnonzero(~empty)
    if width > 1:
        wrong = full[fields[full] != width - 1]
        if wrong.size:
            first = int(wrong[0])
            raise _ragged(name, int(starts[first]), int(fields[first]) + 1, width)
        blanks = np.flatnonzero(empty)
        if not at.blank and blanks.size:
            at.blank = int(starts[blanks[0]])
        if at.blank and full.size and starts[full[-1]] > at.blank:
            raise FileRefused(
                "The line is empty, and there are interviews below it.",
                where=f"{name}, line {at.blank}",
                do="Remove the empty line, or export the data again.",
            )
    if full.size:
        at.last = at.records + int(full[-1]) + 1


def _ragged(name: str, line: int, fields: int, width: int) -> FileRefused:
    return FileRefused(
        f"The line has {fields} {'cell' if fields == 1 else 'cells'}, and the header has {width}.",
        where=f"{name}, line {line}",
        why="Answers would land in the wrong columns.",
        do="Put cells that hold the separator or a line break in quotation marks.",
    )


def line_of_record(file: Path, index: int) -> int:
    """Return the line on which a record begins; record 0 is the first below the header."""
    lines, records, quoted = 0, 0, 0
    for block in _blocks(file):
        breaks = block == _NEWLINE
        inside = np.bitwise_xor.accumulate((block == _QUOTE).view(np.uint8)) ^ quoted
        ends = np.flatnonzero(breaks & (inside == 0))
        if records + ends.size > index:
            end = int(ends[index - records])
            return lines + int(np.count_nonzero(breaks[: end + 1])) + 1
        lines += int(np.count_nonzero(breaks))
        records += ends.size
        quoted = int(inside[-1])
    return lines + 1
