"""Who may call which route of the results app."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Callable
from functools import cache
from pathlib import Path

from django.urls import reverse

from kelisim.accounts.roles import Permission, Role
from kelisim.results import files
from kelisim.results.analysis import Computed, compute
from kelisim.results.models import Run, Stage, Study, StudyFile
from kelisim.study.progress import silent
from kelisim.study.settings import DECLARATION
from tests.results.studies import example, opened
from tests.surveys.routes import begun
from tests.web import Cast, Rule, house


def study(scene: Cast) -> Study:
    return opened(scene.house, scene.of(Role.RESEARCHER))


def waiting(scene: Cast) -> Run:
    """Return a run that no worker has taken yet: what the page says meanwhile."""
    files = dict(example())
    made = Study.objects.create(
        organisation=scene.house, slug="waiting", declaration=files.pop("study.toml").decode()
    )
    StudyFile.objects.create(study=made, name="interviews.csv", sha256="0" * 64, size=1)
    return Run.objects.create(study=made, number=1, declaration=made.declaration)


def at(route: str) -> Callable[[Cast], str]:
    return lambda scene: reverse(route, args=[scene.house.slug, study(scene).slug])


@cache
def release() -> tuple[Path, Computed]:
    """Return the release of the example, computed once for all visitors."""
    place = Path(tempfile.mkdtemp()) / "run"
    run = Run(declaration=example()["study.toml"].decode())
    run.inputs = {
        name: files.keep([content])[0] for name, content in example().items() if name != DECLARATION
    }
    return place, compute(run, place, silent)


def found(route: str, *more: object) -> Callable[[Cast], str]:
    """Return a maker of the address of a page of results."""

    def address(scene: Cast) -> str:
        place, told = release()
        run = Run.objects.create(study=study(scene), number=1, stage=Stage.DONE, labels=told.labels)
        run.computed_at = run.asked_at
        run.save()
        shutil.rmtree(files.folder(run), ignore_errors=True)
        shutil.copytree(place, files.folder(run))
        return reverse(route, args=[scene.house.slug, "trust", run.number, *more])

    return address


def waiting_page(scene: Cast) -> str:
    return reverse("run", args=[scene.house.slug, "waiting", waiting(scene).number])


PACKED = frozenset({"study", "toml", "zip", "trust", "kelisim", "poll", "check"})
DECLARED = frozenset({"study", "toml", "csv", "xlsx", "interviews", "population", "questionnaire"})
FOUND = frozenset({"kelisim", "poll", "new", "sex", "trust", "dissatisfied", "income"})
"""Names of files, columns and of the conductor of the example, which no language changes."""


def estimates_address(scene: Cast) -> str:
    page = found("run")(scene)
    number = page.rstrip("/").rpartition("/")[2]
    return f"/api/results/{scene.house.slug}/trust/{number}/estimates"


RULES = {
    "api-1:study-list": Rule(
        Permission.READ_RESULTS, lambda scene: f"/api/results/{study(scene).organisation.slug}"
    ),
    "api-1:study-estimates": Rule(Permission.READ_RESULTS, estimates_address),
    "studies": Rule(Permission.READ_RESULTS, house("studies"), names=frozenset({"study", "toml"})),
    "open-study": Rule(Permission.EDIT_SURVEYS, house("open-study"), names=PACKED),
    "study-of-survey": Rule(
        Permission.EDIT_SURVEYS,
        lambda scene: reverse("study-of-survey", args=[scene.house.slug, begun(scene).slug]),
    ),
    "study": Rule(Permission.EDIT_SURVEYS, at("study"), names=DECLARED),
    "run-study": Rule(
        Permission.EDIT_SURVEYS, at("run-study"), method="post", data={"seed": 7}, allowed=302
    ),
    "run": Rule(Permission.READ_RESULTS, waiting_page, names=frozenset({"waiting"})),
    "indicator": Rule(Permission.READ_RESULTS, found("indicator", 1), names=FOUND),
    "scorecard": Rule(Permission.READ_RESULTS, found("scorecard"), names=FOUND),
    "release-file": Rule(Permission.READ_RESULTS, found("release-file", "estimates.csv")),
}
