"""What answers a question can have at all: finite choices, or an interval of numbers."""

from __future__ import annotations

from dataclasses import dataclass
from math import inf

from kelisim.surveys.xform.model import Form, Question

NUMERIC = frozenset({"int", "integer", "decimal"})


@dataclass(frozen=True, slots=True)
class Domain:
    """The answers that a question can have; the empty answer is always among them.

    Attributes
    ----------
    kind
        ``one`` and ``many`` of choices, ``number`` (whole or not), or ``text``.
    choices
        The values of the choices, where they are known before the interview.
    """

    kind: str
    choices: tuple[str, ...] = ()
    low: float = -inf
    high: float = inf
    whole: bool = False


def domains(form: Form) -> dict[str, Domain]:
    """Return the domain of every question that has one, by path."""
    found = {}
    for path, question in form.questions().items():
        domain = _domain(form, question)
        if domain is not None:
            found[path] = domain
    return found


def _domain(form: Form, question: Question) -> Domain | None:
    bind = form.binds.get(question.path)
    kind = bind.type if bind else "string"
    if question.kind in ("select1", "select"):
        choices = _choices(form, question)
        many = question.kind == "select"
        return None if choices is None else Domain("many" if many else "one", choices)
    if question.kind == "range":
        ends = sorted(float(question.parameters[name]) for name in ("start", "end"))
        return Domain("number", low=ends[0], high=ends[1], whole=kind != "decimal")
    if question.kind == "input" and kind in NUMERIC:
        return Domain("number", whole=kind != "decimal")
    return Domain("text") if question.kind == "input" and kind == "string" else None


def _choices(form: Form, question: Question) -> tuple[str, ...] | None:
    """Return the values that can be chosen, whatever the filter; None where a file holds them."""
    if question.itemset is None:
        return tuple(one.value for one in question.choices)
    name = question.itemset.nodes.partition("instance('")[2].partition("'")[0]
    table = form.tables.get(name)
    if table is None or table.root is None:
        return None
    rows = table.root.children[0].children
    cells = (row.child(question.itemset.value) for row in rows)
    return tuple(dict.fromkeys(cell.text for cell in cells if cell is not None))
