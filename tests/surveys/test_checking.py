"""The checks of a questionnaire: what they claim is true, and they say when they do not know."""

from __future__ import annotations

from itertools import product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kelisim.core.clock import SystemClock
from kelisim.surveys.checking.changes import changes
from kelisim.surveys.checking.clients import check_clients
from kelisim.surveys.checking.logic import check_logic
from kelisim.surveys.checking.translations import check_translations
from kelisim.surveys.xform.interview import Interview
from kelisim.surveys.xform.model import Form
from kelisim.surveys.xlsform import convert_workbook
from tests.surveys.routes import omnibus
from tests.web import Cast  # noqa: F401  (loads Django's apps before the models)

CHOICES = """| choices | | | |
| | list_name | name | label |
| | abc | a | A |
| | abc | b | B |
| | abc | c | C |
"""


def form(*rows: str) -> Form:
    """Return a form of rows: type, name, relevant, constraint."""
    told = "| survey |\n| | type | name | label | relevant | constraint |\n"
    for row in rows:
        kind, name, relevant, constraint = [*row.split(" ; "), "", "", ""][:4]
        told += f"| | {kind} | {name} | Label | {relevant} | {constraint} |\n"
    return convert_workbook("form.md", (told + CHOICES).encode()).form


def codes(made: Form) -> list[tuple[str, str]]:
    return [(one.code, one.place) for one in check_logic(made)]


ASKED = ["integer ; n", "select_one abc ; s", "select_multiple abc ; m", "text ; t"]


@pytest.mark.parametrize(
    ("condition", "found"),
    [
        ("${n} > 5 and ${n} < 3", "never-asked"),
        ("${n} > 5 and ${n} < 6", "never-asked"),  # whole numbers have nothing between
        ("${n} > 5 and ${n} < 7", ""),
        ("${s} = 'd'", "never-asked"),
        ("${s} = 'a' and ${s} = 'b'", "never-asked"),
        ("${s} != 'a' and ${s} != 'b' and ${s} != 'c' and ${s} != ''", "never-asked"),
        ("selected(${m}, 'a') and selected(${m}, 'b')", ""),
        ("selected(${m}, 'd')", "never-asked"),
        ("selected(${m}, 'a') and count-selected(${m}) > 3", "never-asked"),
        ("count-selected(${m}) >= 3", ""),
        ("not(${n} >= 0) and ${n} > 0", "never-asked"),
        ("false()", "never-asked"),
        ("string-length(${t}) > 3", ""),  # not decided, so nothing is said
        ("string-length(${t}) > 3 and ${n} > 1 and ${n} < 1", "never-asked"),
        ("${t} = 'x' or ${n} > 2 and ${n} < 1", ""),
    ],
)
def test_a_condition_that_never_holds_is_found(condition: str, found: str) -> None:
    made = form(*ASKED, f"text ; last ; {condition}")
    assert codes(made) == ([(found, "/data/last")] if found else [])


@pytest.mark.parametrize(
    ("row", "found"),
    [
        ("integer ; x ;  ; . > 5 and . < 3", "never-right"),
        ("integer ; x ;  ; . > 5 and . <= 6", ""),
        ("select_one abc ; x ;  ; . = 'd'", "never-right"),
        ("select_one abc ; x ;  ; . != 'b'", "choice-never-right"),
        ("select_multiple abc ; x ;  ; count-selected(.) > 4", "never-right"),
        ("select_multiple abc ; x ;  ; count-selected(.) < 3", ""),
    ],
)
def test_an_answer_that_is_never_accepted_is_found(row: str, found: str) -> None:
    assert [code for code, _ in codes(form(row))] == ([found] if found else [])


def test_the_groups_around_and_the_constraints_of_others_count_too() -> None:
    made = form(
        "integer ; n ;  ; . >= 18",
        "begin group ; g ; ${n} > 60",
        "text ; inside ; ${n} < 30",
        "end group ; ",
        "text ; young ; ${n} > 0 and ${n} < 10",
    )
    assert codes(made) == [
        ("never-asked-there", "/data/g/inside"),
        ("never-asked-there", "/data/young"),
    ]


ATOM = st.one_of(
    st.builds(
        "${{n}} {} {}".format, st.sampled_from(["=", "!=", "<", "<=", ">", ">="]), st.integers(0, 4)
    ),
    st.builds(
        "${{s}} {} '{}'".format, st.sampled_from(["=", "!="]), st.sampled_from(["a", "b", "d"])
    ),
    st.builds("selected(${{m}}, '{}')".format, st.sampled_from(["a", "b", "d"])),
    st.builds("count-selected(${{m}}) {} {}".format, st.sampled_from("<=>"), st.integers(0, 4)),
)
CONDITION = st.recursive(
    ATOM,
    lambda inner: st.one_of(
        st.builds("({} and {})".format, inner, inner),
        st.builds("({} or {})".format, inner, inner),
        st.builds("not({})".format, inner),
    ),
    max_leaves=5,
)
SETS = ["", "a", "b", "c", "a b", "a c", "b c", "a b c"]


@settings(max_examples=60, deadline=None)
@given(CONDITION)
def test_what_is_decided_is_what_trying_every_answer_shows(condition: str) -> None:
    made = form(*ASKED, f"text ; last ; {condition}")
    interview = Interview(made, clock=SystemClock(), chance=np.random.default_rng(0))
    n, s, m, last = (interview.nodes(f"/data/{one}")[0] for one in ("n", "s", "m", "last"))
    ever = False
    for number, one, many in product(["", *map(str, range(-1, 6))], ["", "a", "b", "c"], SETS):
        n.text, s.text, m.text = number, one, many
        interview.recompute()
        if last.relevant:
            ever = True
            break
    assert codes(made) == ([] if ever else [("never-asked", "/data/last")])


def test_a_gap_in_the_translations_is_told_by_sheet_row_and_column() -> None:
    import io

    from openpyxl import load_workbook

    book = load_workbook(io.BytesIO(omnibus()))
    sheet = book["survey"]
    sheet["C5"].value = None
    file = io.BytesIO()
    book.save(file)
    raw = file.getvalue()
    found = list(check_translations("a.xlsx", raw, convert_workbook("a.xlsx", raw).form))
    assert [(one.place, one.facts["column"], one.facts["language"]) for one in found] == [
        ("survey, 5", "label", "kk")
    ]


def test_a_questionnaire_without_translations_lacks_all_of_them() -> None:
    made = form("integer ; n")
    found = check_translations("form.md", b"", made)
    assert {one.facts["language"] for one in found} == {"kk", "ru", "en"}


def test_what_breaks_in_a_client_is_named_with_its_source() -> None:
    told = """| survey |
| | type | name | label | calculation | constraint |
| | calculate | c | | decimal-date-time(now()) | |
| | barcode | code | Code | | |
| | text | t | T | | regex(., '[a-z]') |
"""
    found = list(check_clients(convert_workbook("a.md", told.encode()).form))
    assert ("breaks", "/data/c", True) in [(one.code, one.place, one.grave) for one in found]
    assert {(one.place, one.facts["client"]) for one in found if one.code == "lacks"} == {
        ("/data/code", "ODK Web Forms"),
        ("/data/code", "Kelisim"),
    }
    assert ("regex-in-part", "/data/t") in [(one.code, one.place) for one in found]


def test_the_example_has_nothing_to_put_right() -> None:
    made = convert_workbook("omnibus.xlsx", omnibus()).form
    assert [*check_logic(made), *check_clients(made)] == []


def test_what_changed_between_versions_is_told() -> None:
    old = form("integer ; a ;  ; . > 1", "text ; b", "select_one abc ; s")
    new = form("decimal ; a ;  ; . > 2", "text ; c", "select_one abc ; s")
    assert {(one.code, one.place) for one in changes(old, new)} == {
        ("item-other-kind", "/data/a"),
        ("condition-changed", "/data/a"),
        ("item-gone", "/data/b"),
        ("item-new", "/data/c"),
    }
