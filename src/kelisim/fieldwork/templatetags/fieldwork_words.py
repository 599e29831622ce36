"""Template filters: counts, shares and regions as the language of the page writes them."""

from __future__ import annotations

from django import template
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from kelisim.core import kazakh
from kelisim.fieldwork.analysis import Share
from kelisim.fieldwork.pictures import region_name

register = template.Library()


def _language() -> str:
    return (get_language() or "kk").partition("-")[0]


@register.filter
def count(number: int) -> str:
    """Return a count."""
    return kazakh.number(number, _language())


@register.filter
def percent(share: float | None) -> str:
    """Return a share of 1 as a percentage, or a dash."""
    return "—" if share is None else kazakh.percent(share, _language())


@register.filter
def share(found: Share) -> str:
    """Return a share with its interval; never the one without the other where both are known."""
    if found.value is None:
        return "—"
    whole = kazakh.percent(found.value, _language(), 0)
    if found.low is None or found.high is None:
        return _("%(share)s (too few places for an interval)") % {"share": whole}
    low = kazakh.number(100 * found.low, _language(), 0)
    return f"{whole} ({low}–{kazakh.percent(found.high, _language(), 0)})"


@register.filter
def region(name: str) -> str:
    """Return what a region of a sample is called on a page."""
    return region_name(name)
