"""Pages that belong to no room: the front page, and the pages that say what went wrong."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from kelisim.accounts import demo
from kelisim.accounts.models import User
from kelisim.accounts.roles import GRANTS, Permission, Role
from kelisim.consultations.models import Owed
from kelisim.consultations.queries import answers
from kelisim.core.clock import SystemClock


def front(request: HttpRequest) -> HttpResponse:
    """Show the doors, and to a person who is signed in the organisations they act for."""
    published = Owed.objects.filter(consultation__published=True)
    page: dict[str, Any] = {
        "demo": accounts_of_demo() if settings.ENVIRONMENT.demo else [],
        "owed": answers(published, SystemClock().now()),
    }
    if isinstance(request.user, User):
        held = request.user.memberships.select_related("organisation")
        page["memberships"] = held
        page["interviews"] = any(Permission.INTERVIEW in GRANTS[Role(one.role)] for one in held)
    return render(request, "site/front.html", page)


def accounts_of_demo() -> list[tuple[Role, str, str]]:
    """Return the role, the address and the password of everybody in the demo."""
    return [(role, demo.address(role), demo.PASSWORD) for role in Role]


def health(_request: HttpRequest) -> HttpResponse:
    """Answer 204 when the database answers; a load balancer asks this."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    return HttpResponse(status=204)


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:  # noqa: ARG001  (Django passes it by this name)
    """Say that there is no such page, without saying whether it is hidden or absent."""
    return render(request, "site/not_found.html", status=404)


def broken(request: HttpRequest) -> HttpResponse:
    """Say that the fault is ours and that nothing was lost."""
    return render(request, "site/broken.html", status=500)
