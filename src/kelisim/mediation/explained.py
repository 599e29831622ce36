"""What the solver found, as sentences: named settlements, proved or not, and what they reveal."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from kelisim.core.kazakh import number
from kelisim.mediation.words import Side

METHODS: dict[str, Promise] = {
    "adjusted_winner": gettext_lazy(
        "Adjusted winner: equal satisfaction, at most one thing is split"
    ),
    "nash": gettext_lazy("Nash: the largest product of what both gain"),
    "leximin": gettext_lazy("Leximin: the less satisfied side has as much as possible"),
    "kalai_smorodinsky": gettext_lazy(
        "Kalai and Smorodinsky: equal shares of what each could hope for"
    ),
    "utilitarian": gettext_lazy("The largest sum: efficient, not necessarily fair"),
}
REMARKS: dict[str, Promise] = {
    "all_on_one_issue": gettext_lazy(
        "All points are on one issue; the others count for nothing then."
    ),
    "same_points": gettext_lazy("Both sides gave the same points."),
    "indifferent": gettext_lazy("In one issue every way is worth the same."),
}


@dataclass(frozen=True, slots=True)
class Option:
    """One settlement of a suggestion."""

    method: Promise
    decisions: list[str]
    proof: str
    proved: bool
    properties: list[str]


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came out of a round."""

    title: str
    sentence: str
    options: list[Option]
    remarks: list[str]
    reveals: list[str]


def remark_text(key: str) -> str:
    """Return a remark in the language of the page."""
    return str(REMARKS.get(key, key))


def solutions_text(content: Mapping[str, Any]) -> Outcome:
    """Return the outcome of a round in sentences."""
    bids = content["purpose"] == "bids"
    title = _("Blind bidding") if bids else _("Suggestions")
    if content["status"] == "not_yet":
        return Outcome(title, _("Not yet. Nothing else is told to anybody."), [], [], [])
    if content["status"] == "ended":
        told = _(
            "The mediator ended this round. No numbers were opened; what was sealed is deleted."
        )
        return Outcome(title, told, [], [], [])
    if content["status"] == "agreed":
        amount = _shown(content["amount"], 2)
        told = _("Both limits meet. The middle is %(amount)s.") % {"amount": amount}
        return Outcome(title, told, [], [], [])
    sentence = _("Several settlements are fair, each in its own sense. None is the only fair one.")
    return Outcome(
        title,
        sentence,
        [_option(one) for one in content["solutions"]],
        [remark_text(key) for key in content["remarks"]],
        list(_reveals(content["reveals"])),
    )


def _option(told: Mapping[str, Any]) -> Option:
    proved = told["status"] == "proved"
    proof = (
        _("Proved: no other package is better in this sense.")
        if proved
        else _("Not proved: a better one could exist, by at most %(gap)s points of 100.")
        % {"gap": _shown(told["gap"], 1)}
    )
    held = told["properties"]
    words = {
        "efficient": (
            _("Nobody can have more without the other having less."),
            _("Both could have more."),
        ),
        "envy_free": (
            _("Neither would rather have the other’s part."),
            _("One side would rather have the other’s part."),
        ),
        "equitable": (
            _("Both are equally satisfied."),
            _("One side is more satisfied than the other."),
        ),
    }
    properties = [words[key][0 if held[key] else 1] for key in words if held.get(key) is not None]
    return Option(METHODS[told["method"]], _decisions(told["choice"]), proof, proved, properties)


def _decisions(choice: Mapping[str, Any]) -> list[str]:
    sides = {side.value: side.label for side in Side}
    told = []
    for issue, decision in choice.items():
        if isinstance(decision, str):
            told.append(f"{issue}: {decision}")
        else:
            parts = [
                f"{sides[side]} {_shown(100 * share, 0)} %" for side, share in decision.items()
            ]
            told.append(f"{issue}: {', '.join(parts)}")
    return told


def _reveals(rows: list[Mapping[str, Any]]) -> Iterator[str]:
    """Yield, a side, the most that any of these settlements tells the other side about it."""
    for side in Side:
        own = [row for row in rows if row["about"] == side.value]
        if own:
            worst = max(own, key=lambda row: row["bits"])
            yield _(
                "About the %(side)s: who sees this could guess its most important issue with "
                "probability %(guess)s %%, %(blind)s %% without it (simulated; %(bits)s of "
                "%(most)s bits)."
            ) % {
                "side": side.label,
                "guess": _shown(100 * worst["guess"], 0),
                "blind": _shown(100 * worst["blind_guess"], 0),
                "bits": _shown(worst["bits"], 2),
                "most": _shown(worst["most_bits"], 2),
            }


def _shown(value: float, digits: int) -> str:
    return number(value, (get_language() or "kk").partition("-")[0], digits)
