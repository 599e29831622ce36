"""From the inputs of a run to its release, by the pipeline of ``kelisim poll run``; and back."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from hashlib import sha256
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl

from kelisim.results import files
from kelisim.results.models import Run
from kelisim.study.area_models import models_of
from kelisim.study.model import Labels, PollResult, WeightDiagnostics
from kelisim.study.progress import Progress
from kelisim.study.published import MANIFEST, read_published
from kelisim.study.ranks import DECISIONS
from kelisim.study.ranks import SCHEMA as RANKS
from kelisim.study.release import STEPS as WRITING
from kelisim.study.release import write_release
from kelisim.study.run import STEPS as COMPUTING
from kelisim.study.run import run_study
from kelisim.study.settings import read_study

STEPS = len(COMPUTING) + len(WRITING)


@dataclass(frozen=True, slots=True)
class Computed:
    """What a run leaves beside its folder: the labels of its questionnaire, and its manifest."""

    labels: Mapping[str, Any]
    manifest: str


def compute(run: Run, place: Path, progress: Progress) -> Computed:
    """Compute a run into a folder.

    Raises
    ------
    Refusal
        The study is refused, in the words of ``kelisim poll run``.
    """
    files.lay(place / "study", run.declaration, run.inputs)
    result = run_study(read_study(place / "study"), progress, seed=run.seed)
    write_release(result, place / "release", seed=run.seed, progress=progress)
    labels = {"items": _plain(result.labels.items), "values": _plain(result.labels.values)}
    return Computed(labels, sha256((place / "release" / MANIFEST).read_bytes()).hexdigest())


def _plain(value: Any) -> Any:
    return {key: _plain(one) for key, one in value.items()} if isinstance(value, Mapping) else value


def result_of(run: Run) -> PollResult:
    """Return what a run found, read back from its release, whose digests are checked.

    The weights of single interviews stay in the release; a page shows how they are spread.

    Raises
    ------
    Refusal
        A file of the release is missing or altered.
    """
    return _read(files.folder(run), json.dumps(run.labels, sort_keys=True))


@lru_cache(maxsize=16)
def _read(place: Path, labels: str) -> PollResult:
    release = read_published(place / "release")
    told = json.loads((release.folder / "diagnostics.json").read_text(encoding="utf-8"))
    named = json.loads(labels)
    weights = pl.read_parquet(release.folder / "weights.parquet")
    thresholds = release.folder / "thresholds.csv"
    ranks = _table(release.folder / "ranks.csv", RANKS)
    decisions = _table(thresholds, DECISIONS) if thresholds.exists() else pl.DataFrame()
    return PollResult(
        study=read_study(place / "study"),
        labels=Labels(named["items"], named["values"]),
        estimates=release.estimates,
        ranks=ranks,
        ids=weights["id"],
        base_weight=weights["base_weight"],
        weight=weights["weight"],
        diagnostics=WeightDiagnostics(
            **{name: told[name] for name in WeightDiagnostics.__dataclass_fields__}
        ),
        design_df=told["design_df"],
        strata=told["strata"],
        psus=told["psus"],
        notes=tuple(told["notes"]),
        areas=models_of(release.folder, release.estimates, ranks, decisions),
        decisions=decisions,
    )


def _table(file: Path, schema: Mapping[str, type[pl.DataType]]) -> pl.DataFrame:
    """Read a table of a release as it was written: empty text, and NaN where there is no number."""
    table = pl.read_csv(file, schema_overrides=dict(schema))
    later = [
        pl.lit(None, kind).alias(name) for name, kind in schema.items() if name not in table.columns
    ]
    # A release of an older Kelisim lacks the columns that came since.
    return table.with_columns(later).with_columns(
        pl.col(pl.String).fill_null(""), pl.col(pl.Float64).fill_null(np.nan)
    )
