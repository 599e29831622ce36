"""Pages of an interviewer: the day's list, a unit, outcomes in two taps, the next number."""

from __future__ import annotations

from pathlib import Path

from csp.constants import UNSAFE_INLINE
from csp.decorators import csp_update
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.contrib.staticfiles import finders
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from kelisim.accounts.models import User
from kelisim.bells import tickets
from kelisim.fieldwork import access, channels, queries
from kelisim.fieldwork.actions.issue_device import browser_of
from kelisim.fieldwork.actions.record_contact import record_contact
from kelisim.fieldwork.actions.take_number import take_number
from kelisim.fieldwork.client_words import WORDS, calendar
from kelisim.fieldwork.forms import ContactForm
from kelisim.fieldwork.models import Unit
from kelisim.fieldwork.outcomes import FINAL, Outcome
from kelisim.fieldwork.tokens import token_of


def person(request: HttpRequest) -> User:
    """Return who is signed in; `login_required` stands before every view that asks."""
    if not isinstance(request.user, User):
        raise TypeError("login_required stands before every view that asks who is there")
    return request.user


@login_required
@require_safe
def day(request: HttpRequest) -> HttpResponse:
    """Show an interviewer what is to be done today."""
    surveys = access.worked_surveys(request.user)
    heard = [channels.fieldwork(pk) for pk in surveys.values_list("pk", flat=True)]
    ticket = tickets.ticket(request, *heard) if heard else ""
    found = queries.day(person(request), timezone.now())
    name = "fieldwork/_day.html" if request.htmx else "fieldwork/day.html"  # type: ignore[attr-defined]  # the middleware adds it
    return render(request, name, {"day": found, "ticket": ticket})


@login_required
@require_safe
def unit(request: HttpRequest, pk: int) -> HttpResponse:
    """Show a unit: where it is, what happened so far, and the outcomes to choose from."""
    found = access.unit(request.user, pk)
    return _unit(request, found, ContactForm())


@login_required
@require_safe
@csp_update(  # type: ignore[arg-type]  # its types know no view with arguments
    {
        # The client compiles its XPath reader and sets styles by itself: on this page alone.
        "script-src": ["'wasm-unsafe-eval'"],
        "style-src": [UNSAFE_INLINE],
        "font-src": ["data:"],
        "img-src": ["blob:"],
        "media-src": ["blob:"],
    }
)
def interview(request: HttpRequest, pk: int) -> HttpResponse:
    """Show the questionnaire to be filled in at a unit."""
    found = access.unit(request.user, pk)
    browser = browser_of(person(request), found.survey)
    forms = access.forms(browser)
    page: dict[str, object] = {
        "unit": found,
        "form": forms[0] if forms else None,
        "built": finders.find("webforms/index.js") is not None,
    }
    if forms:
        base = f"/openrosa/{token_of(browser)}"
        page["client"] = {
            "form": f"{base}/forms/{forms[0].number}.xml",
            "media": f"{base}/forms/{forms[0].number}/media/",
            "submission": f"{base}/submission",
            "unit": found.case,
            "words": {english: str(ours) for english, ours in WORDS.items()},
            "calendar": calendar((get_language() or "kk").partition("-")[0]),
        }
    return render(request, "fieldwork/interview.html", page)


@require_safe
def worker(_request: HttpRequest) -> HttpResponse:
    """Send the service worker from the root, whence it may look after all of fieldwork."""
    path = finders.find("fieldwork/worker.js")
    if not isinstance(path, str):
        raise Http404
    answer = HttpResponse(Path(path).read_bytes(), content_type="text/javascript")
    answer["Cache-Control"] = "no-cache"
    return answer


@login_required
@require_POST
def contact(request: HttpRequest, pk: int) -> HttpResponse:
    """Record how a contact ended."""
    found = access.unit(request.user, pk)
    form = ContactForm(request.POST)
    if not form.is_valid():
        return _unit(request, found, form, status=422)
    outcome = Outcome(form.cleaned_data["outcome"])
    record_contact(
        unit=found,
        outcome=outcome,
        by=person(request),
        back_at=form.cleaned_data["back_at"],
        note=form.cleaned_data["note"],
    )
    messages.success(
        request, _("%(unit)s: %(outcome)s.") % {"unit": found, "outcome": outcome.label}
    )
    return redirect("day")


@login_required
@require_POST
def next_number(request: HttpRequest, house: str, slug: str) -> HttpResponse:
    """Take the next number to be called."""
    survey = access.worked(request.user, house, slug)
    found = take_number(survey=survey, by=person(request))
    if found is None:
        messages.info(request, _("Nobody is to be called now. Look again in a while."))
        return redirect("day")
    return redirect("unit", pk=found.pk)


def _unit(request: HttpRequest, found: Unit, form: ContactForm, status: int = 200) -> HttpResponse:
    contacts = found.contacts.select_related("interviewer", "submission")
    page = {
        "unit": found,
        "form": form,
        "contacts": contacts,
        "full": queries.full(found.survey),
        "outcomes": [(one.value, one.label, one in FINAL) for one in Outcome],
    }
    return render(request, "fieldwork/unit.html", page, status=status)
