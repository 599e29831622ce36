"""XPath 1.0 with ODK's functions: what the specifications and JavaRosa's own examples say."""

from __future__ import annotations

from datetime import UTC, datetime

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kelisim.core.clock import FixedClock
from kelisim.core.errors import QuestionnaireRefused
from kelisim.surveys.xform.interview import Interview
from kelisim.surveys.xform.reading import read_form
from kelisim.surveys.xform.xpath.parser import parse
from kelisim.surveys.xform.xpath.values import to_string

FORM = """<h:html xmlns="http://www.w3.org/2002/xforms" xmlns:h="http://www.w3.org/1999/xhtml">
<h:head><model><instance><data id="t"><a>3</a><b>x y z</b><empty/><r><n>1</n></r><r><n>2</n></r>
<r><n>5</n></r><d>2026-03-01</d></data></instance>
<instance id="t"><root><item><name>k1</name><v>10</v></item><item><name>k2</name><v>20</v></item>
</root></instance></model></h:head><h:body/></h:html>"""
NOW = datetime(2026, 11, 28, 14, 5, 6, tzinfo=UTC)


@pytest.fixture(scope="module")
def interview() -> Interview:
    return Interview(read_form(FORM), clock=FixedClock(NOW), chance=np.random.default_rng(0))


CASES = {
    # XPath 1.0, sections 3.5 and 4
    "1 + 2 * 3": "7",
    "7 mod 3 = 1 and -7 mod 3 = -1": "true",
    "1 div 0": "Infinity",
    "0 div 0": "NaN",
    "--3": "3",
    "'a' = 'a' or false()": "true",
    "substring('12345', 2, 3)": "234",
    "substring('12345', 1.5, 2.6)": "234",
    "substring('12345', 0, 3)": "12",
    "substring-before('1999/04/01', '/')": "1999",
    "substring-after('1999/04/01', '/')": "04/01",
    "translate('bar', 'abc', 'ABC')": "BAr",
    "translate('--aaa--', 'abc-', 'ABC')": "AAA",
    "normalize-space('  a   b ')": "a b",
    "count(/data/r)": "3",
    "sum(/data/r/n)": "8",
    "/data/r[2]/n": "2",
    "/data/r[last()]/n": "5",
    "/data/r[n > 1][1]/n": "2",
    "count(/data/r/n | /data/a)": "4",
    "count(//n)": "3",
    "/data/r/n > 4": "true",
    "/data/r/n < 1": "false",
    "name(/data/*[1])": "a",
    "count(/data/r[2]/preceding-sibling::r)": "1",
    "count(/data/r[2]/following-sibling::*)": "2",
    "count(/data/r[1]/n/ancestor::*)": "2",
    "/data/@id": "t",
    # ODK's functions, docs.getodk.org/form-operators-functions
    "selected(/data/b, 'y')": "true",
    "selected-at(/data/b, 2)": "z",
    "selected-at(/data/b, 3)": "",
    "count-selected(/data/b)": "3",
    "if(/data/a = 3, 'three', 'other')": "three",
    "coalesce(/data/empty, 'else')": "else",
    "regex('abc', '[a-z]+')": "true",
    "regex('abc1', '[a-z]+')": "false",
    "round(1.256, 2)": "1.26",
    "round(-2.5)": "-3",
    "int(-3.7)": "-3",
    "pow(2, 10)": "1024",
    "min(3, 1, 2)": "1",
    "max(/data/r/n)": "5",
    "join('-', /data/r/n)": "1-2-5",
    "concat('a', 1, true())": "a1true",
    "substr('hello', 1, 3)": "el",
    "substr('hello', -2)": "lo",
    "string-length('қазақ')": "5",
    "boolean-from-string('1')": "true",
    "checklist(1, 2, true(), true(), false())": "true",
    "weighted-checklist(3, -1, true(), 1, true(), 1)": "false",
    "position(/data/r[3])": "3",
    "indexed-repeat(/data/r/n, /data/r, 2)": "2",
    "count-non-empty(/data/r/n)": "3",
    "instance('t')/root/item[name = 'k2']/v": "20",
    "pulldata('t', 'v', 'name', 'k1')": "10",
    "today()": "2026-11-28",
    "now()": "2026-11-28T19:05:06.000+05:00",
    "date(0)": "1970-01-01",
    "format-date('2026-03-01', '%d.%m.%Y %e %n %y %b %a')": "01.03.2026 1 3 26 Mar Sun",
    "decimal-date-time('1970-01-02T00:00:00.000Z')": "1",
    "decimal-time('06:00:00.000+05:00')": "0.25",
    "date('2026-03-01') - date('2026-02-28')": "1",
    "/data/d > '2026-02-28'": "true",
    "digest('abc', 'MD5', 'hex')": "900150983cd24fb0d6963f7d28e17f72",
    "base64-decode('aGVsbG8=')": "hello",
    "geofence('0.5 0.5 0 0', '0 0 0 0;0 1 0 0;1 1 0 0;1 0 0 0;0 0 0 0')": "true",
    "geofence('1.5 0.5 0 0', '0 0 0 0;0 1 0 0;1 1 0 0;1 0 0 0;0 0 0 0')": "false",
}


@pytest.mark.parametrize("expression", CASES)
def test_an_expression_has_the_value_the_specification_says(
    interview: Interview, expression: str
) -> None:
    assert to_string(interview.evaluate(expression, interview.root)) == CASES[expression]


def test_a_degree_of_the_equator_is_as_long_as_a_degree_of_the_earth(interview: Interview) -> None:
    length = interview.evaluate("distance('0 0 0 0;0 1 0 0')", interview.root)
    assert isinstance(length, float)
    # WGS 84: 111.32 km; the sphere of ODK is 36 m smaller than the equator.
    assert length == pytest.approx(111_320, abs=10)


@pytest.mark.parametrize(
    "wrong", ["", "1 +", "(1", "a[", "unknown()", "if(1, 2)", "'open", "a b", "foo::a", "#"]
)
def test_what_is_no_expression_is_refused(interview: Interview, wrong: str) -> None:
    with pytest.raises(QuestionnaireRefused):
        interview.evaluate(wrong, interview.root)


def test_an_expression_is_not_nested_without_end() -> None:
    with pytest.raises(QuestionnaireRefused, match="nested deeper"):
        parse("(" * 500 + "1" + ")" * 500)


numbers = st.integers(-50, 50)


@given(numbers, numbers, numbers)
def test_arithmetic_is_that_of_numbers(a: int, b: int, c: int) -> None:
    form = Interview(read_form(FORM), clock=FixedClock(NOW), chance=np.random.default_rng(0))
    assert form.evaluate(f"({a}) * ({b}) - ({c})", form.root) == a * b - c
    assert form.evaluate(f"({a} < {b}) = not({a} >= {b})", form.root) is True
