"""A survey as a study: its interviews as a file, and a declaration to begin with."""

from __future__ import annotations

import io
import json

import polars as pl

from kelisim.fieldwork.models import Arrival
from kelisim.surveys.analysis import answers, columns
from kelisim.surveys.models import Survey
from kelisim.surveys.queries import current

INTERVIEWS = "interviews.parquet"
QUESTIONNAIRE = "questionnaire.xlsx"
SAMPLE = {
    "sample_weight": pl.Float64(),
    "sample_stratum": pl.String(),
    "sample_psu": pl.String(),
    "sample_region": pl.String(),
}
"""Columns that the drawn sample adds to an interview: of the unit it was held with."""


def interviews(survey: Survey) -> bytes:
    """Return the interviews of a survey as a Parquet file, with what the sample says of each."""
    frame = answers(survey)
    rows = Arrival.objects.filter(submission__questionnaire__survey=survey, unit__isnull=False)
    told = rows.values_list(
        "submission_id", "unit__weight", "unit__stratum", "unit__psu__code", "unit__psu__region"
    )
    schema = {"_id": pl.Int64(), **SAMPLE}
    sample = pl.DataFrame(list(told), schema=schema, orient="row")
    whole = frame.join(sample, on="_id", how="left", maintain_order="left")
    written = io.BytesIO()
    whole.write_parquet(written)
    return written.getvalue()


def declaration(survey: Survey) -> str:
    """Return a study.toml to begin with: every question with choices, by region where drawn."""
    drawn = survey.units.exists()
    titles = {"kk": survey.title_kk, "ru": survey.title_ru, "en": survey.title_en}
    named = ", ".join(f"{key} = {_quoted(text)}" for key, text in titles.items() if text)
    lines = [
        "[study]",
        f"title = {{{named or 'en = ' + _quoted(survey.slug)}}}",
        'country = "KZ"',
        f"conductor = {_quoted(survey.organisation.name)}",
        "",
        "[interviews]",
        f'file = "{INTERVIEWS}"    # written anew from the answers at every run',
        'id = "_id"',
        "",
    ]
    if drawn:
        lines += [
            "[design]",
            'weight = "sample_weight"',
            'strata = "sample_stratum"',
            'psu = "sample_psu"',
            "nest = true",
            "",
        ]
    if _is_workbook(survey):
        lines += ["[questionnaire]", f'file = "{QUESTIONNAIRE}"', ""]
    for column in columns(survey):
        if column.kind == "one":
            name = _quoted(column.name)
            lines += ["[[indicator]]", f"name = {name}", f"column = {name}", 'kind = "categorical"']
            lines.append("")
    if drawn:
        lines += ["[domains]", 'by = [["sample_region"]]', ""]
    return "\n".join(lines)


def files(survey: Survey) -> dict[str, list[bytes]]:
    """Return the files that the declaration names, beside the interviews."""
    version = current(survey)
    if version is None or not _is_workbook(survey):
        return {}
    return {QUESTIONNAIRE: [bytes(version.source)]}


def _is_workbook(survey: Survey) -> bool:
    version = current(survey)
    return version is not None and version.source_name.lower().endswith(".xlsx")


def _quoted(text: str) -> str:
    """Return a text as TOML writes it: JSON's strings are strings of TOML."""
    return json.dumps(text, ensure_ascii=False)
