"""Tokens of devices: derived from the row and the site's secret, kept nowhere.

A token is the number of the device and an HMAC over it and the device's salt. A copy of the
database opens nothing; a lost token is ended by revoking the device; a QR code can be shown again.
"""

from __future__ import annotations

import base64
import hashlib
import hmac

from django.conf import settings

from kelisim.fieldwork.models import Device


def token_of(device: Device) -> str:
    """Return the token of a device."""
    return f"{device.pk}-{_mark(device)}"


def number_of(token: str) -> int:
    """Return the number of the device that a token claims to be of; 0 is of none."""
    number, _, mark = token.partition("-")
    lawful = mark and number.isascii() and number.isdecimal() and len(number) < 19
    return int(number) if lawful else 0


def opens(token: str, device: Device) -> bool:
    """Say whether a token is that of a device which was not revoked."""
    mark = token.partition("-")[2]
    return device.revoked_at is None and hmac.compare_digest(
        mark.encode("utf-8", "surrogatepass"), _mark(device).encode()
    )


def _mark(device: Device) -> str:
    told = f"kelisim.fieldwork.device:{device.pk}:{device.salt}".encode()
    made = hmac.new(settings.SECRET_KEY.encode(), told, hashlib.sha256).digest()
    return base64.urlsafe_b64encode(made).rstrip(b"=").decode()
