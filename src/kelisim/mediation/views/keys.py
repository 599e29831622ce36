"""Pages of one's own key: make it, unlock it, open it again, and leave without a trace."""

from __future__ import annotations

from django.conf import settings
from django.contrib.auth import logout
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from kelisim.mediation.actions.make_keys import make_keys, renew_passphrase
from kelisim.mediation.actions.visit import end_visits, open_visit
from kelisim.mediation.forms import NewKeyForm, RecoverForm, UnlockForm
from kelisim.mediation.keys.errors import WrongSecret
from kelisim.mediation.models import KeyPair
from kelisim.mediation.views.door import COOKIE, person

ELSEWHERE = "https://www.kazhydromet.kz/"
"""Where one lands who leaves in a hurry: a page about the weather."""


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def key(request: HttpRequest) -> HttpResponse:
    """Make a key on the first visit, unlock it on every other."""
    who = person(request)
    has = KeyPair.objects.filter(person=who).exists()
    back = _back(request)
    if not has:
        form = NewKeyForm(request.POST or None)
        if request.method == "POST" and form.is_valid():
            recovery = make_keys(person=who, passphrase=form.cleaned_data["passphrase"])
            answer = render(
                request, "mediation/recovery.html", {"recovery": recovery, "back": back}
            )
            who.refresh_from_db()
            return _opened(request, answer, form.cleaned_data["passphrase"])
        page = {"form": form, "back": back}
        return render(request, "mediation/new_key.html", page, status=422 if form.errors else 200)
    unlock = UnlockForm(request.POST or None)
    if request.method == "POST" and unlock.is_valid():
        try:
            return _opened(request, redirect(back), unlock.cleaned_data["passphrase"])
        except WrongSecret:
            unlock.add_error("passphrase", _("This is not your passphrase."))
    page = {"form": unlock, "back": back}
    return render(request, "mediation/unlock.html", page, status=422 if unlock.errors else 200)


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def recover(request: HttpRequest) -> HttpResponse:
    """Set a new passphrase with the recovery key."""
    form = RecoverForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        try:
            renew_passphrase(
                person=person(request),
                recovery=given["recovery"],
                passphrase=given["passphrase"],
            )
            return redirect("mediation-key")
        except (WrongSecret, KeyPair.DoesNotExist):
            form.add_error("recovery", _("This is not your recovery key."))
    return render(
        request, "mediation/recover.html", {"form": form}, status=422 if form.errors else 200
    )


@never_cache
@require_safe
def leave(request: HttpRequest) -> HttpResponse:
    """Lock the key, sign out, clear the browser, go to the weather. Never asks why."""
    if request.user.is_authenticated:
        end_visits(person=person(request))
        logout(request)
    answer = redirect(ELSEWHERE)
    answer.delete_cookie(COOKIE)
    answer["Clear-Site-Data"] = '"cache", "storage"'
    answer["Referrer-Policy"] = "no-referrer"
    return answer


def _opened(request: HttpRequest, answer: HttpResponse, passphrase: str) -> HttpResponse:
    cookie = open_visit(person=person(request), passphrase=passphrase)
    answer.set_cookie(
        COOKIE,
        cookie,
        httponly=True,
        samesite="Lax",
        secure=request.is_secure(),
        path=settings.SESSION_COOKIE_PATH,
    )
    return answer


def _back(request: HttpRequest) -> str:
    asked = request.POST.get("next") or request.GET.get("next") or ""
    if url_has_allowed_host_and_scheme(asked, {request.get_host()}, request.is_secure()):
        return asked
    return reverse("mediation")
