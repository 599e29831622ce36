"""sample.toml becomes a `SampleDesign`: every key known, every value of its kind."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import ceil
from pathlib import Path
from typing import Any

from kelisim.core.errors import DesignRefused, FileRefused, Refusal, listed, nearest
from kelisim.engine.sampling import (
    Allocation,
    Plan,
    SampleSize,
    size_for_mean,
    size_for_proportion,
)
from kelisim.engine.sampling.plan import ALLOCATIONS, HOUSEHOLD, METHODS, WITHIN
from kelisim.study import kinds
from kelisim.study.declaration import Declaration, read_declaration
from kelisim.study.section import Section

SECTIONS = ("sample", "frame", "within", "allocation", "size")
COLUMNS = ("unit", "stratum", "psu", "draw", "pi", "weight", "rotation")
HOUSEHOLD_COLUMN = "household"
"""The columns of sample.csv, which a column kept of the frame may not repeat."""


@dataclass(frozen=True, slots=True)
class SampleDesign:
    """A design file as it was read.

    Attributes
    ----------
    file
        The file.
    plan
        What the engine draws by.
    public
        The public value that the seed is bound to; empty where there is none.
    missing
        Words that mean an empty cell.
    keep
        Columns of the frame that the sample keeps, such as an address.
    size
        How the size of the sample was found; None where it was given.
    """

    file: Path
    plan: Plan
    public: str
    missing: tuple[str, ...]
    keep: tuple[str, ...]
    size: SampleSize | None


def read_design(file: Path) -> SampleDesign:
    """Read a design file.

    Raises
    ------
    Refusal
        The first thing that is wrong with it.
    """
    refuse_absent(file, "design file")
    declaration = read_declaration(file)
    refusals: list[Refusal] = []
    _known_sections(declaration, refusals)
    frame = _frame(declaration, refusals)
    missing, keep = frame.pop("missing"), frame.pop("keep")
    drawn = _sample(declaration, refusals)
    public = drawn.pop("public")
    inside = _within(declaration, refusals)
    allocation = _allocation(declaration, refusals)
    sizing = _sizing(declaration, refusals)
    if refusals:
        raise refusals[0]
    size = None
    if sizing is not None:
        size = _size(sizing)
        drawn["n"] = _first_units(size, drawn["n"], frame["psu"], inside["take"])
    plan = Plan(**frame, **drawn, **inside, allocation=allocation)
    return SampleDesign(file, plan, public, missing, keep, size)


def refuse_absent(file: Path, what: str) -> None:
    """Refuse a file that is not there.

    Parameters
    ----------
    what
        What the file is, to follow "no such".

    Raises
    ------
    FileRefused
        There is no such file.
    """
    if not file.is_file():
        raise FileRefused(
            f"There is no such {what}.", where=str(file), do="Correct the path on the command line."
        )


def _known_sections(declaration: Declaration, refusals: list[Refusal]) -> None:
    top = Section(declaration, refusals)
    for key in declaration.table:
        if key not in SECTIONS:
            known = nearest(key, SECTIONS) or f"The sections are {listed(SECTIONS)}."
            top.refuse(f"There is no section '{key}'.", key, do=known)


def _sample(declaration: Declaration, refusals: list[Refusal]) -> dict[str, Any]:
    with Section(declaration, refusals, "sample") as section:
        return {
            "n": section.take("n", kinds.whole, None),
            "method": _word(section, METHODS, "srs", "method of selection"),
            "rotation": section.take("rotation", kinds.whole, None),
            "household": section.take("household", kinds.one_of(*HOUSEHOLD), None),
            "public": section.take("public", kinds.text, ""),
            "joint": section.take("joint", kinds.flag, False),
        }


def _frame(declaration: Declaration, refusals: list[Refusal]) -> dict[str, Any]:
    with Section(declaration, refusals, "frame") as section:
        settings: dict[str, Any] = {
            "id": section.need("id", kinds.text, ""),
            "strata": section.take("strata", kinds.text, None),
            "size": section.take("size", kinds.text, None),
            "psu": section.take("psu", kinds.text, None),
            "sort": section.take("sort", kinds.columns, ()),
            "missing": section.take("missing", kinds.codes, ()),
            "keep": section.take("keep", kinds.texts, ()),
        }
        taken = [name for name in settings["keep"] if name in (*COLUMNS, HOUSEHOLD_COLUMN)]
        if taken or len(set(settings["keep"])) < len(settings["keep"]):
            section.refuse(
                f"The columns to keep repeat, or have names that the sample uses: {listed(taken)}.",
                "keep",
                do="Rename the columns in the frame.",
            )
        return settings


def _within(declaration: Declaration, refusals: list[Refusal]) -> dict[str, Any]:
    with Section(declaration, refusals, "within") as section:
        return {
            "take": section.take("take", kinds.whole, None),
            "within": _word(section, WITHIN, "srs", "method of selection within PSUs"),
        }


def _allocation(declaration: Declaration, refusals: list[Refusal]) -> Allocation:
    with Section(declaration, refusals, "allocation") as section:
        return Allocation(
            method=_word(section, ALLOCATIONS, "proportional", "method of allocation"),
            minimum=section.take("minimum", kinds.whole, 1),
            counts=section.take("counts", _counts, {}),
            deviation=section.take("deviation", _numbers, {}),
            cost=section.take("cost", _numbers, {}),
            power=section.take("power", kinds.number, 0.5),
        )


def _sizing(declaration: Declaration, refusals: list[Refusal]) -> dict[str, float] | None:
    if "size" not in declaration.table:
        return None
    with Section(declaration, refusals, "size") as section:
        settings = {
            "margin": section.need("margin", kinds.number, 0.0),
            "p": section.take("p", kinds.number, None),
            "deviation": section.take("deviation", kinds.number, None),
            "level": section.take("level", kinds.number, None),
            "deff": section.take("deff", kinds.number, None),
            "response": section.take("response", kinds.number, None),
            "population": section.take("population", kinds.number, None),
        }
        if settings["p"] is not None and settings["deviation"] is not None:
            section.refuse(
                "[size] has 'p', for a share, and 'deviation', for a mean.",
                "deviation",
                do="Keep the one that fits what is estimated.",
            )
        return {key: value for key, value in settings.items() if value is not None}


def _word(section: Section, known: Sequence[str], default: str, what: str) -> str:
    word = section.take("method", kinds.text, default)
    if word not in known:
        section.refuse(
            f"There is no {what} '{word}'.",
            "method",
            do=nearest(word, known) or f"Choose one of {listed(known, 12)}.",
        )
    return word


def _numbers(value: Any) -> Mapping[str, float]:
    if isinstance(value, Mapping) and value:
        return {str(label): kinds.number(one) for label, one in value.items()}
    raise kinds.WrongKind('a table with a number a stratum, such as {"KZ-10" = 0.4}')


def _counts(value: Any) -> Mapping[str, int]:
    if isinstance(value, Mapping) and value:
        return {str(label): kinds.whole(one) for label, one in value.items()}
    raise kinds.WrongKind('a table with a whole number a stratum, such as {"KZ-10" = 40}')


def _size(settings: Mapping[str, Any]) -> SampleSize:
    if "deviation" in settings:
        return size_for_mean(**settings)
    return size_for_proportion(**settings)


def _first_units(size: SampleSize, n: int | None, psu: str | None, take: int | None) -> int:
    if n is not None:
        raise DesignRefused(
            "The size of the sample is given by n and again by [size].",
            do="Leave out one of them.",
        )
    if psu is not None and take is None:
        raise DesignRefused(
            "[size] gives a number of units, and the design draws PSUs with all their units.",
            do="Say how many units to take in each PSU in [within], or give n.",
        )
    return size.units if take is None else ceil(size.units / take)
