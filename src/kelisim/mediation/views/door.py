"""What stands before every page: who is there, with which key, and what is never kept."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any
from urllib.parse import urlencode

from django import forms
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from kelisim.accounts.models import User
from kelisim.core.errors import CaseRefused, Refusal, StepRefused
from kelisim.mediation.actions.visit import continue_visit
from kelisim.mediation.keyring import Keyring
from kelisim.mediation.keys.errors import KeyRefused

COOKIE = "kelisim-visit"
View = Callable[..., HttpResponse]


class Locked(Exception):
    """The page needs the visitor's key, and it is not unlocked."""


def person(request: HttpRequest) -> User:
    """Return who is signed in."""
    if not isinstance(request.user, User):
        raise TypeError("login_required stands before every view that asks who is there")
    return request.user


def keyring(request: HttpRequest) -> Keyring:
    """Return what the visitor can open.

    Raises
    ------
    Locked
        They have not unlocked their key.
    """
    found = continue_visit(person=person(request), cookie=request.COOKIES.get(COOKIE, ""))
    if found is None:
        raise Locked
    return found


def private(view: View) -> View:
    """Let in who is signed in, ask for the key where it is needed, keep nothing."""

    @login_required
    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        try:
            answer = view(request, *args, **kwargs)
        except Locked:
            back = request.get_full_path() if request.method == "GET" else request.path
            answer = redirect(f"{reverse('mediation-key')}?{urlencode({'next': back})}")
        except KeyRefused:
            answer = render(request, "mediation/no_key.html", status=410)
        except (StepRefused, CaseRefused) as refused:
            answer = render(request, "mediation/refused.html", {"refused": refused}, status=422)
        answer["Cache-Control"] = "no-store"
        return answer

    return guarded


def told(form: forms.Form, refused: Refusal) -> None:
    """Put a refusal above a form, so that what was typed stays."""
    form.add_error(None, " ".join(part for part in (refused.what, refused.why, refused.do) if part))
