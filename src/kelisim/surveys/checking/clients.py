"""What breaks in one of the clients: features that ODK Collect, Web Forms or our own pages lack.

Sources: the feature matrix in the README of getodk/web-forms 0.22.0, what we measured with it
(`tests/oracles/webforms`), ODK's documentation, and our own renderer.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from kelisim.surveys.checking.finding import Finding
from kelisim.surveys.xform.model import Form, Question
from kelisim.surveys.xform.references import calls, looked_at
from kelisim.surveys.xform.soundness import CONDITIONS
from kelisim.surveys.xform.xpath.parser import parse
from kelisim.surveys.xform.xpath.syntax import Call, Expression, Literal, parts

COLLECT, WEB, PAGES = "ODK Collect", "ODK Web Forms", "Kelisim"


@dataclass(frozen=True, slots=True)
class Lack:
    """A feature that a client lacks.

    Attributes
    ----------
    fatal
        Whether the client cannot open the whole form, rather than showing it in another way.
    source
        Where that was read or measured.
    """

    feature: str
    client: str
    fatal: bool
    source: str


_MATRIX = "getodk/web-forms 0.22.0, README"
_MEASURED = "tests/surveys/test_clients.py"
# Under Node the same engine opens the form; in the browser, which has dates of its own, it breaks.
_BROWSER = "Web Forms 0.22.0, Chromium 156"
_OURS = "surveys/screens.py"
APPEARANCES = (
    Lack("draw", WEB, False, _MATRIX),
    Lack("signature", WEB, False, _MATRIX),
    Lack("annotate", WEB, False, _MATRIX),
    Lack("pages", WEB, False, _MATRIX),
    Lack("theme-grid", WEB, False, _MATRIX),
)
KINDS = (
    Lack("dateTime", WEB, False, _MATRIX),
    Lack("barcode", WEB, False, _MATRIX),
    Lack("barcode", PAGES, False, _OURS),
    Lack("upload", PAGES, False, _OURS),
    Lack("geotrace", PAGES, False, _OURS),
    Lack("geoshape", PAGES, False, _OURS),
)


def check_clients(form: Form) -> Iterator[Finding]:
    """Yield what a client cannot do with a form."""
    for question in form.questions().values():
        yield from _of_question(form, question)
    for path, text in _expressions(form):
        yield from _of_expression(form, path, text)
    for bind in form.binds.values():
        if bind.path.endswith("/meta/audit"):
            yield _told(Lack("audit", WEB, False, _MATRIX), bind.path)


def _told(lack: Lack, place: str) -> Finding:
    facts = {"feature": lack.feature, "client": lack.client, "source": lack.source}
    return Finding("breaks" if lack.fatal else "lacks", place, grave=lack.fatal, facts=facts)


def _of_question(form: Form, question: Question) -> Iterator[Finding]:
    bind = form.binds.get(question.path)
    words = {question.kind, bind.type if bind else ""}
    for lack in KINDS:
        if lack.feature in words:
            yield _told(lack, question.path)
    for lack in APPEARANCES:
        if lack.feature in question.appearance:
            yield _told(lack, question.path)


def _expressions(form: Form) -> Iterator[tuple[str, str]]:
    for path, bind in form.binds.items():
        for name in CONDITIONS:
            if getattr(bind, name):
                yield path, getattr(bind, name)


def _of_expression(form: Form, path: str, text: str) -> Iterator[Finding]:
    expression = parse(text)
    if re.search(r"decimal-date-time\(\s*now\(\)\s*\)", text):
        yield _told(Lack("decimal-date-time(now())", WEB, True, _BROWSER), path)
    if any(len(call.arguments) > 2 for call in _called(expression, "coalesce")):
        yield _told(Lack("coalesce(a, b, c)", WEB, True, _MEASURED), path)
    for call in _called(expression, "regex"):
        pattern = call.arguments[1]
        if isinstance(pattern, Literal) and not pattern.text.startswith("^"):
            yield Finding("regex-in-part", path, facts={"condition": text})
    if "thousands-sep" in calls(expression):
        yield _told(Lack("thousands-sep", WEB, True, _MEASURED), path)
    yield from _absolute_in_repeat(form, path, text)


def _called(expression: Expression, name: str) -> Iterator[Call]:
    if isinstance(expression, Call) and expression.name == name:
        yield expression
    for inner in parts(expression):
        yield from _called(inner, name)


def _absolute_in_repeat(form: Form, path: str, text: str) -> Iterator[Finding]:
    """Say where an absolute path inside a repeated group means the first group to Web Forms."""
    around = [one for one in form.repeats if path.startswith(f"{one}/")]
    if not around or "/" not in text:
        return
    for target, elsewhere in looked_at(parse(text), path, path):
        absolute = re.search(rf"(?<![\w.\])]){re.escape(target)}(?![\w-])", text)
        if absolute and not elsewhere and any(target.startswith(f"{one}/") for one in around):
            yield Finding("absolute-in-repeat", path, facts={"condition": text})
            return
