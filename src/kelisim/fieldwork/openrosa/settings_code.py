"""The code that ODK Collect reads its settings from: server, no password, what is sent when."""

from __future__ import annotations

import base64
import json
import zlib

import segno
from django.http import HttpRequest
from django.utils.safestring import SafeString, mark_safe

from kelisim.fieldwork.models import Device
from kelisim.fieldwork.tokens import token_of


def server_address(request: HttpRequest, device: Device) -> str:
    """Return the address that Collect is told as its server; the token in it is all it needs."""
    return request.build_absolute_uri(f"/openrosa/{token_of(device)}")


def settings_text(address: str, name: str) -> str:
    """Return Collect's settings as its QR codes hold them: JSON, deflated, in base64."""
    told = {
        "general": {
            "protocol": "odk_default",
            "server_url": address,
            "form_update_mode": "match_exactly",
            "autosend": "wifi_and_cellular",
        },
        "project": {"name": name, "icon": "К"},
        "admin": {},
    }
    plain = json.dumps(told, ensure_ascii=False, separators=(",", ":")).encode()
    return base64.b64encode(zlib.compress(plain, 9)).decode()


def code_svg(address: str, name: str) -> SafeString:
    """Return the QR code as SVG without any style of its own."""
    made = segno.make_qr(settings_text(address, name), error="l")
    svg = made.svg_inline(scale=4, border=4, svgclass="code", lineclass=None, omitsize=True)
    return mark_safe(svg)  # noqa: S308  (squares drawn by a library from base64)
