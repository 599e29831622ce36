"""Is it safe to meet: questions on what was done, never on what it was called, asked in private.

The questions cover what validated instruments such as MASIC ask about, in our own words: control,
threats, violence, injury, sexual coercion, stalking, weapons, children, fear. The rule is on the
side of caution; no score is kept, and an answer is read by nobody but the registrar.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

Verdict = Literal["go_on", "talk_first", "stop"]
NEVER, ONCE, OFTEN = "never", "once", "often"
FREQUENCIES = (
    (NEVER, _("never")),
    (ONCE, _("once or a few times")),
    (OFTEN, _("often")),
)
MANY_SIGNS = 3


@dataclass(frozen=True, slots=True)
class SafetyItem:
    """One question.

    Attributes
    ----------
    grave
        Whether a single time is reason enough not to bring the two together.
    """

    key: str
    question: Promise
    grave: bool = False


ITEMS = (
    SafetyItem("told_what_to_do", _("They decided what you may do, wear, spend or whom you meet.")),
    SafetyItem("kept_from_others", _("They kept you from family, friends, work or a doctor.")),
    SafetyItem(
        "checked", _("They read your messages, or watched where you go, against your will.")
    ),
    SafetyItem("humiliated", _("They insulted or humiliated you, alone or before others.")),
    SafetyItem("broke_things", _("They broke things, or hurt an animal, to frighten you.")),
    SafetyItem("pushed", _("They pushed, held, hit or kicked you.")),
    SafetyItem("injured", _("You were injured by them, or needed a doctor."), grave=True),
    SafetyItem("choked", _("They choked you, or made it hard for you to breathe."), grave=True),
    SafetyItem(
        "weapon", _("They threatened you with a knife, a gun or another thing."), grave=True
    ),
    SafetyItem(
        "threatened_life", _("They said they would kill you, your child or themselves."), grave=True
    ),
    SafetyItem("forced", _("They made you do sexual things you did not want."), grave=True),
    SafetyItem("followed", _("They followed you, or waited where you live or work.")),
    SafetyItem("child_hurt", _("A child was hurt, or saw somebody being hurt."), grave=True),
    SafetyItem("afraid_to_speak", _("You are afraid of what happens if you say what you want.")),
    SafetyItem("pressed_to_come", _("Somebody presses you to take part.")),
)


def verdict(answers: Mapping[str, str]) -> Verdict:
    """Return what follows from the answers.

    One grave thing stops; fear of speaking, pressure, blows, or several signs of control ask for a
    talk in private before anything else.

    Examples
    --------
    >>> verdict({"checked": "never"}), verdict({"pushed": "once"}), verdict({"choked": "once"})
    ('go_on', 'talk_first', 'stop')
    """
    happened = {key for key, often in answers.items() if often in (ONCE, OFTEN)}
    if any(item.grave and item.key in happened for item in ITEMS):
        return "stop"
    alarming = {"pushed", "followed", "afraid_to_speak", "pressed_to_come"}
    often = [key for key, frequency in answers.items() if frequency == OFTEN]
    if happened & alarming or often or len(happened) >= MANY_SIGNS:
        return "talk_first"
    return "go_on"


HELP = (
    ("112", _("danger now: the one number for all emergencies")),
    ("102", _("police")),
    ("111", _("help for families, women and children, at any hour")),
    ("150", _("a listening ear, at any hour, without a name")),
)
"""Numbers known to the project; each centre adds its own shelter and crisis office."""

DUTY = (
    _("A mediator must report facts that endanger a child to the body that protects children."),
    _("A danger to somebody’s life may be reported to the police."),
    _("Everything else stays between those whose names stand above the box you type in."),
)
"""What confidentiality does not cover, said before anyone types; the rules wait for a lawyer."""
