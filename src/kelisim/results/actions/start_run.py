"""Ask for a study to be computed, as it stands now."""

from __future__ import annotations

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext_lazy as _

from kelisim.accounts.models import User
from kelisim.auditlog.actions import declare, record
from kelisim.results.models import Run, Study
from kelisim.results.tasks import compute

ASKED = declare(
    "results.start_run", _("%(actor)s asked for the results of a study."), facts=("number", "seed")
)


def start_run(*, study: Study, by: User, seed: int = 0) -> Run:
    """Return the run, waiting for a worker."""
    with transaction.atomic():
        Study.objects.select_for_update().get(pk=study.pk)
        last = study.runs.aggregate(last=Max("number"))["last"] or 0
        run = Run.objects.create(
            study=study,
            number=last + 1,
            declaration=study.declaration,
            inputs=dict(study.files.values_list("name", "sha256")),
            seed=seed,
        )
        run.job = str(compute.enqueue(run.pk).id)
        run.save(update_fields=["job"])
        record(
            ASKED,
            run,
            by=by,
            organisation=study.organisation,
            facts={"number": run.number, "seed": seed},
        )
    return run
