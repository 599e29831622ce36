"""What stands beside the voices, in words: the country's estimate, the crowd, the wordings."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext, ngettext, pgettext
from django.utils.translation import gettext_lazy as _
from scipy.special import expit

from kelisim.charts.rows import Numbers
from kelisim.consultations.checks import LEAST_TOLD
from kelisim.consultations.models.words import Said, reading
from kelisim.consultations.shelf import Item
from kelisim.core.kazakh import number, percent
from kelisim.engine.opinion.crowd import Verdict

VARIABLES: dict[str, Promise] = {
    "region": _("by region"),
    "sex": _("by sex"),
    "age": _("by age"),
    "settlement": _("by town and village"),
}
VERDICTS: dict[str, Promise] = {
    Verdict.ALIKE: _("as close to the country as a random sample of the same size"),
    Verdict.NEAR: _("close to the country"),
    Verdict.APART: _("unlike the country"),
    Verdict.FAR: _("far from the country"),
}
LANGUAGES: dict[str, Promise] = {
    "kk": _("read in Kazakh"),
    "ru": _("read in Russian"),
    "en": _("read in English"),
}


@dataclass(frozen=True, slots=True)
class Beside:
    """A share among those who came, and what it would be in the country, with its interval."""

    voices: float
    country: float
    low: float
    high: float

    @property
    def here(self) -> str:
        """The share here, written."""
        return percent(self.voices, reading(), 0)

    @property
    def estimate(self) -> str:
        """The estimate with its interval, written."""
        return gettext("%(share)s (%(low)s to %(high)s)") % _written(
            share=self.country, low=self.low, high=self.high
        )

    @property
    def sentence(self) -> str:
        """Both shares of agreement, as a sentence."""
        return gettext(
            "Of those here who agreed or disagreed, %(here)s agree; in the country an estimated "
            "%(share)s would (90%% interval: %(low)s to %(high)s)."
        ) % _written(here=self.voices, share=self.country, low=self.low, high=self.high)

    @property
    def of_group(self) -> str:
        """How large the group would be in the country."""
        return gettext(
            "In the country it would hold an estimated %(share)s (90%% interval: %(low)s to "
            "%(high)s)."
        ) % _written(share=self.country, low=self.low, high=self.high)


def _written(**shares: float) -> dict[str, str]:
    return {name: percent(share, reading(), 0) for name, share in shares.items()}


def beside(found: Mapping[str, Any] | None) -> Beside | None:
    """Return what a document says of a share, or None where nothing can be said."""
    if found is None or found["country"] is None:
        return None
    return Beside(*(found[name] for name in ("voices", "country", "country_low", "country_high")))


@dataclass(frozen=True, slots=True)
class Apart:
    """How far those who came are from the country in one variable."""

    variable: str
    apart: str
    by_chance: str
    verdict: str


@dataclass(frozen=True, slots=True)
class Crowd:
    """How far those who came are from the country: one plain mark, and what it rests on."""

    mark: str
    verdict: str
    told: str
    rows: list[Apart]


def crowd(found: Mapping[str, Any]) -> Crowd | None:
    """Return how far the crowd is from the country, or None where too few told who they are."""
    if "variables" not in found:
        return None
    furthest = found["variables"][found["variable"]]
    mark = gettext("Those who came are %(verdict)s.") % {"verdict": VERDICTS[found["verdict"]]}
    if found["verdict"] != Verdict.ALIKE:
        mark += " " + gettext(
            "They differ most %(variable)s: %(share)s of them would have to be other people."
        ) % {
            "variable": VARIABLES[found["variable"]],
            "share": percent(furthest["total_variation"], reading(), 0),
        }
    rows = [
        Apart(
            str(VARIABLES[name]),
            percent(one["total_variation"], reading(), 0),
            percent(one["by_chance"], reading(), 0),
            str(VERDICTS[one["verdict"]]),
        )
        for name, one in found["variables"].items()
    ]
    return Crowd(mark, found["verdict"], _worth(found), rows)


def _worth(found: Mapping[str, Any]) -> str:
    """Return how many told who they are, and what random sample they are worth, if any."""
    facts = {
        "told": found["told"],
        "all": found["participants"],
        "effective": round(found["effective"]),
    }
    if facts["effective"] == 0:
        return (
            gettext(
                "%(told)d of %(all)d told who they are. Some part of the country has nobody among "
                "them: there the estimate rests on the model alone."
            )
            % facts
        )
    return (
        gettext(
            "%(told)d of %(all)d told who they are. For the country they are worth about as much "
            "as a random sample of %(effective)d."
        )
        % facts
    )


def not_yet(found: Mapping[str, Any]) -> str:
    """Return why there is no estimate of the country."""
    told = found.get("told", 0)
    return ngettext(
        "The country is estimated from %(least)d people on who told where they live and who they "
        "are; so far %(told)d did.",
        "The country is estimated from %(least)d people on who told where they live and who they "
        "are; so far %(told)d did.",
        told,
    ) % {"least": LEAST_TOLD, "told": told}


@dataclass(frozen=True, slots=True)
class Wordings:
    """A statement whose wording changes the vote: what each wording does, and how it reads."""

    item: Item
    rows: list[tuple[str, Said, int, str]]

    @property
    def sentence(self) -> str:
        """What is marked on the statement."""
        effects = "; ".join(
            gettext("%(language)s: %(effect)s") % {"language": language, "effect": effect}
            for language, _words, _n, effect in self.rows
        )
        return gettext(
            "The wording may change the vote. Where half of the readers would agree, it is "
            "%(effects)s (95%% intervals)."
        ) % {"effects": effects}


def wordings(found: list[Mapping[str, Any]], items: Mapping[int, Item]) -> dict[int, Wordings]:
    """Return the statements whose wording changes the vote, by number."""
    return {
        row["statement"]: Wordings(
            items[row["statement"]],
            [
                (
                    str(LANGUAGES[one["language"]]),
                    items[row["statement"]].words(one["language"]),
                    one["n"],
                    gettext("%(share)s (%(low)s to %(high)s)")
                    % _written(
                        **{
                            name: float(expit(one[key]))
                            for name, key in (("share", "effect"), ("low", "low"), ("high", "high"))
                        }
                    ),
                )
                for one in row["languages"]
            ],
        )
        for row in found
        if row["statement"] in items
    }


@dataclass(frozen=True, slots=True)
class Routing:
    """Whether showing statements by what they tell is better than by lot, for those who run it."""

    alarm: bool
    sentence: str


def routing(found: Mapping[str, Any]) -> Routing:
    """Return what the monitor says of the routing."""
    if not found.get("judged"):
        return Routing(
            alarm=False, sentence=gettext("Too few statements were shown to judge the order yet.")
        )
    facts = {
        "displays": found["displays"],
        "even": found["even"],
        "routed": _nats(found["routed"]),
        "control": _nats(found["control"]),
    }
    if found["alarm"]:
        told = gettext(
            "Alarm: the order in which statements are shown is no better than by lot. Of the last "
            "%(displays)d displays, %(even)d were drawn by lot; a drawn one told %(control)s of "
            "information on average, a chosen one %(routed)s. Tell those who look after the site."
        )
    else:
        told = gettext(
            "The order in which statements are shown works: of the last %(displays)d displays, "
            "%(even)d were drawn by lot; a drawn one told %(control)s of information on average, a "
            "chosen one %(routed)s."
        )
    return Routing(alarm=bool(found["alarm"]), sentence=told % facts)


def _nats(value: float) -> str:
    return pgettext("amount of information", "%(value)s nats") % {
        "value": number(value, reading(), 3)
    }


def share_numbers(language: str) -> Numbers:
    """Return how a language writes shares in charts."""

    def share(value: float) -> str:
        return percent(value, language, 0)

    return Numbers(
        share,
        lambda low, high: f"{share(low)}–{share(high)}",
        share,
        lambda n: number(n, language, 0),
        share,
    )
