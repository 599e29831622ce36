"""The map of issues and interests, and the points a side gives in private."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from kelisim.engine.settlement.reading import read_case


@dataclass(frozen=True, slots=True)
class MappedIssue:
    """An issue as the joint map has it.

    Attributes
    ----------
    options
        Ways to decide it; empty if it can be divided.
    interests
        Side to what it needs, in its own words.
    """

    key: str
    name: str
    options: tuple[str, ...]
    interests: Mapping[str, str]


def mapped(versions: Iterable[Mapping[str, Any]]) -> list[MappedIssue]:
    """Return the map as the last version of each issue has it; removed ones are gone."""
    newest: dict[str, Mapping[str, Any]] = {}
    for version in versions:
        newest[version["issue"]] = version
    return [
        MappedIssue(
            key=v["issue"],
            name=v["name"],
            options=tuple(v["options"]),
            interests=v.get("interests", {}),
        )
        for v in newest.values()
        if not v.get("gone")
    ]


def for_solver(issues: Iterable[MappedIssue]) -> list[dict[str, Any]]:
    """Return the issues in the form of a case for the solver."""
    return [
        {"name": i.name, "options": list(i.options)}
        if i.options
        else {"name": i.name, "divisible": True}
        for i in issues
    ]


def check_points(
    issues: list[dict[str, Any]], points: Mapping[str, Any], disagreement: float
) -> list[str]:
    """Return the keys of what a side should know about its own points, such as all on one issue.

    Raises
    ------
    CaseRefused
        They cannot be read as preferences: negative, all zero, or of another issue.
    """
    alone = {
        "parties": ["own", "other"],
        "issues": issues,
        "points": {"own": points, "other": _even(issues)},
        "disagreement": {"own": disagreement, "other": 0},
    }
    return [r.key for r in read_case(alone).remarks if r.about.get("party") == "own"]


def _even(issues: list[dict[str, Any]]) -> dict[str, Any]:
    """Return somebody to whom everything is worth the same, so that only one's own is judged."""
    return {i["name"]: dict.fromkeys(i["options"], 1) if i.get("options") else 1 for i in issues}
