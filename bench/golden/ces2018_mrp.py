"""Record a long NUTS run of one multilevel model as the reference for `kelisim.mrp`.

Model (the one `kelisim.mrp` fits with ``interactions=[male x eth, educ x age, educ x eth]``): one
seeded draw of 20,000 respondents of CES 2018; logit share = intercept + male (-1/2, +1/2) +
repvote (standardised over the states) + region (indicators, first label as the base) + seven
groups of random effects. Fixed effects N(0, 2.5^2), random effects N(0, sigma_g^2), sigma_g
half-normal(1). Sampled by NumPyro, without a line of Kelisim.

Why it does not diverge. Sampled as they are, effects form a funnel where their sigma is small;
sampled in units of sigma they form one where it is large, since the answers then hold each of them
within its own standard error, a small part of sigma; and with effects of few levels both ends
belong to the posterior. So for every sigma the effects are sampled in units of what is left of
their spread after the answers. With u the coefficients in prior standard deviations S(sigma), and
the likelihood near its mode replaced by the normal one of precision X'WX and linear term b,

    A = I + S X'WX S,    L L' = A,    u = A^-1 S b + L'^-1 w.

w is sampled, its density being that of u times 1 / det L: a change of variables, exact for any W
and b (they are constants of one fit, `near`), after which w is close to standard normal and does
not depend on sigma. Only the seven log sigmas keep a shape of their own.

    make bench   # for bench/.venv
    bench/.venv/bin/python bench/golden/ces2018_mrp.py SHARED/data/polls/ces2018 OUT.json
"""

from __future__ import annotations

import json
import os
import sys
import time
from pathlib import Path

os.environ["OPENBLAS_NUM_THREADS"] = "1"  # the chains are parallel; a matrix of 129 rows is not

import jax
import jax.numpy as jnp
import numpy as np
import numpyro
import numpyro.distributions as dist
import polars as pl
from numpyro.diagnostics import effective_sample_size, split_gelman_rubin
from numpyro.infer import MCMC, NUTS

SEED, RESPONDENTS = 2018, 20_000
CHAINS, WARMUP, DRAWS, TARGET = 4, 1_000, 6_000, 0.95
FIXED_SD = 2.5
CELLS = ["eth", "male", "age", "educ"]
MAIN = ["eth", "educ", "age"]
CROSSED = ["male:eth", "educ:age", "educ:eth"]
GROUPS = ["state", *MAIN, *CROSSED]
SPREADS = tuple(f"sigma_{name}" for name in GROUPS)


def read(folder: Path):
    everyone = pl.read_csv(folder / "interviews.csv")
    chosen = np.random.default_rng(SEED).choice(len(everyone), RESPONDENTS, replace=False)
    people = everyone[np.sort(chosen)]
    population = pl.read_csv(folder / "population.csv")
    states = pl.read_csv(folder / "states.csv").sort("state")
    return people, population, states


def arrays(people, population, states):
    demos = population.select(CELLS).unique().sort(CELLS).with_row_index("demo")
    places = states.select("state").with_row_index("place")
    sample = people.join(demos, on=CELLS).join(places, on="state")
    cells = sample.group_by("place", "demo").agg(n=pl.len(), y=pl.col("abortion").sum())
    counts = np.zeros((len(places), len(demos)))
    there = population.join(demos, on=CELLS).join(places, on="state")
    counts[there["place"].to_numpy(), there["demo"].to_numpy()] = there["n"].to_numpy()
    vote = states["repvote"].to_numpy()
    regions = sorted(states["region"].unique())
    fixed = np.column_stack(
        [(vote - vote.mean()) / vote.std()]
        + [(states["region"] == name).to_numpy().astype(float) for name in regions[1:]]
    )
    codes = {name: np.unique(demos[name].to_numpy(), return_inverse=True)[1] for name in CELLS}
    return cells, counts, fixed, codes


def columns(fixed, codes):
    """Return the model matrices of states and of demographic cells, and the group of each column.

    A share has logit ``X_state[state] @ c[:k] + X_demo[cell] @ c[k:]``, k columns being of states.
    The group of a column is its sigma's place in GROUPS; fixed effects come after the last.
    """
    parts, groups = [], []
    for place, name in enumerate(GROUPS[1:], start=1):
        level = 0
        for part in name.split(":"):
            level = level * (codes[part].max() + 1) + codes[part]
        parts.append(np.eye(level.max() + 1)[level])
        groups += [place] * (level.max() + 1)
    states = len(fixed)
    x_state = np.column_stack([np.ones(states), fixed, np.eye(states)])
    x_demo = np.column_stack([codes["male"] - 0.5, *parts])
    constant = [len(GROUPS)]
    return (
        x_state,
        x_demo,
        np.array(constant * (1 + fixed.shape[1]) + [0] * states + constant + groups),
    )


def near(x, n, y, sd=0.3, steps=20):
    """Return X'WX and b of the normal likelihood that is the binomial one near its mode.

    The mode is that with every random effect N(0, 0.3^2): what it is matters to the speed alone.
    """
    c = np.zeros(x.shape[1])
    for _ in range(steps):
        p = 1 / (1 + np.exp(-x @ c))
        curvature = x.T @ ((n * p * (1 - p))[:, None] * x)
        linear = x.T @ (y - n * p) + curvature @ c
        c = np.linalg.solve(curvature + np.eye(len(c)) / sd**2, linear)
    return curvature, linear


def model(place, demo, n, y, x_state, x_demo, group, curvature, linear):
    sigma = [numpyro.sample(f"sigma_{name}", dist.HalfNormal(1.0)) for name in GROUPS]
    s = jnp.stack([*sigma, FIXED_SD])[group]
    w = numpyro.sample("w", dist.Normal(0, 1).expand([len(group)]))
    root = jnp.linalg.cholesky(jnp.eye(len(group)) + s[:, None] * curvature * s)
    centre = jax.scipy.linalg.cho_solve((root, True), s * linear)
    u = centre + jax.scipy.linalg.solve_triangular(root, w, lower=True, trans=1)
    jacobian = -jnp.sum(jnp.log(jnp.diag(root)))
    numpyro.factor("change of variables", 0.5 * (w @ w - u @ u) + jacobian)
    area = numpyro.deterministic("area", x_state @ (s * u)[: x_state.shape[1]])
    people = numpyro.deterministic("people", x_demo @ (s * u)[x_state.shape[1] :])
    eta = area[place] + people[demo]
    numpyro.factor("likelihood", jnp.sum(y * eta - n * jax.nn.softplus(eta)))


def shares(area, people, counts):
    """Return the area shares and the national share of every draw, (draws, areas + 1)."""
    out = np.empty((len(area), counts.shape[0] + 1))
    for start in range(0, len(area), 250):
        a, d = area[start : start + 250], people[start : start + 250]
        p = 1 / (1 + np.exp(-(a[:, :, None] + d[:, None, :])))
        yes = np.einsum("kad,ad->ka", p, counts)
        out[start : start + 250, :-1] = yes / counts.sum(1)
        out[start : start + 250, -1] = yes.sum(1) / counts.sum()
    return out


def main() -> None:
    numpyro.enable_x64()
    numpyro.set_host_device_count(CHAINS)
    folder, target = Path(sys.argv[1]), Path(sys.argv[2])
    people, population, states = read(folder)
    cells, counts, fixed, codes = arrays(people, population, states)
    begin = time.perf_counter()
    kernel = NUTS(model, target_accept_prob=TARGET, dense_mass=[SPREADS])
    run = MCMC(kernel, num_warmup=WARMUP, num_samples=DRAWS, num_chains=CHAINS,
               chain_method="parallel", progress_bar=False)  # fmt: skip
    place, demo, n, y = (cells[name].to_numpy() for name in ("place", "demo", "n", "y"))
    x_state, x_demo, group = columns(fixed, codes)
    normal = near(np.column_stack([x_state[place], x_demo[demo]]), n, y)
    run.run(jax.random.PRNGKey(SEED), place, demo, n, y, x_state, x_demo, group, *normal)
    jax.block_until_ready(run.get_samples())
    seconds = time.perf_counter() - begin
    kept = run.get_samples(group_by_chain=True)
    sites = {k: np.asarray(v) for k, v in kept.items()}
    area, demo = sites.pop("area"), sites.pop("people")
    flat = shares(area.reshape(-1, area.shape[-1]), demo.reshape(-1, demo.shape[-1]), counts)
    by_chain = flat.reshape(CHAINS, DRAWS, -1)
    spreads = [sites[name] for name in SPREADS]
    watched = [*sites.values(), by_chain]
    report = {
        "what": "CES 2018, 20,000 respondents drawn with the seed, NUTS posterior of state shares",
        "seed": SEED, "respondents": RESPONDENTS, "chains": CHAINS, "warmup": WARMUP,
        "draws": DRAWS, "target_accept": TARGET, "numpyro": numpyro.__version__,
        "seconds": round(seconds, 1),
        "divergences": int(np.asarray(run.get_extra_fields()["diverging"]).sum()),
        "min_ess": float(min(np.min(effective_sample_size(v)) for v in watched)),
        "min_ess_areas": float(np.min(effective_sample_size(by_chain))),
        "min_ess_spreads": float(min(effective_sample_size(v) for v in spreads)),
        "max_rhat": float(max(np.max(split_gelman_rubin(v)) for v in watched)),
        "areas": [*states["state"], ""],
        "mean": flat.mean(0).tolist(), "sd": flat.std(0, ddof=1).tolist(),
        "low": np.quantile(flat, 0.025, axis=0).tolist(),
        "high": np.quantile(flat, 0.975, axis=0).tolist(),
        "half_difference": np.abs(
            by_chain[:2].mean((0, 1)) - by_chain[2:].mean((0, 1))).tolist(),
        "sigma_mean": {g: float(sites[f"sigma_{g}"].mean()) for g in GROUPS},
        "sigma_sd": {g: float(sites[f"sigma_{g}"].std()) for g in GROUPS},
    }  # fmt: skip
    target.write_text(json.dumps(report, indent=1) + "\n", encoding="utf-8")
    print({k: v for k, v in report.items() if isinstance(v, int | float)})


if __name__ == "__main__":
    main()
