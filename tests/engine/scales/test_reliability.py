"""Reliability: R's psych on the same weighted items, replicates, and known loadings."""

from __future__ import annotations

from importlib import import_module

import numpy as np
import polars as pl
import pytest

from kelisim.core.errors import IndicatorRefused
from kelisim.engine.frame import Floats
from kelisim.engine.inference import Design, replicate_weights
from kelisim.engine.inference.survey import prepare
from kelisim.engine.scales import Reliability, mean_score, reliability, turned
from kelisim.engine.scales.reliability import _one_factor


def items() -> tuple[Floats, pl.DataFrame]:
    """Items that R can make too: see the script in the docstring of the test."""
    i = np.arange(1, 61)
    f = ((i * 37) % 61) / 61
    columns = [
        1 + np.floor(5 * (0.6 * f + 0.4 * (((i * (11 + 6 * j) + j * j) % 67) / 67)))
        for j in range(1, 6)
    ]
    frame = pl.DataFrame({"w": 1.0 + i % 4, "psu": i % 20})
    return np.stack(columns, axis=1), frame


def found(answers: Floats, frame: pl.DataFrame, design: Design, **more: object) -> Reliability:
    return reliability(answers, prepare(frame, design, (), None, **more))  # type: ignore[arg-type]  # replicates


def test_alpha_and_omega_are_those_of_psych() -> None:
    """R 4.2.2, psych 2.2.9, on the same items and weights:

    i <- 1:60; f <- ((i*37)%%61)/61; w <- 1+(i%%4)
    X <- sapply(1:5, function(j) 1+floor(5*(0.6*f+0.4*(((i*(11+6*j)+j*j)%%67)/67))))
    S <- cov.wt(X, wt=w/sum(w), method="ML")$cov
    alpha(S)$total$raw_alpha; alpha(S)$alpha.drop$raw_alpha
    R <- cov2cor(S); L <- optim(fa(R, nfactors=1, fm="minres")$loadings, function(L)
      sum((R-outer(L,L))[lower.tri(R)]^2), method="BFGS", control=list(reltol=1e-16))$par
    sum(sqrt(diag(S))*L)^2/sum(S)
    """
    ours = found(*items(), Design("w"))
    assert ours.alpha == pytest.approx(0.879977467609689, rel=1e-12)
    np.testing.assert_allclose(
        ours.alpha_without,
        [0.838744289639251, 0.850511425949551, 0.854412315447865, 0.854926965862039,
         0.86982700786692], rtol=1e-12,
    )  # fmt: skip
    np.testing.assert_allclose(
        ours.loadings,
        [0.839329665627321, 0.787766692118571, 0.769788269842488, 0.768403917622696,
         0.705946121197874], atol=1e-6,
    )  # fmt: skip
    assert ours.omega == pytest.approx(0.885419768250586, abs=1e-6)
    assert ours.n == 60


def test_standard_errors_are_those_of_replicates() -> None:
    """Linearised against a jackknife over units, which computes every coefficient anew."""
    answers, frame = items()
    design = Design("w", psu="psu")
    linear = found(answers, frame, design)
    jackknife = found(answers, frame, design, replicates=replicate_weights(frame, design, "jk1"))
    assert linear.alpha_se == pytest.approx(jackknife.alpha_se, rel=0.15)
    assert linear.omega_se == pytest.approx(jackknife.omega_se, rel=0.15)
    assert linear.alpha_interval[0] < linear.alpha < linear.alpha_interval[1] <= 1


def test_the_interval_of_omega_holds_the_truth() -> None:
    """Simulated: one factor with known loadings, 300 samples of 400; 95 % intervals."""
    rng = np.random.default_rng(5)
    loadings = np.array([0.8, 0.7, 0.6, 0.5])
    truth = loadings.sum() ** 2 / (loadings.sum() ** 2 + (1 - loadings**2).sum())
    held = 0
    for _ in range(300):
        x = rng.normal(size=(400, 1)) * loadings
        x += rng.normal(size=x.shape) * np.sqrt(1 - loadings**2)
        ours = found(x, pl.DataFrame({"w": np.ones(400)}), Design("w"))
        held += ours.omega_interval[0] <= truth <= ours.omega_interval[1]
    assert held >= 0.92 * 300


def test_items_with_nothing_in_common_have_no_omega() -> None:
    R = np.array([[1.0, 0.5, -0.5], [0.5, 1.0, 0.5], [-0.5, 0.5, 1.0]])
    x = np.random.default_rng(6).multivariate_normal(np.zeros(3), R, 2000)
    ours = found(x, pl.DataFrame({"w": np.ones(2000)}), Design("w"))
    assert np.isnan(ours.omega) or ours.omega < 0.6


def test_there_is_not_always_a_factor(monkeypatch: pytest.MonkeyPatch) -> None:
    fitted = _one_factor(np.full((3, 3), 0.36) + 0.64 * np.eye(3))
    assert fitted is not None
    assert np.abs(fitted[0]) == pytest.approx([0.6] * 3)
    apart = np.eye(4)
    apart[0, 1] = apart[1, 0] = 0.9
    assert _one_factor(apart) is None
    monkeypatch.setattr(import_module("kelisim.engine.scales.reliability"), "STEPS", 1)
    assert np.isnan(found(*items(), Design("w")).omega)


def test_two_items_and_rows_with_holes() -> None:
    answers, frame = items()
    answers[:10, 0] = np.nan
    ours = found(answers[:, :2], frame, Design("w"))
    assert ours.n == 50
    assert np.isnan(ours.alpha_without).all()
    alone = found(
        answers[:, :2],
        frame.with_columns(psu=pl.lit(1)),
        Design("w", psu="psu", lonely_psu="certainty"),
    )
    assert np.isnan(alone.alpha_se)
    assert alone.alpha == ours.alpha


def test_refusals() -> None:
    answers, frame = items()
    with pytest.raises(IndicatorRefused, match="one item has no reliability"):
        found(answers[:, :1], frame, Design("w"))
    answers[:, 1] = 3.0
    with pytest.raises(IndicatorRefused, match="answers item 2 alike"):
        found(answers, frame, Design("w"))
    with pytest.raises(IndicatorRefused, match="The answer 9 is not between 1 and 5"):
        turned(pl.DataFrame({"a": [1, 9]}), ["a"], [], (1, 5))


def test_a_score_needs_half_of_its_items() -> None:
    assert np.isnan(mean_score(np.array([[1.0, np.nan, np.nan]]))).all()
