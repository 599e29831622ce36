"""The estimates of one sample: a table, and on request their joint covariance and contrasts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import polars as pl

from kelisim.core.errors import IndicatorRefused, nearest
from kelisim.engine.inference.answers import Answers, read_answers
from kelisim.engine.inference.contrast import Contrast, Covariance, choose, contrast, covary
from kelisim.engine.inference.indicators import Indicator
from kelisim.engine.inference.survey import Survey


@dataclass(frozen=True, slots=True)
class Estimates:
    """What `estimate` returns.

    Attributes
    ----------
    indicators
        What was estimated, in order.
    level
        Confidence level of the intervals.
    """

    indicators: tuple[Indicator, ...]
    level: float
    _table: pl.DataFrame = field(repr=False)
    _survey: Survey = field(repr=False)

    @property
    def psus(self) -> int:
        """Primary sampling units of the design."""
        return self._survey.sample.psus

    @property
    def strata(self) -> int:
        """Strata of the design; 1 without stratification."""
        return self._survey.sample.strata

    @property
    def df(self) -> int:
        """Design degrees of freedom: PSUs less strata."""
        return self._survey.sample.df

    def to_polars(self) -> pl.DataFrame:
        """Return a row an estimate, with the columns of estimates.csv.

        ``indicator, category, domain, method, n, n_eff, estimate, se, ci_low, ci_high, df, deff,
        note``; null where a number does not exist, and then ``note`` says why.
        """
        return self._table

    def covariance(
        self,
        indicator: str | Sequence[str],
        *,
        category: str | None = None,
        by: str | Sequence[str] = (),
    ) -> Covariance:
        """Return the joint covariance of estimates in all domains of one set.

        Parameters
        ----------
        indicator
            One name or several; the result is ordered by indicator, category, domain.
        category
            One category; all of them when not given.
        by
            The columns of the set of domains; the nation when not given.

        Raises
        ------
        IndicatorRefused
            There is no such indicator or category, or it is a quantile.
        ColumnRefused
            There is no such set of domains.
        """
        names = [indicator] if isinstance(indicator, str) else indicator
        choices = [choose(self._answers(name), category) for name in names]
        return covary(choices, (by,) if isinstance(by, str) else tuple(by), self._survey)

    def contrast(
        self, indicator: str, coefficients: Mapping[str, float], *, category: str | None = None
    ) -> Contrast:
        """Return a linear combination over domains, such as a difference of two.

        Parameters
        ----------
        coefficients
            Domain, as in the table, to its coefficient: ``{"sex=f": 1, "sex=m": -1}``.
        category
            Needed when the indicator has several.

        Raises
        ------
        IndicatorRefused
            There is no such indicator or category, several categories and none chosen, or the
            indicator is a quantile.
        ColumnRefused
            There is no such domain.
        """
        choice = choose(self._answers(indicator), category)
        return contrast(choice, coefficients, self._survey, self.level)

    def _answers(self, name: str) -> Answers:
        for indicator in self.indicators:
            if indicator.name == name:
                return read_answers(self._survey.frame, indicator)
        known = [indicator.name for indicator in self.indicators]
        raise IndicatorRefused(f"There is no indicator '{name}'.", do=nearest(name, known))
