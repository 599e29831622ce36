"""Two releases become a list of changes, each with its standard error, interval and remarks.

Estimates alone say nothing of the covariance of two waves. So releases are compared as independent
samples, and whoever knows that they share places or people gives the studies behind them too.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

from kelisim.core.errors import SettingRefused
from kelisim.study.changes import MODELLED, changes
from kelisim.study.comparable import refuse_incomparable
from kelisim.study.harmonised import affected, harmonised, harmonised_estimates, read_wave
from kelisim.study.harmony import WAVES, Harmony, read_harmony
from kelisim.study.model import Labels
from kelisim.study.panel import joint_changes, shared_design
from kelisim.study.progress import Progress, silent
from kelisim.study.published import Published, read_published
from kelisim.study.run import labels_for
from kelisim.study.waves import OVERLAPS, ChangeRow, Comparison, WaveNote

STEPS = ("Reading the releases", "Estimating both waves", "Comparing")


def compare_releases(
    first: Path,
    second: Path,
    *,
    overlap: str = "none",
    studies: tuple[Path | None, Path | None] = (None, None),
    categories: Path | None = None,
    progress: Progress = silent,
) -> Comparison:
    """Compare two releases of a poll, the earlier wave first.

    Parameters
    ----------
    overlap
        One of `OVERLAPS`: what the samples share.
    studies
        The study folders behind the releases; both, or neither.
    categories
        A table of common names of categories.

    Raises
    ------
    Refusal
        A folder is not a release or was altered, the waves did not ask the same, or a study is not
        the one behind its release.
    """
    progress(STEPS[0], 0, len(STEPS))
    releases = read_published(first), read_published(second)
    refuse_incomparable(*releases)
    harmony = read_harmony(categories) if categories else Harmony()
    folders = _both_or_neither(studies, overlap)
    if folders is None:
        progress(STEPS[2], 2, len(STEPS))
        return _of_estimates(releases, harmony)
    progress(STEPS[1], 1, len(STEPS))
    return _of_interviews(releases, folders, harmony, overlap)


def _both_or_neither(
    studies: tuple[Path | None, Path | None], overlap: str
) -> tuple[Path, Path] | None:
    if overlap not in OVERLAPS:
        raise SettingRefused(
            f"'{overlap}' is not a kind of overlap.",
            where="--overlap",
            do=f"Choose one of {', '.join(OVERLAPS)}.",
        )
    first, second = studies
    if first is not None and second is not None:
        return first, second
    if overlap != "none" or first or second:
        raise SettingRefused(
            "Both study folders are needed, and "
            + ("neither is given." if not (first or second) else "only one is given."),
            where="--study1, --study2",
            why="A release holds estimates; how much two waves have in common is in the "
            "interviews.",
            do="Name both with --study1 and --study2, or compare the releases as independent.",
        )
    return None


def _of_estimates(releases: tuple[Published, Published], harmony: Harmony) -> Comparison:
    (one, two), split = harmonised_estimates(releases, harmony, WAVES)
    rows = changes(releases[0], (one, two), harmony, "none")
    return Comparison(
        *releases, "none", tuple(_without_split(rows, split)), notes=tuple(modelled(releases))
    )


def _without_split(rows: Iterator[ChangeRow], split: frozenset[str]) -> Iterator[ChangeRow]:
    """Yield rows; regions whose borders changed keep their estimates and have no change."""
    for row in rows:
        if affected(row.domain, split):
            remarks = tuple(one for one in row.remarks if one[1] != WaveNote.DOMAIN)
            yield replace(
                row,
                change=None,
                se=None,
                ci_low=None,
                ci_high=None,
                df=None,
                p_value=None,
                remarks=((0, str(WaveNote.SPLIT)), *remarks),
            )
        else:
            yield row


def _of_interviews(
    releases: tuple[Published, Published],
    folders: tuple[Path, Path],
    harmony: Harmony,
    overlap: str,
) -> Comparison:
    waves = [read_wave(*pair) for pair in zip(folders, releases, strict=True)]
    (first, second), joined = harmonised(waves, harmony, WAVES, as_drawn=overlap == "none")
    both = None if overlap == "none" else shared_design(first, second, overlap)
    joint = None if both is None else joint_changes(first, second, both)
    tables = first.estimates(), second.estimates()
    rows = (
        _joined(row) if affected(row.domain, joined) else row
        for row in changes(releases[0], tables, harmony, overlap, joint)
    )
    labels = [labels_for(one.study, one.interviews) for one in waves]
    return Comparison(
        *releases,
        overlap,
        tuple(rows),
        both.shared if both else 0,
        Labels({**labels[0].items, **labels[1].items}, {**labels[0].values, **labels[1].values}),
        (*modelled(releases), *dict.fromkeys(n for one in waves for n in one.interviews.notes)),
    )


def _joined(row: ChangeRow) -> ChangeRow:
    return replace(row, remarks=((0, str(WaveNote.JOINED)), *row.remarks))


def modelled(releases: Sequence[Published]) -> Iterator[str]:
    """Yield how many estimates of models were left out, where there are any."""
    found = [one.estimates["method"].to_list() for one in releases]
    methods = [method for one in found for method in one if method in MODELLED]
    if methods:
        named = ", ".join(sorted(set(methods)))
        rows = f"{len(methods)} estimates by models ({named})"
        yield f"{rows} are not compared: they have other errors."
