"""A frame and a design become a folder with the sample that was drawn."""

from __future__ import annotations

import hashlib
import platform
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl

from kelisim import __version__
from kelisim.core.canonical import canonical_csv, canonical_json, digest, digest_of_stream
from kelisim.core.errors import DesignRefused, ValueRefused
from kelisim.engine.sampling import Sample, draw_sample
from kelisim.study.cells import category, number
from kelisim.study.declaration import read_declaration
from kelisim.study.folder import whole_folder
from kelisim.study.progress import Progress, silent
from kelisim.study.sample_design import COLUMNS, HOUSEHOLD_COLUMN, SampleDesign, refuse_absent
from kelisim.study.sources import Source, absent, open_source

STEPS = ("Reading the frame", "Drawing the sample", "Writing the sample")
MANIFEST = "manifest.json"
JOINT = "joint.parquet"


@dataclass(frozen=True, slots=True)
class DrawnSample:
    """A sample with all that its folder says of it.

    Attributes
    ----------
    seed
        What chance was started from.
    units
        How many units the frame has.
    kept
        The columns kept of the frame, a row a row of the sample.
    """

    design: SampleDesign
    frame: Path
    seed: int
    units: int
    sample: Sample
    kept: pl.DataFrame


def public_seed(value: str) -> int:
    """Return the seed that a public value stands for: the SHA-256 digest of its UTF-8 text.

    >>> public_seed("abc") == int(digest(b"abc"), 16)
    True
    """
    return int.from_bytes(hashlib.sha256(value.encode()).digest(), "big")


def draw_from(
    frame: Path, design: SampleDesign, progress: Progress = silent, *, seed: int = 0
) -> DrawnSample:
    """Draw a sample from a file.

    Parameters
    ----------
    seed
        Of chance, where the design binds it to no public value.

    Raises
    ------
    Refusal
        The frame cannot be read, or contradicts the design.
    """
    progress(STEPS[0], 0, len(STEPS))
    refuse_absent(frame, "frame")
    source = open_source(frame)
    table = _read_frame(source, design)
    progress(STEPS[1], 1, len(STEPS))
    start = public_seed(design.public) if design.public else seed
    try:
        sample = draw_sample(table, design.plan, start, source.place)
    except DesignRefused as refused:
        refused.where = refused.where or design.file.name
        raise
    kept = pl.DataFrame()
    if design.keep:
        kept = source.read(design.keep, design.missing).frame[sample.table["row"].to_list()]
    return DrawnSample(design, frame, start, table.height, sample, kept)


def _read_frame(source: Source, design: SampleDesign) -> pl.DataFrame:
    plan = design.plan
    uses = (
        (plan.id, "the identifier of a unit"),
        (plan.strata, "the stratum"),
        (plan.size, "the measure of size"),
        (plan.psu, "the PSU"),
        *((name, "to sort by") for name in plan.sort),
    )
    roles = {name: role for name, role in uses if name is not None}
    for refusal in absent(source, {**dict.fromkeys(design.keep, "to be kept"), **roles}):
        raise refusal
    read = source.read(list(roles), design.missing)
    table = read.frame.with_columns(category(read.frame[name]) for name in plan.sort)
    if plan.size is None:
        return table
    try:
        sizes = number(
            read.frame[plan.size],
            role="the measure of size",
            place=source.place,
            decimal_comma=read.decimal_comma,
        )
    except ValueRefused as refused:
        refused.do = "Correct the cells, or take the units out of the frame."
        raise
    return table.with_columns(sizes.alias(plan.size))


def write_sample(drawn: DrawnSample, out: Path, progress: Progress = silent) -> list[str]:
    """Write the folder of a sample and return the names of its files.

    Equal samples give equal bytes: nothing depends on the time or on the place.

    Raises
    ------
    OutputRefused
        The folder is taken or cannot be written; nothing is left behind.
    """
    progress(STEPS[2], 2, len(STEPS))
    columns = [*COLUMNS, *([HOUSEHOLD_COLUMN] if drawn.design.plan.household else [])]
    table = pl.concat([drawn.sample.table.select(columns), _plain(drawn.kept)], how="horizontal")
    with whole_folder(out) as draft:
        (draft / "sample.csv").write_bytes(canonical_csv(table.columns, table.rows()))
        if drawn.sample.joint is not None:
            drawn.sample.joint.write_parquet(draft / JOINT)
        (draft / "report.json").write_bytes(canonical_json(report_of(drawn)))
        files = [_described(file) for file in sorted(draft.iterdir())]
        (draft / MANIFEST).write_bytes(canonical_json(_manifest(drawn, files)))
        return sorted([*(file["path"] for file in files), MANIFEST])


def _plain(kept: pl.DataFrame) -> pl.DataFrame:
    """Return columns as a CSV can hold them: floats without NaN, what is no number as text."""
    number_or_truth = [
        name
        for name, dtype in kept.schema.items()
        if dtype.is_integer() or dtype.is_float() or dtype == pl.Boolean
    ]
    return kept.with_columns(pl.all().exclude(number_or_truth).cast(pl.String)).with_columns(
        pl.col(pl.Float32, pl.Float64).fill_nan(None)
    )


def report_of(drawn: DrawnSample) -> dict[str, Any]:
    """Return what report.json holds: the design, the seed and where it is from, every stratum."""
    size = drawn.design.size
    return {
        "design": asdict(drawn.design.plan),
        "size": None if size is None else asdict(size),
        "public_value": drawn.design.public or None,
        "seed": str(drawn.seed),
        "seed_rule": "SHA-256 of the UTF-8 text of public_value, as an integer"
        if drawn.design.public
        else "given by --seed",
        "frame_units": drawn.units,
        "sample_rows": drawn.sample.table.height,
        "weight_sum": float(np.sum(drawn.sample.table["weight"].to_numpy())),
        "strata": drawn.sample.strata.to_dicts(),
    }


def _manifest(drawn: DrawnSample, files: list[dict[str, Any]]) -> dict[str, Any]:
    return {
        "kind": "sample",
        "design": digest(canonical_json(read_declaration(drawn.design.file).table)),
        "inputs": [_described(file) for file in (drawn.design.file, drawn.frame)],
        "files": files,
        "versions": dict(_versions()),
    }


def _versions() -> Iterator[tuple[str, str]]:
    yield "kelisim", __version__
    yield "python", platform.python_version()
    yield "numpy", np.__version__
    yield "polars", pl.__version__


def _described(file: Path) -> dict[str, Any]:
    with file.open("rb") as stream:
        return {
            "path": file.name,
            "sha256": digest_of_stream(stream),
            "bytes": file.stat().st_size,
        }
