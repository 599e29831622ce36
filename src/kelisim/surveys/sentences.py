"""What the checks of a questionnaire found, as sentences in the language of the page."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _

SENTENCES = {
    "never-asked": _("This is never asked: “%(condition)s” cannot hold for any answers."),
    "never-asked-there": _(
        "This is never asked: “%(condition)s” cannot hold together with the conditions around it."
    ),
    "never-right": _("No answer to this is ever accepted: “%(condition)s” cannot be met."),
    "choice-never-right": _("The choice “%(choice)s” is never accepted: “%(condition)s”."),
    "lacks": _("%(client)s does not have this: %(feature)s. Source: %(source)s."),
    "breaks": _("%(client)s cannot open the form because of %(feature)s. Source: %(source)s."),
    "absolute-in-repeat": _(
        "Inside a repeated group ODK Collect and ODK Web Forms read “%(condition)s” differently. "
        "Write the path relatively."
    ),
    "regex-in-part": _(
        "ODK Web Forms is content when a part of the answer fits “%(condition)s”; "
        "ODK Collect and our pages ask for the whole. Begin the pattern with ^ and end it with $."
    ),
    "not-translated": _("“%(column)s” has no text in the language “%(language)s”."),
    "item-new": _("A new item."),
    "item-gone": _("This item is gone."),
    "item-other-kind": _("Another kind of item: %(before)s became %(after)s."),
    "item-reworded": _("Worded anew."),
    "choices-gone": _("Choices that are gone: %(choices)s."),
    "choices-new": _("New choices: %(choices)s."),
    "condition-changed": _("“%(condition)s” was “%(before)s” and is “%(after)s”."),
    "remark": _("The converter remarks: %(words)s"),
}


def sentence(finding: Mapping[str, Any]) -> str:
    """Return a kept finding as a sentence."""
    words: dict[str, object] = finding["facts"]
    told = str(SENTENCES[finding["code"]])
    return told % words
