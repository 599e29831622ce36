"""What a form says of an answer: asked or not, needed or not, right or wrong, and why."""

from __future__ import annotations

import re
from dataclasses import dataclass

from kelisim.surveys.xform.interview import Interview
from kelisim.surveys.xform.model import Question
from kelisim.surveys.xform.node import Node
from kelisim.surveys.xform.xpath.values import read_moment, to_boolean

_INT = re.compile(r"-?\d{1,18}\Z")
_DECIMAL = re.compile(r"-?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][-+]?\d+)?\Z")
_TIME = re.compile(r"([01]\d|2[0-3]):[0-5]\d(:[0-5]\d(\.\d+)?)?(Z|[+-]\d{2}:?\d{2})?\Z")
CHOSEN = frozenset({"select", "select1", "rank"})


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a form says of one node.

    Attributes
    ----------
    valid
        Whether the answer meets its constraint; true where nothing was answered or asked.
    missing
        Whether an answer is needed and absent.
    """

    relevant: bool
    required: bool
    readonly: bool
    valid: bool

    blank: bool = False

    @property
    def missing(self) -> bool:
        """Whether an answer is needed and absent."""
        return self.relevant and self.required and self.blank

    @property
    def stands(self) -> bool:
        """Whether nothing is to be said against the answer."""
        return self.valid and not self.missing


def judge(interview: Interview, node: Node) -> Verdict:
    """Return what the form says of the answer at a node."""
    bind = interview.bind(node)
    blank = node.value() == ""
    if bind is None:
        return Verdict(node.relevant, False, False, True, blank)

    def holds(expression: str, otherwise: bool) -> bool:
        return to_boolean(interview.evaluate(expression, node)) if expression else otherwise

    valid = blank or not node.relevant or holds(bind.constraint, True)
    return Verdict(
        relevant=node.relevant,
        required=holds(bind.required, False),
        readonly=bool(bind.calculate) or _readonly(interview, node),
        valid=valid,
        blank=blank,
    )


def _readonly(interview: Interview, node: Node) -> bool:
    """Say whether a node or anything above it may only be read."""
    for one in (node, *node.ancestors()):
        bind = interview.bind(one) if one.kind != "document" else None
        if bind and bind.readonly and to_boolean(interview.evaluate(bind.readonly, one)):
            return True
    return False


def fits(interview: Interview, question: Question, node: Node, text: str) -> bool:
    """Say whether a text can be the answer to a question: of its kind, or among its answers."""
    if text == "":
        return True
    if question.kind in CHOSEN:
        known = {one.value for one in interview.wording.options(question, node)}
        chosen = text.split() if question.kind != "select1" else [text]
        return set(chosen) <= known and len(set(chosen)) == len(chosen)
    bind = interview.bind(node)
    return of_kind(text, bind.type if bind else "string", interview)


def of_kind(text: str, kind: str, interview: Interview) -> bool:
    """Say whether a text is a value of a data type of XForms."""
    match kind:
        case "int" | "integer":
            return bool(_INT.match(text))
        case "decimal":
            return bool(_DECIMAL.match(text))
        case "date":
            return "T" not in text and read_moment(text, interview.zone) is not None
        case "dateTime":
            return "T" in text and read_moment(text, interview.zone) is not None
        case "time":
            return bool(_TIME.match(text))
        case "geopoint":
            return _is_place(text)
        case _:
            return True


def _is_place(text: str) -> bool:
    try:
        numbers = [float(word) for word in text.split()]
    except ValueError:
        return False
    return 2 <= len(numbers) <= 4 and abs(numbers[0]) <= 90 and abs(numbers[1]) <= 180
