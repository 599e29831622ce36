"""Write the input of a workload, the same bytes for every program: inputs.py NAME FOLDER WORK."""

import json
import sys
from pathlib import Path

import numpy as np
import polars as pl
from settlement_speed import dispute

LEVELS = {
    "region": 20,
    "sexage": 14,
    "education": 4,
    "settlement": 2,
    "ethnicity": 5,
    "language": 3,
}
POPULATION = 14_000_000


def rake(folder, work):
    """Correlated categories, targets that differ from the sample, and unequal base weights.

    Categories are text, as in an interview file. R has no reader of Parquet in Debian, so that it
    gets the same columns as raw numbers beside.
    """
    rng = np.random.default_rng(work["seed"])
    n = work["rows"]
    codes, margins = {}, {}
    for name, levels in LEVELS.items():
        sample = rng.dirichlet(np.full(levels, 8.0))
        target = sample * np.exp(rng.normal(0, 0.35, levels))
        codes[name] = rng.choice(levels, n, p=sample)
        counts = POPULATION * target / target.sum()
        margins[name] = dict(zip(labels(name), counts.tolist(), strict=True))
    codes["language"] = np.where(
        rng.random(n) < 0.4, np.minimum(codes["ethnicity"] % 3, 2), codes["language"]
    )
    codes["settlement"] = np.where(rng.random(n) < 0.3, codes["region"] % 2, codes["settlement"])
    weight = rng.gamma(4, 0.25, n) * 14
    columns = {name: pl.Series(labels(name))[code] for name, code in codes.items()}
    pl.DataFrame({**columns, "weight": weight}).write_parquet(folder / "rake.parquet")
    (folder / "rake.json").write_text(json.dumps(margins))
    with (folder / "rake.bin").open("wb") as raw:
        for code in codes.values():
            raw.write((code + 1).astype("<i4").tobytes())
        raw.write(weight.astype("<f8").tobytes())
    counts = [[*LEVELS.values()], *([*targets.values()] for targets in margins.values())]
    (folder / "rake.txt").write_text("\n".join(" ".join(map(repr, row)) for row in counts))


def replicates(folder, work):
    """The sample of `bootstrap`, with the replicates of a Rao-Wu bootstrap drawn beforehand."""
    bootstrap(folder, work)
    data = pl.read_parquet(folder / "bootstrap.parquet")
    rng = np.random.default_rng(work["seed"] + 1)
    strata, psus = work["rows"] // 250, 25
    times = rng.multinomial(psus - 1, np.full(psus, 1 / psus), (work["replicates"], strata))
    factors = (times * (psus / (psus - 1))).reshape(work["replicates"], -1)
    drawn = factors[:, data["psu"].to_numpy()] * data["weight"].to_numpy()
    columns = [pl.Series(f"drawn{r}", row) for r, row in enumerate(drawn, start=1)]
    data.with_columns(columns).write_parquet(folder / "replicates.parquet")
    (folder / "bootstrap.json").rename(folder / "replicates.json")


def bootstrap(folder, work):
    """The first rows of `rake` in PSUs of 10, strata of 25 PSUs: nearly as many cells as rows."""
    rake(folder, {**work, "rows": max(work["rows"], 20_000)})
    n = work["rows"]
    data = pl.read_parquet(folder / "rake.parquet").head(n)
    rng = np.random.default_rng(work["seed"] + 2)
    psu = np.arange(n) // 10
    data = data.with_columns(
        weight=pl.Series(rng.gamma(4, 0.25, n) * 1400), psu=psu, stratum=psu // 25
    )
    data.write_parquet(folder / "bootstrap.parquet")
    (folder / "rake.json").rename(folder / "bootstrap.json")


def intake(folder, work):
    """Write down the work: the interviews are made by the program that sends them."""
    (folder / "intake.json").write_text(json.dumps(work))


def labels(name):
    return [f"{name} {level + 1:02d}" for level in range(LEVELS[name])]


def estimates(folder, work):
    """Binary items with an effect of the PSU; domains follow strata but for one row in twenty."""
    rng = np.random.default_rng(work["seed"])
    rows, strata, psus, items, domains = (
        work[key] for key in ("rows", "strata", "psus", "items", "domains")
    )
    psu = np.arange(rows) * (strata * psus) // rows
    stratum = psu // psus
    stray = (rng.random(rows) < 0.05) * rng.integers(0, domains, rows)
    logit = rng.normal(0, 0.3, items) + rng.normal(0, 0.5, (strata * psus, items))
    yes = rng.random((rows, items)) < 1 / (1 + np.exp(-logit))[psu]
    columns = {
        "stratum": stratum,
        "psu": psu,
        "weight": rng.gamma(4, 0.25, rows) * 10,
        "domain": (stratum * domains // strata + stray) % domains,
    }
    answers = {f"item {item + 1:03d}": yes[:, item].astype(float) for item in range(items)}
    pl.DataFrame({**columns, **answers}).write_parquet(folder / "estimates.parquet")


def ranks(folder, work):
    """Areas with unequal errors, a fifth of whose variance is shared in five random directions."""
    rng = np.random.default_rng(work["seed"])
    areas = work["areas"]
    errors = rng.uniform(0.5, 2, areas)
    shared = rng.standard_normal((areas, 5))
    shared /= np.linalg.norm(shared, axis=1)[:, None]
    covariance = (0.2 * shared @ shared.T + 0.8 * np.eye(areas)) * np.outer(errors, errors)
    estimates = rng.normal(0, 3, areas) + np.linalg.cholesky(covariance) @ rng.normal(size=areas)
    given = np.concatenate([[areas, work["draws"]], estimates, covariance.ravel()])
    given.astype("<f8").tofile(folder / "ranks.bin")


def mrp(folder, work):
    """A country of areas and kinds of people, and respondents drawn from its cells.

    Logits have the spreads that CES 2018 shows; one area is 60 times the size of another.
    """
    rng = np.random.default_rng(work["seed"])
    levels = {"area": work["areas"], "ethnicity": 4, "sex": 2, "age": 6, "education": 5}
    codes = dict(zip(levels, np.indices([*levels.values()]).reshape(5, -1), strict=True))
    zone = rng.integers(0, 4, work["areas"])
    vote = rng.uniform(0.3, 0.7, work["areas"])
    weight = np.exp(rng.normal(0, 0.9, work["areas"]))[codes["area"]]
    eta = -0.2 + 0.3 * codes["sex"] + (vote - 0.5 + rng.normal(0, 0.15, len(vote)))[codes["area"]]
    for group, spread in {
        "ethnicity": 0.3, "education": 0.3, "age": 0.25, "sex:ethnicity": 0.1,
        "education:age": 0.08, "education:ethnicity": 0.05,
    }.items():  # fmt: skip
        names = group.split(":")
        place = np.ravel_multi_index([codes[k] for k in names], [levels[k] for k in names])
        eta += rng.normal(0, spread, place.max() + 1)[place]
        if len(names) == 1:
            weight = weight * rng.dirichlet(np.full(levels[group], 3.0))[place]
    words = {name: [f"{name} {k + 1:02d}" for k in code] for name, code in codes.items()}
    population = pl.DataFrame({**words, "n": rng.poisson(2e8 * weight / weight.sum())})
    cell = rng.choice(len(eta), work["rows"], p=weight / weight.sum())
    yes = (rng.random(work["rows"]) < 1 / (1 + np.exp(-eta[cell]))).astype(int)
    population.write_csv(folder / "population.csv")
    population[cell].drop("n").with_columns(yes=yes).write_csv(folder / "people.csv")
    areas = population["area"].unique().sort()
    pl.DataFrame({"area": areas, "vote": vote, "zone": [f"zone {k}" for k in zone]}).write_csv(
        folder / "areas.csv"
    )


def opinion(folder, work):
    """Three camps in two dimensions, lognormal activity, 20 % passes, votes in random order.

    Each participant votes on a run of a shuffled list of statements.
    """
    rng = np.random.default_rng(work["seed"])
    people, statements = work["people"], work["statements"]
    activity = rng.lognormal(0, 1, people)
    count = np.clip((activity / activity.sum() * work["votes"]).astype(np.int64), 1, statements)
    rows = np.repeat(np.arange(people, dtype=np.int32), count)
    within = np.arange(len(rows)) - np.repeat(np.cumsum(count) - count, count)
    begins = np.repeat(rng.integers(0, statements, people), count)
    columns = rng.permutation(statements)[(begins + within) % statements].astype(np.int32)
    camps = np.array([[1.5, 0.0], [-0.75, 1.3], [-0.75, -1.3]])
    place = (camps[rng.integers(0, 3, people)] + rng.normal(0, 0.5, (people, 2))).astype("f4")
    pull, level = rng.normal(size=(statements, 2)).astype("f4"), rng.normal(0.3, 1, statements)
    odds = level[columns].astype("f4")
    for axis in range(2):
        odds += place[rows, axis] * pull[columns, axis]
    votes = np.where(rng.random(len(rows), dtype="f4") < 1 / (1 + np.exp(-odds)), 1, -1)
    votes[rng.random(len(rows), dtype="f4") < 0.2] = 0
    order = rng.permutation(len(rows))
    np.save(folder / "rows.npy", rows[order])
    np.save(folder / "columns.npy", columns[order])
    np.save(folder / "votes.npy", votes[order].astype(np.int8))
    (folder / "size.json").write_text(json.dumps([people, statements]))


opinion_live = opinion_million = opinion_refresh = opinion_visit = opinion


def settlement(folder, work):
    """A dispute of two parties: each issue has an option best for one, and one worth nothing."""
    rng = np.random.default_rng(work["seed"])
    issues, options = work["issues"], work["options"]
    tables = dispute(2, issues, options, 1000, rng)
    given = np.concatenate([[issues, options], tables.ravel()])
    given.astype("<i8").tofile(folder / "settlement.bin")


def votes(folder, work):
    """Say how many votes are to be cast; the voices make themselves."""
    (folder / "votes.json").write_text(json.dumps(work))


if __name__ == "__main__":
    globals()[sys.argv[1]](Path(sys.argv[2]), json.loads(sys.argv[3]))
