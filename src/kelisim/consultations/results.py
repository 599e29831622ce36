"""What a page says of the results: common ground first, then groups, the map, one's own place."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext, gettext_lazy, ngettext
from django.utils.translation import gettext_lazy as _

from kelisim.charts import Sheet
from kelisim.charts.opinions import Dot, GroupPlace, MapWords, OwnPlace, opinion_chart
from kelisim.consultations import analysis, turn
from kelisim.consultations.beside import (
    Beside,
    Crowd,
    Wordings,
    beside,
    crowd,
    not_yet,
    wordings,
)
from kelisim.consultations.country import CountryChart, country_chart, voiced
from kelisim.consultations.models import Consultation, GroupName, Standing
from kelisim.consultations.models.words import Said, reading
from kelisim.consultations.shelf import Item, shelf
from kelisim.core.kazakh import percent
from kelisim.engine.opinion.analysis import LEAST_PART, LEAST_VOTES

SHARED = 0.5
"""Agreement that even those who agree least reach, for a statement to be common ground."""

NARROW = 350
"""Width of a chart on a phone, in its own units."""

MOST_GROUND = 5
MOST_TOLD_BY = 3

NAMED_BY = 0.5
"""Share of the statements a group was named for that must still tell it apart."""

NO_GROUPS: dict[str, Promise] = {
    "too few participants have voted often enough": _(
        "Too few people have voted on enough statements to speak of groups."
    ),
    "one group describes the positions as well as several do": _(
        "There are no separate groups: views shade into one another."
    ),
    "the groups change when a tenth of the votes is left out": _(
        "No groups are shown: they would be others if a tenth of the votes were missing."
    ),
    "too few participants belong clearly to one group": _(
        "No groups are shown: too few people belong clearly to one of them."
    ),
    "a group would hold less than a twentieth of the participants": _(
        "No groups are shown: one would hold less than a twentieth of the people."
    ),
}
UNKNOWN_REASON = gettext_lazy("No groups can be told apart with certainty.")


@dataclass(frozen=True, slots=True)
class Ground:
    """A statement with how widely it is shared, its interval, the counts, and one's own vote."""

    item: Item
    words: Said
    low: float
    score: float
    high: float
    agree: int
    disagree: int
    passed: int
    own: int | None
    beside: Beside | None
    wordings: Wordings | None

    @property
    def votes(self) -> int:
        """How many voted on it."""
        return self.agree + self.disagree + self.passed

    @property
    def sentence(self) -> str:
        """How widely it is shared, with the doubt about it."""
        language = reading()
        return gettext(
            "Even among those who agree least, about %(score)s would agree "
            "(between %(low)s and %(high)s). %(agree)s agreed, %(disagree)s disagreed, "
            "%(passed)s passed."
        ) % {
            "score": percent(self.score, language, 0),
            "low": percent(self.low, language, 0),
            "high": percent(self.high, language, 0),
            "agree": self.agree,
            "disagree": self.disagree,
            "passed": self.passed,
        }


@dataclass(frozen=True, slots=True)
class Group:
    """An opinion group: its letter, its name if it still fits, its size, what tells it apart."""

    letter: str
    name: Said
    people: int
    share: float
    told_by: list[tuple[Said, int, str, str]]
    beside: Beside | None

    @property
    def title(self) -> str:
        """The name a person gave, or the letter."""
        letter = gettext("Group %(letter)s") % {"letter": self.letter}
        return f"{self.name} ({letter})" if self.name else letter

    @property
    def size(self) -> str:
        """How many people and what share it holds."""
        return ngettext(
            "%(people)d person, %(share)s of those who voted",
            "%(people)d people, %(share)s of those who voted",
            self.people,
        ) % {"people": self.people, "share": percent(self.share, reading(), 0)}


@dataclass(frozen=True, slots=True)
class Results:
    """Everything a results section says, for one reader."""

    participants: int
    votes: int
    shared: list[Ground]
    every: list[Ground]
    groups: list[Group]
    reason: str
    alarm: bool
    map: SafeString
    where: str
    crowd: Crowd | None
    no_country: str
    country: CountryChart | None

    @property
    def country_wide(self) -> SafeString:
        """The chart of the country beside the voices as a desk shows it, empty without one."""
        return self._country_on("country", turn.WIDTH)

    @property
    def country_narrow(self) -> SafeString:
        """The same chart as a phone shows it, its words as large as those around it."""
        return self._country_on("country-narrow", NARROW)

    def _country_on(self, name: str, width: int) -> SafeString:
        chart = "" if self.country is None else self.country.drawn(Sheet(name, width))
        return mark_safe(chart)  # noqa: S308  (the chart escapes every text it is given)


def results(consultation: Consultation, votes: Mapping[int, int]) -> Results | None:
    """Return what is known now, with the reader's votes (by statement); None before any picture."""
    standing = (
        Standing.objects.defer("picture_state", "findings_state").filter(pk=consultation.pk).first()
    )
    if standing is None or not standing.picture:
        return None
    numbered = turn.by_number(consultation, votes)
    found = standing.findings
    every = _ground(consultation, found, numbered)
    groups = _groups(consultation, found)
    own = analysis.place(consultation.pk, numbered)
    centres = {int(g): tuple(c) for g, c in standing.picture["centres"].items()}
    return Results(
        standing.picture["participants"],
        standing.picture["votes"],
        _shared(every),
        every,
        groups,
        _reason(found),
        bool(found.get("alarm", False)),
        _drawn(standing.picture, groups, centres, own),
        _where(own, groups, centres),
        crowd(found.get("country", {})),
        not_yet(found.get("country", {})),
        _country(every),
    )


def _shared(every: list[Ground]) -> list[Ground]:
    """Return what is shared: what hardly anybody has seen is not yet known to be agreed on."""
    enough = max(LEAST_VOTES, LEAST_PART * max((one.votes for one in every), default=0))
    return [one for one in every if one.low >= SHARED and one.votes >= enough][:MOST_GROUND]


def _reason(found: Mapping[str, Any]) -> str:
    if not found:
        return gettext("The groups are being computed. Your votes are safe.")
    return "" if found["groups"] else str(NO_GROUPS.get(found["reason"], UNKNOWN_REASON))


def _ground(
    consultation: Consultation, found: Mapping[str, Any], own: Mapping[int, int]
) -> list[Ground]:
    items, language = shelf(consultation).items, reading()
    country = found.get("country", {}).get("statements", {})
    worded = wordings(found.get("wordings", []), items)
    return [
        Ground(
            items[row["statement"]],
            items[row["statement"]].words(language),
            row["common_ground_low"],
            row["common_ground"],
            row["common_ground_high"],
            row["n_agree"],
            row["n_disagree"],
            row["n_pass"],
            own.get(row["statement"]),
            beside(country.get(str(row["statement"]))),
            worded.get(row["statement"]),
        )
        for row in found.get("ground", ())
        if row["statement"] in items
    ]


def _groups(consultation: Consultation, found: Mapping[str, Any]) -> list[Group]:
    items, language = shelf(consultation).items, reading()
    names = list(consultation.group_names.order_by("-pk"))
    country = found.get("country", {}).get("groups", {})
    return [
        Group(
            group["group"],
            _name(names, group["told_by"]),
            group["participants"],
            group["share"],
            [
                (
                    items[one["statement"]].words(language),
                    one["vote"],
                    percent(one["share"], language, 0),
                    percent(one["share_elsewhere"], language, 0),
                )
                for one in group["told_by"][:MOST_TOLD_BY]
                if one["statement"] in items
            ],
            beside(country.get(group["group"])),
        )
        for group in found.get("groups", ())
    ]


def signature(told_by: Sequence[Mapping[str, Any]]) -> list[list[int]]:
    """Return the statements and sides that tell a group apart, as they are kept with its name."""
    return sorted([int(one["statement"]), int(one["vote"])] for one in told_by)


def _name(names: list[GroupName], told_by: list[Mapping[str, Any]]) -> Said:
    now = {tuple(one) for one in signature(told_by)}
    for named in names:
        then = {tuple(one) for one in named.told_by}
        if then and len(then & now) > NAMED_BY * len(then | now):
            return named.name
    return Said("", reading())


def _drawn(
    picture: Mapping[str, Any],
    groups: list[Group],
    centres: Mapping[int, tuple[float, float]],
    own: OwnPlace | None,
) -> SafeString:
    words = MapWords(
        gettext("Opinion map"),
        gettext(
            "Each dot is a participant, a larger dot several. People who vote alike stand close "
            "together. The list below says the same in words."
        ),
        "",
        "",
        "",
        "",
    )
    dots = [Dot(x, y, group, people) for x, y, group, people in picture["discs"]]
    places = [
        GroupPlace(group.letter, *centres[at], group.people, group.share)
        for at, group in enumerate(groups)
        if at in centres
    ]
    chart = opinion_chart(dots, places, words, Sheet("opinions", turn.WIDTH), own)
    return mark_safe(chart)  # noqa: S308  (the chart escapes every text it is given)


def _country(every: list[Ground]) -> CountryChart | None:
    """Return the chart of shares here and in the country; its twin is the list of statements."""
    rows = [
        voiced(one.item.number, one.words, one.beside) for one in every if one.beside is not None
    ]
    return country_chart(rows) if rows else None


NEARER = 0.7
"""Of the distance to the second group: only who is so much nearer to one stands with it."""


def _where(
    own: OwnPlace | None, groups: list[Group], centres: Mapping[int, tuple[float, float]]
) -> str:
    if own is None:
        return ""
    distances = sorted(
        (math.hypot(own.x - centres[at][0], own.y - centres[at][1]), at)
        for at in range(len(groups))
        if at in centres
    )
    if not distances:
        return gettext("Your place is the dark dot; it lies within the ring nine times in ten.")
    near, at = distances[0]
    if len(distances) > 1 and near > NEARER * distances[1][0]:
        return gettext(
            "You stand between the groups. Your place is the dark dot; it lies within the ring "
            "nine times in ten."
        )
    return gettext(
        "You stand closest to: %(group)s. Your place is the dark dot; it lies within the ring "
        "nine times in ten."
    ) % {"group": groups[at].title}
