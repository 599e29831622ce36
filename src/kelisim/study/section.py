"""One section of study.toml being read: keys are taken by kind; a key left over is unknown."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Self, TypeVar

from kelisim.core.errors import Refusal, SettingRefused, listed, nearest
from kelisim.study.declaration import Declaration, Key
from kelisim.study.kinds import Kind, WrongKind, found

T = TypeVar("T")
D = TypeVar("D")


class Section:
    """A table of the declaration; refusals are gathered so that one look shows all of them.

    Parameters
    ----------
    declaration
        The file.
    refusals
        Where refusals are added.
    path
        The table: ``("design",)`` or ``("indicator", 2)``.
    """

    def __init__(self, declaration: Declaration, refusals: list[Refusal], *path: Key) -> None:
        self._declaration = declaration
        self._refusals = refusals
        self._path = path
        self._known: list[str] = []
        self._table = self._find()

    def _find(self) -> Mapping[str, Any]:
        table: Any = self._declaration.table
        for step in self._path:
            if isinstance(step, str) and step not in table:
                return {}
            table = table[step]
        if isinstance(table, Mapping):
            return table
        self.refuse(f"{self.name} must be a table of settings, and is {found(table)}.")
        return {}

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        if kind is None:
            self._refuse_the_rest()

    @property
    def name(self) -> str:
        """The section as it is written: ``[design]``, or ``[[indicator]]`` for one of several."""
        head = ".".join(step for step in self._path if isinstance(step, str))
        return f"[[{head}]]" if isinstance(self._path[-1], int) else f"[{head}]"

    def refuse(self, what: str, *key: Key, why: str = "", do: str = "") -> None:
        """Add a refusal at a key of this section."""
        where = self._declaration.where(*self._path, *key)
        self._refusals.append(SettingRefused(what, where=where, why=why, do=do))

    def __contains__(self, key: str) -> bool:
        return key in self._table

    def take(self, key: str, kind: Kind[T], default: D) -> T | D:
        """Return the value of a key, or the default where the key is absent or refused."""
        self._known.append(key)
        if key not in self._table:
            return default
        try:
            return kind(self._table[key])
        except WrongKind as wrong:
            self.refuse(
                f"'{key}' in {self.name} must be {wrong.expected}, "
                f"and is {found(self._table[key])}.",
                key,
            )
            return default

    def need(self, key: str, kind: Kind[T], default: D) -> T | D:
        """Return the value of a key that may not be absent."""
        if key not in self._table:
            self.refuse(f"{self.name} has no '{key}'.", do=f"Add the setting {key} = ...")
        return self.take(key, kind, default)

    def inner(self, key: str) -> Section:
        """Return the table under a key of this section as a section of its own."""
        self._known.append(key)
        return Section(self._declaration, self._refusals, *self._path, key)

    def _refuse_the_rest(self) -> None:
        for key in self._table:
            if key not in self._known:
                known = nearest(key, self._known)
                self.refuse(
                    f"There is no setting '{key}' in {self.name}.",
                    key,
                    do=known or f"Its settings are {listed(self._known, 12)}.",
                )
