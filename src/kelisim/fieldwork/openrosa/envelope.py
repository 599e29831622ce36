"""What every OpenRosa answer carries: its headers, and the envelope of a sentence."""

from __future__ import annotations

from collections.abc import Mapping
from email.utils import formatdate
from xml.sax.saxutils import escape

CONTENT_TYPE = "text/xml; charset=utf-8"
MOST_BYTES = 20 * 2**20
"""The largest submission in one request; Collect splits a larger one over several."""


def headers() -> Mapping[str, str]:
    """Return the headers that OpenRosa asks for, and how much may be sent at once."""
    return {
        "X-OpenRosa-Version": "1.0",
        "X-OpenRosa-Accept-Content-Length": str(MOST_BYTES),
        "Date": formatdate(usegmt=True),
    }


def envelope(sentence: str, nature: str = "") -> bytes:
    """Return an answer with a sentence for the interviewer.

    Parameters
    ----------
    nature
        ``submit_success``, ``submit_error`` or nothing, as Collect knows them.
    """
    kind = f' nature="{nature}"' if nature else ""
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        '<OpenRosaResponse xmlns="http://openrosa.org/http/response">'
        f"<message{kind}>{escape(sentence)}</message></OpenRosaResponse>"
    ).encode()
