"""Three waves and more along time: the same categories and the same borders in all of them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise
from pathlib import Path

import polars as pl

from kelisim.core.errors import SettingRefused, WavesRefused, listed
from kelisim.study.changes import MODELLED
from kelisim.study.comparable import refuse_incomparable
from kelisim.study.compare import modelled
from kelisim.study.harmonised import affected, harmonised, harmonised_estimates, read_wave
from kelisim.study.harmony import Harmony, read_harmony
from kelisim.study.model import Labels
from kelisim.study.progress import Progress, silent
from kelisim.study.published import Published, read_published
from kelisim.study.run import labels_for
from kelisim.study.waves import TREND, Trend, WaveNote

STEPS = ("Reading the releases", "Estimating the waves")


def read_trend(
    folders: Sequence[Path],
    *,
    studies: Sequence[Path] = (),
    categories: Path | None = None,
    progress: Progress = silent,
) -> Trend:
    """Read releases, the earliest first, and make them say the same.

    Between two waves `compare_releases` gives the change its standard error.

    Parameters
    ----------
    studies
        The study folders behind the releases, in their order; all of them, or none. With them
        categories can be joined, and regions split in 2022 are joined in the waves since then.
    categories
        A table of common names of categories; it calls a wave by its month.

    Raises
    ------
    Refusal
        There are fewer than two, one is no release, two do not ask the same, two began in one month
        or at a time that is not given, or a study is not the one behind its release.
    """
    if len(folders) < 2:
        raise WavesRefused(
            "One release has no trend.", where="OUT", do="Name two or more, the earliest first."
        )
    if studies and len(studies) != len(folders):
        raise SettingRefused(
            f"There are {len(folders)} releases and {len(studies)} studies.",
            where="--study",
            why="Waves estimated anew and waves taken as published have other categories.",
            do="Give --study once for every release, in the same order, or not at all.",
        )
    progress(STEPS[0], 0, len(STEPS))
    releases = tuple(read_published(folder) for folder in folders)
    for first, second in pairwise(releases):
        refuse_incomparable(first, second)
    waves = tuple(_wave(one) for one in releases)
    if len(set(waves)) < len(waves):
        raise WavesRefused(
            f"Two waves began in one month: {listed(waves, 12)}.",
            where="fieldwork",
            do="Name one release a wave.",
        )
    harmony = read_harmony(categories, waves) if categories else Harmony()
    progress(STEPS[1], 1, len(STEPS))
    if studies:
        return _of_interviews(releases, waves, studies, harmony)
    tables, split = harmonised_estimates(releases, harmony, waves)
    table = _together(tables, waves, harmony, split, WaveNote.SPLIT)
    return Trend(releases, waves, table, notes=tuple(modelled(releases)))


def _of_interviews(
    releases: tuple[Published, ...],
    waves: tuple[str, ...],
    studies: Sequence[Path],
    harmony: Harmony,
) -> Trend:
    read = [read_wave(*pair) for pair in zip(studies, releases, strict=True)]
    found, joined = harmonised(read, harmony, waves, as_drawn=True)
    tables = [one.estimates() for one in found]
    labels = [labels_for(one.study, one.interviews) for one in read]
    notes = dict.fromkeys(note for one in read for note in one.interviews.notes)
    return Trend(
        releases,
        waves,
        _together(tables, waves, harmony, joined, WaveNote.JOINED),
        Labels(
            {name: item for one in labels for name, item in one.items.items()},
            {name: values for one in labels for name, values in one.values.items()},
        ),
        (*modelled(releases), *notes),
    )


def _together(
    tables: Sequence[pl.DataFrame],
    waves: Sequence[str],
    harmony: Harmony,
    columns: frozenset[str],
    border: WaveNote,
) -> pl.DataFrame:
    """Return the estimates of all waves, each with what was done to make it comparable."""
    found = pl.concat(
        table.filter(~pl.col("method").is_in(MODELLED))
        .with_columns(pl.col("category", "domain", "note").fill_null(""), wave=pl.lit(wave))
        .select(TREND)
        for table, wave in zip(tables, waves, strict=True)
    )
    notes = ["; ".join(_notes(row, harmony, columns, border)) for row in found.to_dicts()]
    return found.with_columns(note=pl.Series(notes, dtype=pl.String))


def _notes(
    row: dict[str, str], harmony: Harmony, columns: frozenset[str], border: WaveNote
) -> Iterator[str]:
    if row["note"]:
        yield row["note"]
    if harmony.touches(row["indicator"], row["category"]):
        yield str(WaveNote.HARMONISED)
    if affected(row["domain"], columns):
        yield str(border)


def _wave(release: Published) -> str:
    fieldwork = release.manifest["fieldwork"]
    if not fieldwork:
        raise WavesRefused(
            "The release does not say when its fieldwork was.",
            where=str(release.folder),
            why="A trend is drawn along time.",
            do="Give fieldwork in [study] and run the study again.",
        )
    return str(fieldwork[0])[:7]
