"""An interview as screens: one item or a short block on each, in the order of the form."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from kelisim.surveys.xform.interview import Interview
from kelisim.surveys.xform.model import Control, Group, Question, Repeat
from kelisim.surveys.xform.node import Node

FINISH = "finish"
"""The place after the last screen."""

MORE = "+"
"""The name of the screen that asks whether there is one more of a repeated group."""

ONE_SCREEN = frozenset({"field-list", "table-list"})
NOT_HERE = frozenset({"upload", "secret"})
NOT_HERE_KINDS = frozenset({"geotrace", "geoshape", "barcode", "binary"})


@dataclass(frozen=True, slots=True)
class Item:
    """A question at its place among the answers."""

    question: Question
    node: Node


@dataclass(frozen=True, slots=True)
class Screen:
    """What stands on one screen.

    Attributes
    ----------
    place
        Its address inside the interview, such as ``child[2]/age``.
    headings
        What the groups around it are called.
    repeat
        The repeated group of which one more can be added here, and the node above it.
    """

    place: str
    headings: tuple[str, ...]
    items: tuple[Item, ...]
    repeat: tuple[Repeat, Node] | None = None


def place_of(interview: Interview, node: Node) -> str:
    """Return the address of a node inside the interview; only repeated groups are numbered."""
    names = []
    for one in (node, *node.ancestors()):
        if one.kind == "document" or one is interview.root:
            continue
        names.append(f"{one.name}[{one.order()}]" if interview.is_repeat(one) else one.name)
    return "/".join(reversed(names))


def is_note(interview: Interview, item: Item) -> bool:
    """Say whether an item only says something: nothing can be written to it."""
    bind = interview.bind(item.node)
    readonly = bool(bind and bind.readonly in ("true()", "1"))
    return item.question.kind == "input" and (readonly or bool(bind and bind.calculate))


def is_answerable(interview: Interview, item: Item) -> bool:
    """Say whether these pages can ask an item; a picture, for one, they cannot."""
    bind = interview.bind(item.node)
    kind = bind.type if bind else "string"
    return item.question.kind not in NOT_HERE and kind not in NOT_HERE_KINDS


def screens(interview: Interview) -> list[Screen]:
    """Return the screens of what is asked now; notes stand above the item that follows them."""
    found: list[Screen] = []
    notes: list[Item] = []
    for screen in _inside(interview, interview.form.body, interview.root, ()):
        if screen.repeat is None and all(is_note(interview, one) for one in screen.items):
            notes += screen.items
            continue
        found.append(Screen(screen.place, screen.headings, (*notes, *screen.items), screen.repeat))
        notes = []
    if notes:
        place = place_of(interview, notes[0].node)
        found.append(Screen(place, (), tuple(notes)))
    return found


def _inside(
    interview: Interview, controls: tuple[Control, ...], above: Node, headings: tuple[str, ...]
) -> Iterator[Screen]:
    for one in controls:
        if isinstance(one, Question):
            yield from _of_question(interview, one, above, headings)
        elif isinstance(one, Group):
            yield from _of_group(interview, one, above, headings)
        else:
            yield from _of_repeat(interview, one, above, headings)


def _of_question(
    interview: Interview, question: Question, above: Node, headings: tuple[str, ...]
) -> Iterator[Screen]:
    for node in _under(interview, question.path, above):
        if node.relevant:
            yield Screen(place_of(interview, node), headings, (Item(question, node),))


def _of_group(
    interview: Interview, group: Group, above: Node, headings: tuple[str, ...]
) -> Iterator[Screen]:
    nodes = _under(interview, group.path, above) if group.path else [above]
    for node in nodes:
        if not node.relevant:
            continue
        title = interview.wording.label(group.label, node)
        inside = list(
            _inside(interview, group.children, node, (*headings, title) if title else headings)
        )
        if group.appearance & ONE_SCREEN and inside and not any(one.repeat for one in inside):
            items = tuple(item for screen in inside for item in screen.items)
            yield Screen(inside[0].place, inside[0].headings, items)
        else:
            yield from inside


def _of_repeat(
    interview: Interview, repeat: Repeat, above: Node, headings: tuple[str, ...]
) -> Iterator[Screen]:
    parents = _under(interview, repeat.path.rpartition("/")[0], above)
    for parent in parents:
        for node in parent.named(repeat.path.rpartition("/")[2]):
            title = f"{interview.wording.label(repeat.label, node)} {node.order()}".strip()
            if node.relevant:
                yield from _inside(interview, repeat.children, node, (*headings, title))
        if not repeat.count and not repeat.fixed and parent.relevant:
            start = place_of(interview, parent)
            name = f"{repeat.path.rpartition('/')[2]}{MORE}"
            place = f"{start}/{name}" if start else name
            yield Screen(place, headings, (), (repeat, parent))


def _under(interview: Interview, path: str, above: Node) -> list[Node]:
    """Return the nodes of a path that are a node or stand below it."""
    found = interview.nodes(path)
    if above is interview.root:
        return found
    return [one for one in found if one is above or any(up is above for up in one.ancestors())]
