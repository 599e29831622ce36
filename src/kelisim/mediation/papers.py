"""What a paper must contain before anyone may sign it, and the short code of what is signed."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Mapping, Sequence
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from kelisim.core.canonical import canonical_json
from kelisim.mediation.clauses import Clause, missing_languages

CODE_BYTES = 5

AGREEMENT: tuple[tuple[str, Promise], ...] = (
    ("place", _("Place")),
    ("powers", _("The parties, who speaks for them, and with what powers")),
    ("subject", _("What the dispute is about")),
    ("mediators", _("The mediator chosen")),
    ("costs", _("Conditions, order and size of costs and fees")),
    ("language", _("The language of the mediation")),
    ("confidentiality", _("The duty of confidentiality, and what follows from breaking it")),
    ("liability", _("What the mediator is liable for")),
    ("term", _("The term of the mediation")),
)
"""Contents of a mediation agreement (Article 21, from memory: to be checked with the law text)."""

SETTLEMENT: tuple[tuple[str, Promise], ...] = (
    ("subject", _("The subject of the dispute")),
    ("terms", _("What was agreed")),
    ("performance", _("How and by when it is performed")),
    ("consequences", _("What follows if it is not performed")),
)
"""Contents of a settlement besides parties and mediator (Article 27, from memory)."""


def missing_from_agreement(fields: Mapping[str, str]) -> list[Promise]:
    """Return what a mediation agreement still lacks."""
    return [label for key, label in AGREEMENT if not fields.get(key, "").strip()]


def missing_from_settlement(clauses: Sequence[Clause]) -> list[Promise]:
    """Return what a settlement still lacks."""
    written = {c.section for c in clauses if not missing_languages(c)}
    return [label for section, label in SETTLEMENT if section not in written]


def digest_of(document: Mapping[str, Any]) -> str:
    """Return the SHA-256 of a paper in canonical JSON, in hexadecimal."""
    return hashlib.sha256(canonical_json(dict(document))).hexdigest()


def short_code(digest: str) -> str:
    """Return the code by which people compare what they see: 40 bits of the digest.

    Examples
    --------
    >>> short_code("00" * 32), short_code("ff" * 32)
    ('AAAA-AAAA', '7777-7777')
    """
    text = base64.b32encode(bytes.fromhex(digest)[:CODE_BYTES]).decode()
    return f"{text[:4]}-{text[4:]}"
