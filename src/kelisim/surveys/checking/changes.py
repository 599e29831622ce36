"""What changed from one version of a questionnaire to the next, item by item."""

from __future__ import annotations

from collections.abc import Iterator

from kelisim.surveys.checking.finding import Finding
from kelisim.surveys.xform.model import Choice, Form, Question
from kelisim.surveys.xform.soundness import CONDITIONS


def changes(old: Form, new: Form) -> Iterator[Finding]:
    """Yield items that came, went or changed: in kind, words, answers or conditions."""
    before, after = old.questions(), new.questions()
    for path in before.keys() - after.keys():
        yield Finding("item-gone", path, grave=True)
    for path, question in after.items():
        if path not in before:
            yield Finding("item-new", path)
            continue
        yield from _of_item(old, new, before[path], question)


def _of_item(old: Form, new: Form, before: Question, after: Question) -> Iterator[Finding]:
    path = after.path
    kinds = [_kind(old, before), _kind(new, after)]
    if kinds[0] != kinds[1]:
        facts = {"before": kinds[0], "after": kinds[1]}
        yield Finding("item-other-kind", path, grave=True, facts=facts)
    if _words(old, before) != _words(new, after):
        yield Finding("item-reworded", path)
    gone = [one.value for one in before.choices if one.value not in _values(after.choices)]
    came = [one.value for one in after.choices if one.value not in _values(before.choices)]
    if gone:
        yield Finding("choices-gone", path, grave=True, facts={"choices": ", ".join(gone)})
    if came:
        yield Finding("choices-new", path, facts={"choices": ", ".join(came)})
    first, second = old.binds.get(path), new.binds.get(path)
    for name in CONDITIONS:
        told = getattr(first, name, ""), getattr(second, name, "")
        if told[0] != told[1]:
            facts = {"condition": name, "before": told[0] or "-", "after": told[1] or "-"}
            yield Finding("condition-changed", path, facts=facts)


def _values(choices: tuple[Choice, ...]) -> set[str]:
    return {one.value for one in choices}


def _kind(form: Form, question: Question) -> str:
    bind = form.binds.get(question.path)
    return f"{question.kind} {bind.type if bind else 'string'}"


def _words(form: Form, question: Question) -> list[object]:
    labels = [question.label, question.hint, *(one.label for one in question.choices)]
    named = [one.name for one in labels if one is not None and one.name]
    texts = [form.texts[language].get(name) for language in form.languages for name in named]
    return [*texts, *(one.text for one in labels if one is not None)]
