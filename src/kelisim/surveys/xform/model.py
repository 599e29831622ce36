"""A form as it is declared: its questions, conditions and words; nothing answered yet."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from kelisim.surveys.xform.node import Node

Part = tuple[str, bool]
"""A piece of a text: words, or an expression whose value stands there (True)."""

Text = tuple[Part, ...]

Forms = Mapping[str, Text]
"""A text by the form it takes: ``long`` (the words), ``short``, ``image``, ``guidance``, ..."""


@dataclass(frozen=True, slots=True)
class Label:
    """The words of something: a text of the form's own list, a path, or words on the spot.

    Attributes
    ----------
    name
        The identifier of a text in `Form.texts`.
    expression
        An expression that gives the identifier, or the words.
    text
        Words on the spot.
    """

    name: str = ""
    expression: str = ""
    text: Text = ()


@dataclass(frozen=True, slots=True)
class Bind:
    """What is asked of the answer at a path; empty texts where nothing is asked."""

    path: str
    type: str = "string"
    relevant: str = ""
    required: str = ""
    readonly: str = ""
    calculate: str = ""
    constraint: str = ""
    constraint_message: Label | None = None
    required_message: Label | None = None
    preload: str = ""
    preload_parameters: str = ""


@dataclass(frozen=True, slots=True)
class Choice:
    """An answer that can be chosen."""

    value: str
    label: Label


@dataclass(frozen=True, slots=True)
class Itemset:
    """Answers that are rows of a table: an expression for the rows, paths inside each."""

    nodes: str
    value: str
    label: str
    label_is_name: bool


@dataclass(frozen=True, slots=True)
class Question:
    """A question, as the body of the form asks it."""

    kind: str
    path: str
    label: Label | None = None
    hint: Label | None = None
    appearance: frozenset[str] = frozenset()
    choices: tuple[Choice, ...] = ()
    itemset: Itemset | None = None
    parameters: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Group:
    """Questions under one heading."""

    path: str
    label: Label | None
    appearance: frozenset[str]
    children: tuple[Control, ...]


@dataclass(frozen=True, slots=True)
class Repeat:
    """Questions that are asked as often as there are things to ask about.

    Attributes
    ----------
    count
        An expression for how often; empty when the person who answers adds and removes.
    """

    path: str
    label: Label | None
    count: str
    fixed: bool
    appearance: frozenset[str]
    children: tuple[Control, ...]


Control = Question | Group | Repeat


@dataclass(frozen=True, slots=True)
class Action:
    """A value that is set when something happens.

    Attributes
    ----------
    trigger
        Path of the question whose change sets it; empty for events of the whole form.
    """

    events: frozenset[str]
    target: str
    expression: str
    text: str
    trigger: str = ""
    place: bool = False


@dataclass(frozen=True, slots=True)
class Table:
    """A table that answers are looked up in: inside the form, or a file beside it."""

    name: str
    file: str
    root: Node | None


@dataclass(frozen=True, slots=True, eq=False)
class Form:
    """A questionnaire.

    Attributes
    ----------
    template
        The document of an instance as the form declares it, repeated groups once or as declared.
    repeats
        Path of a repeated group to what a new one looks like.
    texts
        Language to the identifiers of texts to their forms.
    """

    title: str
    form_id: str
    version: str
    template: Node
    binds: Mapping[str, Bind]
    body: tuple[Control, ...]
    repeats: Mapping[str, Node]
    tables: Mapping[str, Table]
    actions: tuple[Action, ...]
    languages: tuple[str, ...]
    default_language: str
    texts: Mapping[str, Mapping[str, Forms]]

    def controls(self) -> Iterator[Control]:
        """Yield every control of the body, groups before what they hold."""
        yield from _below(self.body)

    def questions(self) -> dict[str, Question]:
        """Return the questions by path, in the order in which they are asked."""
        found: dict[str, Question] = {}
        for one in self.controls():
            if isinstance(one, Question):
                found.setdefault(one.path, one)
        return found

    def paths(self) -> frozenset[str]:
        """Return the path of every answer and group that the form has a place for."""
        roots = (self.root, *self.repeats.values())
        return frozenset(node.path() for root in roots for node in root.walk())

    @property
    def root(self) -> Node:
        """The root of the instance as declared."""
        return self.template.children[0]


def _below(controls: tuple[Control, ...]) -> Iterator[Control]:
    for one in controls:
        yield one
        if not isinstance(one, Question):
            yield from _below(one.children)
