"""Country, not crowd (simulated): opinion_country.py [SOCIETIES [SEED]] prints one JSON document.

A society with a known truth: 16 regions, 2 sexes, 4 age groups, 2 languages; positions in two
dimensions that move with region, age and language; 40 statements. A thousand people come by
themselves: by region, age and language above all (`cells`), and in the second society also because
of what they think (`opinion`): a standard deviation towards one end makes one 1.35 times as likely
to come as others of the same cell. Each votes on 20 statements, a tenth of the votes are passes.
"""

import json
import sys
from itertools import product

import numpy as np
import polars as pl

from kelisim.engine.opinion import live_map, read_votes
from kelisim.study.country import country_estimate

VARIABLES = {"region": 16, "sex": 2, "age": 4, "language": 2}
STATEMENTS, SHOWN = 40, 20
NODES, WEIGHTS = np.polynomial.hermite_e.hermegauss(15)


def society(rng):
    """Return the cells, their counts, the mean position of each, and the statements."""
    codes = np.array(list(product(*(range(size) for size in VARIABLES.values()))))
    labels = {v: [f"{v} {c:02d}" for c in codes[:, k]] for k, v in enumerate(VARIABLES)}
    heavy = np.exp(rng.normal(0, 0.7, 16))[codes[:, 0]] * rng.uniform(0.5, 1.5, len(codes))
    cells = pl.DataFrame(labels).with_columns(n=np.round(1e7 * heavy / heavy.sum()))
    middle = np.zeros((len(codes), 2))
    for k, spread in enumerate((0.5, 0.15, 0.5, 0.5)):
        middle += rng.normal(0, spread, (list(VARIABLES.values())[k], 2))[codes[:, k]]
    level, pull = rng.normal(0.6, 1.0, STATEMENTS), rng.normal(0, 0.8, (STATEMENTS, 2))
    return codes, cells, middle, level, pull


def truth(cells, middle, level, pull):
    """Return the share of the country that agrees, by integration over the people of each cell."""
    weights = cells["n"].to_numpy() / cells["n"].sum()
    centre, width = middle @ pull.T + level, np.sqrt((pull**2).sum(axis=1))
    share = sum(
        w * (1 / (1 + np.exp(-(centre + x * width)))) for x, w in zip(NODES, WEIGHTS, strict=True)
    )
    return weights @ (share / WEIGHTS.sum())


def crowd(rng, size, codes, cells, middle, level, pull, selection):
    """Return the people who came and their votes."""
    ready = np.exp(
        rng.normal(0, 0.8, 16)[codes[:, 0]]
        + np.array([1.2, 0.6, 0.0, -0.8])[codes[:, 2]]
        + np.array([-0.6, 0.6])[codes[:, 3]]
    )
    chance = cells["n"].to_numpy() * ready
    # Ready in proportion to exp(selection x) moves a normal position of unit spread by selection.
    at = rng.choice(len(cells), size, p=chance / chance.sum())
    place = middle[at] + rng.normal(size=(size, 2)) + np.array([selection, 0.0])
    odds = place @ pull.T + level
    votes = np.where(rng.random(odds.shape) < 1 / (1 + np.exp(-odds)), 1, -1)
    votes[rng.random(odds.shape) < 0.1] = 0
    rows = np.repeat(np.arange(size), SHOWN)
    columns = np.concatenate([rng.choice(STATEMENTS, SHOWN, replace=False) for _ in range(size)])
    people = cells.drop("n")[at].with_columns(participant=np.arange(size))
    return people, {"participant": rows, "statement": columns, "vote": votes[rows, columns]}


def one(seed, number, size, selection):
    rng = np.random.default_rng([seed, number])
    codes, cells, middle, level, pull = society(rng)
    known = truth(cells, middle, level, pull)
    people, votes = crowd(rng, size, codes, cells, middle, level, pull, selection)
    cast = read_votes(votes)
    found = country_estimate(cast, people, cells, places=live_map(cast).places)
    table = found.statements.sort(pl.col("statement").cast(pl.Int64))
    voices, country = table["voices"].to_numpy(), table["country"].to_numpy()
    low, high = table["country_low"].to_numpy(), table["country_high"].to_numpy()
    plain = (table["sampling_low"].to_numpy() <= known) & (
        known <= table["sampling_high"].to_numpy()
    )
    top = np.argsort(-voices)[:10]
    return {
        "raw_error": float(np.abs(voices - known).mean()),
        "error": float(np.abs(country - known).mean()),
        "raw_error_top_ten": float(np.abs(voices - known)[top].mean()),
        "error_top_ten": float(np.abs(country - known)[top].mean()),
        "covered": float(((low <= known) & (known <= high)).mean()),
        "covered_without_selection": float(plain.mean()),
        "width": float((high - low).mean()),
        "distance": found.furthest[1].total_variation,
    }


def main(societies, seed):
    results = []
    for size, selection in product((1000, 3000), (0.0, 0.3)):
        runs = [one(seed, number, size, selection) for number in range(societies)]
        means = {key: round(float(np.mean([run[key] for run in runs])), 4) for key in runs[0]}
        means["error_ratio"] = round(means["error"] / means["raw_error"], 3)
        means["error_ratio_top_ten"] = round(means["error_top_ten"] / means["raw_error_top_ten"], 3)
        results.append({"people": size, "selection by opinion": selection, **means})
        print(results[-1], file=sys.stderr)
    print(json.dumps({"simulated": True, "societies": societies, "seed": seed, "results": results}))


if __name__ == "__main__":
    given = [int(word) for word in sys.argv[1:]]
    main(*(given + [20, 0][len(given) :]))
