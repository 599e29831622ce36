"""What a chart of groups says, as one sentence: the ends, and who stands apart from the nation."""

from __future__ import annotations

from collections.abc import Sequence

from kelisim.study.report.desk import Desk
from kelisim.study.report.facts import Answer, Estimate, Group, GroupSet
from kelisim.study.report.numerals import Numerals
from kelisim.study.report.prose import Prose, Span, joined

_MOST_NAMES = 6


def comparison(desk: Desk, answer: Answer, groups: GroupSet, numerals: Numerals) -> Prose:
    """Return the highest and the lowest group, and the groups apart from the nation."""
    known = sorted(
        (row for row in groups.rows if row.estimate is not None),
        key=lambda row: -(row.estimate or 0.0),
    )
    if not known:
        return desk.words.say("groups_none")
    if len(known) == 1:
        return desk.told(_ends(desk, "groups_one", known[0], known[0], numerals))
    ends = _ends(desk, "groups_ends", known[0], known[-1], numerals)
    return desk.told((*ends, *_apart(desk, answer.nation, known)))


def _ends(desk: Desk, key: str, high: Estimate, low: Estimate, numerals: Numerals) -> Prose:
    return desk.words.say(
        key,
        high=desk.names.group(high.group),
        high_value=numerals.value(high.estimate),
        high_span=numerals.whole_span(high.low, high.high),
        low=desk.names.group(low.group),
        low_value=numerals.value(low.estimate),
        low_span=numerals.whole_span(low.low, low.high),
    )


def _apart(desk: Desk, nation: Estimate | None, known: list[Estimate]) -> Prose:
    if nation is None or nation.estimate is None:
        return ()
    at = nation.estimate
    above = [row for row in known if row.low is not None and row.low > at]
    below = [row for row in known if row.high is not None and row.high < at]
    if not above and not below:
        return (Span(" "), *desk.words.say("apart_none"))
    parts: list[Span] = []
    for key, rows in (("apart_above", above), ("apart_below", below)):
        if rows:
            groups = [row.group for row in rows]
            parts += [Span(" "), *desk.words.say(key, names=names_of(desk, groups))]
    return tuple(parts)


def names_of(desk: Desk, groups: Sequence[Group]) -> Prose:
    """Return the names of some groups; of many, the first and how many more."""
    names = joined([desk.names.group(group) for group in groups[:_MOST_NAMES]])
    if len(groups) <= _MOST_NAMES:
        return names
    return desk.words.say("and_more", names=names, n=str(len(groups) - _MOST_NAMES))
