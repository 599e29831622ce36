"""Papers: set as PDF/A and DOCX, sealed, signed by people, and nothing altered passes."""

from __future__ import annotations

import zipfile
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from asn1crypto import cms
from asn1crypto.core import ObjectIdentifier
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import NoEncryption, pkcs7, pkcs12
from cryptography.x509.oid import NameOID
from django.utils import translation
from pyhanko.pdf_utils.generic import NumberObject
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign import signers

from kelisim.core.errors import StepRefused
from kelisim.mediation.documents.edition import Signed
from kelisim.mediation.documents.house_seal import sealed_pdf
from kelisim.mediation.documents.pdf import letter_pdf, paper_pdf
from kelisim.mediation.documents.signatures import check_name, signer_of_cms, signer_of_pdf
from kelisim.mediation.documents.word import paper_docx
from kelisim.mediation.papers import digest_of, short_code

DOCUMENT: dict[str, Any] = {
    "kind": "settlement",
    "case": "K7M2P9QX",
    "date": "2026-03-20",
    "language": "kk",
    "parties": [
        {"name": "Айгерім Сәрсенова", "side": "a"},
        {"name": "Болат Қуанышев", "side": "b"},
    ],
    "mediators": [{"name": "Марат Әлиев", "side": ""}],
    "clauses": [
        {
            "section": section,
            "due": "",
            "side": "",
            "kk": "Қоршау 2 метрге жылжытылады, ұзындығы өзгермейді.",
            "ru": "Забор переносится на 2 метра.",
            "en": "The fence is moved by 2 metres.",
        }
        for section in ("subject", "terms", "performance", "consequences")
    ],
}
DIGEST = digest_of(DOCUMENT)


@pytest.fixture(autouse=True)
def in_english(in_kazakh: None) -> Iterator[None]:
    with translation.override("en"):
        yield


def paper() -> bytes:
    return paper_pdf(DOCUMENT, DIGEST, [Signed("Айгерім Сәрсенова", "here", "20.03.2026")])


class Holder:
    """Somebody with a certificate, of their own or of an issuer."""

    def __init__(self, name: str, issuer: Holder | None = None, key: Any = None) -> None:
        self.key = key or rsa.generate_private_key(public_exponent=65537, key_size=2048)
        self.name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
        now = datetime.now(UTC)
        signing = issuer or self
        self.certificate = (
            x509.CertificateBuilder()
            .subject_name(self.name)
            .issuer_name(signing.name)
            .public_key(self.key.public_key())
            .serial_number(x509.random_serial_number())
            .not_valid_before(now - timedelta(days=1))
            .not_valid_after(now + timedelta(days=30))
            .add_extension(
                x509.BasicConstraints(ca=issuer is None, path_length=None), critical=True
            )
            .add_extension(
                x509.KeyUsage(
                    digital_signature=True,
                    content_commitment=True,
                    key_encipherment=False,
                    data_encipherment=False,
                    key_agreement=False,
                    key_cert_sign=issuer is None,
                    crl_sign=issuer is None,
                    encipher_only=False,
                    decipher_only=False,
                ),
                critical=True,
            )
            .add_extension(
                x509.SubjectKeyIdentifier.from_public_key(self.key.public_key()), critical=False
            )
            .add_extension(
                x509.AuthorityKeyIdentifier.from_issuer_public_key(signing.key.public_key()),
                critical=False,
            )
            .sign(signing.key, hashes.SHA256())
        )

    def signs_pdf(self, pdf: bytes, field: str = "Party") -> bytes:
        box = pkcs12.serialize_key_and_certificates(
            b"x", self.key, self.certificate, None, NoEncryption()
        )
        signer = signers.SimpleSigner.load_pkcs12_data(box, other_certs=[])
        out = BytesIO()
        signers.sign_pdf(
            IncrementalPdfFileWriter(BytesIO(pdf)),
            signers.PdfSignatureMetadata(field_name=field),
            signer=signer,
            output=out,
        )
        return out.getvalue()

    def signs_bytes(self, content: bytes) -> bytes:
        return (
            pkcs7.PKCS7SignatureBuilder()
            .set_data(content)
            .add_signer(self.certificate, self.key, hashes.SHA256())
            .sign(
                serialization.Encoding.DER,
                [pkcs7.PKCS7Options.DetachedSignature, pkcs7.PKCS7Options.Binary],
            )
        )

    def revokes(self, other: Holder) -> bytes:
        now = datetime.now(UTC)
        gone = (
            x509.RevokedCertificateBuilder()
            .serial_number(other.certificate.serial_number)
            .revocation_date(now - timedelta(hours=1))
            .build()
        )
        return (
            x509.CertificateRevocationListBuilder()
            .issuer_name(self.name)
            .last_update(now - timedelta(hours=1))
            .next_update(now + timedelta(days=1))
            .add_revoked_certificate(gone)
            .add_extension(x509.CRLNumber(1), critical=False)
            .add_extension(
                x509.AuthorityKeyIdentifier.from_issuer_public_key(self.key.public_key()),
                critical=False,
            )
            .sign(self.key, hashes.SHA256())
            .public_bytes(serialization.Encoding.PEM)
        )


def test_a_paper_is_archival_and_the_same_every_time() -> None:
    pdf = paper()
    assert pdf == paper()
    assert b"pdfaid:part>2<" in pdf
    assert b"pdfaid:conformance>B<" in pdf
    assert len(PdfFileReader(BytesIO(pdf)).root["/Pages"]["/Kids"]) == 3


def test_the_word_file_holds_every_clause_in_three_languages() -> None:
    made = zipfile.ZipFile(BytesIO(paper_docx(DOCUMENT, DIGEST)))
    text = made.read("word/document.xml").decode()
    for clause in DOCUMENT["clauses"]:
        for language in ("kk", "ru", "en"):
            assert clause[language] in text
    assert text.count(short_code(DIGEST)) == 3


def test_a_letter_can_be_printed() -> None:
    day = {"year": 2026, "month": 3, "day": 2}
    assert letter_pdf(["A", "b"], "https://example.kz/i/x", day).startswith(b"%PDF")


def test_the_seal_holds_and_a_flipped_byte_breaks_it(tmp_path: Path) -> None:
    sealed = sealed_pdf(paper())
    assert sealed.startswith(paper())
    party = Holder("Айгерім Сәрсенова")
    signed = party.signs_pdf(sealed)
    signer = signer_of_pdf(sealed, signed, tmp_path)
    assert (signer.name, signer.trusted) == ("Айгерім Сәрсенова", None)
    other = Holder("Болат Қуанышев", key=ec.generate_private_key(ec.SECP256R1()))
    both = other.signs_pdf(signed, "Other")
    assert signer_of_pdf(sealed, both, tmp_path).name == "Болат Қуанышев"
    broken = bytearray(signed)
    broken[len(sealed) // 2] ^= 1
    with pytest.raises(StepRefused):
        signer_of_pdf(sealed, bytes(broken), tmp_path)
    with pytest.raises(StepRefused, match="no signature besides"):
        signer_of_pdf(sealed, sealed, tmp_path)
    tail = bytearray(signed)
    tail[-400] ^= 1
    with pytest.raises(StepRefused):
        signer_of_pdf(sealed, bytes(tail), tmp_path)


def test_a_page_slipped_in_before_the_signature_is_noticed(tmp_path: Path) -> None:
    sealed = sealed_pdf(paper())
    writer = IncrementalPdfFileWriter(BytesIO(sealed))
    page = writer.find_page_for_modification(0)[0].get_object()  # type: ignore[no-untyped-call]  # of the library
    page["/Rotate"] = NumberObject(180)  # type: ignore[no-untyped-call]  # of the library
    writer.update_container(page)
    changed = BytesIO()
    writer.write(changed)  # type: ignore[no-untyped-call]  # of the library
    signed = Holder("Айгерім Сәрсенова").signs_pdf(changed.getvalue())
    with pytest.raises(StepRefused, match="it was changed"):
        signer_of_pdf(sealed, signed, tmp_path)


def test_a_detached_signature_holds_for_its_bytes_only(tmp_path: Path) -> None:
    party = Holder("Сәрсенова Айгерім")
    signature = party.signs_bytes(b"the paper")
    assert signer_of_cms(b"the paper", signature, tmp_path).name == "Сәрсенова Айгерім"
    with pytest.raises(StepRefused, match="does not fit"):
        signer_of_cms(b"the Paper", signature, tmp_path)
    with pytest.raises(StepRefused, match="cannot be read"):
        signer_of_cms(b"the paper", b"nonsense", tmp_path)


def test_a_gost_signature_is_refused_in_words(tmp_path: Path) -> None:
    info = cms.ContentInfo.load(Holder("X").signs_bytes(b"paper"))
    certificate = info["content"]["certificates"][0].chosen
    key = certificate["tbs_certificate"]["subject_public_key_info"]["algorithm"]
    # The national key algorithm, spliced into an RSA certificate: recognised before all else.
    raw = info.dump().replace(key.dump(), gost(key.dump()))
    with pytest.raises(StepRefused, match=r"GOST|cannot be read"):
        signer_of_cms(b"paper", raw, tmp_path)


def gost(algorithm: bytes) -> bytes:
    known = ObjectIdentifier("1.2.840.113549.1.1.1").dump()
    national = ObjectIdentifier("1.2.398.3.10.1.1.2.1").dump()
    return algorithm.replace(
        known, national[:1] + bytes([len(known) - 2]) + national[2 : len(known)]
    )


def test_an_issuer_vouches_until_it_revokes(tmp_path: Path) -> None:
    issuer, stranger = Holder("Issuer"), Holder("Stranger")
    party = Holder("Сәрсенова Айгерім", issuer)
    signature = party.signs_bytes(b"paper")
    pem = serialization.Encoding.PEM
    (tmp_path / "issuer.pem").write_bytes(issuer.certificate.public_bytes(pem))
    assert signer_of_cms(b"paper", signature, tmp_path).trusted is True
    with pytest.raises(StepRefused, match="revoked, or its issuer"):
        signer_of_cms(b"paper", stranger.signs_bytes(b"paper"), tmp_path)
    (tmp_path / "issuer.crl").write_bytes(issuer.revokes(party))
    with pytest.raises(StepRefused, match="revoked, or its issuer"):
        signer_of_cms(b"paper", signature, tmp_path)


def test_a_lent_key_signs_for_nobody(tmp_path: Path) -> None:
    signer = signer_of_cms(b"p", Holder("СӘРСЕНОВА АЙГЕРІМ").signs_bytes(b"p"), tmp_path)
    check_name(signer, "Айгерім Сәрсенова")
    with pytest.raises(StepRefused, match="not of Болат"):
        check_name(signer, "Болат")
