"""A study on the site for tests: the example of ``kelisim poll new``."""

from __future__ import annotations

import io
import tempfile
import zipfile
from functools import cache
from pathlib import Path

from kelisim.accounts.models import Organisation, User
from kelisim.jobs import worker
from kelisim.results.actions.open_study import open_study
from kelisim.results.actions.start_run import start_run
from kelisim.results.models import Run, Study
from kelisim.study.scaffold import write_example


@cache
def example() -> dict[str, bytes]:
    """Return the files of the example study by name."""
    with tempfile.TemporaryDirectory() as place:
        write_example(Path(place) / "study")
        return {file.name: file.read_bytes() for file in (Path(place) / "study").iterdir()}


def packed(files: dict[str, bytes], inside: str = "") -> bytes:
    """Return files as a .zip, in a folder of that name when one is given."""
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w") as folder:
        for name, content in files.items():
            folder.writestr(f"{inside}{name}", content)
    return written.getvalue()


def opened(house: Organisation, by: User, slug: str = "trust") -> Study:
    files = dict(example())
    declaration = files.pop("study.toml").decode()
    return open_study(
        organisation=house,
        slug=slug,
        declaration=declaration,
        files={name: [content] for name, content in files.items()},
        by=by,
    )


def computed(study: Study, by: User) -> Run:
    """Return a run after a worker of the real queue has been at it."""
    run = start_run(study=study, by=by)
    worker.work(worker.name(), ["default"], lambda: False, once=True)
    run.refresh_from_db()
    return run
