"""The example questionnaire: an omnibus poll as an XLSForm in Kazakh, Russian and English."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path

from kelisim.core.regions import REGIONS
from kelisim.study.workbook import write_workbook
from kelisim.surveys.omnibus_words import ANSWERS, COMMENTS, LANGUAGES, QUESTIONS, TITLE

Row = tuple[str, ...]
NAMES = {"kk": "Қазақша (kk)", "ru": "Русский (ru)", "en": "English (en)"}
_LOGIC = (
    "required",
    "relevant",
    "constraint",
    "choice_filter",
    "calculation",
    "appearance",
    "repeat_count",
    "parameters",
)


def sheets() -> dict[str, list[Row]]:
    """Return the sheets of the workbook by name, the header of each first."""
    return {
        "survey": [_header(), *_survey()],
        "choices": [("list_name", "name", *_columns("label"), "area"), *_choices()],
        "settings": [
            ("form_title", "form_id", "version", "default_language"),
            (" / ".join(TITLE), "omnibus", "1", NAMES["kk"]),
        ],
    }


def write_omnibus(file: Path) -> None:
    """Write the workbook."""
    write_workbook(file, sheets())


def _columns(kind: str) -> tuple[str, ...]:
    return tuple(f"{kind}::{NAMES[language]}" for language in LANGUAGES)


def _header() -> Row:
    return (
        "type",
        "name",
        *_columns("label"),
        *_columns("hint"),
        *_columns("constraint_message"),
        *_LOGIC,
    )


def _survey() -> Iterator[Row]:
    nothing = ("", "", "")
    for kind, name, logic in _ITEMS:
        words = QUESTIONS.get(name, nothing) if not kind.startswith("end") else nothing
        hint = COMMENTS.get(f"{name}, hint", nothing)
        message = COMMENTS.get(f"{name}, constraint", nothing)
        yield (kind, name, *words, *hint, *message, *(logic.get(column, "") for column in _LOGIC))


def _choices() -> Iterator[Row]:
    for region in REGIONS:
        title = region.title
        yield ("region", region.iso, *(title[language] for language in LANGUAGES), "")
    for list_name, answers in ANSWERS.items():
        for name, (words, area) in answers.items():
            yield (list_name, name, *words, area)


_NEED = {"required": "yes"}
_SINCE_CONSENT = {"relevant": "${consent} = 'yes'"}
_LIKERT = ("akimat", "courts", "police", "schools", "clinics", "media_trust")

_ITEMS: tuple[tuple[str, str, Mapping[str, str]], ...] = (
    ("start", "start", {}),
    ("end", "end", {}),
    ("note", "welcome", {}),
    ("select_one yes_no", "consent", _NEED),
    ("begin group", "interview", _SINCE_CONSENT),
    ("select_one region", "region", {**_NEED, "appearance": "minimal"}),
    ("select_one place", "settlement", _NEED),
    ("select_one sex", "sex", _NEED),
    ("integer", "age", {**_NEED, "constraint": ". >= 18 and . <= 110"}),
    ("select_one work", "work", _NEED),
    (
        "decimal",
        "hours",
        {"relevant": "${work} = 'employed'", "constraint": ". > 0 and . <= 100"},
    ),
    ("integer", "children", {**_NEED, "constraint": ". >= 0 and . <= 12"}),
    ("begin repeat", "child", {"repeat_count": "${children}"}),
    ("integer", "child_age", {**_NEED, "constraint": ". >= 0 and . < 18"}),
    ("select_one yes_no", "child_school", {**_NEED, "relevant": "${child_age} >= 6"}),
    ("end repeat", "child", {}),
    ("begin group", "trust", {"appearance": "field-list"}),
    ("note", "trust_note", {}),
    *(("select_one trust", name, _NEED) for name in _LIKERT),
    ("end group", "trust", {}),
    ("select_one area", "problem_area", _NEED),
    ("select_one problem", "problem", {**_NEED, "choice_filter": "area = ${problem_area}"}),
    (
        "text",
        "problem_words",
        {"relevant": "selected(${problem}, 'other')", "appearance": "multiline"},
    ),
    (
        "select_multiple source",
        "sources",
        {
            **_NEED,
            "constraint": "count-selected(.) <= 3 and "
            "not(selected(., 'none') and count-selected(.) > 1)",
        },
    ),
    ("rank priority", "priorities", {}),
    ("range", "satisfaction", {"parameters": "start=0 end=10 step=1"}),
    ("date", "visit", {"constraint": ". <= today()"}),
    ("integer", "income", {"constraint": ". >= 0"}),
    (
        "calculate",
        "school_children",
        {"calculation": "count(${child}[child_age >= 6])"},
    ),
    ("note", "summary", {"relevant": "${children} > 0"}),
    ("end group", "interview", {}),
    ("note", "refused", {"relevant": "${consent} = 'no'"}),
)
