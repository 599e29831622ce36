"""Addresses under ``/openrosa/<token>``: what a device fetches, answered in OpenRosa's words."""

from __future__ import annotations

import mimetypes
from collections.abc import Callable
from functools import wraps

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.gzip import gzip_page
from django.views.decorators.http import require_safe

from kelisim.fieldwork import access
from kelisim.fieldwork.models import Device
from kelisim.fieldwork.openrosa.envelope import CONTENT_TYPE, envelope, headers
from kelisim.fieldwork.openrosa.listing import form_list, manifest
from kelisim.surveys.models import Media, Questionnaire

View = Callable[..., HttpResponse]


def openrosa(view: View) -> View:
    """Open a view to the device of a token, and put OpenRosa's headers on its answer."""

    @gzip_page
    @require_safe
    @wraps(view)
    def answered(request: HttpRequest, token: str, **named: object) -> HttpResponse:
        try:
            answer = view(request, access.device(token), token, **named)
        except Http404:
            sentence = _("This is not here, or not for this device. Ask your supervisor.")
            answer = HttpResponse(envelope(sentence), CONTENT_TYPE, status=404)
        for name, value in headers().items():
            answer[name] = value
        answer["Cache-Control"] = "no-store"
        return answer

    return answered


@openrosa
def forms(request: HttpRequest, device: Device, token: str) -> HttpResponse:
    """List the newest published version of every form of the device's survey, while it is open."""

    def place(name: str) -> Callable[[Questionnaire], str]:
        return lambda one: _absolute(request, name, token, one.number)

    listed = access.forms(device, request.GET.get("formID", ""))
    return HttpResponse(
        form_list(listed, place("openrosa-form"), place("openrosa-manifest")), CONTENT_TYPE
    )


@openrosa
def form(_request: HttpRequest, device: Device, _token: str, number: int) -> HttpResponse:
    """Send a form's XForm."""
    return HttpResponse(access.form(device, number).xform.encode(), CONTENT_TYPE)


@openrosa
def files(request: HttpRequest, device: Device, token: str, number: int) -> HttpResponse:
    """List the files that a form needs."""

    def place(one: Media) -> str:
        return _absolute(request, "openrosa-media", token, number, one.name)

    media = access.form(device, number).media.order_by("name")
    return HttpResponse(manifest(media, place), CONTENT_TYPE)


@openrosa
def media(
    _request: HttpRequest, device: Device, _token: str, number: int, name: str
) -> HttpResponse:
    """Send a file of a form."""
    found = access.form(device, number).media.filter(name=name).first()
    if found is None:
        raise Http404
    kind = mimetypes.guess_type(name)[0] or "application/octet-stream"
    answer = HttpResponse(bytes(found.content), content_type=kind)
    answer["Content-Disposition"] = "attachment"
    return answer


def _absolute(request: HttpRequest, name: str, *steps: object) -> str:
    return request.build_absolute_uri(reverse(name, args=steps))
