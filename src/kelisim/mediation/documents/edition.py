"""A paper in the words of each language: what the PDF and the DOCX are both set from."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext as _

from kelisim.core.kazakh import date_text
from kelisim.mediation.papers import AGREEMENT, SETTLEMENT, short_code

Block = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Signed:
    """A name under a paper, as it is printed."""

    name: str
    how: str
    at: str


def editions(
    document: Mapping[str, Any], digest: str, signatures: Sequence[Signed] = ()
) -> list[Block]:
    """Return a paper in Kazakh, Russian and English; a mediation agreement in its own words."""
    return [
        _edition(document, digest, signatures, language) for language, _name in settings.LANGUAGES
    ]


def _edition(
    document: Mapping[str, Any], digest: str, signatures: Sequence[Signed], language: str
) -> Block:
    with translation.override(language):
        settlement = document["kind"] == "settlement"
        title = _("Settlement agreement") if settlement else _("Mediation agreement")
        day = date_text(date.fromisoformat(document["date"]), language)
        sections = _clauses(document, language) if settlement else _fields(document)
        return {
            "language": language,
            "title": title,
            "facts": [
                [_("Case"), document["case"]],
                [_("Date"), day],
                [_("Parties"), ", ".join(p["name"] for p in document["parties"])],
                [_("Mediator"), ", ".join(p["name"] for p in document["mediators"])],
                [_("Short code"), short_code(digest)],
            ],
            "sections": sections,
            "signed": [[s.name, s.how, s.at] for s in signatures],
            "signatures": _("Signatures"),
            "note": _(
                "The Kazakh, Russian and English texts were checked to hold the same numbers, "
                "dates and names. If they differ, the text in the language of the mediation holds."
            ),
            "digest": digest,
        }


def _clauses(document: Mapping[str, Any], language: str) -> list[Block]:
    headings = {key: str(label) for key, label in SETTLEMENT} | {"other": _("Other")}
    told: list[Block] = []
    number = 0
    for section in headings:
        texts = [c[language] for c in document["clauses"] if c["section"] == section]
        if texts:
            paragraphs = [f"{number + k}. {text}" for k, text in enumerate(texts, start=1)]
            told.append({"heading": headings[section], "paragraphs": paragraphs})
            number += len(texts)
    return told


def _fields(document: Mapping[str, Any]) -> list[Block]:
    return [
        {"heading": str(label), "paragraphs": [document["fields"][key]]} for key, label in AGREEMENT
    ]
