"""Export of many answers: python bench/survey_export.py ROWS COLUMNS KIND...

Makes a questionnaire with that many questions (select, whole and decimal numbers, short texts) and
that many submissions in the compact form, in a SQLite file of its own, and measures the export of
each kind in a fresh process: seconds of the clock and of the processor, and the peak of memory.
"""

from __future__ import annotations

import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

FOLDER = Path(os.environ.get("BENCH_FOLDER", tempfile.gettempdir())) / "kelisim-export-bench"
os.environ["KELISIM_DATA"] = str(FOLDER)
os.environ["DJANGO_SETTINGS_MODULE"] = "kelisim.site.settings"
os.environ["DATABASE_URL"] = ""  # never the database that the caller works with
KINDS = ("select_one five", "integer", "decimal", "select_one yes_no", "text")


def workbook(columns: int) -> bytes:
    rows = ["| survey |", "| | type | name | label |"]
    rows += [f"| | {KINDS[n % 5]} | q{n} | Question {n} |" for n in range(columns)]
    rows += ["| choices |", "| | list_name | name | label |"]
    rows += [f"| | five | {n} | Answer {n} |" for n in range(1, 6)]
    rows += ["| | yes_no | yes | Yes |", "| | yes_no | no | No |"]
    return "\n".join(rows).encode()


def build(count: int, columns: int) -> None:
    import django

    django.setup()
    import numpy as np
    from django.core.management import call_command
    from django.utils import timezone

    from kelisim.accounts.models import Organisation
    from kelisim.surveys.models import Channel, Submission, Survey
    from kelisim.surveys.xlsform import convert_workbook

    call_command("migrate", interactive=False, verbosity=0)
    house = Organisation.objects.create(name_kk="b", name_ru="b", name_en="b", slug="bench")
    survey = Survey.objects.create(organisation=house, slug="bench", state="open")
    told = workbook(columns)
    made = survey.questionnaires.create(
        number=1,
        form_id="data",
        source=told,
        source_name="bench.md",
        digest=f"{columns}",
        xform=convert_workbook("bench.md", told).xform,
        published_at=timezone.now(),
    )
    chance = np.random.default_rng(1)
    cells = {
        0: [str(n) for n in range(1, 6)],
        1: [str(n) for n in range(18, 90)],
        2: [f"{n / 10}" for n in range(1000)],
        3: ["yes", "no"],
        4: ["", "Алматы", "ауыл", "word"],
    }
    pools = [np.array(cells[n % 5], dtype=object) for n in range(columns)]
    now, size = timezone.now(), 5_000
    for start in range(0, count, size):
        drawn = [pool[chance.integers(len(pool), size=size)] for pool in pools]
        lines = [",".join(row) for row in zip(*drawn, strict=True)]
        Submission.objects.bulk_create(
            Submission(
                questionnaire=made,
                instance_id=f"uuid:{start + n}",
                xml=b"",
                digest="",
                channel=Channel.COLLECT,
                received_at=now,
                answers=f"{line}\n".encode(),
            )
            for n, line in enumerate(lines[: count - start])
        )


def measure(kind: str) -> None:
    import django

    django.setup()
    from kelisim.surveys.exporting import export
    from kelisim.surveys.models import Survey

    file = FOLDER / f"out.{kind}"
    begun, cpu = time.perf_counter(), time.process_time()
    export(Survey.objects.get(slug="bench"), kind, "en", file, lambda _done, _total: None)
    told = {
        "kind": kind,
        "seconds": round(time.perf_counter() - begun, 1),
        "cpu_seconds": round(time.process_time() - cpu, 1),
        "peak_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024,
        "file_mb": file.stat().st_size // 1_000_000,
    }
    print(json.dumps(told))
    file.unlink()


if __name__ == "__main__":
    if sys.argv[1] == "measure":
        measure(sys.argv[2])
    else:
        FOLDER.mkdir(parents=True, exist_ok=True)
        (FOLDER / "kelisim.sqlite3").unlink(missing_ok=True)
        build(int(sys.argv[1]), int(sys.argv[2]))
        for one in sys.argv[3:]:
            subprocess.run([sys.executable, __file__, "measure", one], check=True)
