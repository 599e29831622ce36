"""The workload `mrp`, through NumPyro NUTS on cells: 2 chains of 1,000 + 1,000, compiling included.

The same model and priors as kelisim fits, non-centred; poststratification is vectorised by draw.
"""

import jax.numpy as jnp
import numpy as np
import numpyro
import numpyro.distributions as dist
import polars as pl
from jax import random
from jax.nn import sigmoid, softplus
from measure import measured
from numpyro.infer import MCMC, NUTS

KIND = ["ethnicity", "sex", "age", "education"]
GROUPS = [[name] for name in KIND if name != "sex"] + [
    ["sex", "ethnicity"], ["education", "age"], ["education", "ethnicity"],
]  # fmt: skip


def read(folder):
    return [pl.read_csv(folder / f"{name}.csv") for name in ("people", "population", "areas")]


def model(place, kind, n, y, fixed, half, codes):
    beta = numpyro.sample("beta", dist.Normal(0, 2.5).expand([fixed.shape[1] + 1]))
    area, people = fixed @ beta[:-1], half * beta[-1]
    for k, code in enumerate([np.arange(len(fixed)), *codes]):
        sigma = numpyro.sample(f"sigma{k}", dist.HalfNormal(1))
        z = numpyro.sample(f"z{k}", dist.Normal(0, 1).expand([int(code.max()) + 1]))
        if k == 0:
            area = area + sigma * z
        else:
            people = people + sigma * z[code]
    numpyro.deterministic("area", area)
    numpyro.deterministic("people", people)
    eta = area[place] + people[kind]
    numpyro.factor("likelihood", jnp.sum(y * eta - n * softplus(eta)))


def work(people, population, areas):
    kinds = population.select(KIND).unique().sort(KIND).with_row_index("kind")
    places = areas.sort("area").with_row_index("place")
    cells = people.join(kinds, on=KIND).join(places, on="area")
    cells = cells.group_by("place", "kind").agg(n=pl.len(), y=pl.col("yes").sum())
    counts = population.join(kinds, on=KIND).join(places, on="area").sort("place", "kind")["n"]
    counts = counts.to_numpy().reshape(len(places), len(kinds))
    vote, zone = places["vote"].to_numpy(), places["zone"].to_numpy()
    fixed = np.column_stack(
        [np.ones(len(places)), (vote - vote.mean()) / vote.std()]
        + [zone == name for name in np.unique(zone)[1:]]
    )
    codes = [kinds.select(pl.struct(group).rank("dense") - 1).to_series().to_numpy()
             for group in GROUPS]  # fmt: skip
    half = (kinds["sex"].rank("dense") - 1.5).to_numpy()
    kernel = NUTS(model, target_accept_prob=0.9)
    run = MCMC(kernel, num_warmup=1000, num_samples=1000, num_chains=2,
               chain_method="sequential", progress_bar=False)  # fmt: skip
    arrays = [cells[name].to_numpy() for name in ("place", "kind", "n", "y")]
    run.run(random.PRNGKey(1), *arrays, fixed, half, codes)
    drawn = run.get_samples()
    share = jnp.zeros(len(places))
    for start in range(0, 2000, 100):
        block = slice(start, start + 100)
        p = sigmoid(drawn["area"][block, :, None] + drawn["people"][block, None, :])
        share += (p * counts).sum(axis=(0, 2)) / 2000
    return np.asarray(share) / counts.sum(axis=1)


numpyro.enable_x64()
measured("numpyro", read, work)
