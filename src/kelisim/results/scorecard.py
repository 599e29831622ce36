"""The scorecard of regions: what may be said of each, and what may not."""

from __future__ import annotations

from dataclasses import dataclass

from kelisim.study.report.desk import Desk
from kelisim.study.report.facts import IndicatorFacts
from kelisim.study.report.naming import is_region
from kelisim.study.report.numerals import percent
from kelisim.study.report.prose import plain
from kelisim.study.report.ranks import places_of


@dataclass(frozen=True, slots=True)
class Verdict:
    """A region on the scorecard: its figure with its doubt, and what can be said of it.

    `side` is the decision at the threshold, ``above``, ``below`` or ``open``; `chance` is the
    probability of that side, in words.
    """

    region: str
    value: str
    interval: str
    n: str
    ranks: str
    side: str
    chance: str


@dataclass(frozen=True, slots=True)
class Card:
    """The scorecard of an indicator's leading answer: what may and may not be told apart.

    `rate` is the share of wrong ones expected at most among the regions decided to be above the
    threshold, and among those below; empty where nothing is decided.
    """

    title: str
    answer: str
    threshold: str
    rate: str
    rows: tuple[Verdict, ...]
    separable: int
    pairs: int


def cards_of(table: Desk) -> list[Card]:
    """Return a card for every indicator with ranks of regions; never a rank without its set."""
    return [card for facts in table.facts if (card := _card(table, facts)) is not None]


def _card(table: Desk, facts: IndicatorFacts) -> Card | None:
    rows = [
        (group, row)
        for columns, places in places_of(table, facts).items()
        for group, row in places
        if len(columns) == 1 and is_region(group[0][1])
    ]
    if not rows:
        return None
    estimates = {one.group: one for groups in facts.leading.sets for one in groups.rows}
    numerals = table.numerals(facts)
    verdicts = []
    for group, row in rows:
        estimate = estimates[group]
        side, chance = _side(row["decision"], row["p_above_threshold"], table.language)
        verdicts.append(
            Verdict(
                region=table.names.group(group).text,
                value=numerals.value(estimate.estimate),
                interval=numerals.whole_span(estimate.low, estimate.high),
                n=numerals.number_of(estimate.n),
                ranks=f"{row['rank_low']:g}–{row['rank_high']:g}",
                side=side,
                chance=chance,
            )
        )
    spans = [(row["rank_low"], row["rank_high"]) for _group, row in rows]
    apart = sum(
        one[1] < other[0] or other[1] < one[0]
        for place, one in enumerate(spans)
        for other in spans[:place]
    )
    threshold, decisions = facts.settings.threshold, table.result.decisions
    return Card(
        title=table.marked(plain(table.title(facts))),
        answer=table.answer(facts, facts.leading).text,
        threshold="" if threshold is None else numerals.value(threshold),
        rate=percent(decisions["error_rate"][0], table.language, 0) if decisions.height else "",
        rows=tuple(verdicts),
        separable=apart,
        pairs=len(spans) * (len(spans) - 1) // 2,
    )


def _side(decision: str, chance: float, language: str) -> tuple[str, str]:
    match decision:
        case "above":
            return "above", _sure(chance, language)
        case "below":
            return "below", _sure(1 - chance, language)
        case "undecided":
            return "open", percent(chance, language, 0)
    return "", ""


def _sure(chance: float, language: str) -> str:
    """Return a probability in words; none of a simulation is sure beyond one in a hundred."""
    beyond = "> " if chance > 0.99 else ""
    return beyond + percent(min(chance, 0.99), language, 0)
