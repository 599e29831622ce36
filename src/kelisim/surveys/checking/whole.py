"""Every check of a questionnaire, one after another."""

from __future__ import annotations

from kelisim.surveys.checking.clients import check_clients
from kelisim.surveys.checking.finding import Finding
from kelisim.surveys.checking.logic import check_logic
from kelisim.surveys.checking.translations import check_translations
from kelisim.surveys.xlsform import Converted


def check(name: str, raw: bytes, converted: Converted) -> list[Finding]:
    """Return what was found in a questionnaire, the gravest first."""
    found = [
        *check_logic(converted.form),
        *check_clients(converted.form),
        *check_translations(name, raw, converted.form),
        *(Finding("remark", "", facts={"words": words}) for words in converted.remarks),
    ]
    return sorted(found, key=lambda one: not one.grave)
