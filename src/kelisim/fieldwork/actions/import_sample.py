"""Import a drawn sample, the sample.csv of ``kelisim poll sample``, into a survey's fieldwork."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping
from math import isfinite

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from kelisim.accounts.models import User
from kelisim.auditlog.actions import declare, record
from kelisim.bells.ring import ring
from kelisim.core.errors import ColumnRefused, FileRefused, IdRefused, ValueRefused, listed
from kelisim.fieldwork import channels
from kelisim.fieldwork.models import Psu, Unit
from kelisim.surveys.models import Survey

IMPORTED = declare(
    "fieldwork.import_sample", _("%(actor)s imported a sample of %(units)s."), facts=("units",)
)
NEEDED = ("unit", "pi", "weight")
"""Columns without which a file is no sample; `stratum`, `psu` and `draw` may be empty or absent."""

KEPT = ("region", "place", "address", "phone")
"""Columns kept of the frame that fieldwork knows what to do with."""


def import_sample(*, survey: Survey, content: bytes, by: User) -> int:
    """Return how many units were imported; a sample is imported whole or not at all.

    Raises
    ------
    Refusal
        The file is no sample, or the survey has some of its units already.
    """
    rows = _rows(content)
    with transaction.atomic():
        known = {(code, draw) for code, draw in survey.units.values_list("code", "draw")}
        again = [row["unit"] for row in rows if (row["unit"], int(row["draw"])) in known]
        if again:
            raise IdRefused(
                f"The survey's sample holds {listed(again)} already.",
                do="Import a sample once; a further one must bring other units.",
            )
        psus = _psus(survey, rows)
        Unit.objects.bulk_create([_unit(survey, psus, row) for row in rows], batch_size=500)
        record(
            IMPORTED, survey, by=by, organisation=survey.organisation, facts={"units": len(rows)}
        )
        ring(channels.fieldwork(survey.pk))
    return len(rows)


def _rows(content: bytes) -> list[dict[str, str]]:
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise FileRefused(
            "The file is not UTF-8.", do="Import sample.csv as `kelisim poll sample` wrote it."
        ) from error
    reader = csv.DictReader(io.StringIO(text))
    lacking = [name for name in NEEDED if name not in (reader.fieldnames or ())]
    if lacking:
        raise ColumnRefused(
            f"The file lacks the columns {listed(lacking)}.",
            do="Import sample.csv as `kelisim poll sample` wrote it.",
        )
    rows = []
    seen: set[tuple[str, str]] = set()
    for line, row in enumerate(reader, start=2):
        whole = {name: (value or "").strip() for name, value in row.items() if name}
        whole["draw"] = whole.get("draw") or "1"
        _check(line, whole, seen)
        rows.append(whole)
    if not rows:
        raise FileRefused("The sample is empty.", do="Draw a sample first.")
    return rows


def _check(line: int, row: Mapping[str, str], seen: set[tuple[str, str]]) -> None:
    if not row["unit"] or (row["unit"], row["draw"]) in seen:
        raise IdRefused(
            f"The unit '{row['unit']}' is empty or was drawn twice under one number.",
            where=f"line {line}",
        )
    seen.add((row["unit"], row["draw"]))
    if not (row["draw"].isascii() and row["draw"].isdecimal()):
        raise ValueRefused(f"The drawing '{row['draw']}' is no number.", where=f"line {line}")
    for name in ("pi", "weight"):
        try:
            good = isfinite(float(row[name])) and float(row[name]) > 0
        except ValueError:
            good = False
        if not good:
            raise ValueRefused(
                f"'{row[name]}' cannot be a unit's {name}.",
                where=f"line {line}, column {name}",
                why="A unit whose chance is not known cannot stand for anybody.",
                do="Import sample.csv as `kelisim poll sample` wrote it.",
            )


def _psus(survey: Survey, rows: list[dict[str, str]]) -> dict[str, Psu]:
    """Return the PSUs by code; a sample without stages has one a stratum."""
    first = {_psu_code(row): row for row in reversed(rows)}
    made = [
        Psu(survey=survey, code=code, region=row.get("region", ""), place=row.get("place", ""))
        for code, row in sorted(first.items())
    ]
    Psu.objects.bulk_create(made, ignore_conflicts=True)
    return {psu.code: psu for psu in survey.psus.all()}


def _psu_code(row: Mapping[str, str]) -> str:
    return row.get("psu") or row.get("stratum") or "1"


def _unit(survey: Survey, psus: Mapping[str, Psu], row: Mapping[str, str]) -> Unit:
    return Unit(
        survey=survey,
        psu=psus[_psu_code(row)],
        code=row["unit"],
        draw=int(row["draw"]),
        stratum=row.get("stratum", ""),
        chance=float(row["pi"]),
        weight=float(row["weight"]),
        address=row.get("address", ""),
        phone=row.get("phone", ""),
    )
