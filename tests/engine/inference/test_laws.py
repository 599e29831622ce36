"""What must hold for every sample: identities between estimates, and a textbook computation."""

from __future__ import annotations

from typing import Any

import numpy as np
import polars as pl
from hypothesis import given, settings
from hypothesis import strategies as st

from kelisim.engine.calibration import Calibration
from kelisim.engine.frame import categories
from kelisim.engine.inference import Estimates, Indicator, estimate
from tests.engine.inference import plain
from tests.engine.inference.populations import Drawn, samples
from tests.engine.inference.reference import row

EVERY = settings(max_examples=20, deadline=None)
NUMBERS = ("estimate", "se", "ci_low", "ci_high", "df", "n", "n_eff", "deff")

MEAN = Indicator("mean", "mean", "y")
TOTAL = Indicator("total", "total", "y")
RATIO = Indicator("ratio", "ratio", numerator="y", denominator="x")
SHARE = Indicator("share", "categorical", "yes", yes=[1])
ALL = [MEAN, TOTAL, RATIO, SHARE, Indicator("median", "quantile", "y", at=0.5)]


def values(estimates: Estimates, *names: str) -> np.ndarray:
    frame = estimates.to_polars().select(names or NUMBERS)
    return frame.cast(pl.Float64).fill_null(float("nan")).to_numpy()


def same(a: Any, b: Any, relative: float = 1e-9) -> None:
    np.testing.assert_allclose(a, b, rtol=relative, atol=1e-9)


def arrays(frame: pl.DataFrame, *names: str) -> list[np.ndarray]:
    return [frame[name].cast(pl.Float64).fill_null(float("nan")).to_numpy() for name in names]


def textbook_se(drawn: Drawn, u: np.ndarray, w: np.ndarray) -> float:
    """The standard error of sum w u, for u that is 0 outside the domain."""
    h, psu, ssu, N, M = arrays(drawn.frame, "h", "psu", "ssu", "N", "M")
    stages = len(drawn.design.stages)
    n = h.size
    zero = np.zeros(n)
    units = {0: [np.arange(n)], 1: [psu], 2: [psu, ssu]}[stages]
    fractions = [zero, zero]
    if drawn.design.fpc is not None:
        first = np.array([np.unique(psu[h == one]).size for one in h]) / N
        second = [np.unique(ssu[(h == a) & (psu == b)]).size for a, b in zip(h, psu, strict=True)]
        fractions = [first, np.array(second) / M]
    return float(np.sqrt(plain.total_variance(w * u, h, units, fractions[: len(units)])))


def members(frame: pl.DataFrame, domain: str) -> np.ndarray:
    inside = np.ones(frame.height, dtype=bool)
    for part in domain.split(";") if domain else []:
        name, _, label = part.partition("=")
        inside &= (frame[name] == label).fill_null(value=False).to_numpy()
    return inside


@EVERY
@given(samples(), st.sampled_from(["", "sex=f", "sex=m", "region=A", "region=B;sex=f"]))
def test_estimates_and_errors_are_those_of_the_textbook(drawn: Drawn, domain: str) -> None:
    inside = members(drawn.frame, domain)
    if not inside.any():
        return
    ours = estimate(drawn.frame, drawn.design, ALL, [["sex"], ["region"], ["region", "sex"]])
    w, y, x, yes = arrays(drawn.frame, "w", "y", "x", "yes")
    for name, above, below in [("mean", y, w / w), ("ratio", y, x), ("share", yes, w / w)]:
        base = inside & ~np.isnan(above)
        found = row(ours, name, domain=domain)
        assert found["n"] == base.sum()
        if base.any():
            r, u = plain.ratio(np.where(base, above, 0), np.where(base, below, 0), w)
            same(found["estimate"], r)
            compare_error(drawn, found, np.where(base, u, 0), w)
    base = inside & ~np.isnan(y)
    if base.any():
        found = row(ours, "total", domain=domain)
        same(found["estimate"], (w * y)[base].sum())
        compare_error(drawn, found, np.where(base, y, 0), w)


def compare_error(drawn: Drawn, found: dict[str, Any], u: np.ndarray, w: np.ndarray) -> None:
    if found["df"] >= 1:
        same(found["se"], textbook_se(drawn, u, w), 1e-8)


def margins(frame: pl.DataFrame) -> tuple[np.ndarray, ...]:
    return tuple(categories(frame, name).codes for name in ("region", "yes"))


@EVERY
@given(samples(gaps=False), st.integers(0, 2**32 - 1))
def test_calibrated_errors_are_those_of_residuals_written_out(drawn: Drawn, seed: int) -> None:
    rng = np.random.default_rng(seed)
    d, y, x = arrays(drawn.frame, "w", "y", "x")
    w = d * rng.uniform(0.8, 1.3, d.size)
    codes = margins(drawn.frame)
    levels = tuple(int(code.max()) + 1 for code in codes)
    calibration = Calibration(d, w, codes, levels, np.stack([x], axis=1))
    ours = estimate(drawn.frame, drawn.design, ALL[:3], [["sex"]], calibration=calibration)
    dummies = [np.eye(level)[code] for code, level in zip(codes, levels, strict=True)]
    X = np.concatenate([*dummies, (x - x.mean())[:, None]], axis=1)
    sex = drawn.frame["sex"].to_numpy()
    for domain in ["", *(f"sex={label}" for label in np.unique(sex))]:
        inside = (sex == domain[4:]) | (domain == "")
        r, u = plain.ratio(y * inside, 1.0 * inside, w)
        found = row(ours, "mean", domain=domain)
        if found["df"] >= 1:
            expected = textbook_se(drawn, plain.residuals(u, X, d), w)
            # What a calibration explains is taken off by subtraction, so that rounding leaves up to
            # a few roots of machine precision of what is subtracted: of the error there was without
            # it, and of the auxiliaries' own, which is far greater where they lie close together.
            parts = X * plain.slopes(u, X, d)
            taken = [textbook_se(drawn, part, w) for part in (u, *parts.T)]
            assert abs(found["se"] - expected) < 5e-7 * sum(taken) + 1e-9 * max(1.0, abs(r))


@EVERY
@given(samples())
def test_the_order_of_rows_does_not_matter(drawn: Drawn) -> None:
    wanted, by = [*ALL, Indicator("yes", "categorical", "yes")], [["sex"], ["region", "sex"]]
    shuffled = drawn.frame.sample(fraction=1.0, shuffle=True, seed=7)
    first = estimate(drawn.frame, drawn.design, wanted, by)
    second = estimate(shuffled, drawn.design, wanted, by)
    assert first.to_polars()["domain"].to_list() == second.to_polars()["domain"].to_list()
    same(values(first), values(second))


@EVERY
@given(samples(), st.floats(1e-3, 1e6))
def test_means_do_not_depend_on_the_size_of_weights(drawn: Drawn, factor: float) -> None:
    larger = drawn.frame.with_columns(pl.col("w") * factor)
    wanted = [MEAN, RATIO, SHARE]
    first = estimate(drawn.frame, drawn.design, wanted, [["sex"]])
    second = estimate(larger, drawn.design, wanted, [["sex"]])
    same(values(first), values(second))
    totals = [estimate(frame, drawn.design, [TOTAL]) for frame in (drawn.frame, larger)]
    same(values(totals[0], "estimate", "se") * factor, values(totals[1], "estimate", "se"))


@EVERY
@given(samples(gaps=False))
def test_totals_of_domains_add_up_to_the_nation(drawn: Drawn) -> None:
    ours = estimate(drawn.frame, drawn.design, [TOTAL], [["region", "sex"]])
    table = ours.to_polars()
    nation = table.filter(domain="")["estimate"].sum()
    same(table.filter(pl.col("domain") != "")["estimate"].sum(), nation)
    every = dict.fromkeys(table.filter((pl.col("domain") != "") & (pl.col("n") > 0))["domain"], 1.0)
    added = ours.contrast("total", every)
    same([added.estimate, added.se], [nation, row(ours, "total")["se"]], 1e-7)


@EVERY
@given(samples())
def test_a_share_is_the_mean_of_0_and_1_and_categories_add_up(drawn: Drawn) -> None:
    wanted = [SHARE, Indicator("zero one", "mean", "yes"), Indicator("each", "categorical", "yes")]
    ours = estimate(drawn.frame, drawn.design, wanted, [["sex"]])
    by = ("n", "estimate", "se", "df", "deff")
    table = ours.to_polars()
    share, mean = (table.filter(indicator=name).select(by) for name in ("share", "zero one"))
    assert share.select("n", "df").equals(mean.select("n", "df"))
    same(share["estimate"].fill_null(-1), mean["estimate"].fill_null(-1))
    same(share["se"].fill_null(-1), mean["se"].fill_null(-1))
    sums = table.filter((pl.col("indicator") == "each") & (pl.col("n") > 0))
    same(sums.group_by("domain").agg(pl.col("estimate").sum())["estimate"], 1.0)


@EVERY
@given(samples())
def test_a_ratio_to_one_is_a_mean(drawn: Drawn) -> None:
    to_one = Indicator("to one", "ratio", numerator="y", denominator="one")
    ours = estimate(drawn.frame, drawn.design, [MEAN, to_one], [["sex"]]).to_polars()
    mean, ratio = (ours.filter(indicator=name).select(NUMBERS) for name in ("mean", "to one"))
    same(
        mean.cast(pl.Float64).fill_null(-1).to_numpy(),
        ratio.cast(pl.Float64).fill_null(-1).to_numpy(),
    )


@EVERY
@given(samples(gaps=False))
def test_a_domain_is_everyone_with_answers_missing_outside_it(drawn: Drawn) -> None:
    masked = drawn.frame.with_columns(pl.when(pl.col("sex") == "f").then("y").alias("y"))
    if masked["y"].null_count() == masked.height:
        return
    outside = row(estimate(masked, drawn.design, [MEAN]), "mean")
    domain = row(estimate(drawn.frame, drawn.design, [MEAN], ["sex"]), "mean", domain="sex=f")
    for name in ("n", "df", "estimate", "se"):
        same(domain[name] or 0.0, outside[name] or 0.0)


@EVERY
@given(samples(gaps=False))
def test_a_contrast_of_groups_is_the_slope_on_their_code(drawn: Drawn) -> None:
    """The difference of two means is linearised by hand, as one column, and agrees."""
    w, y = arrays(drawn.frame, "w", "y")
    female = (drawn.frame["sex"] == "f").to_numpy()
    if female.all() or not female.any():
        return
    means = [(w * y)[part].sum() / w[part].sum() for part in (female, ~female)]
    u = np.where(female, (y - means[0]) / w[female].sum(), -(y - means[1]) / w[~female].sum())
    ours = estimate(drawn.frame, drawn.design, [MEAN], ["sex"])
    found = ours.contrast("mean", {"sex=f": 1, "sex=m": -1})
    same(found.estimate, means[0] - means[1])
    same(found.se, textbook_se(drawn, u, w), 1e-8)


@EVERY
@given(samples())
def test_variances_are_the_diagonal_of_the_joint_covariance(drawn: Drawn) -> None:
    ours = estimate(drawn.frame, drawn.design, ALL[:4], [["region", "sex"]])
    joint = ours.covariance(["mean", "total", "ratio", "share"], by=["region", "sex"])
    for place, name in enumerate(joint.indicators):
        found = row(ours, name, domain=joint.domains[place])["se"]
        own = joint.matrix[place, place]
        assert np.isnan(own) if found is None else abs(own - found**2) <= 1e-8 * max(own, 1e-9)


@EVERY
@given(samples())
def test_intervals_hold_the_estimate_and_shares_stay_within_0_and_1(drawn: Drawn) -> None:
    table = estimate(drawn.frame, drawn.design, ALL, [["region", "sex"]]).to_polars()
    known = table.filter(pl.col("ci_low").is_not_null())
    assert (known["ci_low"] <= known["estimate"] + 1e-9).all()
    assert (known["estimate"] <= known["ci_high"] + 1e-9).all()
    shares = known.filter(indicator="share")
    assert shares["ci_low"].is_between(0, 1).all()
    assert shares["ci_high"].is_between(0, 1).all()


@EVERY
@given(samples())
def test_every_missing_number_has_its_reason(drawn: Drawn) -> None:
    table = estimate(drawn.frame, drawn.design, ALL, [["region", "sex"]]).to_polars()
    silent = table.filter((pl.col("se").is_null()) & (pl.col("note") == ""))
    assert silent.height == 0
    assert table.filter(n=0)["estimate"].null_count() == table.filter(n=0).height
