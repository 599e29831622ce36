"""Checks of what a client fetches: the list of forms, a form, its manifest, its files."""

from __future__ import annotations

import gzip
import hashlib
import xml.etree.ElementTree as ET
from email.utils import parsedate_to_datetime

from kelisim.fieldwork.conformance.client import Answer
from kelisim.fieldwork.conformance.ground import LISTED, MANIFEST, XFORMS, Server, check, need

XML = ("text/xml", "application/xml")


def is_xml(answer: Answer) -> None:
    kind = answer.headers.get("content-type", "")
    need(kind.partition(";")[0].strip() in XML, f"the Content-Type is '{kind}'")


def has_version(answer: Answer) -> None:
    said = answer.headers.get("x-openrosa-version")
    need(said == "1.0", f"X-OpenRosa-Version is {said!r}")


def has_date(answer: Answer) -> None:
    said = answer.headers.get("date", "")
    try:
        need(parsedate_to_datetime(said).tzinfo, f"Date is '{said}'")
    except ValueError:
        need(False, f"Date is '{said}'")


def md5(content: bytes) -> str:
    return "md5:" + hashlib.md5(content, usedforsecurity=False).hexdigest()


@check("The list of forms is there")
def _(server: Server) -> None:
    need(server.listed, "it is empty")


@check("The list of forms is XML by its Content-Type")
def _(server: Server) -> None:
    is_xml(server.get("/formList"))


@check("The list of forms carries X-OpenRosa-Version: 1.0")
def _(server: Server) -> None:
    has_version(server.get("/formList"))


@check("The list of forms carries a Date")
def _(server: Server) -> None:
    has_date(server.get("/formList"))


@check("The root of the list is <xforms> in the namespace of the list")
def _(server: Server) -> None:
    root = ET.fromstring(server.get("/formList").body)  # noqa: S314  (of the server one asks to check)
    need(root.tag == f"{LISTED}xforms", f"it is {root.tag}")


@check("Every form of the list has formID, name, hash and downloadUrl")
def _(server: Server) -> None:
    for row in server.listed:
        lacking = {"formID", "name", "hash", "downloadUrl"} - {k for k, v in row.items() if v}
        need(not lacking, f"{row.get('formID')} lacks {sorted(lacking)}")


@check("Every form of the list has a version", "should")
def _(server: Server) -> None:
    for row in server.listed:
        need("version" in row, f"{row.get('formID')} has none")


@check("Every hash of the list is md5: and 32 hexadecimal digits")
def _(server: Server) -> None:
    for row in server.listed:
        kind, _colon, digits = row["hash"].partition(":")
        need(kind == "md5" and len(digits) == 32 and int(digits, 16) >= 0, row["hash"])


@check("No form and version is listed twice")
def _(server: Server) -> None:
    named = [(row["formID"], row.get("version")) for row in server.listed]
    need(len(set(named)) == len(named), f"{named}")


@check("Addresses of the list are absolute")
def _(server: Server) -> None:
    for row in server.listed:
        for name in ("downloadUrl", "manifestUrl"):
            need(row.get(name, "http").startswith("http"), f"{name} is '{row.get(name)}'")


@check("formID= narrows the list", "should")
def _(server: Server) -> None:
    narrow = server.get(f"/formList?formID={server.first['formID']}")
    rows = ET.fromstring(narrow.body).findall(f"{LISTED}xform")  # noqa: S314  (as above)
    need({r.findtext(f"{LISTED}formID") for r in rows} == {server.first["formID"]}, narrow.text)
    none = ET.fromstring(server.get("/formList?formID=no-such-form").body)  # noqa: S314  (as above)
    need(len(none) == 0, "a form that does not exist is listed")


@check("HEAD of the list is answered as GET is, without a body")
def _(server: Server) -> None:
    answer = server.ask("HEAD", "/formList")
    need(answer.status == 200 and not answer.body, f"answered {answer.status}")


@check("A form can be fetched, and is XML")
def _(server: Server) -> None:
    answer = server.get(server.first["downloadUrl"])
    need(answer.status == 200, f"answered {answer.status}")
    is_xml(answer)


@check("A form carries X-OpenRosa-Version: 1.0")
def _(server: Server) -> None:
    has_version(server.get(server.first["downloadUrl"]))


@check("The hash of the list is that of the form as it is sent")
def _(server: Server) -> None:
    for row in server.listed:
        found = md5(server.get(row["downloadUrl"]).body)
        need(found == row["hash"], f"{row['formID']}: listed {row['hash']}, sent {found}")


@check("The form's own id and version are those of the list")
def _(server: Server) -> None:
    said = server.root.get("id"), server.root.get("version") or ""
    listed = server.first["formID"], server.first.get("version", "")
    need(said == listed, f"the form says {said}, the list {listed}")


@check("A form is an XHTML document with a model")
def _(server: Server) -> None:
    root = ET.fromstring(server.get(server.first["downloadUrl"]).body)  # noqa: S314  (as above)
    need(root.tag == "{http://www.w3.org/1999/xhtml}html", f"it is {root.tag}")
    need(root.find(f".//{XFORMS}model") is not None, "it has no model")


@check("A client that can read gzip gets gzip", "should")
def _(server: Server) -> None:
    plain = server.get(server.first["downloadUrl"])
    packed = server.get(server.first["downloadUrl"], Accept_Encoding="gzip")
    if len(plain.body) > 1000:
        need(packed.headers.get("content-encoding") == "gzip", "it is sent as it is")
        need(gzip.decompress(packed.body) == plain.body, "what comes out is something else")


@check("A form that is not there is refused with 404")
def _(server: Server) -> None:
    answer = server.get(
        server.first["downloadUrl"].replace(server.parts.path, server.parts.path + "x")
    )
    need(answer.status in (401, 403, 404), f"answered {answer.status}")


def manifests(server: Server) -> list[ET.Element]:
    found = []
    for row in server.listed:
        if address := row.get("manifestUrl"):
            answer = server.get(address)
            need(answer.status == 200, f"the manifest of {row['formID']} answered {answer.status}")
            is_xml(answer)
            has_version(answer)
            found.append(ET.fromstring(answer.body))  # noqa: S314  (as above)
    return found


@check("Manifests are <manifest> in the namespace of manifests")
def _(server: Server) -> None:
    for root in manifests(server):
        need(root.tag == f"{MANIFEST}manifest", f"one is {root.tag}")


@check("Every file of a manifest has a name, a hash and an address, and the hash is right")
def _(server: Server) -> None:
    for root in manifests(server):
        for file in root.findall(f"{MANIFEST}mediaFile"):
            told = {c.tag.removeprefix(MANIFEST): c.text or "" for c in file}
            need(all(told.get(k) for k in ("filename", "hash", "downloadUrl")), f"{told}")
            answer = server.get(told["downloadUrl"])
            need(answer.status == 200, f"{told['filename']} answered {answer.status}")
            need(md5(answer.body) == told["hash"], f"{told['filename']} has another hash")
