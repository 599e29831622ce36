"""The background work of studies: one run computed, from its inputs to its release folder."""

from __future__ import annotations

import shutil
from dataclasses import dataclass

from django.utils import timezone

from kelisim.bells.ring import ring
from kelisim.core.errors import Refusal
from kelisim.jobs.worker import JobContext, background
from kelisim.results import analysis, files, from_survey
from kelisim.results.models import Run, Stage
from kelisim.surveys.tasks import gather


@background
def compute(context: JobContext, pk: int) -> None:
    """Compute a run; a study that is refused ends the job with its sentence kept."""
    run = Run.objects.select_related("study__survey__organisation").get(pk=pk)
    place = files.folder(run)
    # An attempt that was cut off left its folder behind; nothing in it was promised to anybody.
    shutil.rmtree(place, ignore_errors=True)
    survey = run.study.survey
    if survey is not None:
        gather(survey)
        run.inputs[from_survey.INTERVIEWS] = files.keep([from_survey.interviews(survey)])[0]
    try:
        found = analysis.compute(run, place, Steps(context))
    except Refusal as refusal:
        shutil.rmtree(place, ignore_errors=True)
        run.stage, run.refusal = Stage.REFUSED, refusal.as_dict()
    else:
        run.stage, run.labels, run.manifest = Stage.DONE, found.labels, found.manifest
    run.computed_at = timezone.now()
    with context.final():
        run.save(update_fields=["stage", "refusal", "inputs", "labels", "manifest", "computed_at"])
        ring(channel(run))


def channel(run: Run) -> str:
    """Return the bell of a run."""
    return f"results:run:{run.pk}"


@dataclass
class Steps:
    """Adds the steps of the stages up, so that one bar goes once from left to right."""

    context: JobContext
    done: int = 0

    def __call__(self, stage: str, done: int, total: int) -> None:  # noqa: ARG002  (the protocol's names)
        """Hear that a step begins."""
        self.context.progress(min(self.done, analysis.STEPS), analysis.STEPS)
        self.done += 1
