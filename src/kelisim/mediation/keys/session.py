"""An unlocked key during a visit: the server keeps it encrypted, the cookie keeps what opens it.

Whoever takes the database has the box and not the key; whoever takes the cookie has the key and not
the box. The key is made anew at every unlocking, and the box goes when the visit ends.
"""

from __future__ import annotations

import base64
import binascii
import secrets

from nacl.exceptions import CryptoError
from nacl.secret import SecretBox

from kelisim.mediation.keys.errors import WrongSecret


def visit(private: bytes) -> tuple[bytes, str]:
    """Return the box that the server keeps, and the text that goes into the cookie."""
    key = secrets.token_bytes(SecretBox.KEY_SIZE)
    return bytes(SecretBox(key).encrypt(private)), base64.urlsafe_b64encode(key).decode()


def visiting(box: bytes, cookie: str) -> bytes:
    """Return the private key of a visit.

    Raises
    ------
    WrongSecret
        The cookie is not that of the box.
    """
    try:
        return SecretBox(base64.urlsafe_b64decode(cookie)).decrypt(box)
    except (CryptoError, ValueError, TypeError, binascii.Error) as cause:
        raise WrongSecret from cause
