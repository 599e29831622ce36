"""Checks with what no client should send and every server receives one day."""

from __future__ import annotations

from kelisim.fieldwork.conformance.client import multipart
from kelisim.fieldwork.conformance.ground import (
    Server,
    accepted,
    check,
    fresh,
    message,
    need,
    refused,
)


@check("Another interview under a number that is taken is not lost in silence", "safe")
def _(server: Server) -> None:
    number = fresh()
    accepted(server.send(server.instance(number, "one")))
    answer = server.send(server.instance(number, "another"))
    need(answer.status in (202, 409), f"answered {answer.status}: the second one is gone")


@check("XML that is cut short is refused with 400 and a sentence", "safe")
def _(server: Server) -> None:
    answer = server.send(server.instance()[:-12])
    refused(answer, 400, 422)
    need(message(answer), "nothing is said")


@check("XML with a zero byte is refused", "safe")
def _(server: Server) -> None:
    refused(
        server.send(server.instance().replace(b"<note_of_check>", b"<note_of_check>\0")), 400, 422
    )


@check("XML that is not UTF-8 is refused", "safe")
def _(server: Server) -> None:
    refused(server.send(server.instance(text="ә").replace("ә".encode(), b"\xff\xfe")), 400, 422)


@check("An external entity is not followed", "safe")
def _(server: Server) -> None:
    evil = b'<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/hostname">]>' + body_of(server).replace(
        b"<note_of_check>", b"<note_of_check>&e;"
    )
    refused(server.send(evil), 400, 422)


@check("An external entity in UTF-16 is not followed either", "safe")
def _(server: Server) -> None:
    text = '<?xml version="1.0" encoding="UTF-16"?><!DOCTYPE x [<!ENTITY e "e">]>' + body_of(
        server
    ).decode().replace("<note_of_check>", "<note_of_check>&e;")
    refused(server.send(text.encode("utf-16")), 400, 422)


@check("A billion laughs are not laughed", "safe")
def _(server: Server) -> None:
    layers = "".join(f'<!ENTITY a{n} "{f"&a{n - 1};" * 10}">' for n in range(1, 10))
    evil = f'<!DOCTYPE x [<!ENTITY a0 "ha">{layers}]>'.encode() + body_of(server).replace(
        b"<note_of_check>", b"<note_of_check>&a9;"
    )
    refused(server.send(evil), 400, 422)


@check("XML ten thousand levels deep is refused", "safe")
def _(server: Server) -> None:
    deep = body_of(server).replace(
        b"<note_of_check></note_of_check>", b"<a>" * 10_000 + b"</a>" * 10_000
    )
    refused(server.send(deep), 400, 413, 422)


@check("XML of two hundred thousand elements is refused", "safe")
def _(server: Server) -> None:
    wide = body_of(server).replace(b"<note_of_check></note_of_check>", b"<a/>" * 200_000)
    refused(server.send(wide), 400, 413, 422)


@check("A request without the part xml_submission_file is refused")
def _(server: Server) -> None:
    refused(server.send(None, [("photo.jpg", b"x")]), 400, 422)


@check("A request without any part is refused")
def _(server: Server) -> None:
    refused(server.ask("POST", "/submission", b"", {"Content-Type": "text/plain"}))


@check("A body whose boundary does not come is refused", "safe")
def _(server: Server) -> None:
    body, _kind = multipart(server.instance())
    told = {"Content-Type": "multipart/form-data; boundary=something-else"}
    refused(server.ask("POST", "/submission", body, told), 400, 422)


@check("A body that ends before its boundary is refused", "safe")
def _(server: Server) -> None:
    body, kind = multipart(server.instance())
    refused(server.ask("POST", "/submission", body[:-40], {"Content-Type": kind}), 400, 422)


@check("More than the server takes at once is refused with 413", "safe")
def _(server: Server) -> None:
    said = server.ask("HEAD", "/submission").headers.get("x-openrosa-accept-content-length", "0")
    head = (
        f"POST {server.parts.path}/submission HTTP/1.1\r\nHost: {server.parts.netloc}\r\n"
        "Content-Type: multipart/form-data; boundary=b\r\n"
        f"Content-Length: {int(said) * 4}\r\n\r\n"
    ).encode()
    first = server.raw(head).split(b"\r\n")[0]
    need(b" 413 " in first, first.decode("latin-1"))


@check("A compressed request is refused and not unpacked", "safe")
def _(server: Server) -> None:
    body, kind = multipart(server.instance())
    told = {"Content-Type": kind, "Content-Encoding": "gzip"}
    refused(server.ask("POST", "/submission", body, told))


@check("Names of files that point elsewhere do no harm", "safe")
def _(server: Server) -> None:
    names = ["../../../../tmp/kelisim-was-here", "/etc/passwd", "a/b.jpg", "A/B.JPG"]
    answer = server.send(server.instance(), [(name, name.encode()) for name in names])
    need(answer.status < 500, f"answered {answer.status}")


@check("A file's name of three hundred letters is no fault of the server", "safe")
def _(server: Server) -> None:
    answer = server.send(server.instance(), [("n" * 300 + ".jpg", b"x")])
    need(answer.status < 500, f"answered {answer.status}")


@check("A device whose clock says 1970 is received all the same", "safe")
def _(server: Server) -> None:
    told = {"Date": "Thu, 01 Jan 1970 00:00:10 GMT"}
    accepted(server.send(server.instance(), headers=told))


@check("A device that sends no Date, or none that can be read, is received all the same", "safe")
def _(server: Server) -> None:
    accepted(server.send(server.instance(), headers={"Date": "the day before yesterday"}))


@check("Other methods are refused")
def _(server: Server) -> None:
    refused(server.ask("DELETE", "/submission"))
    refused(server.ask("PUT", "/formList", b"x"))


@check("After all this the server still receives an interview", "safe")
def _(server: Server) -> None:
    accepted(server.send(server.instance()))


def body_of(server: Server) -> bytes:
    return server.instance().partition(b"?>")[2]
