"""The secret of a one-time link, and the digests under which different tables know it."""

from __future__ import annotations

from django.utils.crypto import salted_hmac


def invitation_digest(secret: str) -> str:
    """Return what the table of invitations knows of a link."""
    return _digest("invitation", secret)


def draft_key(secret: str) -> str:
    """Return what the table of drafts knows of a link; it leads to no invitation."""
    return _digest("draft", secret)


def instance_name(secret: str) -> str:
    """Return the identifier of the interview that a link leads to: once sent, always the same."""
    return f"uuid:{_digest('instance', secret)[:32]}"


def receipt(instance: str) -> str:
    """Return the code a person can ask about later: ``K4WD-9QRT-2MXA``, without look-alikes."""
    number = int(_digest("receipt", instance), 16)
    letters = "ACDEFGHJKMNPQRTUVWXY34679"
    code = ""
    for _ in range(12):
        number, place = divmod(number, len(letters))
        code += letters[place]
    return "-".join(code[at : at + 4] for at in (0, 4, 8))


def _digest(use: str, secret: str) -> str:
    return salted_hmac(f"kelisim.surveys.{use}", secret, algorithm="sha256").hexdigest()
