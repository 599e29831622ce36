"""Digital signatures that parties bring: whether they hold, over which bytes, and by whom.

RSA and ECDSA are checked here. A signature by GOST, as the national certificates of Kazakhstan
mostly make it, is recognised and refused with a sentence: checking it needs a GOST service.
"""

from __future__ import annotations

import asyncio
import logging
from dataclasses import dataclass
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path

from asn1crypto import cms, crl, pem, x509
from django.utils.translation import gettext as _
from pyhanko.pdf_utils.misc import PdfError
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.diff_analysis import ModificationLevel
from pyhanko.sign.validation import async_validate_detached_cms, async_validate_pdf_signature
from pyhanko.sign.validation.errors import SignatureValidationError
from pyhanko_certvalidator import ValidationContext

from kelisim.core.errors import StepRefused

# The library writes whole certificates, names included, into the log of a failed check.
logging.getLogger("pyhanko").setLevel(logging.CRITICAL)

KNOWN = ("1.2.840.113549.1.1.", "1.2.840.10045.")
"""Beginnings of the names of RSA and ECDSA keys."""


@dataclass(frozen=True, slots=True)
class Signer:
    """Who signed, in the words of the certificate.

    Attributes
    ----------
    trusted
        Whether an issuer the house trusts vouches for it and has not revoked it; None where the
        house keeps no issuers to check with.
    """

    name: str
    serial: str
    trusted: bool | None


def signer_of_pdf(original: bytes, signed: bytes, trust: Path) -> Signer:
    """Return who signed a sealed PDF, if it is ours with nothing but signatures added.

    Parameters
    ----------
    trust
        A folder of issuers (``.pem``) and lists of what they revoked (``.crl``).

    Raises
    ------
    StepRefused
        It is another file, was changed, holds no signature of a party, or the signature does not
        hold.
    """
    if not signed.startswith(original):
        raise _refused(_("This is not the paper that is to be signed, or it was changed."))
    try:
        embedded = PdfFileReader(BytesIO(signed)).embedded_signatures
        if len(embedded) < 2:
            raise _refused(_("The file holds no signature besides the seal of the house."))
        _check_algorithm(embedded[-1].signer_cert)
        seal = asyncio.run(async_validate_pdf_signature(embedded[0], _context(trust)))
        own = asyncio.run(async_validate_pdf_signature(embedded[-1], _context(trust)))
    except (PdfError, SignatureValidationError, ValueError) as cause:
        raise _refused(_("The signature in the file cannot be read.")) from cause
    untouched = seal.modification_level in (
        ModificationLevel.LTA_UPDATES,
        ModificationLevel.FORM_FILLING,
    )
    if not (seal.intact and seal.valid and untouched):
        raise _refused(_("This is not the paper that is to be signed, or it was changed."))
    return _signer(own.intact and own.valid, own.trusted, own.signing_cert, trust)


def signer_of_cms(original: bytes, signature: bytes, trust: Path) -> Signer:
    """Return who made a detached CMS signature over a file, as NCALayer returns it.

    Raises
    ------
    StepRefused
        It cannot be read, is over other bytes, or is of a kind that cannot be checked here.
    """
    try:
        content = cms.ContentInfo.load(signature, strict=True)
        data = content["content"]
        certificate = data["certificates"][0].chosen
        _check_algorithm(certificate)
        told = asyncio.run(
            async_validate_detached_cms(original, data, signer_validation_context=_context(trust))
        )
    except (ValueError, TypeError, KeyError, IndexError, SignatureValidationError) as cause:
        raise _refused(_("The signature cannot be read.")) from cause
    return _signer(told.intact and told.valid, told.trusted, told.signing_cert, trust)


def check_name(signer: Signer, name: str) -> None:
    """Refuse a certificate of somebody else: a key that was lent signs for nobody.

    Raises
    ------
    StepRefused
        The words of the person's name are not in the certificate.
    """
    if not set(name.casefold().split()) <= set(signer.name.casefold().split()):
        raise StepRefused(
            _("The certificate is of %(who)s, not of %(name)s.")
            % {"who": signer.name, "name": name},
            why=_("Whoever lends a key is liable for it, and the signature binds nobody."),
            do=_("Sign with your own key, or on paper."),
        )


def _signer(
    holds: bool,
    trusted: bool,
    certificate: x509.Certificate,
    trust: Path,
) -> Signer:
    if not holds:
        raise _refused(_("The signature does not fit the paper."))
    now = datetime.now(UTC)
    if not certificate.not_valid_before <= now <= certificate.not_valid_after:
        raise _refused(_("The certificate is not valid today."))
    issuers = any(trust.glob("*.pem"))
    if issuers and not trusted:
        raise _refused(_("The certificate was revoked, or its issuer is not known here."))
    name = str(certificate.subject.native.get("common_name", ""))
    return Signer(name, f"{certificate.serial_number:x}", trusted if issuers else None)


def _check_algorithm(certificate: x509.Certificate) -> None:
    key = certificate["tbs_certificate"]["subject_public_key_info"]["algorithm"]["algorithm"]
    if not str(key.dotted).startswith(KNOWN):
        raise StepRefused(
            _("This signature is of a kind that cannot be checked here (GOST)."),
            why=_("What cannot be checked is not shown as signed."),
            do=_("Sign with an RSA or ECDSA key, confirm here, or sign on paper."),
        )


def _context(trust: Path) -> ValidationContext:
    roots = [x509.Certificate.load(_der(p)) for p in sorted(trust.glob("*.pem"))]
    lists = [crl.CertificateList.load(_der(p)) for p in sorted(trust.glob("*.crl"))]
    return ValidationContext(
        trust_roots=roots,
        crls=lists,
        allow_fetching=False,
        revocation_mode="require" if lists else "soft-fail",
    )


def _der(path: Path) -> bytes:
    content = path.read_bytes()
    return pem.unarmor(content)[2] if pem.detect(content) else content


def _refused(what: str) -> StepRefused:
    return StepRefused(what, do=_("Download the paper again and sign that file."))
