"""What ``kelisim mediate`` says to a person: the facts of an answer in English sentences."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from kelisim.engine.settlement.deadlines import Deadline
from kelisim.engine.settlement.explain import facts
from kelisim.engine.settlement.solve import Solution

SENTENCES = {
    "rule_adjusted_winner": "Adjusted winner: both parties are equally satisfied.",
    "rule_nash": "Nash: the product of what the parties gain is largest.",
    "rule_leximin": "Leximin: whoever has least has as much as possible, then the next.",
    "rule_kalai_smorodinsky": "Kalai-Smorodinsky: everyone comes equally far towards the best "
    "they could hope for.",
    "rule_utilitarian": "Utilitarian: the sum of satisfaction is largest, whoever has it.",
    "decided": "  {issue}: {option}",
    "divided": "  {issue}: {percent:.6g} % to {party}",
    "transferred": "  to be even, {percent:.6g} % of {issue} passed from {from} to {to}",
    "satisfied": "  {party} has {points:.6g} points ({of_hundred:.4g} of 100)",
    "proved": "  Proved: no package does better by this rule.",
    "bounded": "  Not proved: a better package by up to {gap:.4g} points of 100 may exist.",
    "efficient": "  No other package is better for one and as good for all.",
    "not_efficient": "  Another package is better for one and as good for all.",
    "envy_free": "  Nobody would rather be in another's place.",
    "not_envy_free": "  Somebody would rather be in another's place.",
    "equitable": "  All are equally satisfied.",
    "not_equitable": "  Satisfaction is not equal.",
    "tied": "  Exactly as good by this rule: {others} more.",
}

NOT_OFFERED = {
    "needs_two_parties": "it is for two parties",
    "needs_a_divisible_issue": "no issue can be divided",
    "no_equitable_division": "no efficient division leaves both equally satisfied",
    "below_disagreement": "it would leave a party with less than without an agreement",
    "not_found_in_time": "no package that all gain from was found in the time given",
    "no_joint_gain": "no package is better for every party than no agreement",
}

REMARKS = {
    "all_on_one_issue": "{party} has put all points on '{issue}'.",
    "indifferent": "{party} gives every option of '{issue}' the same points.",
    "same_points": "{party} and {other} have given exactly the same points.",
}

REASONS = {
    "no_language": "no mediator has all its languages",
    "no_specialisation": "no mediator with its languages has its specialisation",
    "conflict": "every mediator who could take it has a conflict of interest",
    "no_capacity": "every mediator who could take it is full",
}


def solution_text(solution: Solution) -> str:
    """Return a solution in sentences."""
    return "\n".join(_solution(solution))


def _solution(solution: Solution) -> Iterator[str]:
    for settlement in solution.settlements:
        for fact in facts(solution.case, settlement):
            yield SENTENCES[fact.key].format(**fact.about)
        yield ""
    for rule in solution.not_offered:
        yield f"{rule.method} is not offered: {NOT_OFFERED[rule.reason]}."
    for remark in solution.case.remarks:
        yield REMARKS[remark.key].format(**remark.about)


def matching_text(document: dict[str, Any], out: Path) -> str:
    """Return a matching in sentences."""
    without = [row for row in document["assignments"] if row["mediator"] is None]
    lines = [
        f"{document['assigned']} of {document['cases']} cases have a mediator, "
        f"{document['same_region']} of them in their own region; it is all in {out}."
    ]
    for reason, words in REASONS.items():
        count = sum(row["reason"] == reason for row in without)
        if count:
            lines.append(f"{count} have none because {words}.")
    return "\n".join(lines)


def deadline_text(dates: Sequence[Deadline]) -> str:
    """Return statutory dates in sentences."""
    return "\n".join(
        f"{d.rule.key}: {d.last_day.isoformat()} ({d.state}); {d.rule.days} {d.rule.unit} days, "
        f"{d.rule.article}{'' if d.rule.confirmed else '; rule not confirmed'}"
        for d in dates
    )
