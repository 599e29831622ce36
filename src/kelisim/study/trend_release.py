"""A trend becomes a folder: table, page, and a manifest of the releases it was drawn from."""

from __future__ import annotations

from pathlib import Path

import polars as pl

from kelisim import __version__
from kelisim.core.canonical import canonical_csv, canonical_json, digest
from kelisim.study.folder import whole_folder
from kelisim.study.published import MANIFEST
from kelisim.study.waves import TREND, Trend


def write_trend(trend: Trend, out: Path) -> list[str]:
    """Write trend.csv, trend.html and a manifest, and return the names of the files.

    Raises
    ------
    OutputRefused
        The folder is taken or cannot be written; nothing is left behind.
    """
    from kelisim.study.report.trend import trend_html

    table = trend.table.with_columns(
        pl.col(pl.String).replace("", None), pl.col(pl.Float64).fill_nan(None)
    )
    contents = {
        "trend.csv": canonical_csv(TREND, table.rows()),
        "trend.html": trend_html(trend).encode(),
    }
    contents[MANIFEST] = canonical_json(
        {
            "kind": "trend of releases",
            "waves": list(trend.waves),
            "probability_sample": not trend.volunteers,
            "notes": list(trend.notes),
            "inputs": [digest((one.folder / MANIFEST).read_bytes()) for one in trend.releases],
            "files": [
                {"path": name, "sha256": digest(content), "bytes": len(content)}
                for name, content in sorted(contents.items())
            ],
            "versions": {"kelisim": __version__},
        }
    )
    with whole_folder(out) as draft:
        for name, content in contents.items():
            (draft / name).write_bytes(content)
    return sorted(contents)
