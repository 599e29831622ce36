"""Template tags: a day as a person writes it."""

from __future__ import annotations

from datetime import date

from django import template
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from kelisim.core.kazakh import date_text, percent

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
def day(of: date) -> str:
    """Return a day in the language of the page."""
    return date_text(of, (get_language() or "kk").partition("-")[0])


@register.filter
def article(cited: str) -> str:
    """Return an article in the language of the page."""
    return str(ARTICLES.get(cited, cited))


@register.filter
def share(value: float) -> str:
    """Return a share of 1 in per cent, as the language of the page writes it."""
    return percent(value, (get_language() or "kk").partition("-")[0])
