"""Pages of the texts: mediation agreement, single text, and the papers that are signed."""

from __future__ import annotations

import base64
from typing import Any

from csp.decorators import csp_update
from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from kelisim.core.errors import StepRefused
from kelisim.mediation import access
from kelisim.mediation.actions.draft_agreement import draft_agreement
from kelisim.mediation.actions.draft_clause import draft_clause
from kelisim.mediation.actions.freeze_text import clauses_of, faults_of
from kelisim.mediation.actions.issue_paper import issued_pdf
from kelisim.mediation.actions.sign_paper import check_passphrase, sign_paper, waiting_for
from kelisim.mediation.clauses import LANGUAGES, redline
from kelisim.mediation.documents.edition import Signed, editions
from kelisim.mediation.documents.pdf import paper_pdf, qr
from kelisim.mediation.documents.word import paper_docx
from kelisim.mediation.forms import AgreementForm, ClauseForm, SignForm
from kelisim.mediation.models import Paper, Seat
from kelisim.mediation.papers import short_code
from kelisim.mediation.queries import lines
from kelisim.mediation.views.door import keyring, private, told
from kelisim.mediation.words import Kind, Part, Room, SignedBy

NCALAYER = "wss://127.0.0.1:13579"
SHOWN_VERSIONS = 12


@private
@require_http_methods(["GET", "HEAD", "POST"])
def agreement(request: HttpRequest, code: str) -> HttpResponse:
    """Let the mediator write the mediation agreement."""
    seat = access.seat(request.user, code, Part.MEDIATOR)
    keyring(request)
    form = AgreementForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            paper = draft_agreement(seat, form.cleaned_data)
        except StepRefused as refused:
            told(form, refused)
        else:
            return redirect("mediation-paper", code=code, pk=paper.writing_id)
    page = {"case": seat.case, "form": form}
    return render(request, "mediation/agreement.html", page, status=422 if form.errors else 200)


@private
@require_http_methods(["GET", "HEAD", "POST"])
def text(request: HttpRequest, code: str) -> HttpResponse:
    """Show the single text with what changed, and take a new version of a clause."""
    seat, rooms = access.room(request.user, code, Room.JOINT)
    ring = keyring(request)
    versions = lines(rooms, ring, Kind.CLAUSE)
    clauses = clauses_of(seat.case, ring)
    chosen = request.GET.get("clause", "")
    form = ClauseForm(request.POST or None, initial=_initial(clauses, chosen))
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        try:
            draft_clause(
                seat,
                clause=given["clause"],
                section=given["section"],
                texts={language: given[language] for language in LANGUAGES},
                position=len(versions),
                due=given["due"].isoformat() if given["due"] else "",
                side=given["side"],
                gone=given["gone"],
            )
        except StepRefused as refused:
            told(form, refused)
        else:
            return redirect("mediation-text", code=code)
    page = {
        "case": seat.case,
        "seat": seat,
        "clauses": clauses,
        "changes": _changes(versions)[:SHOWN_VERSIONS],
        "faults": faults_of(seat.case, clauses),
        "form": form,
        "chosen": chosen,
        "open": seat.case.state in ("active", "extended")
        and seat.part in (Part.PARTY, Part.MEDIATOR),
        "languages": settings.LANGUAGES,
    }
    return render(request, "mediation/text.html", page, status=422 if form.errors else 200)


def _initial(clauses: list[Any], chosen: str) -> dict[str, Any]:
    for clause in clauses:
        if clause.key == chosen:
            told_ = {"clause": clause.key, "section": clause.section, "side": clause.side}
            return told_ | {"due": clause.due} | dict(clause.texts)
    return {}


def _changes(versions: list[Any]) -> list[dict[str, Any]]:
    """Return every version with what it changed in each language, newest first."""
    before: dict[str, dict[str, Any]] = {}
    told_: list[dict[str, Any]] = []
    for line in versions:
        content = line.content
        old = before.get(content["clause"], {})
        marks = [
            (language, redline(old.get(language, ""), "" if content["gone"] else content[language]))
            for language in LANGUAGES
        ]
        told_.append({"line": line, "marks": marks})
        before[content["clause"]] = {} if content["gone"] else content
    return told_[::-1]


@csp_update({"connect-src": NCALAYER})
@private
@require_http_methods(["GET", "HEAD", "POST"])
def paper(request: HttpRequest, code: str, pk: int) -> HttpResponse:
    """Show a paper under its short code, and take a signature."""
    seat, found = access.paper(request.user, code, pk)
    ring = keyring(request)
    document = ring.read(found.writing)
    form = SignForm(request.POST or None, request.FILES or None, initial={"digest": found.digest})
    if request.method == "POST" and form.is_valid():
        try:
            how, evidence = _evidence(seat, found, issued_pdf(found, ring), form.cleaned_data)
            digest = form.cleaned_data["digest"]
            sign_paper(seat, found, digest=digest, by=how, evidence=evidence, keyring=ring)
        except StepRefused as refused:
            told(form, refused)
        else:
            messages.success(request, _("Your signature was kept."))
            return redirect("mediation-paper", code=code, pk=pk)
    page = {
        "case": seat.case,
        "seat": seat,
        "paper": found,
        "editions": editions(document, found.digest),
        "code": short_code(found.digest),
        "qr": qr(found.digest),
        "form": form,
        "signatures": found.signatures.select_related("seat__person").order_by("at"),
        "waiting": waiting_for(found),
        "mine": found.signatures.filter(seat=seat).exists(),
        "pdf": base64.b64encode(issued_pdf(found, ring)).decode(),
        "signable": seat.part in (Part.PARTY, Part.MEDIATOR)
        and not (found.withdrawn or found.sealed),
    }
    return render(request, "mediation/paper.html", page, status=422 if form.errors else 200)


def _evidence(
    seat: Seat, found: Paper, pdf: bytes, given: dict[str, Any]
) -> tuple[SignedBy, bytes]:
    """Return how somebody signed, and what shows it.

    Raises
    ------
    StepRefused
        The signature does not hold, or nothing was given.
    """
    # Slow to load: the first signature waits for it, and not the first page of the site.
    from kelisim.mediation.documents.signatures import check_name, signer_of_cms, signer_of_pdf

    trust = settings.ENVIRONMENT.data / "trust"
    name = seat.person.name
    if given["file"]:
        signed = given["file"].read()
        signer = signer_of_pdf(pdf, signed, trust)
        check_name(signer, name)
        return SignedBy.PADES, signed
    if given["cms"]:
        signature = base64.b64decode("".join(_armoured(given["cms"])))
        signer = signer_of_cms(pdf, signature, trust)
        check_name(signer, name)
        return SignedBy.CMS, signature
    check_passphrase(seat, given["passphrase"])
    return (SignedBy.PAPER if given["paper"] else SignedBy.HERE), found.digest.encode()


def _armoured(text: str) -> list[str]:
    return [line for line in text.splitlines() if not line.startswith("-----")]


@private
@require_safe
def paper_file(request: HttpRequest, code: str, pk: int, ending: str) -> HttpResponse:
    """Hand out a paper as PDF or DOCX; once all have signed, the PDF names them."""
    _seat, found = access.paper(request.user, code, pk)
    ring = keyring(request)
    document = ring.read(found.writing)
    if ending == "docx":
        content = paper_docx(document, found.digest)
        kind = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
    else:
        kind = "application/pdf"
        content = _final(found, document) if found.sealed else issued_pdf(found, ring)
    answer = HttpResponse(content, content_type=kind)
    answer["Content-Disposition"] = f'attachment; filename="{short_code(found.digest)}.{ending}"'
    return answer


def _final(found: Paper, document: dict[str, Any]) -> bytes:
    # Slow to load, as above.
    from kelisim.mediation.documents.house_seal import sealed_pdf

    names = [
        Signed(str(s.seat.person), s.get_by_display(), f"{s.at:%Y-%m-%d %H:%M} UTC")
        for s in found.signatures.select_related("seat__person").order_by("at")
    ]
    return sealed_pdf(paper_pdf(document, found.digest, names))
