"""A form that contradicts itself is refused: its expressions, tables, ranges and paths."""

from __future__ import annotations

from collections.abc import Iterator

from kelisim.core.errors import QuestionnaireRefused, Refusal, nearest
from kelisim.surveys.xform.model import Bind, Form, Question, Repeat
from kelisim.surveys.xform.order import plan
from kelisim.surveys.xform.xpath.compiling import compiled
from kelisim.surveys.xform.xpath.parser import parse
from kelisim.surveys.xform.xpath.syntax import Call, Expression, Literal, Path, parts

CONDITIONS = ("relevant", "required", "readonly", "calculate", "constraint")


def refuse_unsound(form: Form) -> None:
    """Refuse a form that could not be filled in as it is declared.

    Raises
    ------
    QuestionnaireRefused
        An expression cannot be read, a question or a condition is about an answer that is not
        there, a range has no values, a table is missing, or answers depend on themselves.
    """
    paths = form.paths()
    for bind in form.binds.values():
        _refuse_bind(bind)
    for control in form.controls():
        if isinstance(control, Question):
            _refuse_question(control, paths)
        if isinstance(control, Repeat) and control.count:
            _checked(control.count, f"{control.path}, count")
    for action in form.actions:
        _checked(action.expression, f"{action.target}, action")
    _refuse_missing_tables(form)
    plan(form)


def _refuse_bind(bind: Bind) -> None:
    for condition in CONDITIONS:
        _checked(getattr(bind, condition), f"{bind.path}, {condition}")


def _checked(expression: str, where: str) -> None:
    """Try to compile an expression, and say where it stands if it cannot be."""
    if not expression:
        return
    try:
        compiled(expression)
    except Refusal as cause:
        raise QuestionnaireRefused(cause.what, where=where, why=cause.why, do=cause.do) from cause


def _refuse_question(question: Question, paths: frozenset[str]) -> None:
    if question.path.rpartition("/@")[0] not in paths and question.path not in paths:
        raise QuestionnaireRefused(
            f"There is no place for the answer to the question {question.path}.",
            do=nearest(question.path, paths) or "Declare it in the first instance.",
        )
    if question.kind == "range":
        _refuse_range(question)
    if question.itemset and "(" in question.itemset.nodes:
        _checked(question.itemset.nodes, f"{question.path}, answers")


def _refuse_range(question: Question) -> None:
    numbers = []
    for name in ("start", "end", "step"):
        text = question.parameters.get(name, "")
        try:
            numbers.append(float(text))
        except ValueError:
            raise QuestionnaireRefused(
                f"The range {question.path} has no {name}, or it is no number: '{text}'.",
                do="Give it a start, an end and a step.",
            ) from None
    start, end, step = numbers
    if step == 0 or start == end or abs((end - start) / step % 1) > 1e-9:
        raise QuestionnaireRefused(
            f"The range {question.path} from {start:g} to {end:g} cannot be walked in steps of "
            f"{step:g}.",
            do="Let the steps lead from the start to the end.",
        )


def _refuse_missing_tables(form: Form) -> None:
    for where, expression in _expressions(form):
        for name in _tables(parse(expression)):
            if name not in form.tables:
                raise QuestionnaireRefused(
                    f"The form looks into a table '{name}' that it does not have.",
                    where=where,
                    do=nearest(name, form.tables) or "Declare the table.",
                )


def _expressions(form: Form) -> Iterator[tuple[str, str]]:
    for bind in form.binds.values():
        for condition in CONDITIONS:
            if getattr(bind, condition):
                yield f"{bind.path}, {condition}", getattr(bind, condition)
    for question in form.questions().values():
        if question.itemset:
            yield f"{question.path}, answers", question.itemset.nodes


def _tables(expression: Expression) -> Iterator[str]:
    if isinstance(expression, Call) and expression.name == "instance":
        first = expression.arguments[0] if expression.arguments else None
        if isinstance(first, Literal):
            yield first.text
    if isinstance(expression, Path):
        for step in expression.steps:
            for predicate in step.predicates:
                yield from _tables(predicate)
    for inner in parts(expression):
        yield from _tables(inner)
