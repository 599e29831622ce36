"""The whole site on the demo country: every room furnished, an account for every role."""

from __future__ import annotations

import os
from pathlib import Path

from kelisim.study.progress import Progress

STEPS = (
    "Opening the site",
    "Computing the poll on the site",
    "Taking a survey into the field",
    "Hearing the city",
)


def furnish(home: Path, study: Path, seed: int, progress: Progress) -> None:
    """Make the site of the demo in a folder of its own: tables, people, and what each room shows.

    Parameters
    ----------
    home
        Where the site keeps its database and files; it becomes the site of this process.
    study
        The folder of the demo country's poll.
    """
    os.environ |= {"KELISIM_DATA": str(home), "DATABASE_URL": "", "KELISIM_DEMO": "1"}
    progress(STEPS[0], 0, len(STEPS))
    from kelisim.site.start import prepare

    prepare()
    from kelisim.accounts.demo import set_stage
    from kelisim.consultations import demo as consultations
    from kelisim.fieldwork import demo as fieldwork
    from kelisim.jobs import worker
    from kelisim.results import demo as results
    from kelisim.surveys import demo as surveys

    stage = set_stage()
    progress(STEPS[1], 1, len(STEPS))
    results.furnish(stage, study, seed)
    progress(STEPS[2], 2, len(STEPS))
    survey, _secret = surveys.furnish(stage)
    fieldwork.furnish(stage, survey, seed)
    progress(STEPS[3], 3, len(STEPS))
    consultations.furnish(stage, seed)
    worker.work(worker.name(), ["default"], lambda: False, once=True)
