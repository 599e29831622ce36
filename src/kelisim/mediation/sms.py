"""Text messages: a port, and the adapter that posts to a gateway over HTTP."""

from __future__ import annotations

import json
import re
from contextlib import closing
from dataclasses import dataclass, field
from http.client import HTTPConnection, HTTPException, HTTPSConnection
from typing import Protocol
from urllib.parse import urlsplit

from django.conf import settings

PATIENCE = 10.0
SENT = range(200, 300)


class NotSent(Exception):
    """The gateway did not take the message. It bears no number and no words: it may be logged."""


class Gateway(Protocol):
    """Whatever sends a text message."""

    def send(self, number: str, words: str) -> None:
        """Send words to a number in international form.

        Raises
        ------
        NotSent
            The message was not taken.
        """


@dataclass(frozen=True, slots=True)
class HttpGateway:
    """Posts ``{"to": ..., "text": ...}``, under the names a gateway has for them.

    A redirection is not followed: the number would go where nobody was told it goes.
    """

    url: str
    token: str = field(repr=False)
    fields: tuple[str, str] = ("to", "text")

    def send(self, number: str, words: str) -> None:
        """Send words to a number.

        Raises
        ------
        NotSent
            The gateway does not answer, or answers with anything but a status of success.
        """
        told = urlsplit(self.url)
        kind = HTTPSConnection if told.scheme == "https" else HTTPConnection
        path = f"{told.path or '/'}{f'?{told.query}' if told.query else ''}"
        body = json.dumps(dict(zip(self.fields, (number, words), strict=True))).encode()
        headers = {"Content-Type": "application/json"}
        if self.token:
            headers["Authorization"] = f"Bearer {self.token}"
        try:
            with closing(kind(told.netloc, timeout=PATIENCE)) as line:
                line.request("POST", path, body, headers)
                status = line.getresponse().status
        except (OSError, HTTPException) as cause:
            raise NotSent(type(cause).__name__) from None
        if status not in SENT:
            raise NotSent(str(status))


def gateway() -> Gateway | None:
    """Return the gateway of the settings, or None."""
    told = settings.ENVIRONMENT
    return HttpGateway(told.sms_url, told.sms_token, told.sms_fields) if told.sms_url else None


def number_of(contact: str) -> str | None:
    """Return the first telephone number in what somebody wrote, in international form.

    Examples
    --------
    >>> number_of("8 (701) 123-45-67, evenings"), number_of("+7 701 123 45 67"), number_of("a@b.kz")
    ('+77011234567', '+77011234567', None)
    """
    found = re.search(r"\+?\d[\d ()-]{8,18}\d", contact)
    if found is None:
        return None
    digits = re.sub(r"\D", "", found.group())
    if found.group().startswith("+"):
        return f"+{digits}"
    if len(digits) == 11 and digits[0] in "78":
        return f"+7{digits[1:]}"
    return None
