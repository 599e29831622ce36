"""Everything that is prepared once for all estimates of one sample."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import polars as pl

from kelisim.engine.calibration import Calibration
from kelisim.engine.inference.answers import Answers, Column, read_answers
from kelisim.engine.inference.auxiliaries import auxiliaries
from kelisim.engine.inference.design import Design
from kelisim.engine.inference.domains import Domains, read_domains
from kelisim.engine.inference.indicators import Indicator
from kelisim.engine.inference.partition import Partition, partition
from kelisim.engine.inference.replicate_variance import refuse_other_rows
from kelisim.engine.inference.replicates import Replicates
from kelisim.engine.inference.residuals import Residuals, residuals
from kelisim.engine.inference.sample import Sample, read_sample

_ENTRIES = 1 << 20
"""Numbers a block may hold: it stays in the cache of a core, and memory stays small."""


@dataclass(frozen=True, slots=True)
class Survey:
    """A table, its design, its calibration and its domains.

    Attributes
    ----------
    partitions
        The nation first, then each set of domains.
    residuals
        For each partition, what a calibration explains; None without calibration.
    replicates
        Where variances come from instead.
    """

    frame: pl.DataFrame
    sample: Sample
    partitions: tuple[Partition, ...]
    residuals: tuple[Residuals | None, ...]
    replicates: Replicates | None = None

    @property
    def width(self) -> int:
        """How many quantities are estimated side by side."""
        longest = max(self.sample.rows, *(part.size for part in self.partitions))
        for part, explained in zip(self.partitions, self.residuals, strict=True):
            if explained is not None:
                longest = max(longest, part.size * explained.auxiliaries.columns)
        if self.replicates is not None:  # their weights are read once a block: larger ones pay
            return max(1, _ENTRIES * 8 // longest)
        return max(1, _ENTRIES // longest)


def prepare(
    frame: pl.DataFrame,
    design: Design,
    domains: Domains,
    calibration: Calibration | None,
    replicates: Replicates | None = None,
) -> Survey:
    """Read everything but the items; refuse what `read_sample` and `read_domains` refuse."""
    sample = read_sample(frame, design, calibration)
    if replicates is not None:
        refuse_other_rows(replicates, sample.rows)
        sample = replace(sample, weights=replicates.full)
    partitions = tuple(partition(sample, one) for one in read_domains(frame, domains))
    if calibration is None:
        return Survey(frame, sample, partitions, (None,) * len(partitions), replicates)
    explained = auxiliaries(calibration, sample)
    return Survey(frame, sample, partitions, tuple(residuals(explained, p) for p in partitions))


def runs(survey: Survey, indicators: Sequence[Indicator]) -> Iterator[list[Column]]:
    """Yield the columns of the indicators in order, in lists that are estimated together.

    Items are read when their turn comes, so that memory holds one list at a time.
    """
    run: list[Column] = []
    for indicator in indicators:
        answers = read_answers(survey.frame, indicator)
        for place in range(len(answers.categories)):
            if run and (len(run) == survey.width or _family(run[0][0]) != _family(answers)):
                yield run
                run = []
            run.append((answers, place))
    yield run


def _family(answers: Answers) -> tuple[str, str]:
    """Return what two columns have in common when one block can hold them."""
    kind, name = answers.indicator.kind, answers.indicator.name
    if kind in ("quantile", "variance"):
        return kind, name
    return ("ratio", "") if kind == "ratio" else ("", "")
