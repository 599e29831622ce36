"""Answers to select questions: which were chosen, and what they are called."""

from __future__ import annotations

import math

from kelisim.surveys.xform.xpath.functions.registry import Shelf
from kelisim.surveys.xform.xpath.scope import Scope
from kelisim.surveys.xform.xpath.values import Value, to_number, to_string

HERE = Shelf()


@HERE.add("selected", 2)
@HERE.add("is-selected", 2)
def _selected(_scope: Scope, chosen: Value, value: Value) -> Value:
    return to_string(value).strip() in to_string(chosen).split()


@HERE.add("selected-at", 2)
def _selected_at(scope: Scope, chosen: Value, place: Value) -> Value:
    """Return the answer at a place, counted from 0; nothing where there is none."""
    words = to_string(chosen).split()
    number = to_number(place, scope.world.zone)
    if math.isnan(number) or not 0 <= number < len(words):
        return ""
    return words[int(number)]


@HERE.add("jr:choice-name", 2)
def _choice_name(scope: Scope, value: Value, path: Value) -> Value:
    return scope.world.choice_label(to_string(value), to_string(path), scope)


@HERE.add("jr:itext", 1)
def _itext(scope: Scope, name: Value) -> Value:
    return scope.world.text(to_string(name))
