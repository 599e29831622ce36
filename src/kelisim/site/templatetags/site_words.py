"""Template tags: this page in another language, dates and numbers as Babel writes them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django import template
from django.conf import settings
from django.urls import translate_url
from django.utils.translation import get_language, gettext

from kelisim.auditlog.actions import REGISTRY
from kelisim.auditlog.models import Entry
from kelisim.core.clock import in_kazakhstan
from kelisim.core.kazakh import date_text, number
from kelisim.site.refusals import HEADLINES

register = template.Library()


@register.simple_tag(takes_context=True)
def in_language(context: dict[str, Any], language: str) -> str:
    """Return the address of the page being shown, in another language."""
    request = context.get("request")
    return translate_url(request.get_full_path(), language) if request else f"/{language}/"


@register.simple_tag
def languages() -> list[tuple[str, str]]:
    """Return the languages of the site, each by its own name."""
    return list(settings.LANGUAGES)


@register.filter
def moment(at: datetime) -> str:
    """Return a moment as a day and a time of Kazakhstan, in the language of the page."""
    local = in_kazakhstan(at)
    return f"{date_text(local.date(), get_language() or 'kk')}, {local:%H:%M}"


@register.filter
def refused(refusal: Mapping[str, str]) -> str:
    """Return what kind of refusal it is, in the language of the page."""
    return str(HEADLINES.get(refusal["code"], HEADLINES["refused"]))


@register.filter
def bytes_text(size: int) -> str:
    """Return a size in the unit a person reads: bytes, kB or MB."""
    units = ((1_000_000, 1, gettext("MB")), (1000, 0, gettext("kB")), (1, 0, gettext("bytes")))
    unit, digits, name = next(one for one in units if size >= one[0] or one[0] == 1)
    return f"{number(size / unit, get_language() or 'kk', digits)} {name}"


@register.filter
def told(entry: Entry) -> str:
    """Return what an audit entry says, as a sentence; destroyed personal data are said to be."""
    action = REGISTRY[entry.action]
    kept = getattr(entry, "personal", None)
    destroyed = dict.fromkeys(action.personal, gettext("[personal data destroyed]"))
    words: dict[str, object] = destroyed | action.told(entry.facts | (kept.facts if kept else {}))
    words["actor"] = str(entry.actor) if entry.actor else gettext("The site")
    sentence = str(action.sentence)
    return sentence % words
