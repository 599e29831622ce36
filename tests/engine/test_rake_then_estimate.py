"""Rake, then estimate: 59,756 people of CES 2018 to five margins, against R `survey`."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import polars as pl
import pytest

from kelisim import Design, estimate, rake
from kelisim.engine.inference import Estimates
from tests.conftest import Golden

MARGINS = ("state", "eth", "male", "age", "educ")


@pytest.fixture(scope="module")
def ours(shared: Path) -> Estimates:
    folder = shared / "data" / "polls" / "ces2018"
    people = pl.read_csv(folder / "interviews.csv")
    population = pl.read_csv(folder / "population.csv")
    margins = {
        name: dict(population.group_by(name).agg(pl.col("n").sum()).iter_rows()) for name in MARGINS
    }
    raked = rake(people, margins)
    abortion = {"name": "abortion", "kind": "mean", "column": "abortion"}
    return estimate(people, Design(), [abortion], [["state"]], calibration=raked.calibration)


def test_the_nation_and_its_standard_error(ours: Estimates, golden: Golden) -> None:
    expected = golden("survey/ces2018_rake.json")["abortion"]
    found = ours.to_polars().filter(domain="").row(0, named=True)
    assert found["estimate"] == pytest.approx(expected["estimate"], rel=1e-7)
    assert found["se"] == pytest.approx(expected["se"][0][0], rel=1e-7)


def test_every_state_and_its_standard_error(ours: Estimates, golden: Golden) -> None:
    expected = golden("survey/ces2018_rake.json")["abortion_by_state"]
    found = ours.to_polars().filter(
        pl.col("domain").is_in([f"state={entry['state']}" for entry in expected])
    )
    assert found["domain"].to_list() == [f"state={entry['state']}" for entry in expected]
    for name in ("estimate", "se"):
        np.testing.assert_allclose(found[name], [entry[name] for entry in expected], rtol=1e-7)
