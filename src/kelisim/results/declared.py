"""What a declaration on the site may name: files that were handed in with it, and no other."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Mapping
from dataclasses import fields, is_dataclass
from pathlib import Path

from kelisim.core.errors import FileRefused, Refusal, nearest
from kelisim.study.model import Study
from kelisim.study.settings import DECLARATION, settings_of


def read_declared(declaration: str) -> tuple[Study, list[Refusal]]:
    """Return a declaration read in an empty folder, with everything in it that is refused.

    Raises
    ------
    FileRefused, SettingRefused
        It cannot be read at all.
    """
    with tempfile.TemporaryDirectory() as place:
        (Path(place) / DECLARATION).write_text(declaration, encoding="utf-8")
        return settings_of(Path(place))


def names(study: Study) -> list[str]:
    """Return the names of the files that a study reads.

    Every path of the declaration counts, whatever section it stands in.

    Raises
    ------
    FileRefused
        A path leads out of the study's own folder.
    """
    told = []
    for path in _paths([getattr(study, one.name) for one in fields(study) if one.name != "folder"]):
        if path.parent != study.folder or path.name in ("", "..", DECLARATION):
            raise FileRefused(
                f"The file '{path.name}' is not beside study.toml.",
                where=DECLARATION,
                why="On the site a study reads the files that were handed in with it, no others.",
                do="Name the file alone, without a folder.",
            )
        told.append(path.name)
    return list(dict.fromkeys(told))


def _paths(value: object) -> Iterator[Path]:
    if isinstance(value, Path):
        yield value
    elif isinstance(value, Mapping):
        yield from _paths(list(value.values()))
    elif isinstance(value, list | tuple):
        for one in value:
            yield from _paths(one)
    elif is_dataclass(value) and not isinstance(value, type):
        yield from _paths([getattr(value, one.name) for one in fields(value)])


def refuse_absent(study: Study, given: frozenset[str]) -> None:
    """Refuse a study of which a file was not handed in.

    Raises
    ------
    FileRefused
        With the name, and the nearest one that was handed in.
    """
    for name in names(study):
        if name not in given:
            raise FileRefused(
                f"The file '{name}' was not handed in.",
                where=DECLARATION,
                do=nearest(name, sorted(given)) or "Add the file to the study.",
            )
