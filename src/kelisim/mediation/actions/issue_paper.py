"""Issue a paper: one text, one digest, one sealed PDF whose bytes everybody signs."""

from __future__ import annotations

import base64
from collections.abc import Mapping
from typing import Any

from kelisim.mediation.documents.pdf import paper_pdf
from kelisim.mediation.keyring import Keyring
from kelisim.mediation.keys.compartment import opened, sealed
from kelisim.mediation.models import Case, Paper, Writing
from kelisim.mediation.papers import digest_of


def issue_paper(case: Case, writing: Writing, document: Mapping[str, Any]) -> Paper:
    """Return the paper; its PDF is kept encrypted with it."""
    # Slow to load: the first paper waits for it, and not the first page of the site.
    from kelisim.mediation.documents.house_seal import sealed_pdf

    digest = digest_of(document)
    pdf = sealed_pdf(paper_pdf(document, digest))
    content = {"data": base64.b64encode(pdf).decode()}
    public = bytes(writing.compartment.public)
    return Paper.objects.create(
        case=case,
        writing=writing,
        digest=digest,
        issued=sealed(public, _place(writing), content),
    )


def issued_pdf(paper: Paper, keyring: Keyring) -> bytes:
    """Return the PDF as it was issued, for a member of its room."""
    key = keyring.key(paper.writing.compartment)
    content = opened(key, _place(paper.writing), bytes(paper.issued))
    return base64.b64decode(content["data"])


def _place(writing: Writing) -> str:
    return f"issued:{writing.pk}"
