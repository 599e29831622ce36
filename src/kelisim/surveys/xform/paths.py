"""Paths to questions, without numbers and prefixes, and where relative ones lead."""

from __future__ import annotations

from kelisim.surveys.xform.xpath.parser import parse
from kelisim.surveys.xform.xpath.syntax import Call, Path, Step


def resolve(reference: str, context: str) -> str:
    """Return the path that a reference means, read from a path.

    >>> resolve("../age", "/data/person/name"), resolve("/data/orx:meta", "/data")
    ('/data/person/age', '/data/meta')
    """
    if not reference.strip():
        return ""
    expression = parse(reference.strip())
    if not isinstance(expression, Path):
        return ""
    return followed(expression, context) or ""


def followed(path: Path, context: str) -> str | None:
    """Return where a path leads, predicates left aside; None when that is not in the answers."""
    match path.start:
        case None:
            start = context
        case "/":
            start = ""
        case Call("current", _):
            start = context
        case _:
            return None
    names = [name for name in start.split("/") if name]
    for step in path.steps:
        moved = _moved(names, step)
        if moved is None:
            return None
        names = moved
    return "/" + "/".join(names)


def _moved(names: list[str], step: Step) -> list[str] | None:
    if step.axis == "self":
        return names
    if step.axis == "parent":
        return names[:-1]
    if step.axis in ("preceding-sibling", "following-sibling") and step.test not in ("*", "node()"):
        return [*names[:-1], step.test]
    if step.axis == "attribute":
        return [*names, f"@{step.test}"]
    if step.axis == "child":
        return [*names, step.test]
    return None
