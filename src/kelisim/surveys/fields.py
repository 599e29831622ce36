"""The items of a screen as fields of a page: what is drawn, was typed, and is wrong with it."""

from __future__ import annotations

import html
import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from django.http import QueryDict
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from kelisim.surveys.screens import Item, is_answerable, is_note, place_of
from kelisim.surveys.xform.interview import Interview
from kelisim.surveys.xform.verdict import fits, judge

MOST_RADIOS = 11
LONGEST = 20_000
_INPUTS = {
    "int": ("text", "numeric"),
    "integer": ("text", "numeric"),
    "decimal": ("text", "decimal"),
    "date": ("date", ""),
    "time": ("time", ""),
    "dateTime": ("datetime-local", ""),
}


@dataclass(frozen=True, slots=True)
class Field:
    """A field of a page.

    Attributes
    ----------
    draw
        How it is drawn: note, absent, text, area, choose, radios, checks, ranks, tick.
    options
        Value, label, and whether it is chosen.
    slots
        Of a ranking: the number of each place, and its options.
    """

    name: str
    draw: str
    label: SafeString
    hint: SafeString
    needed: bool = False
    value: str = ""
    wrong: str = ""
    input_type: str = "text"
    input_mode: str = ""
    options: list[tuple[str, SafeString, bool]] = field(default_factory=list)
    slots: list[tuple[int, list[tuple[str, SafeString, bool]]]] = field(default_factory=list)
    pictures: list[str] = field(default_factory=list)


def words(text: str) -> SafeString:
    """Return a label as HTML: escaped, with the emphasis and line breaks that XLSForm allows."""
    safe = html.escape(text.strip())
    safe = re.sub(r"\*\*(\S(?:.*?\S)?)\*\*", r"<strong>\1</strong>", safe)
    safe = re.sub(r"(?<![\w*])\*(\S(?:.*?\S)?)\*(?![\w*])", r"<em>\1</em>", safe)
    return mark_safe(safe.replace("\n", "<br>"))  # noqa: S308  (escaped above)


def draw(interview: Interview, item: Item, *, value: str | None = None, wrong: str = "") -> Field:
    """Return an item as a field, with what was typed if it was refused."""
    question, node = item.question, item.node
    say = interview.wording.label
    text = node.text if value is None else value
    told = Field(
        name=place_of(interview, node),
        draw=_drawn(interview, item),
        label=words(say(question.label, node)),
        hint=words(say(question.hint, node)),
        needed=judge(interview, node).required,
        value=_shown(interview, item, text),
        wrong=wrong,
        pictures=[
            name for kind, name in interview.wording.media(question.label) if kind == "image"
        ],
    )
    return _with_options(interview, item, told, text)


def _drawn(interview: Interview, item: Item) -> str:
    question = item.question
    if is_note(interview, item):
        return "note"
    if not is_answerable(interview, item):
        return "absent"
    match question.kind:
        case "select1":
            return "choose" if "minimal" in question.appearance else "radios"
        case "select":
            return "checks"
        case "rank":
            return "ranks"
        case "range":
            return "radios" if len(_range(item)) <= MOST_RADIOS else "choose"
        case "trigger":
            return "tick"
        case _:
            return "area" if "multiline" in question.appearance else "text"


def _range(item: Item) -> list[str]:
    start, end, step = (float(item.question.parameters[name]) for name in ("start", "end", "step"))
    count = min(round(abs((end - start) / step)) + 1, 1001)
    sign = 1 if end >= start else -1
    return [f"{round(start + sign * abs(step) * number, 9):g}" for number in range(count)]


def _shown(interview: Interview, item: Item, text: str) -> str:
    bind = interview.bind(item.node)
    kind = bind.type if bind else "string"
    if kind in ("time", "dateTime"):
        # A browser's field knows neither seconds nor offsets.
        return re.sub(r"(:\d\d):.*$", r"\1", text)
    return text


def _with_options(interview: Interview, item: Item, told: Field, text: str) -> Field:
    if item.question.kind in ("select1", "select", "rank"):
        rows = [
            (one.value, words(one.label))
            for one in interview.wording.options(item.question, item.node)
        ]
    elif item.question.kind == "range":
        rows = [(one, words(one)) for one in _range(item)]
    else:
        bind = interview.bind(item.node)
        kind, mode = _INPUTS.get(bind.type if bind else "", ("text", ""))
        return _replaced(told, input_type=kind, input_mode=mode)
    chosen = text.split() if item.question.kind in ("select", "rank") else [text]
    options = [(value, label, value in chosen) for value, label in rows]
    slots = [
        (place, [(v, label, place <= len(chosen) and chosen[place - 1] == v) for v, label in rows])
        for place in range(1, len(rows) + 1)
    ]
    return _replaced(told, options=options, slots=slots if told.draw == "ranks" else [])


def _replaced(told: Field, **changes: object) -> Field:
    every = {name: getattr(told, name) for name in Field.__dataclass_fields__}
    return Field(**(every | changes))


def typed(interview: Interview, item: Item, data: QueryDict) -> str:
    """Return what a person wrote into a field, as the text of an answer."""
    name = place_of(interview, item.node)
    if item.question.kind in ("select", "rank"):
        return " ".join(one for one in data.getlist(name) if one)
    text = data.get(name, "").strip()[:LONGEST]
    bind = interview.bind(item.node)
    return _normal(text, bind.type if bind else "string", interview)


def _normal(text: str, kind: str, interview: Interview) -> str:
    if not text:
        return ""
    if kind in ("int", "integer", "decimal"):
        # Spaces between thousands and a decimal comma are how people write here.
        return re.sub(r"\s", "", text).replace(",", ".")
    if kind in ("time", "dateTime") and re.search(r"\d\d:\d\d$", text):
        offset = interview.clock.now().astimezone(interview.zone).strftime("%z")
        return f"{text}:00.000{offset[:3]}:{offset[3:]}"
    return text


def complaint(interview: Interview, item: Item, text: str) -> str:
    """Return what is wrong with an answer that has been written down, in a sentence; or nothing."""
    if is_note(interview, item) or not is_answerable(interview, item):
        return ""
    if not fits(interview, item.question, item.node, text):
        return _misfit(interview, item)
    verdict = judge(interview, item.node)
    bind = interview.bind(item.node)
    if verdict.missing:
        own = interview.wording.label(bind.required_message if bind else None, item.node)
        return own or _("Please answer this question.")
    if not verdict.valid:
        own = interview.wording.label(bind.constraint_message if bind else None, item.node)
        return own or _("This answer is outside of what can be accepted here.")
    return ""


def _misfit(interview: Interview, item: Item) -> str:
    bind = interview.bind(item.node)
    kinds: Mapping[str, str] = {
        "int": _("Write a whole number in digits."),
        "integer": _("Write a whole number in digits."),
        "decimal": _("Write a number in digits."),
        "date": _("Write a date."),
        "time": _("Write a time."),
        "dateTime": _("Write a date and a time."),
        "geopoint": _("Write latitude and longitude, such as 51.13 71.43."),
    }
    if item.question.kind == "rank":
        return _("Give each of them its own place.")
    return kinds.get(bind.type if bind else "", _("Choose from the answers offered."))
