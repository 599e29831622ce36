"""The parts of the population an estimate is for: the nation, and crossings of columns."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import product
from math import prod

import numpy as np
import polars as pl

from kelisim.core.errors import ColumnRefused
from kelisim.engine.frame import MISSING, Categories, Codes, categories

MOST = 200_000
"""More domains than this in one set are a mistake, such as a crossing with an identifier."""

Domains = Sequence[str | Sequence[str]]
"""Sets of columns to cross: ``[["Gender"], ["region", "Gender"]]``; a column may stand alone."""


@dataclass(frozen=True, slots=True)
class DomainSet:
    """A partition of the rows into D domains.

    Attributes
    ----------
    columns
        The columns crossed; none for the nation.
    codes
        Shape (n,): the domain of each row, `MISSING` where a column is missing.
    labels
        Shape (D,): ``region=KZ-10;Gender=Female``; the nation is the empty text.
    """

    columns: tuple[str, ...]
    codes: Codes
    labels: tuple[str, ...]

    @property
    def size(self) -> int:
        """The number of domains, empty ones included."""
        return len(self.labels)


def nation(rows: int) -> DomainSet:
    """Return the set whose only domain is everyone."""
    return DomainSet((), np.zeros(rows, dtype=np.int32), ("",))


def read_domains(frame: pl.DataFrame, domains: Domains) -> tuple[DomainSet, ...]:
    """Return the nation and each set of domains.

    Every crossing of categories is a domain, also one that no row is in.

    Raises
    ------
    ColumnRefused
        There is no such column, or a set or a column of a set is named twice.
    """
    sets = [domains] if isinstance(domains, str) else domains
    named = [(by,) if isinstance(by, str) else tuple(by) for by in sets]
    _refuse_repetition(named)
    return (nation(frame.height), *_sets(frame, [by for by in named if by]))


def _refuse_repetition(named: list[tuple[str, ...]]) -> None:
    for place, by in enumerate(named):
        if len(set(by)) < len(by) or set(by) in [set(other) for other in named[:place]]:
            raise ColumnRefused(
                f"The domains by {' and '.join(by)} name a column or a crossing twice.",
                where="domains",
                do="Name each crossing once.",
            )


def _sets(frame: pl.DataFrame, named: list[tuple[str, ...]]) -> Iterator[DomainSet]:
    read: dict[str, Categories] = {}
    for by in named:
        for name in by:
            if name not in read:
                read[name] = categories(frame, name, role="a domain")
        yield _crossed([read[name] for name in by])


def _crossed(parts: list[Categories]) -> DomainSet:
    size = prod(len(part.labels) for part in parts)
    if size > MOST:
        raise ColumnRefused(
            f"The crossing of {' and '.join(part.name for part in parts)} makes {size} domains.",
            where="domains",
            why=f"No table of more than {MOST} domains can be read.",
            do="Leave out a column that identifies interviews, or group its values.",
        )
    codes = np.zeros(parts[0].codes.size, dtype=np.int32)
    for part in parts:
        codes = codes * np.int32(len(part.labels)) + part.codes
    missing = np.any([part.codes == MISSING for part in parts], axis=0)
    named = [[f"{part.name}={text}" for text in part.labels] for part in parts]
    return DomainSet(
        columns=tuple(part.name for part in parts),
        codes=np.where(missing, np.int32(MISSING), codes),
        labels=tuple(";".join(words) for words in product(*named)),
    )
