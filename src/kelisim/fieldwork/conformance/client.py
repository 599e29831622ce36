"""A client that can also misbehave: plain requests, chunked ones, broken ones, many at once."""

from __future__ import annotations

import http.client
import socket
import ssl
import uuid
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from email.utils import formatdate
from urllib.parse import urlsplit

SECONDS = 60


@dataclass(frozen=True)
class Answer:
    """A whole answer; names of headers are in lower case."""

    status: int
    headers: Mapping[str, str]
    body: bytes

    @property
    def text(self) -> str:
        """The body as text."""
        return self.body.decode("utf-8", "replace")


File = tuple[str, bytes]


class Client:
    """Speaks to one server below one address."""

    def __init__(self, address: str) -> None:
        parts = urlsplit(address.rstrip("/"))
        if parts.scheme not in ("http", "https") or not parts.hostname:
            raise ValueError(f"'{address}' is not the address of a server.")
        self.parts = parts

    def line(self) -> http.client.HTTPConnection:
        """Return a new connection."""
        host, port = self.parts.hostname or "", self.parts.port
        if self.parts.scheme == "https":
            context = ssl.create_default_context()
            return http.client.HTTPSConnection(host, port, timeout=SECONDS, context=context)
        return http.client.HTTPConnection(host, port, timeout=SECONDS)

    def ask(
        self,
        method: str,
        path: str,
        body: bytes | Iterator[bytes] | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> Answer:
        """Send one request and return its answer; an iterator is sent in HTTP/1.1 chunks."""
        told = {"X-OpenRosa-Version": "1.0", "Date": formatdate(usegmt=True), **(headers or {})}
        line = self.line()
        try:
            where = path if path.startswith("http") else self.parts.path + path
            line.request(
                method, self.below(where), body, told, encode_chunked=isinstance(body, Iterator)
            )
            found = line.getresponse()
            names = {name.lower(): value for name, value in found.getheaders()}
            return Answer(found.status, names, found.read())
        finally:
            line.close()

    def below(self, address: str) -> str:
        """Return the path and query of an absolute address, which must be of this server."""
        if not address.startswith("http"):
            return address
        parts = urlsplit(address)
        if (parts.hostname, parts.port) != (self.parts.hostname, self.parts.port):
            raise ValueError(f"'{address}' leads to another server.")
        return parts.path + (f"?{parts.query}" if parts.query else "")

    def get(self, path: str, **headers: str) -> Answer:
        """Fetch something below the address."""
        return self.ask("GET", path, headers={k.replace("_", "-"): v for k, v in headers.items()})

    def send(
        self,
        xml: bytes | None,
        files: Sequence[File] = (),
        *,
        chunk: int = 0,
        incomplete: bool = False,
        headers: Mapping[str, str] | None = None,
    ) -> Answer:
        """Send a submission as Collect does."""
        body, kind = multipart(xml, files, incomplete=incomplete)
        told = {"Content-Type": kind, **(headers or {})}
        if not chunk:
            return self.ask("POST", "/submission", body, told)
        pieces = (body[at : at + chunk] for at in range(0, len(body), chunk))
        told["Transfer-Encoding"] = "chunked"
        return self.ask("POST", "/submission", pieces, told)

    def raw(self, text: bytes) -> bytes:
        """Send bytes as they are and return what comes back until the server closes."""
        with socket.create_connection(
            (self.parts.hostname or "", self.parts.port or 80), SECONDS
        ) as plain:
            plain.sendall(text)
            plain.settimeout(SECONDS)
            found = b""
            while piece := plain.recv(65536):
                found += piece
                if b"\r\n\r\n" in found:
                    break
            return found


def multipart(
    xml: bytes | None, files: Sequence[File] = (), *, incomplete: bool = False
) -> tuple[bytes, str]:
    """Return the body and the Content-Type of a submission."""
    boundary = uuid.uuid4().hex
    parts = []
    if xml is not None:
        parts.append(
            b'Content-Disposition: form-data; name="xml_submission_file"; '
            b'filename="submission.xml"\r\nContent-Type: text/xml\r\n\r\n' + xml
        )
    for name, content in files:
        quoted = name.replace("\\", "\\\\").replace('"', '\\"').encode()
        parts.append(
            b'Content-Disposition: form-data; name="'
            + quoted
            + b'"; filename="'
            + quoted
            + b'"\r\nContent-Type: application/octet-stream\r\n\r\n'
            + content
        )
    if incomplete:
        parts.append(b'Content-Disposition: form-data; name="*isIncomplete*"\r\n\r\nyes')
    lines = b"".join(b"--" + boundary.encode() + b"\r\n" + part + b"\r\n" for part in parts)
    end = b"--" + boundary.encode() + b"--\r\n"
    return lines + end, f'multipart/form-data; boundary="{boundary}"'
