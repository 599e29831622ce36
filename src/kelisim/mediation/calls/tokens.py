"""Tokens of Janus and passwords of the relay: signed, and good for a short time.

Janus takes ``EXPIRY,REALM,WORD,...`` with its HMAC-SHA1 behind a colon [1]_. The realm ``janus``
lets a visitor in at all; the realm of a plug-in with the word ``room=NAME`` lets them into that
room and no other. The relay takes the expiry as a name and its HMAC-SHA1 as a password [2]_.

References
----------
.. [1] Janus WebRTC Server, auth.c, "signed token mode".
.. [2] J. Uberti, "A REST API For Access To TURN Services", draft-uberti-behave-turn-rest-00.
"""

from __future__ import annotations

import base64
import hmac

PLUGIN = "janus.plugin.videoroom"


def signed(secret: str, realm: str, *words: str, until: int) -> str:
    """Return a token.

    Examples
    --------
    >>> signed("s", "janus", PLUGIN, until=1_800_000_000)
    '1800000000,janus,janus.plugin.videoroom:OyWMkGXOsC2nEzh5w46rwyEHZrI='
    """
    told = ",".join((str(until), realm, *words))
    return f"{told}:{_mac(secret, told)}"


def entrance(secret: str, *, until: int) -> str:
    """Return a token that lets in at the door, and to the plug-in of rooms."""
    return signed(secret, "janus", PLUGIN, until=until)


def for_room(secret: str, room: str, *, until: int) -> str:
    """Return a token that lets into one room."""
    return signed(secret, PLUGIN, f"room={room}", until=until)


def holds(secret: str, token: str, now: float) -> bool:
    """Return whether a token lets in at the door now.

    Examples
    --------
    >>> given = entrance("s", until=100)
    >>> holds("s", given, 99), holds("s", given, 101), holds("other", given, 99), holds("s", "", 0)
    (True, False, False, False)
    """
    told, _colon, mac = token.partition(":")
    until, _comma, rest = told.partition(",")
    if not hmac.compare_digest(mac.encode(), _mac(secret, told).encode()):
        return False
    return rest.startswith("janus,") and now < int(until)


def password(secret: str, *, until: int) -> tuple[str, str]:
    """Return the name and the password with which the relay is used."""
    return str(until), _mac(secret, str(until))


def _mac(secret: str, told: str) -> str:
    return base64.b64encode(hmac.digest(secret.encode(), told.encode(), "sha1")).decode()
