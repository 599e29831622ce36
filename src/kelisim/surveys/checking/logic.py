"""Items that nobody will ever see, and answers that nobody can give."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from kelisim.surveys.checking.atoms import Combined, Condition, condition
from kelisim.surveys.checking.decide import possible
from kelisim.surveys.checking.domains import Domain, domains
from kelisim.surveys.checking.finding import Finding
from kelisim.surveys.xform.model import Bind, Form
from kelisim.surveys.xform.xpath.parser import parse


def check_logic(form: Form) -> Iterator[Finding]:
    """Yield what is unreachable, impossible or contradictory; what is not decided is said so."""
    known = domains(form)
    for path, bind in form.binds.items():
        if bind.relevant:
            yield from _reachable(form, bind, known)
        if bind.constraint and path in known:
            yield from _answerable(bind, known)


def _condition(text: str, path: str, known: Mapping[str, Domain]) -> Condition:
    return condition(parse(text), path, known.get)


def _reachable(form: Form, bind: Bind, known: Mapping[str, Domain]) -> Iterator[Finding]:
    """Say when an item is never asked: its own condition with all above and what they rest on."""
    own = _condition(bind.relevant, bind.path, known)
    if possible(own, known) is False:
        yield Finding("never-asked", bind.path, grave=True, facts={"condition": bind.relevant})
        return
    together = Combined("and", (own, *_around(form, bind, known)))
    if possible(together, known) is False:
        yield Finding(
            "never-asked-there", bind.path, grave=True, facts={"condition": bind.relevant}
        )


def _around(form: Form, bind: Bind, known: Mapping[str, Domain]) -> Iterator[Condition]:
    """Yield the conditions of the groups around an item, and the constraints of all answers."""
    above = bind.path
    while (above := above.rpartition("/")[0]) not in ("", "/"):
        other = form.binds.get(above)
        if other and other.relevant:
            yield _condition(other.relevant, above, known)
    for path in known:
        other = form.binds.get(path)
        if other and other.constraint and path in bind.relevant:
            # An empty answer meets every constraint.
            empty = condition(parse(f"{path} = ''"), path, known.get)
            yield Combined("or", (empty, _condition(other.constraint, path, known)))


def _answerable(bind: Bind, known: Mapping[str, Domain]) -> Iterator[Finding]:
    given = condition(parse(f"{bind.path} != ''"), bind.path, known.get)
    own = _condition(bind.constraint, bind.path, known)
    facts = {"condition": bind.constraint}
    if possible(Combined("and", (given, own)), known) is False:
        yield Finding("never-right", bind.path, grave=True, facts=facts)
        return
    domain = known[bind.path]
    if domain.kind == "one":
        for choice in (one for one in domain.choices if "'" not in one):
            chosen = condition(parse(f"{bind.path} = '{choice}'"), bind.path, known.get)
            if possible(Combined("and", (chosen, own)), known) is False:
                yield Finding("choice-never-right", bind.path, facts={**facts, "choice": choice})
