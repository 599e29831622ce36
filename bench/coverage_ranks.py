"""Do rank sets hold, and do threshold decisions keep their error rate? Simulated, truth known.

    .venv/bin/python bench/coverage_ranks.py [PART ...] [--repetitions 1000] [--seed 1]

Every repetition draws estimates of 20 areas around a known truth and asks the product for rank sets
(95 %) and for decisions at a threshold (5 %). Prints one line a case. `covered`: all true ranks
within their sets at once; of areas that are equal, every rank that they share counts. `fdr`: the
mean share of wrong calls. A coverage c of n repetitions has the standard error sqrt(c (1 - c) / n).
"""

import argparse
import json

import numpy as np

from kelisim import Design, estimate
from kelisim.engine.ranking import rank_sets, threshold_decisions

AREAS = 20
DRAWS = 10_000
DESIGN = Design("weight", strata="region", psu="psu")
KINDS = ("df, logit", "df", "no df")
MEAN = {"name": "yes", "column": "yes", "kind": "mean"}


def cases():
    """Return truth and covariance of each case; the unit is one standard error of most areas."""
    independent = np.eye(AREAS)
    unequal = np.diag(np.linspace(0.5, 2.0, AREAS) ** 2)
    equal = np.zeros(AREAS)
    pairs = np.repeat(np.arange(10.0), 2)
    return {
        "all equal": (equal, independent),
        "all equal, errors 0.5 to 2": (equal, unequal),
        "all equal, correlation 0.5": (equal, (independent + 1) / 2),
        "all equal, shares of one sample": (equal, independent - 1 / AREAS),
        "4 groups of equals, 4 apart": (np.repeat(np.arange(4.0), 5) * 4, independent),
        "10 pairs of equals, 8 apart": (pairs * 8, independent),
        "10 pairs nearly equal, 8 apart": (pairs * 8 + np.tile([0, 0.01], 10), independent),
        "evenly 0.5 apart": (np.arange(AREAS) * 0.5, independent),
        "evenly 2 apart, errors 0.5 to 2": (np.arange(AREAS) * 2.0, unequal),
    }


def covers(truth, sets):
    """Tell, of all areas at once and of each alone, whether every true rank is in its set."""
    best = 1 + (truth[:, None] < truth).sum(axis=1)
    worst = len(truth) - (truth[:, None] > truth).sum(axis=1)
    inside = (sets.low <= best) & (worst <= sets.high)
    return inside.all(), inside.mean()


def ranks(name, truth, covariance, repetitions, rng, units=None):
    root = np.linalg.cholesky(covariance + 1e-12 * np.eye(AREAS))
    kinds = {"single step": {"step_down": False}, "step-down": {}, "alone": {"simultaneous": False}}
    if units is not None:
        kinds = {"step-down": {}, "step-down, df": {"df": units - 1}}
    held = {kind: [] for kind in kinds}
    width = {kind: [] for kind in kinds}
    for repetition in range(repetitions):
        estimates = truth + root @ rng.standard_normal(AREAS)
        judged = covariance
        if units is not None:
            judged = covariance.diagonal() * rng.chisquare(units - 1, AREAS) / (units - 1)
        for kind, choice in kinds.items():
            sets = rank_sets(estimates, judged, draws=DRAWS, seed=repetition, **choice)
            every, each = covers(truth, sets)
            held[kind].append(each if kind == "alone" else every)
            width[kind].append((sets.high - sets.low + 1).mean())
    for kind in kinds:
        found = {"covered": np.mean(held[kind]), "mean_width": np.mean(width[kind])}
        say("ranks", name, kind, repetitions, found)


def thresholds(repetitions, rng):
    """At a threshold of 0: truths that are all at it, all just below it, and from a model."""
    common = (np.eye(AREAS) + 1) / 2
    worlds = {
        "all at the threshold": (lambda: np.zeros(AREAS), np.eye(AREAS)),
        "all at it, correlation 0.5": (lambda: np.zeros(AREAS), common),
        "half at it, half 3 errors above": (lambda: np.repeat([0.0, 3.0], 10), np.eye(AREAS)),
        "all from N(0, 2^2)": (lambda: rng.normal(0, 2, AREAS), np.eye(AREAS)),
    }
    for name, (truth, covariance) in worlds.items():
        root = np.linalg.cholesky(covariance)
        false, decided = {}, {}
        for _ in range(repetitions):
            theta = truth()
            estimates = theta + root @ rng.standard_normal(AREAS)
            for rule, given in offered(estimates, covariance, name, rng).items():
                wrong, calls = judged(theta, threshold_decisions(*given))
                false.setdefault(rule, []).append(wrong)
                decided.setdefault(rule, []).append(calls)
        for rule, wrong in false.items():
            above, below = np.mean(wrong, axis=0)
            found = {"fdr_above": above, "fdr_below": below, "decided": np.mean(decided[rule])}
            say("threshold", name, rule, repetitions, found)


def offered(estimates, covariance, name, rng):
    """Return what each rule is given; draws of the posterior where the model is known."""
    errors = np.sqrt(covariance.diagonal())
    given = {rule: (estimates, errors, 0.0, 0.05, rule) for rule in ("bh", "by", "bayes")}
    if name == "all from N(0, 2^2)":
        draws = 0.8 * estimates + np.sqrt(0.8) * rng.standard_normal((DRAWS, AREAS))
        given["bayes, posterior draws"] = (draws.mean(axis=0), draws, 0.0, 0.05, "bayes")
    return given


def judged(truth, decisions):
    """Return the shares of wrong calls above and below, and the share of areas called."""
    verdicts = np.array(decisions.verdicts)
    above, below = verdicts == "above", verdicts == "below"
    wrong = [(above & (truth <= 0)).sum() / max(above.sum(), 1)]
    wrong.append((below & (truth >= 0)).sum() / max(below.sum(), 1))
    return wrong, (above | below).mean()


def say(kind, case, method, repetitions, found):
    found = {name: round(float(value), 4) for name, value in found.items()}
    line = {"what": kind, "case": case, "method": method, "repetitions": repetitions, **found}
    print(json.dumps(line), flush=True)


def surveys(repetitions, rng):
    """A survey of 20 equal regions, its joint covariance from kelisim.estimate: PSUs of 12 people.

    The truth is the mean that PSUs and people are drawn around, and the threshold lies on it.
    """
    effects = rng.normal(0, 0.4, 1_000_000)
    truth = (1 / (1 + np.exp(0.6 - effects))).mean()
    for psus in (6, 10, 25):
        region = np.repeat(np.arange(AREAS), psus * 12)
        psu = np.repeat(np.arange(AREAS * psus), 12)
        held, false = ({kind: [] for kind in KINDS} for _ in range(2))
        for repetition in range(repetitions):
            logit = rng.normal(0, 0.4, AREAS * psus)[psu] - 0.6
            data = {
                "region": region,
                "psu": psu,
                "weight": rng.gamma(4, 0.25, len(psu)),
                "yes": (rng.random(len(psu)) < 1 / (1 + np.exp(-logit))).astype(float),
            }
            joint = estimate(data, DESIGN, [MEAN], [["region"]]).covariance("yes", by="region")
            for kind in KINDS:
                choice = {"df": None if kind == "no df" else joint.df}
                choice["scale"] = "logit" if kind == "df, logit" else "identity"
                sets = rank_sets(
                    joint.estimate, joint.matrix, draws=DRAWS, seed=repetition, **choice
                )
                held[kind].append(covers(np.zeros(AREAS), sets)[0])
                errors = np.sqrt(joint.matrix.diagonal())
                decided = threshold_decisions(joint.estimate, errors, truth, **choice)
                false[kind].append(judged(np.zeros(AREAS), decided)[0])
        for kind in held:
            above, below = np.mean(false[kind], axis=0)
            found = {"covered": np.mean(held[kind]), "fdr_above": above, "fdr_below": below}
            say("survey", f"equal regions of {psus} PSUs", kind, repetitions, found)


def simulated(repetitions, rng):
    for name, (truth, covariance) in cases().items():
        ranks(name, truth, covariance, repetitions, rng)
    for units in (5, 10, 20, 50):
        name = f"all equal, variances from {units} units an area"
        ranks(name, np.zeros(AREAS), np.eye(AREAS), repetitions, rng, units)


PARTS = {"ranks": simulated, "thresholds": thresholds, "surveys": surveys}

if __name__ == "__main__":
    reader = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    reader.add_argument("parts", nargs="*", metavar="PART", help=f"of {', '.join(PARTS)}")
    reader.add_argument("--repetitions", type=int, default=1000)
    reader.add_argument("--seed", type=int, default=1)
    given = reader.parse_args()
    for part in given.parts or PARTS:
        PARTS[part](given.repetitions, np.random.default_rng(given.seed))
