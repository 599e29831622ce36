"""A TOML file that remembers the line on which each of its keys stands.

`tomllib` gives the values and no positions, and a refusal without a line sends a person searching.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from kelisim.core.errors import FileRefused, SettingRefused

Key = str | int
"""A step into a TOML document: a key, or the number of a ``[[table]]`` counted from 0."""

_HEADER = re.compile(r"\s*(\[\[?)\s*([^\[\]]+?)\s*\]\]?\s*(?:#.*)?$")
_ASSIGNMENT = re.compile(r"""\s*(["']?)([\w-]+)\1\s*=""")
_SYNTAX = re.compile(r"(.*) \(at (?:line (\d+), column \d+|end of document)\)", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Declaration:
    """The values of a TOML file, and the line of every key that starts a line."""

    file: Path
    table: Mapping[str, Any]
    lines: Mapping[tuple[Key, ...], int]

    def where(self, *path: Key) -> str:
        """Return ``study.toml, line 7`` for the innermost part of a path that has a line."""
        for length in range(len(path), 0, -1):
            line = self.lines.get(path[:length])
            if line:
                return f"{self.file.name}, line {line}"
        return self.file.name


def read_declaration(file: Path) -> Declaration:
    """Read a TOML file.

    Raises
    ------
    FileRefused
        The file is missing, or is not UTF-8 text.
    SettingRefused
        The text is not TOML; the sentence names the line.
    """
    try:
        text = file.read_text(encoding="utf-8-sig")
    except (FileNotFoundError, NotADirectoryError) as cause:
        raise FileRefused(
            f"There is no {file.name} in the folder {file.parent}.",
            do="Name a study folder, or make one with 'kelisim poll new DIR'.",
        ) from cause
    except UnicodeDecodeError as cause:
        raise FileRefused(
            "The file is not UTF-8 text.",
            where=str(file),
            do="Save it in the encoding UTF-8.",
        ) from cause
    try:
        return Declaration(file, tomllib.loads(text), dict(key_lines(text)))
    except tomllib.TOMLDecodeError as cause:
        raise _not_toml(file, text, str(cause)) from cause


def _not_toml(file: Path, text: str, message: str) -> SettingRefused:
    found = _SYNTAX.fullmatch(message)
    reason = (found[1] if found else message).rstrip(".")
    line = int(found[2]) if found and found[2] else len(text.splitlines())
    return SettingRefused(
        f"The file is not valid TOML: {reason[:1].lower()}{reason[1:]}.",
        where=f"{file.name}, line {line}",
        do='Write one setting a line, as key = value, with text in "quotation marks".',
    )


def key_lines(text: str) -> Iterator[tuple[tuple[Key, ...], int]]:
    r"""Yield the path and the line of every table header and of every key that starts a line.

    >>> dict(key_lines("[study]\ncountry = 'KZ'\n[[indicator]]\nname = 'a'"))
    {('study',): 1, ('study', 'country'): 2, ('indicator', 0): 3, ('indicator', 0, 'name'): 4}
    """
    here: tuple[Key, ...] = ()
    seen: dict[str, int] = {}
    inside = ""
    for number, line in enumerate(text.splitlines(), start=1):
        if not inside:
            if header := _HEADER.match(line):
                here = _table_path(header[1], header[2], seen)
                yield here, number
            elif assignment := _ASSIGNMENT.match(line):
                yield (*here, assignment[2]), number
        inside = _open_text(line, inside)


def _table_path(bracket: str, name: str, seen: dict[str, int]) -> tuple[Key, ...]:
    path = tuple(part.strip().strip("\"'") for part in name.split("."))
    if bracket == "[":
        return path
    seen[name] = seen.get(name, -1) + 1
    return (*path, seen[name])


def _open_text(line: str, inside: str) -> str:
    """Return the triple quotes that are still open after a line; what they hold are not keys."""
    for quotes in ('"""', "'''"):
        if inside in ("", quotes) and line.count(quotes) % 2:
            return "" if inside else quotes
    return inside
