"""What must hold on every real conversation beside the repository, and on any machine."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from kelisim.engine.opinion.common_ground import agreement_matrix
from kelisim.engine.opinion.groups import LEAST_SHARE, STABLE, NoGroups, find_groups
from kelisim.engine.opinion.model import ideal_point
from kelisim.engine.opinion.positions import positions
from kelisim.engine.opinion.slate import proportional_slate, slate_of_differences
from tests.engine.opinion.conversations import conversation
from tests.engine.opinion.test_slate import oracle

NAMES = (
    "15-per-hour-seattle",
    "austria-climate.2vkxcncppn.2022-07-07",
    "brexit-consensus",
    "canadian-electoral-reform",
    "london.youth.policing",
    "scoop-hivemind.affordable-housing",
    "scoop-hivemind.biodiversity",
    "vtaiwan.uberx",
)

SCRIPT = """
import hashlib, json, sys
import numpy as np
import polars as pl
from kelisim.engine.opinion import live_opinion, opinion_map, read_votes
from tests.engine.opinion.conversations import camps, matrix_votes

order = np.random.default_rng(int(sys.argv[2]))
matrix = pl.read_csv(sys.argv[1], infer_schema_length=None)
rows = matrix.unpivot(index="participant", on=matrix.columns[6:]).drop_nulls()
rows = rows.rename({"variable": "statement", "value": "vote"})
votes = read_votes(rows[order.permutation(len(rows))])
found = opinion_map(votes)
whole = "".join(table.write_csv() for table in (found.participants, found.statements, found.slate))
whole += json.dumps([dict(found.groups), dict(found.integrity), dict(found.fit)])
live = [live_opinion(one).map.places.tobytes() for one in (votes, matrix_votes(camps(3000, 40)))]
print(hashlib.sha256(whole.encode() + b"".join(live)).hexdigest())
"""


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("name", NAMES)
def test_groups_are_stable_or_absent_and_slates_leave_nobody_out(shared: Path, name: str) -> None:
    """abcvoting judges the slates; the stability is that of five runs without a tenth of votes."""
    votes = conversation(shared, name)
    model = ideal_point(votes, 2, tolerance=5e-3)
    groups = find_groups(votes, model, positions(model, votes.weights))
    if groups.count:
        assert groups.stability is not None
        assert groups.stability.runs >= 5
        assert groups.stability.least >= STABLE >= 0.9
        assert groups.shares.min() >= LEAST_SHARE
    else:
        assert groups.reason in list(NoGroups)
        assert (groups.labels == -1).all()
    chances = agreement_matrix(model)
    approvals, voters = chances > 0.5, votes.n_votes > 0
    slate = proportional_slate(approvals[voters], votes.weights[voters], 8)
    assert slate.violations == ()
    profile = oracle(approvals[voters])
    from abcvoting import properties

    assert properties.check_EJR_plus(profile, set(slate.statements))
    apart = slate_of_differences(chances, approvals, votes.weights, groups, 8)
    assert apart.violations == ()


def test_no_byte_depends_on_the_order_of_votes_or_the_number_of_threads(shared: Path) -> None:
    """The whole road of a real conversation, its votes shuffled each time in another way."""
    file = shared / "data" / "votes" / "brexit-consensus" / "participants-votes.csv"
    digests = set()
    for threads in ("1", "2", "4"):
        names = ("OMP", "OPENBLAS", "MKL", "NUMBA")
        counts = {f"{name}_NUM_THREADS": threads for name in names}
        environment = {**os.environ, **counts, "POLARS_MAX_THREADS": threads}
        done = subprocess.run(
            [sys.executable, "-c", SCRIPT, str(file), threads],
            env=environment,
            capture_output=True,
            text=True,
            check=True,
            cwd=Path(__file__).parents[3],
        )
        digests.add(done.stdout.strip())
    assert len(digests) == 1
    assert np.all([len(digest) == 64 for digest in digests])
