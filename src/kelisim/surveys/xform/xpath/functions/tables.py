"""Tables that a form looks answers up in."""

from __future__ import annotations

from kelisim.core.errors import QuestionnaireRefused
from kelisim.surveys.xform.node import Node
from kelisim.surveys.xform.xpath.functions.registry import Shelf
from kelisim.surveys.xform.xpath.scope import Scope
from kelisim.surveys.xform.xpath.values import Value, to_string

HERE = Shelf()


def _table(scope: Scope, name: str) -> Node:
    found = scope.world.instance(name)
    if found is None:
        raise QuestionnaireRefused(
            f"The form looks into a table '{name}' that it does not have.",
            do="Attach the table to the form, or correct its name.",
        )
    return found


@HERE.add("instance", 1)
def _instance(scope: Scope, name: Value) -> Value:
    return [_table(scope, to_string(name))]


@HERE.add("pulldata", 4)
def _pulldata(scope: Scope, table: Value, column: Value, key: Value, value: Value) -> Value:
    """Return a cell of a CSV file, of the first row whose key has a value."""
    wanted, name, by = to_string(value), to_string(column), to_string(key)
    for root in _table(scope, to_string(table)).children:
        for row in root.children:
            held = row.child(by)
            if held is not None and held.text == wanted:
                cell = row.child(name)
                return cell.text if cell else ""
    return ""
