"""Template tags: days, places and parts of a text, as a person writes them."""

from __future__ import annotations

from datetime import date

from django import template
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from kelisim.core.kazakh import date_text, percent
from kelisim.mediation.models import Seat
from kelisim.mediation.papers import SETTLEMENT
from kelisim.mediation.words import Part, Side

register = template.Library()

ARTICLES = {
    "Article 20": _("Law on Mediation No. 401-IV, Article 20"),
    "Articles 22-24": _("Law on Mediation No. 401-IV, Articles 22–24"),
    "Civil Procedure Code, suspension for a mediation settlement": _(
        "Civil Procedure Code, suspension for a mediation settlement"
    ),
    "Rule of the house": _("a rule of the house"),
}
"""Articles of the table of Kazakhstan as they are cited to a reader; others stand as written."""


@register.filter
def day(of: date | str) -> str:
    """Return a day in the language of the page; as text it is an ISO date."""
    of = date.fromisoformat(of) if isinstance(of, str) else of
    return date_text(of, (get_language() or "kk").partition("-")[0])


@register.filter
def place(seat: Seat) -> str:
    """Return what somebody is in a case: a side, or a part and the side it belongs to."""
    if seat.part == Part.PARTY:
        return seat.get_side_display()
    return ", ".join(filter(None, (seat.get_part_display(), seat.get_side_display())))


@register.filter
def side(key: str) -> str:
    """Return a side by its name."""
    return str(Side(key).label)


@register.filter
def section(key: str) -> str:
    """Return what a clause is about, by its part of the settlement."""
    return str(dict(SETTLEMENT).get(key, _("Other")))


@register.filter
def article(cited: str) -> str:
    """Return an article in the language of the page."""
    return str(ARTICLES.get(cited, cited))


@register.filter
def share(value: float) -> str:
    """Return a share of 1 in per cent, as the language of the page writes it."""
    return percent(value, (get_language() or "kk").partition("-")[0])
