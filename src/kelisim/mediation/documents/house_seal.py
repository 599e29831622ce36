"""The platform's seal on a PDF: who issued it, and that no byte was changed since (PAdES)."""

from __future__ import annotations

import secrets
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from io import BytesIO
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    pkcs12,
)
from cryptography.x509.oid import NameOID
from django.conf import settings
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign import fields, signers

YEARS = 10
FILE = "seal.p12"


def sealed_pdf(pdf: bytes) -> bytes:
    """Return the PDF with the house's seal added after its last byte; what was there stays."""
    writer = IncrementalPdfFileWriter(BytesIO(pdf))
    metadata = signers.PdfSignatureMetadata(
        field_name="KelisimSeal", subfilter=fields.SigSeedSubFilter.PADES
    )
    out = BytesIO()
    signers.sign_pdf(writer, metadata, signer=_signer(), output=out)
    return out.getvalue()


def _signer() -> signers.SimpleSigner:
    path = settings.ENVIRONMENT.data / FILE
    if not path.exists():
        _make(path)
    found: signers.SimpleSigner | None = signers.SimpleSigner.load_pkcs12(  # type: ignore[no-untyped-call]  # of the library
        str(path), passphrase=_word(path)
    )
    if found is None:
        raise RuntimeError(f"The seal in {path} cannot be opened.")
    return found


def _word(path: Path) -> bytes:
    """Return the word the seal is locked with; it stands beside it, readable by its owner alone."""
    return path.with_suffix(".word").read_bytes()


def _make(path: Path) -> None:
    """Make a certificate of the house itself; a centre with one of a state issuer puts it here."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Kelisim")])
    now = datetime.now(UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=365 * YEARS))
        .add_extension(_usage(), critical=True)
        .sign(key, hashes.SHA256())
    )
    word = secrets.token_urlsafe(24).encode()
    box = pkcs12.serialize_key_and_certificates(
        b"kelisim", key, certificate, None, BestAvailableEncryption(word)
    )
    for target, content in ((path.with_suffix(".word"), word), (path, box)):
        draft = target.with_name(f".{target.name}-{secrets.token_hex(8)}")
        draft.touch(mode=0o600)
        draft.write_bytes(content)
        with suppress(FileExistsError):
            target.hardlink_to(draft)
        draft.unlink()


def _usage() -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=True,
        content_commitment=True,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        key_cert_sign=False,
        crl_sign=False,
        encipher_only=False,
        decipher_only=False,
    )
