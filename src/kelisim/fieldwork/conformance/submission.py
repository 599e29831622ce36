"""Checks of sending interviews as a client does that follows the documents."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

from kelisim.fieldwork.conformance.client import multipart
from kelisim.fieldwork.conformance.discovery import has_date, has_version, is_xml
from kelisim.fieldwork.conformance.ground import (
    Server,
    accepted,
    check,
    fresh,
    message,
    need,
    refused,
)

LETTERS = "ә ғ қ ң ө ұ ү һ і Ә Ғ <b>&]]> \N{SLIGHTLY SMILING FACE} й ё"


@check("HEAD of the submission address answers 204")
def _(server: Server) -> None:
    answer = server.ask("HEAD", "/submission")
    need(answer.status == 204, f"answered {answer.status}")


@check("HEAD of the submission address carries X-OpenRosa-Version and a Date")
def _(server: Server) -> None:
    answer = server.ask("HEAD", "/submission")
    has_version(answer)
    has_date(answer)


@check("The server says how much it takes at once (X-OpenRosa-Accept-Content-Length)")
def _(server: Server) -> None:
    said = server.ask("HEAD", "/submission").headers.get("x-openrosa-accept-content-length", "")
    need(said.isdecimal() and int(said) >= 100_000, f"it says '{said}'")


@check("An interview is received with 201")
def _(server: Server) -> None:
    answer = server.send(server.instance())
    need(answer.status == 201, f"answered {answer.status}: {answer.text[:200]}")


@check("The answer is an OpenRosaResponse with a message")
def _(server: Server) -> None:
    need(message(server.send(server.instance())), "the message is empty")


@check("The answer is XML by its Content-Type, with X-OpenRosa-Version and a Date")
def _(server: Server) -> None:
    answer = server.send(server.instance())
    is_xml(answer)
    has_version(answer)
    has_date(answer)


@check("An interview sent in HTTP/1.1 chunks is received")
def _(server: Server) -> None:
    accepted(server.send(server.instance(), chunk=64))


@check("An interview sent in chunks of one byte is received")
def _(server: Server) -> None:
    accepted(server.send(server.instance(), chunk=1))


@check("Letters of every language, and marks that XML escapes, are received")
def _(server: Server) -> None:
    accepted(server.send(server.instance(text=LETTERS)))


@check("An interview with a file is received")
def _(server: Server) -> None:
    accepted(server.send(server.instance(), [("photo.jpg", b"\xff\xd8\xff" + bytes(5000))]))


@check("A file may hold the line that a boundary begins with")
def _(server: Server) -> None:
    accepted(server.send(server.instance(), [("odd.bin", b"\r\n--\r\n--x--\r\n\r\n")]))


@check("Two equal files under two names are received")
def _(server: Server) -> None:
    accepted(server.send(server.instance(), [("a.jpg", b"same"), ("b.jpg", b"same")]))


@check("A file without content is received")
def _(server: Server) -> None:
    accepted(server.send(server.instance(), [("empty.csv", b"")]))


@check("Names of files in any script are received")
def _(server: Server) -> None:
    accepted(server.send(server.instance(), [("сурет ң.jpg", b"x"), ('a "quoted".jpg', b"y")]))


@check("An interview split over two requests is received, the same XML in both")
def _(server: Server) -> None:
    xml = server.instance()
    accepted(server.send(xml, [("one.jpg", b"1" * 4000)], incomplete=True))
    accepted(server.send(xml, [("two.jpg", b"2" * 4000)]))


@check("The requests of a split interview may come in the other order")
def _(server: Server) -> None:
    xml = server.instance()
    accepted(server.send(xml, [("two.jpg", b"2")]))
    accepted(server.send(xml, [("one.jpg", b"1")], incomplete=True))


@check("A file that is sent again is received again")
def _(server: Server) -> None:
    xml = server.instance()
    accepted(server.send(xml, [("one.jpg", b"1")]))
    accepted(server.send(xml, [("one.jpg", b"1")]))


@check("An interview that is sent again is answered as the first time")
def _(server: Server) -> None:
    xml = server.instance()
    first, second = server.send(xml), server.send(xml)
    need(first.status == second.status == 201, f"answered {first.status}, then {second.status}")


@check("Twenty equal interviews at the same moment are all answered well")
def _(server: Server) -> None:
    xml = server.instance()
    with ThreadPoolExecutor(20) as crowd:
        answers = list(crowd.map(lambda _n: server.send(xml), range(20)))
    need({a.status for a in answers} == {201}, f"answered {sorted(a.status for a in answers)}")


@check("Twenty different interviews at the same moment are all answered well")
def _(server: Server) -> None:
    several = [server.instance() for _n in range(20)]
    with ThreadPoolExecutor(20) as crowd:
        answers = list(crowd.map(server.send, several))
    need({a.status for a in answers} == {201}, f"answered {sorted(a.status for a in answers)}")


@check("Two interviews on one connection are both answered")
def _(server: Server) -> None:
    line = server.line()
    for _turn in range(2):
        body, kind = multipart(server.instance())
        told = {"Content-Type": kind, "X-OpenRosa-Version": "1.0"}
        line.request("POST", server.parts.path + "/submission", body, told)
        answer = line.getresponse()
        answer.read()
        need(answer.status == 201, f"answered {answer.status}")
    line.close()


@check("Expect: 100-continue is understood", "should")
def _(server: Server) -> None:
    body, kind = multipart(server.instance())
    head = (
        f"POST {server.parts.path}/submission HTTP/1.1\r\nHost: {server.parts.netloc}\r\n"
        f"Content-Type: {kind}\r\nContent-Length: {len(body)}\r\nExpect: 100-continue\r\n"
        "Connection: close\r\n\r\n"
    ).encode()
    said = server.raw(head + body)
    need(b" 201 " in said or b" 100 " in said.split(b"\r\n")[0], said[:100].decode("latin-1"))


@check("An unknown version of a known form loses nothing: it is kept, or refused with a sentence")
def _(server: Server) -> None:
    answer = server.send(server.instance(version="no-such-version"))
    need(answer.status == 202 or 400 <= answer.status < 500, f"answered {answer.status}")
    need(message(answer), "nothing is said")


@check("An unknown form loses nothing: it is kept, or refused with a sentence")
def _(server: Server) -> None:
    answer = server.send(server.instance(form="no-such-form"))
    need(answer.status == 202 or 400 <= answer.status < 500, f"answered {answer.status}")
    need(message(answer), "nothing is said")


@check("A device that is not known is refused, and told so in an envelope")
def _(server: Server) -> None:
    stranger = Server(server.parts.geturl()[:-6] + "AAAAAA")
    body, kind = multipart(server.instance(fresh()))
    answer = stranger.ask("POST", "/submission", body, {"Content-Type": kind})
    refused(answer, 401, 403, 404)
    need(message(answer), "nothing is said")
