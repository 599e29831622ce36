"""Template tags: what is being asked now, a share in words, what a vote is called."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import template
from django.utils.translation import gettext, ngettext

from kelisim.consultations import queries
from kelisim.consultations.models import Owed
from kelisim.consultations.models.words import reading
from kelisim.core.clock import SystemClock
from kelisim.core.kazakh import date_text, percent

register = template.Library()


@register.inclusion_tag("consultations/front.html")
def open_consultations() -> dict[str, Any]:
    """Show what is being asked now, for the front page."""
    present, _past = queries.listed(SystemClock().now())
    return {"present": present}


@register.filter
def day(when: date) -> str:
    """Return a day in the language of the page."""
    return date_text(when, reading())


@register.filter
def days_left(owed: Owed, today: date) -> str:
    """Return how many days an office still has to answer, or how many it is late."""
    left = owed.days_left(today)
    if left == 0:
        return gettext("today is the last day")
    words = (
        ngettext("%(days)d day left", "%(days)d days left", left)
        if left > 0
        else ngettext("%(days)d day late", "%(days)d days late", -left)
    )
    return words % {"days": abs(left)}


@register.filter
def share(value: float) -> str:
    """Return a share in percent, as the language of the page writes it."""
    return percent(value, reading(), 0)


@register.filter
def vote_word(vote: int | None) -> str:
    """Return what a vote is called."""
    if vote is None:
        return gettext("not voted")
    return {1: gettext("Agree"), -1: gettext("Disagree"), 0: gettext("Pass")}[vote]
