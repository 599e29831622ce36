"""Groups and slates of every real conversation: opinion_conversations.py WORK prints one document.

*Groups*: what `find_groups` shows with the number of dimensions chosen by held-out votes, or why it
shows none. Where groups are shown, the model and the groups are found anew, from nothing, `runs`
times without a random tenth of the votes (numpy's generator, seed [seed, run]: not the tenths that
the engine itself tries): `shown_again` counts the runs that show groups, `least_ari` and
`median_ari` are over pairs of those, of the people whom both place in a group. *Slates*: violations
of EJR+ of both slates by our certificate, and whether abcvoting finds the slate of common ground
free of them (null where abcvoting is not installed: `uv sync --group oracles`).
"""

import json
import os
import sys
from dataclasses import replace
from importlib.metadata import version
from itertools import combinations

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

import numpy as np
from conversations import as_table, matrix_of, names, votes_folder

from kelisim.engine.opinion import choose_dimensions, read_votes
from kelisim.engine.opinion.analysis import SLATE, _approvals
from kelisim.engine.opinion.common_ground import agreement_matrix
from kelisim.engine.opinion.groups import find_groups
from kelisim.engine.opinion.integrity import check_integrity
from kelisim.engine.opinion.model import ideal_point
from kelisim.engine.opinion.positions import positions
from kelisim.engine.opinion.rand import adjusted_rand
from kelisim.engine.opinion.slate import proportional_slate, slate_of_differences
from kelisim.engine.opinion.votes import keep


def again(votes, dimensions, run, seed):
    """Return the groups found from nothing without a random tenth of the votes."""
    rng = np.random.default_rng([seed, run])
    fewer = keep(votes, rng.random(len(votes.signs)) >= 0.1)
    model = ideal_point(fewer, dimensions)
    return find_groups(fewer, model, positions(model, fewer.weights))


def stability(votes, dimensions, work):
    found = [again(votes, dimensions, run, work["seed"]) for run in range(work["runs"])]
    shown = [groups.labels for groups in found if groups.count]
    pairs = []
    for one, other in combinations(shown, 2):
        both = (one >= 0) & (other >= 0)
        pairs.append(adjusted_rand(one[both], other[both]))
    return {
        "runs": work["runs"],
        "shown_again": len(shown),
        "least_ari": round(min(pairs), 4) if pairs else None,
        "median_ari": round(float(np.median(pairs)), 4) if pairs else None,
    }


def judged(approvals, slate):
    """Return whether abcvoting finds a slate free of EJR+ violations."""
    try:
        from abcvoting import preferences, properties
    except ModuleNotFoundError:
        return None
    profile = preferences.Profile(approvals.shape[1])
    profile.add_voters([{int(c) for c in np.flatnonzero(row)} for row in approvals])
    return bool(properties.check_EJR_plus(profile, set(slate)))


def one(matrix, work):
    votes = read_votes(as_table(matrix))
    votes = replace(votes, weights=check_integrity(votes).weights)
    chosen = choose_dimensions(votes)
    k = chosen.model.dimensions
    groups = find_groups(votes, chosen.model, positions(chosen.model, votes.weights))
    chances = agreement_matrix(chosen.model, chosen.calibration)
    approvals = _approvals(votes, chances.copy())
    common = proportional_slate(approvals, votes.weights, SLATE)
    apart = slate_of_differences(chances, approvals, votes.weights, groups, SLATE)
    known = groups.stability
    return {
        "people": len(matrix),
        "statements": matrix.shape[1],
        "dimensions": k,
        "groups": groups.count,
        "reason": groups.reason,
        "engine_least_ari": None if known is None else round(known.least, 4),
        "again": stability(votes, k, work) if groups.count else None,
        "violations": [len(common.violations), len(apart.violations)],
        "abcvoting_finds_none": judged(approvals, common.statements),
        "agree_with_nothing": int((common.approved == 0).sum()),
    }


def table(found):
    """Return rows for a person."""
    head = ["conversation", "K", "groups", "least ARI", "anew: shown, least", "EJR+", "abcvoting"]
    rows = [
        [
            name,
            one["dimensions"],
            one["groups"] or one["reason"],
            one["engine_least_ari"],
            f"{one['again']['shown_again']}/{one['again']['runs']}, {one['again']['least_ari']}"
            if one["again"]
            else "",
            sum(one["violations"]),
            {True: "none", False: "some", None: "absent"}[one["abcvoting_finds_none"]],
        ]
        for name, one in found.items()
    ]
    return [head, *rows]


if __name__ == "__main__":
    work, folder = json.loads(sys.argv[1]), votes_folder()
    found = {}
    for name in work.get("conversations") or names(folder):
        found[name] = one(matrix_of(folder / name), work)
        print(json.dumps({name: found[name]}), file=sys.stderr, flush=True)
    known = version("kelisim")
    print(json.dumps({"version": known, "conversations": found, "table": table(found)}))
