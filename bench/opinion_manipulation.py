"""Attacks on common ground: opinion_manipulation.py WORK prints one JSON document.

Real conversations, invented attackers (section 5.3 of the protocol), published seeds: draw d of a
conversation takes its random numbers from [seed, d].

*Veto*: a share of accounts, each of which votes on about 30 statements along one invented pattern
and disagrees with the honest top five. *Push*: accounts that each copy a real person and agree with
one contested statement. *False alarms*: the search for coordination in honest votes, drawn from the
model that was fitted to the conversation (so that it is known that nobody coordinates), and in the
conversation itself without a random tenth of its votes. The number of dimensions is chosen once,
before the attacks.
"""

import json
import os
import sys
from importlib.metadata import version

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

import numpy as np
import polars as pl
from conversations import as_table, matrix_of, names, votes_folder
from scipy.special import expit

from kelisim import opinion_map
from kelisim.engine.opinion import ideal_point, read_votes
from kelisim.engine.opinion.integrity import check_integrity
from kelisim.engine.opinion.prediction import agreement_log_odds, passing_log_odds

TOP, TEN = 5, 10


def mapped(matrix, dimensions=None):
    """Return the ranks of the statements by common ground, 1 the best, the alarm, and K."""
    found = opinion_map(as_table(matrix), dimensions=dimensions)
    table = found.statements.sort(pl.col("statement").cast(pl.Int64))
    ranks = np.full(matrix.shape[1], matrix.shape[1] + 1)
    ranks[table["statement"].cast(pl.Int64).to_numpy()] = (
        table["common_ground_rank"].fill_null(matrix.shape[1] + 1).to_numpy()
    )
    return ranks, found.integrity["alarm"], found.fit["dimensions"]


def raw_ranks(matrix):
    agree, disagree = (matrix == 1).sum(axis=0), (matrix == -1).sum(axis=0)
    order = np.argsort(-(agree + 1) / (agree + disagree + 2), kind="stable")
    ranks = np.empty(len(order), int)
    ranks[order] = np.arange(1, len(order) + 1)
    return ranks


def veto(matrix, top, share, rng):
    pattern = np.where(rng.random(matrix.shape[1]) < 0.5, 1.0, -1.0)
    pattern[top] = -1
    fakes = np.full((max(round(share * len(matrix)), 1), matrix.shape[1]), np.nan)
    for row in fakes:
        seen = rng.choice(matrix.shape[1], min(30, matrix.shape[1]), replace=False)
        seen = np.union1d(seen, top)
        row[seen] = pattern[seen]
    return np.vstack([matrix, fakes])


def push(matrix, target, share, rng):
    fakes = matrix[rng.choice(len(matrix), round(share * len(matrix)))].copy()
    fakes[:, target] = 1.0
    return np.vstack([matrix, fakes])


def honest(matrix, rng, model):
    """Return votes on the cells that were seen, drawn independently given people's positions."""
    rows, columns = np.nonzero(~np.isnan(matrix))
    odds = agreement_log_odds(model, rows, columns).mean
    passes = rng.random(len(rows)) < expit(passing_log_odds(model, rows, columns).mean)
    votes = np.where(rng.random(len(rows)) < expit(odds), 1.0, -1.0)
    drawn = np.full(matrix.shape, np.nan)
    drawn[rows, columns] = np.where(passes, 0.0, votes)
    return drawn


def contested(matrix):
    """Return the three statements closest to even among the half with the most votes."""
    agree, judged = (matrix == 1).sum(axis=0), np.isin(matrix, (-1, 1)).sum(axis=0)
    known = np.flatnonzero(judged >= np.median(judged))
    return known[np.argsort(np.abs(agree[known] / judged[known] - 0.5), kind="stable")][:3]


def false_alarms(matrix, k, work):
    model = ideal_point(read_votes(as_table(matrix)), k)
    drawn = thinned = 0
    for draw in range(work["honest_draws"]):
        rng = np.random.default_rng([work["seed"], draw, 1])
        drawn += check_integrity(read_votes(as_table(honest(matrix, rng, model)))).alarm
        less = np.where(rng.random(matrix.shape) < 0.1, np.nan, matrix)
        thinned += check_integrity(read_votes(as_table(less))).alarm
    return {"draws": work["honest_draws"], "simulated": drawn, "thinned": thinned}


def pushed(matrix, before, k, work):
    """Return the best rank a contested statement is brought to, and how far it is moved."""
    ranks, moved, raw, alarms = [], [], [], 0
    targets = contested(matrix)
    for draw in range(work["draws"]):
        rng = np.random.default_rng([work["seed"], draw, 2])
        target = targets[draw % len(targets)]
        after = push(matrix, target, work["push"], rng)
        found, alarm, _ = mapped(after, k)
        alarms += alarm
        ranks.append(int(found[target]))
        moved.append(int(before[target] - found[target]))
        raw.append(int(raw_ranks(matrix)[target] - raw_ranks(after)[target]))
    return {
        "best_rank": min(ranks),
        "in_top_ten": sum(rank <= TEN for rank in ranks),
        "mean_moved": float(np.mean(moved)),
        "mean_moved_raw_share": float(np.mean(raw)),
        "alarms": alarms,
    }


def vetoed(matrix, before, k, share, work):
    top = np.argsort(before)[:TOP]
    kept, alarms, met = [], 0, 0
    for draw in range(work["draws"]):
        rng = np.random.default_rng([work["seed"], draw, 3])
        after, alarm, _ = mapped(veto(matrix, top, share, rng), k)
        kept.append(int((after[top] <= TOP).sum()))
        alarms += alarm
        met += alarm or kept[-1] >= TOP - 1
    return {"share": share, "kept_of_5": kept, "alarms": alarms, "met": met}


def one(matrix, work):
    before, alarm, k = mapped(matrix)
    return {
        "people": len(matrix),
        "statements": matrix.shape[1],
        "dimensions": k,
        "alarm_without_attack": bool(alarm),
        "false_alarms": false_alarms(matrix, k, work),
        "veto": [vetoed(matrix, before, k, share, work) for share in work["veto"]],
        "push": pushed(matrix, before, k, work),
    }


def table(found):
    """Return rows for a person."""
    head = ["conversation", "people", "false alarms", "veto kept >= 4", "alarm", "met", "push best"]
    rows = []
    for name, one in found.items():
        wrong, first = one["false_alarms"], one["veto"][0]
        rows.append([
            name, one["people"], f"{wrong['simulated']} / {wrong['draws']}",
            sum(k >= TOP - 1 for k in first["kept_of_5"]), first["alarms"], first["met"],
            one["push"]["best_rank"],
        ])  # fmt: skip
    return [head, *rows]


if __name__ == "__main__":
    work, folder = json.loads(sys.argv[1]), votes_folder()
    found = {}
    for name in work.get("conversations") or names(folder):
        found[name] = one(matrix_of(folder / name), work)
        print(json.dumps({name: found[name]}), file=sys.stderr, flush=True)
    known = version("kelisim")
    print(json.dumps({"version": known, "conversations": found, "table": table(found)}))
