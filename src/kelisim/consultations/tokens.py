"""Tokens: what makes one person one voice, without a name in the table of voices."""

from __future__ import annotations

import hashlib
import secrets

from django.utils.crypto import salted_hmac

from kelisim.accounts.models import User
from kelisim.consultations.models import Consultation

SALT = "kelisim.consultations"
LEAST = 32
"""Letters of the shortest token that may open a voice by itself."""
MOST = 128

LETTERS = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"
"""Of codes: no letter that looks like another, in Latin or in Cyrillic."""
CODE = 12


def fresh() -> str:
    """Return a new random token."""
    return secrets.token_urlsafe(32)


def digest(token: str) -> str:
    """Return what is kept of a token."""
    return hashlib.sha256(token.encode()).hexdigest()


def of_account(consultation: Consultation, person: User) -> str:
    """Return the token of a person who is signed in, the same on every device."""
    return _derived(f"account:{consultation.pk}:{person.pk}")


def of_code(consultation: Consultation, code: str) -> str:
    """Return the token of an invitation code, however it was typed."""
    return _derived(f"code:{consultation.pk}:{plain_code(code)}")


def of_sheet(consultation: Consultation, sheet: str) -> str:
    """Return the token of a paper sheet or a call, so that it cannot be entered twice."""
    return _derived(f"sheet:{consultation.pk}:{sheet.strip().casefold()}")


def _derived(what: str) -> str:
    return str(salted_hmac(SALT, what, algorithm="sha256").hexdigest())


def fresh_code() -> str:
    """Return a new invitation code, some 59 bits, in groups of four."""
    code = "".join(secrets.choice(LETTERS) for _ in range(CODE))
    return "-".join(code[at : at + 4] for at in range(0, CODE, 4))


def plain_code(code: str) -> str:
    """Return a code as it is compared: capitals without signs between them.

    >>> plain_code(" abcd-efgh 2345 ")
    'ABCDEFGH2345'
    """
    return "".join(letter for letter in code.upper() if letter.isalnum())


def cookie(slug: str) -> str:
    """Return the name of the cookie that holds the token for a consultation."""
    return f"voice-{slug}"
