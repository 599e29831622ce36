"""Pages of an organisation: what it is, its people, what was done in it."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from kelisim.accounts import access, queries
from kelisim.accounts.actions.grant_role import grant_role
from kelisim.accounts.actions.revoke_role import revoke_role
from kelisim.accounts.forms import GrantRoleForm
from kelisim.accounts.models import User
from kelisim.accounts.roles import Permission, Role

ENTRIES_A_PAGE = 50


def _person(request: HttpRequest) -> User:
    if not isinstance(request.user, User):
        raise TypeError("login_required stands before every view that asks who is there")
    return request.user


@login_required
@require_safe
def organisation(request: HttpRequest, slug: str) -> HttpResponse:
    """Show an organisation to anybody who holds a role in it."""
    found = access.own_organisation(request.user, slug)
    held = access.permissions(request.user, found)
    return render(request, "accounts/organisation.html", {"organisation": found, "held": held})


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def people(request: HttpRequest, slug: str) -> HttpResponse:
    """List the people of an organisation and give roles."""
    found = access.organisation(request.user, slug, Permission.MANAGE_PEOPLE)
    form = GrantRoleForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        person = form.cleaned_data["email"]
        role = Role(form.cleaned_data["role"])
        grant_role(organisation=found, person=person, role=role, by=_person(request))
        messages.success(request, _("%(person)s now holds the role.") % {"person": person})
        return redirect("people", slug=found.slug)
    rows = queries.members(found)
    page = {"organisation": found, "members": rows, "form": form}
    return render(request, "accounts/people.html", page, status=422 if form.errors else 200)


@login_required
@require_POST
def remove(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """Take a role from a person."""
    held = access.membership(request.user, pk)
    revoke_role(membership=held, by=_person(request))
    messages.success(request, _("The role was taken from %(person)s.") % {"person": held.person})
    return redirect("people", slug=slug)


@login_required
@require_safe
def log(request: HttpRequest, slug: str) -> HttpResponse:
    """Show who did what in an organisation."""
    found = access.organisation(request.user, slug, Permission.READ_AUDIT_LOG)
    pages = Paginator(queries.entries(found), ENTRIES_A_PAGE)
    page = pages.get_page(request.GET.get("page"))
    return render(request, "accounts/log.html", {"organisation": found, "page": page})
