"""Write a simulated study of a million interviews, to time `kelisim poll run` on it.

.venv/bin/python bench/large_study.py FOLDER [rows]
/usr/bin/time -v .venv/bin/kelisim poll run FOLDER --out RESULTS
"""

import sys
from pathlib import Path

import numpy as np
import polars as pl

MARGINS = {"region": 20, "age": 6, "sex": 2, "education": 5, "settlement": 2}
ITEMS = 12
ANSWERS = 4

STUDY = """\
[study]
title = {en = "A simulated study of a million interviews"}

[interviews]
file = "interviews.csv"
id = "case"

[design]
weight = "weight"
strata = "region"
psu = "psu"
nest = true

[population]
file = "population.csv"
rake = ["region", "age*sex", "education", "settlement"]

[domains]
by = [["region"], ["age"], ["sex"], ["region", "sex"]]
"""


def interviews(rows, rng):
    """Answers that follow the region, in 200 sampling units a region."""
    frame = {name: rng.integers(levels, size=rows) for name, levels in MARGINS.items()}
    lean = rng.normal(0, 0.5, (MARGINS["region"], ITEMS))[frame["region"]]
    answers = np.clip(np.rint(1.5 + lean + rng.normal(0, 1, lean.shape)), 0, ANSWERS - 1)
    labels = {name: [f"{name} {code:02d}" for code in codes] for name, codes in frame.items()}
    items = {f"item{k}": answers[:, k].astype(np.int8) for k in range(ITEMS)}
    return pl.DataFrame(
        {
            "case": np.arange(rows),
            **labels,
            "psu": rng.integers(200, size=rows),
            "weight": np.round(rng.gamma(4, 4, rows) + 0.1, 3),
            **items,
        }
    )


def write(folder, rows):
    """Write the folder: interviews, the population they stand for, and the declaration."""
    rng = np.random.default_rng(0)
    folder.mkdir(parents=True)
    people = interviews(rows, rng)
    people.write_csv(folder / "interviews.csv")
    cells = people.group_by(list(MARGINS), maintain_order=True).len("n")
    cells = cells.with_columns(n=pl.col("n") * pl.Series(rng.integers(10, 20, cells.height)))
    cells.write_csv(folder / "population.csv")
    wanted = "".join(f'\n[[indicator]]\nname = "item{k}"\n' for k in range(ITEMS))
    (folder / "study.toml").write_text(STUDY + wanted)


if __name__ == "__main__":
    write(Path(sys.argv[1]), int(sys.argv[2]) if len(sys.argv) > 2 else 1_000_000)
