"""What an expression looks at: the paths of the answers that it depends on."""

from __future__ import annotations

from collections.abc import Iterator

from kelisim.surveys.xform.paths import followed
from kelisim.surveys.xform.xpath.parser import parse
from kelisim.surveys.xform.xpath.syntax import Call, Expression, Filter, Path, parts


def references(text: str, context: str) -> set[str]:
    """Return the paths of all answers that an expression at a path looks at.

    >>> sorted(references("../a > 1 and sum(/data/r[./b = current()/../c]/d)", "/data/x"))
    ['/data/a', '/data/c', '/data/r/b', '/data/r/d']
    """
    return {path for path, _elsewhere in looked_at(parse(text), context, context)}


def looked_at(expression: Expression, node: str, current: str) -> Iterator[tuple[str, bool]]:
    """Yield each path an expression looks at, and whether it picks out others of a repeated group.

    A path with a predicate, or along siblings, or inside `indexed-repeat`, may mean the same
    question in another of the repeated groups: that is no dependence on itself.
    """
    if isinstance(expression, Path):
        yield from _of_path(expression, node, current)
    if isinstance(expression, Filter):
        for predicate in expression.predicates:
            yield from looked_at(predicate, node, current)
    indexed = getattr(expression, "name", "") == "indexed-repeat"
    for inner in parts(expression):
        for path, elsewhere in looked_at(inner, node, current):
            yield path, elsewhere or indexed


def _of_path(path: Path, node: str, current: str) -> Iterator[tuple[str, bool]]:
    start = current if getattr(path.start, "name", "") == "current" else node
    elsewhere = any(step.predicates or "sibling" in step.axis for step in path.steps)
    whole = followed(path, start)
    if whole is not None and whole != "/":
        yield whole, elsewhere
    for number, step in enumerate(path.steps, 1):
        if step.predicates:
            here = followed(Path(path.start, path.steps[:number]), start)
            for predicate in step.predicates:
                # Inside a table the node is a row of the table: only absolute paths and current().
                yield from looked_at(predicate, here or "//", current)


def calls(expression: Expression) -> set[str]:
    """Return the names of the functions that an expression calls, inside predicates too."""
    found = {expression.name} if isinstance(expression, Call) else set()
    inside = list(parts(expression))
    if isinstance(expression, Filter):
        inside += expression.predicates
    if isinstance(expression, Path):
        inside += [one for step in expression.steps for one in step.predicates]
    for one in inside:
        found |= calls(one)
    return found
