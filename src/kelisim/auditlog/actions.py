"""The registry of what can be recorded, and the one way to record it.

Every action is declared with the facts it keeps and which of them are personal; recording an
undeclared action or fact is a mistake of the program and raises, so that nothing slips past.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field

from django.contrib.auth.base_user import AbstractBaseUser
from django.db import models
from django.utils.functional import Promise

from kelisim.auditlog.models import Entry, Personal
from kelisim.core.clock import Clock, SystemClock

Reading = Callable[[str], object]
"""From a fact as it is kept to how it reads in the language of the page."""


def named(names: Iterable[tuple[str, object]]) -> Reading:
    """Return the reading of a closed list; what is on it no more reads as it was kept."""
    known = dict(names)
    return lambda kept: known.get(kept, kept)


@dataclass(frozen=True, slots=True)
class Action:
    """A kind of change.

    Attributes
    ----------
    sentence
        What happened, for a person who reads the log; names of facts stand in %(braces)s.
    facts
        Names of what is kept for good.
    personal
        Names of what is kept until the person asks for it to be destroyed.
    reads
        How facts read that are kept as codes.
    """

    name: str
    sentence: Promise
    facts: frozenset[str] = frozenset()
    personal: frozenset[str] = frozenset()
    reads: Mapping[str, Reading] = field(default_factory=dict)

    def told(self, facts: Mapping[str, object]) -> dict[str, object]:
        """Return facts as they read to a person."""
        return {
            name: self.reads[name](str(kept)) if name in self.reads else kept
            for name, kept in facts.items()
        }


REGISTRY: dict[str, Action] = {}
_operation: ContextVar[uuid.UUID | None] = ContextVar("operation", default=None)


def declare(
    name: str,
    sentence: Promise,
    *,
    facts: tuple[str, ...] = (),
    personal: tuple[str, ...] = (),
    reads: Mapping[str, Reading] | None = None,
) -> Action:
    """Add a kind of change to the registry and return it."""
    if name in REGISTRY:
        raise ValueError(f"The audit action '{name}' is declared twice.")
    REGISTRY[name] = Action(name, sentence, frozenset(facts), frozenset(personal), reads or {})
    return REGISTRY[name]


@contextmanager
def operation() -> Iterator[uuid.UUID]:
    """Group every entry recorded inside under one operation."""
    number = uuid.uuid4()
    token = _operation.set(number)
    try:
        yield number
    finally:
        _operation.reset(token)


def record(
    action: Action,
    subject: models.Model,
    *,
    by: AbstractBaseUser | None,
    organisation: models.Model | None = None,
    clock: Clock | None = None,
    about: AbstractBaseUser | None = None,
    facts: Mapping[str, object] | None = None,
) -> Entry:
    """Record a change inside the caller's transaction.

    Parameters
    ----------
    about
        The person whose data the personal facts are; the actor when not given.

    Raises
    ------
    ValueError
        A fact was not declared, or personal facts have no person to belong to.
    """
    told = dict(facts or {})
    unknown = told.keys() - action.facts - action.personal
    if unknown:
        raise ValueError(f"The audit action '{action.name}' does not declare {sorted(unknown)}.")
    private = {key: told.pop(key) for key in action.personal & told.keys()}
    entry = Entry(
        action=action.name,
        at=(clock or SystemClock()).now(),
        actor_id=by.pk if by else None,
        organisation_id=organisation.pk if organisation else None,
        operation=_operation.get() or uuid.uuid4(),
        subject=f"{subject._meta.label_lower}:{subject.pk}",
        facts=told,
    )
    entry.save(force_insert=True)
    if private:
        person = about or by
        if person is None:
            raise ValueError(f"Nobody owns the personal facts of '{action.name}'.")
        Personal.objects.create(entry=entry, person_id=person.pk, facts=private)
    return entry


def shred(person: AbstractBaseUser) -> int:
    """Destroy all personal facts kept about a person; the entries themselves stay.

    Returns
    -------
    int
        How many entries lost their personal facts.
    """
    return Personal.objects.filter(person_id=person.pk).delete()[0]
