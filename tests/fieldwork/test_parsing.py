"""What the readers of multipart and XML refuse, and that what they accept comes out unchanged."""

from __future__ import annotations

from email.message import EmailMessage
from email.parser import BytesParser
from email.policy import HTTP

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kelisim.fieldwork.conformance.client import multipart
from kelisim.fieldwork.openrosa.instance import MOST_ELEMENTS, NotAnInstance, read_instance
from kelisim.fieldwork.openrosa.multipart import NotMultipart, boundary_of, parts

names = st.text(st.characters(categories=["L", "N", "P", "Zs"]), min_size=1, max_size=40)


@given(st.dictionaries(names, st.binary(max_size=200), max_size=6), st.binary(max_size=200))
def test_parts_come_out_as_they_went_in(files: dict[str, bytes], xml: bytes) -> None:
    body, kind = multipart(xml, list(files.items()))
    found = parts(body, boundary_of(kind))
    assert found[0].content == xml
    assert {part.file: part.content for part in found[1:]} == files


@given(st.lists(st.binary(max_size=60), min_size=1, max_size=5))
def test_parts_are_those_that_another_reader_finds(contents: list[bytes]) -> None:
    body, kind = multipart(None, [(f"f{n}", one) for n, one in enumerate(contents)])
    message = BytesParser(policy=HTTP).parsebytes(
        b"Content-Type: " + kind.encode() + b"\r\n\r\n" + body
    )
    assert isinstance(message, EmailMessage)
    theirs = [part.get_payload(decode=True) for part in message.iter_parts()]
    ours = [part.content for part in parts(body, boundary_of(kind))]
    # The other reader takes line ends of a text for its own; bytes without any are compared.
    for mine, other, content in zip(ours, theirs, contents, strict=True):
        assert mine == content
        if not set(content) & set(b"\r\n"):
            assert other == content


@pytest.mark.parametrize(
    "kind",
    [
        "",
        "text/xml",
        "multipart/form-data",
        "multipart/form-data; boundary=",
        "multipart/mixed; boundary=a",
        "multipart/form-data; boundary=" + "a" * 71,
        'multipart/form-data; boundary="a\r\nb"',
    ],
)
def test_a_type_that_is_no_form_is_refused(kind: str) -> None:
    with pytest.raises(NotMultipart):
        boundary_of(kind)


FIELD = b'--b\r\nContent-Disposition: form-data; name="x"\r\n\r\ny\r\n'


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"--b",
        FIELD,
        FIELD + b"--b",
        b"preamble\r\n" + FIELD + b"--b--",
        b"--b\r\nno header here\r\n\r\ny\r\n--b--",
        b"--b\r\n\r\ny\r\n--b--",
        b'--b\r\nContent-Disposition: attachment; name="x"\r\n\r\ny\r\n--b--',
        b"--b\r\nContent-Disposition: form-data\r\n\r\ny\r\n--b--",
        b'--b\r\nContent-Disposition: form-data; name="\xff"\r\n\r\ny\r\n--b--',
        b'--b\r\nContent-Disposition: form-data; name="x"; filename="a\x00b"\r\n\r\ny\r\n--b--',
        b'--b\r\nContent-Disposition: form-data; name="x"; filename="' + b"n" * 201 + b'"\r\n\r\ny\r\n--b--',  # noqa: E501  (one input, one line)
        b'--b\r\nContent-Disposition: form-data; name="x"\r\nContent-Transfer-Encoding: base64\r\n\r\ny\r\n--b--',  # noqa: E501  (one input, one line)
        b'--b\r\nContent-Disposition: form-data; name="x"\r\nX: ' + b"x" * 5000 + b"\r\n\r\ny\r\n--b--",  # noqa: E501  (one input, one line)
        FIELD * 201 + b"--b--",
    ],
)  # fmt: skip
def test_a_body_that_is_no_form_is_refused(body: bytes) -> None:
    with pytest.raises(NotMultipart):
        parts(body, b"b")


@pytest.mark.parametrize(
    ("xml", "word"),
    [
        (b"<data>", "Line 1"),
        (b"<data id='a'>\n\n<x></data>", "Line 3"),
        (b"<data id='a'>\0</data>", "Line 1"),
        (b"\n<data id='a'>\xff</data>", "Line 2: the XML is not UTF-8"),
        (b"<data/>", "names no form"),
        (b"<!DOCTYPE a><data id='a'/>", "document type"),
        ("<?xml version='1.0' encoding='utf-16'?><!DOCTYPE a><data id='a'/>".encode("utf-16"), "UTF-8"),  # noqa: E501  (one input, one line)
        (b"<data id='a'>" + b"<a>" * 300 + b"</a>" * 300 + b"</data>", "epth"),
        (b"<data id='a'>" + b"<a/>" * (2 * MOST_ELEMENTS + 1) + b"</data>", "elements"),
        (b"<data id='a'>" + b" " * 2**20 + b"</data>", "longer"),
        (b"<data id='a'><meta><instanceID>" + b"i" * 201 + b"</instanceID></meta></data>", "instanceID"),  # noqa: E501  (one input, one line)
        (b"<data id='a'><meta><instanceID>i</instanceID><instanceID>j</instanceID></meta></data>", "repeats"),  # noqa: E501  (one input, one line)
        (b"<data id='a'>&nothing;</data>", "Line 1"),
    ],
)  # fmt: skip
def test_xml_that_is_no_interview_is_refused_with_the_reason(xml: bytes, word: str) -> None:
    with pytest.raises(NotAnInstance, match=word):
        read_instance(xml)


def test_what_stands_in_an_interview_is_found_by_its_path() -> None:
    xml = (
        "\ufeff<?xml version='1.0' encoding='ISO-8859-1'?><!-- x --><d:data xmlns:d='urn:d' id='f' version='2'>"  # noqa: E501  (one input, one line)
        "<d:group><d:photo> қ.jpg </d:photo><d:photo>ң.jpg</d:photo><d:none/></d:group>"
        "<orx:meta xmlns:orx='http://openrosa.org/xforms'><orx:instanceID>uuid:1</orx:instanceID></orx:meta>"
        "</d:data>"
    ).encode()
    found = read_instance(xml)
    assert (found.form_id, found.version, found.instance_id) == ("f", "2", "uuid:1")
    assert found.texts("group/photo") == ["қ.jpg", "ң.jpg"]
    assert found.texts("group/none") == found.texts("photo") == []
    assert found.xml == xml
