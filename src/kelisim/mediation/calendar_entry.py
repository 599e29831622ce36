"""A meeting as an iCalendar file: a neutral title, no names, no place but the site."""

from __future__ import annotations

from datetime import timedelta

from django.utils.translation import gettext as _
from icalendar import Calendar, Event

from kelisim.mediation.models import Meeting


def calendar_of(meeting: Meeting, site: str) -> bytes:
    """Return the meeting as RFC 5545: REQUEST, or CANCEL once it was called off."""
    cancelled = meeting.cancelled is not None
    calendar = Calendar()
    calendar.add("prodid", "-//Kelisim//Calendar//EN")
    calendar.add("version", "2.0")
    calendar.add("method", "CANCEL" if cancelled else "REQUEST")
    event = Event()
    event.add("uid", f"{meeting.uid}@kelisim")
    event.add("sequence", meeting.sequence)
    event.add("dtstamp", meeting.cancelled or meeting.starts)
    event.add("dtstart", meeting.starts)
    event.add("dtend", meeting.starts + timedelta(minutes=meeting.minutes))
    event.add("summary", _("Conversation"))
    event.add("url", site)
    event.add("status", "CANCELLED" if cancelled else "CONFIRMED")
    event.add("class", "PRIVATE")
    calendar.add_component(event)
    told: bytes = calendar.to_ical()
    return told
