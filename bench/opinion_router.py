"""Does the router need fewer votes? opinion_router.py [SEEDS [NAME...]] prints one JSON document.

*Under way*: four people in ten of a real conversation come anew; the statements are known from the
others. A fifth of the newcomers' votes is held out, the rest is revealed step by step, in random
order or as the router draws (control share included), and after each step their held-out votes are
predicted. *From nothing*: the same with all people at once and nothing known beforehand. *Told*:
from nothing as well, but the router alone is told the statements as the whole conversation has
them, which nobody can know: what would be left to gain by knowing them better. Only statements that
a person really voted on can be revealed. *Simulated*: complete votes of 400 people on 100
statements, drawn from the model in two dimensions. `votes_needed` is the share of the votes of the
random order with which the router reaches the log-loss that the random order has at half of what
can be revealed, by the mean of the curves of all seeds; below 1 the router saves votes. `by_seed`
is the same of each seed alone: how far one of them can be trusted.

*Monitor* (simulated): displays whose outcomes come from the simulated conversation. How often the
monitor is silent while the router works, in 30 looks at 6,000 displays, and how many displays after
routing has become even it raises the alarm. *Fairness*: how often a new statement is shown, as a
multiple of an even share.
"""

import json
import os
import sys
from dataclasses import replace

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

import numpy as np
import polars as pl
from conversations import matrix_of, names, votes_folder

from kelisim.engine.opinion.model import Gaussian, ideal_point
from kelisim.engine.opinion.placing import place_people
from kelisim.engine.opinion.prediction import agreement_log_odds, chance, log_loss
from kelisim.engine.opinion.router import WINDOW, draw, information_told, monitor_routing, route
from kelisim.engine.opinion.votes import from_codes

DIMENSIONS, STEPS, FIRST = 2, 16, 2
SMALLEST = 50
NEWCOMERS = 0.4
LOOK = 200


def snapshot(matrix, seen):
    rows, columns = np.nonzero(seen)
    names_of = [pl.Series(np.arange(size)).cast(pl.String) for size in matrix.shape]
    return from_codes(
        *names_of,
        rows.astype(np.int32),
        columns.astype(np.int32),
        matrix[rows, columns].astype(np.int8),
    )


def row(people, i):
    return Gaussian(people.mean[i : i + 1], people.covariance[i : i + 1])


def chosen(routed, model, person, offered, counts, rng, step):
    odds = route(model, person, offered, counts).probabilities if routed else None
    return rng.choice(offered, min(step, len(offered)), replace=False, p=odds)


def replayed(matrix, base, pool, held, routed, rng, told=None):
    """Return how many votes are revealed after each step, and the log-loss of those held out.

    With ``base``, the votes of others, the statements are fitted once, to these alone. With
    ``told``, a model, the router goes by its statements; the predictions do not.
    """
    asked = np.nonzero(held & (matrix != 0))
    yes = (matrix[asked] == 1).astype(float)
    seen, budget = np.zeros(matrix.shape, bool), pool.sum(axis=1)
    first = 0 if base.any() else FIRST
    for i in np.flatnonzero(budget):
        at = np.flatnonzero(pool[i])
        seen[i, rng.choice(at, min(first, len(at)), replace=False)] = True
    model = ideal_point(snapshot(matrix, base), DIMENSIONS) if base.any() else None
    curve = []
    for k in range(STEPS + 1):
        if base.any():
            model = replace(model, people=place_people(snapshot(matrix, seen), model))
        else:
            model = ideal_point(snapshot(matrix, seen), DIMENSIONS, start=model, tolerance=5e-3)
        curve.append((int(seen.sum()), log_loss(chance(agreement_log_odds(model, *asked)), yes)))
        counts = (seen | base).sum(axis=0).astype(float)
        guide = told and replace(told, people=place_people(snapshot(matrix, seen), told))
        for i in np.flatnonzero(budget):
            target = first + (budget[i] - first) * (k + 1) // STEPS
            step, offered = int(target - seen[i].sum()), np.flatnonzero(pool[i] & ~seen[i])
            if step > 0 and len(offered):
                known = guide or model
                person = row(known.people, i)
                seen[i, chosen(routed, known, person, offered, counts, rng, step)] = True
    return np.array(curve)


def needed(random, router):
    """Return the log-loss of random order at half of its votes, and the votes that lead to it."""
    half = random[-1, 0] / 2
    wanted = float(np.interp(half, random[:, 0], random[:, 1]))
    falling = np.minimum.accumulate(router[:, 1])
    return wanted, half, float(np.interp(-wanted, -falling, router[:, 0]))


def compared(matrix, seeds, under_way, told=None):
    curves = {True: [], False: []}
    for seed in range(seeds):
        rng = np.random.default_rng(seed)
        there = ~np.isnan(matrix)
        new = rng.random(len(matrix)) < (NEWCOMERS if under_way else 1.0)
        held = there & (rng.random(matrix.shape) < 0.2) & new[:, None]
        base, pool = there & ~new[:, None], there & new[:, None] & ~held
        for routed, found in curves.items():
            order = np.random.default_rng([seed, 1])
            found.append(replayed(matrix, base, pool, held, routed, order, routed and told))
    wanted, half, votes = needed(*(np.mean(curves[routed], axis=0) for routed in (False, True)))
    each = [needed(*pair) for pair in zip(curves[False], curves[True], strict=True)]
    return {
        "log_loss": round(wanted, 4),
        "random_votes": round(half),
        "router_votes": round(votes),
        "votes_needed": round(votes / half, 3),
        "by_seed": [round(votes / half, 2) for _, half, votes in each],
    }


def simulated(people=400, statements=100):
    rng = np.random.default_rng(0)
    u, w = rng.normal(size=(people, 2)), rng.normal(size=(statements, 2))
    odds = u @ w.T + rng.normal(0.5, 1.0, statements)
    votes = np.where(rng.random(odds.shape) < 1 / (1 + np.exp(-odds)), 1.0, -1.0)
    votes[rng.random(odds.shape) < 0.15] = 0.0
    return votes


def displays(model, matrix, routed, rng, people=120, each=25):
    """Return outcomes of displays to newcomers, and whether each was drawn evenly."""
    outcomes, even = [], []
    counts = np.full(matrix.shape[1], 400.0)
    for i in range(people):
        seen = np.zeros(matrix.shape, bool)
        before = place_people(snapshot(matrix[i : i + 1], seen[i : i + 1]), model)
        for _ in range(each):
            offered = np.flatnonzero(~seen[i])
            drawn = draw(route(model, before, offered, counts, control=0.15 if routed else 1), rng)
            seen[i, drawn.statement] = True
            after = place_people(snapshot(matrix[i : i + 1], seen[i : i + 1]), model)
            outcomes.append(information_told(before, after))
            even.append(drawn.even if routed else bool(rng.random() < 0.15))
            before = after
    return np.array(outcomes), np.array(even)


def monitored(matrix, streams=500, length=6000):
    model = ideal_point(snapshot(matrix, ~np.isnan(matrix)), DIMENSIONS)
    rng = np.random.default_rng(1)
    working = displays(model, matrix, True, rng)
    broken = displays(model, matrix, False, rng)
    alarms, looks, delays = 0, 0, []
    for _ in range(streams):
        at = rng.integers(0, len(working[0]), length)
        outcomes, even = working[0][at], working[1][at]
        found = [
            monitor_routing(outcomes[max(t - WINDOW, 0) : t], even[max(t - WINDOW, 0) : t]).alarm
            for t in range(LOOK, length + 1, LOOK)
        ]
        alarms += any(found)
        looks += sum(found)
        after = rng.integers(0, len(broken[0]), length)
        outcomes = np.concatenate([outcomes, broken[0][after]])
        even = np.concatenate([even, broken[1][after]])
        for t in range(length + LOOK, 2 * length + 1, LOOK):
            if monitor_routing(outcomes[t - WINDOW : t], even[t - WINDOW : t]).alarm:
                delays.append(t - length)
                break
    return {
        "streams": streams,
        "looks": length // LOOK,
        "mean_outcome_routed": round(float(working[0][~working[1]].mean()), 4),
        "mean_outcome_even": round(float(working[0][working[1]].mean()), 4),
        "streams_with_a_false_alarm": alarms,
        "false_alarms_a_look": looks / (streams * (length // LOOK)),
        "faults_noticed": len(delays),
        "displays_until_alarm_median": float(np.median(delays)),
        "displays_until_alarm_95": float(np.quantile(delays, 0.95)),
    }


def fairness(matrix):
    """Return how often a statement without votes is shown to newcomers, in even shares."""
    late = matrix.copy()
    late[:, -5:] = np.nan
    model = ideal_point(snapshot(late, ~np.isnan(late)), DIMENSIONS)
    counts = (~np.isnan(late)).sum(axis=0).astype(float)
    offered = np.arange(matrix.shape[1])
    chances = [
        route(model, i, offered, counts).probabilities[-5:].mean() for i in range(len(matrix))
    ]
    return round(float(np.mean(chances)) * len(offered), 2)


def main(seeds, wanted):
    folder, results = votes_folder(), {}
    for name in wanted or ["simulated", *names(folder)]:
        matrix = simulated() if name == "simulated" else matrix_of(folder / name)
        if len(matrix) >= SMALLEST:
            whole = ideal_point(snapshot(matrix, ~np.isnan(matrix)), DIMENSIONS)
            results[name] = {
                "people": len(matrix),
                "under way": compared(matrix, seeds, under_way=True),
                "from nothing": compared(matrix, seeds, under_way=False),
                "told": compared(matrix, seeds, under_way=False, told=whole),
                "new_statements": fairness(matrix),
            }
            print(name, results[name], file=sys.stderr)
    print(json.dumps({"seeds": seeds, "results": results, "monitor": monitored(simulated())}))


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 6, sys.argv[2:])
