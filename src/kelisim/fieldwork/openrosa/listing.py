"""What a device may fetch: the list of forms, and the manifest of a form's files."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable
from xml.sax.saxutils import escape

from kelisim.surveys.models import Media, Questionnaire

_HEAD = '<?xml version="1.0" encoding="UTF-8"?>\n'


def md5(content: bytes) -> str:
    """Return a digest in the form OpenRosa gives digests in."""
    return "md5:" + hashlib.md5(content, usedforsecurity=False).hexdigest()


def form_list(
    forms: Iterable[Questionnaire],
    form: Callable[[Questionnaire], str],
    manifest: Callable[[Questionnaire], str],
) -> str:
    """Return the list of forms; `form` and `manifest` give absolute addresses."""
    return (
        f'{_HEAD}<xforms xmlns="http://openrosa.org/xforms/xformsList">'
        + "".join(_xform(one, form(one), manifest(one)) for one in forms)
        + "</xforms>"
    )


def _xform(one: Questionnaire, form: str, manifest: str) -> str:
    told = {
        "formID": one.form_id,
        "name": one.survey.title,
        "version": one.version,
        "hash": md5(one.xform.encode()),
        "descriptionText": one.survey.organisation.name,
        "downloadUrl": form,
    }
    if one.media.exists():
        told["manifestUrl"] = manifest
    inside = "".join(f"<{name}>{escape(text)}</{name}>" for name, text in told.items())
    return f"<xform>{inside}</xform>"


def manifest(media: Iterable[Media], file: Callable[[Media], str]) -> str:
    """Return the manifest of a form's files; `file` gives absolute addresses."""
    files = "".join(
        f"<mediaFile><filename>{escape(one.name)}</filename><hash>{md5(bytes(one.content))}</hash>"
        f"<downloadUrl>{escape(file(one))}</downloadUrl></mediaFile>"
        for one in media
    )
    return f'{_HEAD}<manifest xmlns="http://openrosa.org/xforms/xformsManifest">{files}</manifest>'
