"""One value has one sequence of bytes, in any program that follows RFC 8785 and RFC 4180."""

from __future__ import annotations

import csv
import hashlib
import io
import json
import random
import struct
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kelisim.core.canonical import (
    canonical_csv,
    canonical_json,
    digest,
    digest_of_stream,
    number_text,
)
from kelisim.core.errors import ColumnRefused, ValueRefused

# RFC 8785, appendix B: the bits of a double and its text.
RFC_8785_NUMBERS = {
    "0000000000000000": "0",
    "8000000000000000": "0",
    "0000000000000001": "5e-324",
    "8000000000000001": "-5e-324",
    "7fefffffffffffff": "1.7976931348623157e+308",
    "ffefffffffffffff": "-1.7976931348623157e+308",
    "4340000000000000": "9007199254740992",
    "c340000000000000": "-9007199254740992",
    "4430000000000000": "295147905179352830000",
    "44b52d02c7e14af5": "9.999999999999997e+22",
    "44b52d02c7e14af6": "1e+23",
    "44b52d02c7e14af7": "1.0000000000000001e+23",
    "444b1ae4d6e2ef4e": "999999999999999700000",
    "444b1ae4d6e2ef4f": "999999999999999900000",
    "444b1ae4d6e2ef50": "1e+21",
    "3eb0c6f7a0b5ed8c": "9.999999999999997e-7",
    "3eb0c6f7a0b5ed8d": "0.000001",
    "41b3de4355555553": "333333333.3333332",
    "41b3de4355555554": "333333333.33333325",
    "41b3de4355555555": "333333333.3333333",
    "41b3de4355555556": "333333333.3333334",
    "41b3de4355555557": "333333333.33333343",
    "becbf647612f3696": "-0.0000033333333333333333",
    "43143ff3c1cb0959": "1424953923781206.2",
}

TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=8)
NUMBER = st.floats(allow_nan=False, allow_infinity=False)
JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53) + 1, 2**53 - 1) | NUMBER | TEXT,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(TEXT, inner, max_size=4),
    max_leaves=12,
)


@pytest.mark.parametrize(("bits", "text"), RFC_8785_NUMBERS.items())
def test_numbers_read_as_in_the_table_of_rfc_8785(bits: str, text: str) -> None:
    (value,) = struct.unpack(">d", bytes.fromhex(bits))
    assert number_text(value) == text


@given(NUMBER)
@settings(deadline=None)
def test_a_number_reads_back_as_itself(value: float) -> None:
    assert float(number_text(value)) == value


def test_keys_are_sorted_as_in_the_example_of_rfc_8785() -> None:
    names = {
        "\u20ac": "Euro Sign",
        "\r": "Carriage Return",
        "\ufb33": "Hebrew Letter Dalet With Dagesh",
        "1": "One",
        "\U0001f600": "Emoji: Grinning Face",
        "\u0080": "Control",
        "\u00f6": "Latin Small Letter O With Diaeresis",
    }
    assert list(json.loads(canonical_json(names)).values()) == [
        "Carriage Return",
        "One",
        "Control",
        "Latin Small Letter O With Diaeresis",
        "Euro Sign",
        "Emoji: Grinning Face",
        "Hebrew Letter Dalet With Dagesh",
    ]


def test_the_example_of_rfc_8785_gives_its_bytes() -> None:
    value = {
        "numbers": [333333333.33333329, 1e30, 4.50, 2e-3, 0.000000000000000000000000001],
        "string": "\u20ac$\u000f\u000aA'\u0042\u0022\u005c\\\"/",
        "literals": [None, True, False],
    }
    assert canonical_json(value).decode() == (
        '{"literals":[null,true,false],"numbers":[333333333.3333333,1e+30,4.5,0.002,1e-27],'
        '"string":"€$\\u000f\\nA\'B\\"\\\\\\\\\\"/"}'
    )


@given(JSON)
@settings(deadline=None)
def test_json_reads_back_as_the_same_value(value: object) -> None:
    """Every number of JSON is a double, however many digits it is written with."""
    assert json.loads(canonical_json(value), parse_int=float) == value


@given(JSON)
@settings(deadline=None)
def test_what_was_read_back_has_the_same_bytes(value: object) -> None:
    once = canonical_json(value)
    assert canonical_json(json.loads(once)) == once


@given(st.dictionaries(TEXT, JSON, max_size=6), st.randoms())
@settings(deadline=None)
def test_the_order_keys_were_set_in_leaves_no_trace(
    value: dict[str, object], chance: random.Random
) -> None:
    shuffled = list(value.items())
    chance.shuffle(shuffled)
    assert canonical_json(dict(shuffled)) == canonical_json(value)


def test_a_tuple_is_a_list() -> None:
    assert canonical_json((1, ("a",))) == b'[1,["a"]]'


@pytest.mark.parametrize(
    ("value", "words", "place"),
    [
        ({"se": float("nan")}, "not a number", "$.se"),
        ([0, float("inf")], "infinite", "$[1]"),
        ({"n": 2**53 + 1}, "more digits", "$.n"),
        ({"n": -(10**400)}, "more digits", "$.n"),
        ({1: "a"}, "key 1 is not text", "$"),
        ({"name": "\ud800"}, "surrogate", "$.name"),
        ({"\ud800": 1}, "surrogate", "$"),
        ({"s": {1, 2}}, "type set", "$.s"),
        ([Decimal(1)], "type Decimal", "$[0]"),
    ],
)
def test_what_has_no_json_form_is_refused_by_its_place(
    value: object, words: str, place: str
) -> None:
    with pytest.raises(ValueRefused, match=words) as caught:
        canonical_json(value)
    assert caught.value.where == place


def test_a_table_is_quoted_only_where_it_must_be() -> None:
    header = ["a", "b,c"]
    rows: list[list[object]] = [
        ["plain text", 'the "word"'],
        ["two\nlines", None],
        ["", 0.5],
        [True, False],
    ]
    assert canonical_csv(header, rows).decode() == (
        'a,"b,c"\nplain text,"the ""word"""\n"two\nlines",\n"",0.5\ntrue,false\n'
    )


def test_dates_are_iso_8601_and_numbers_have_one_spelling() -> None:
    moment = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)
    row = [date(2026, 3, 2), moment, 51.0, 1e-7, 2**70]
    assert canonical_csv(list("abcde"), [row]).decode().splitlines()[1] == (
        "2026-03-02,2026-03-02T09:30:00+00:00,51,1e-7,1180591620717411303424"
    )


def test_a_lonely_null_is_still_a_record() -> None:
    assert canonical_csv(["a"], [[None], [1]]) == b'a\n""\n1\n'


@given(st.lists(st.tuples(TEXT, TEXT), max_size=5))
@settings(deadline=None)
def test_another_reader_of_csv_finds_every_cell(rows: list[tuple[str, str]]) -> None:
    text = canonical_csv(["x", "y"], rows).decode()
    found = list(csv.reader(io.StringIO(text, newline=""), lineterminator="\n"))
    assert [tuple(row) for row in found[1:]] == rows


@pytest.mark.parametrize(
    ("row", "words"),
    [
        ([1], "1 cells, and the header has 2"),
        ([1, 2, 3], "3 cells"),
        ([1, float("nan")], "not a number"),
        ([1, [2]], "type list"),
    ],
)
def test_a_row_that_does_not_fit_is_refused_by_its_number(row: list[object], words: str) -> None:
    with pytest.raises(ValueRefused, match=words) as caught:
        canonical_csv(["a", "b"], [[1, 2], row])
    assert caught.value.where == "row 2"


def test_a_table_with_a_name_twice_or_without_names_is_refused() -> None:
    with pytest.raises(ColumnRefused, match="'a' occurs twice"):
        canonical_csv(["a", "b", "a"], [])
    with pytest.raises(ColumnRefused, match="no column"):
        canonical_csv([], [])


def test_digests_are_those_of_fips_180_4(tmp_path: Path) -> None:
    abc = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
    file = tmp_path / "abc"
    file.write_bytes(b"abc")
    with file.open("rb") as stream:
        assert digest(b"abc") == digest_of_stream(stream) == abc


def test_a_long_file_is_digested_piece_by_piece_to_the_same_digest() -> None:
    content = b"kelisim" * 100_000
    assert digest_of_stream(io.BytesIO(content)) == hashlib.sha256(content).hexdigest()
