"""The door of interviews: OpenRosa submissions, answered after a durable commit and not before.

A request is read up to its limit and within its time, its XML and parts are taken apart here, and
what came is handed to the group commit. The pages know nothing of it.
"""

from __future__ import annotations

import asyncio
import tempfile
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from email.utils import parsedate_to_datetime
from typing import IO

from django.db import close_old_connections, connection
from django.utils import translation
from django.utils.translation.trans_real import parse_accept_lang_header

from kelisim.fieldwork.actions.receive import receive
from kelisim.fieldwork.models import Device
from kelisim.fieldwork.openrosa.answers import (
    BUSY,
    COMPRESSED,
    ONLY_POST,
    STRANGER,
    TOO_LARGE,
    TOO_SLOW,
    Answered,
)
from kelisim.fieldwork.openrosa.envelope import CONTENT_TYPE, MOST_BYTES, envelope
from kelisim.fieldwork.openrosa.envelope import headers as openrosa_headers
from kelisim.fieldwork.openrosa.reading import read
from kelisim.fieldwork.tokens import number_of, opens
from kelisim.intake.group_commit import Busy, GroupCommit
from kelisim.intake.http import HungUp, Message, Receive, Send, TooLarge, answer, headers

SMALL = 2**18
"""Up to here a body stays in memory and is read by whoever sends it; larger ones go to the disk,
are asked for their token first, and are taken apart a few at a time."""

SILENCE, WHOLE = 30.0, 900.0
"""Seconds that a client may be silent within a request, and that a request may take."""

_commit = GroupCommit(receive)
_asking = ThreadPoolExecutor(1, "openrosa-token")
_large = asyncio.Semaphore(3)
LANGUAGES = ("kk", "ru", "en")


async def application(scope: Message, receive: Receive, send: Send) -> None:
    """Answer one connection to ``/openrosa/<token>/submission``."""
    told = headers(scope)
    if scope["method"] == "HEAD" and await _known(_token(scope)):
        await answer(send, 204, kind=CONTENT_TYPE, headers=openrosa_headers().items())
        return
    try:
        found = await _answered(scope, told, receive)
    except HungUp:
        return
    with translation.override(_language(told)):
        sentence = found.words
    nature = "submit_success" if found.status < 300 else "submit_error"
    more: Iterable[tuple[str, str]] = openrosa_headers().items()
    if found.status in (408, 411, 413):
        more = [*more, ("Connection", "close")]
    if found.status == 405:
        more = [*more, ("Allow", "HEAD, POST")]
    if found.status == 503:
        more = [*more, ("Retry-After", "5")]
    await answer(send, found.status, envelope(sentence, nature), kind=CONTENT_TYPE, headers=more)


def close() -> None:
    """Write what is waiting, and let the database go."""
    _commit.close()
    _asking.submit(_let_go).result()


def _let_go() -> None:
    connection.close()  # that of the thread this is called in


async def _answered(scope: Message, told: dict[str, str], receive: Receive) -> Answered:
    if scope["method"] == "HEAD":
        return STRANGER
    if scope["method"] != "POST":
        return ONLY_POST
    if told.get("content-encoding", "identity") != "identity":
        return COMPRESSED
    token = _token(scope)
    length = int(told["content-length"]) if told.get("content-length", "").isdecimal() else 0
    if length > MOST_BYTES:
        return TOO_LARGE
    if length > SMALL and not await _known(token):
        return STRANGER
    with tempfile.SpooledTemporaryFile(SMALL) as spool:
        try:
            async with asyncio.timeout(WHOLE):
                size = await _spooled(receive, spool)
        except TimeoutError:
            return TOO_SLOW
        except TooLarge:
            return TOO_LARGE
        if size <= SMALL:
            return await _received(token, told, spool)
        if not length and not await _known(token):
            return STRANGER
        async with _large:
            return await _received(token, told, spool)


def _token(scope: Message) -> str:
    return str(scope["path"]).split("/")[2]


async def _spooled(receive: Receive, spool: IO[bytes]) -> int:
    size = 0
    while True:
        async with asyncio.timeout(SILENCE):
            message = await receive()
        if message["type"] == "http.disconnect":
            raise HungUp
        size += len(message.get("body", b""))
        if size > MOST_BYTES:
            raise TooLarge
        spool.write(message.get("body", b""))
        if not message.get("more_body"):
            spool.seek(0)
            return size


async def _received(token: str, told: dict[str, str], spool: IO[bytes]) -> Answered:
    body = spool.read()
    asked = (token, _moment(told.get("date", "")), body, told.get("content-type", ""))
    sent = read(*asked) if len(body) <= SMALL else await asyncio.to_thread(read, *asked)
    try:
        return await _commit.add(sent)
    except Busy:
        return BUSY


async def _known(token: str) -> bool:
    return await asyncio.get_running_loop().run_in_executor(_asking, _is_known, token)


def _is_known(token: str) -> bool:
    close_old_connections()
    device = Device.objects.filter(pk=number_of(token)).first()
    return device is not None and opens(token, device)


def _moment(date: str) -> datetime | None:
    try:
        moment = parsedate_to_datetime(date)
    except ValueError:
        return None
    return moment if moment.tzinfo else None


def _language(told: dict[str, str]) -> str:
    asked = parse_accept_lang_header(told.get("accept-language", "").lower())
    codes = [code.partition("-")[0] for code, _quality in asked]
    return next((code for code in codes if code in LANGUAGES), LANGUAGES[0])
