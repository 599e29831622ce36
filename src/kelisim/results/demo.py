"""The demo country's poll as a study on the site, computed."""

from __future__ import annotations

from pathlib import Path

from kelisim.accounts.demo import Stage
from kelisim.accounts.roles import Role
from kelisim.jobs import worker
from kelisim.results.actions.open_study import open_study
from kelisim.results.actions.start_run import start_run
from kelisim.results.declared import names, read_declared
from kelisim.study.settings import DECLARATION


def furnish(stage: Stage, folder: Path, seed: int) -> None:
    """Open the study in a folder, as a researcher hands it in, and compute it."""
    declaration = (folder / DECLARATION).read_text(encoding="utf-8")
    by = stage.people[Role.RESEARCHER]
    study = open_study(
        organisation=stage.house,
        slug="demo-country",
        declaration=declaration,
        files={
            name: [(folder / name).read_bytes()] for name in names(read_declared(declaration)[0])
        },
        by=by,
    )
    start_run(study=study, by=by, seed=seed)
    worker.work(worker.name(), ["default"], lambda: False, once=True)
