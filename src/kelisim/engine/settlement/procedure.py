"""How a mediation goes, as data: every state with its owner and term, every step with its article.

The machine is pure: what may follow depends on the state, on who acts and on the steps so far, and
a date on the events and the dated rule table. The same log gives the same answer in ten years.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal

from kelisim.core.errors import StepRefused, listed
from kelisim.engine.settlement.deadlines import Deadline, Events, deadlines
from kelisim.engine.settlement.holidays import KAZAKHSTAN_HOLIDAYS, Holidays
from kelisim.engine.settlement.house_rules import rule_for
from kelisim.engine.settlement.law import (
    EXTENSION,
    SILENCE,
    TERM,
    LegalProfile,
    Rule,
)

Actor = Literal["applicant", "respondent", "party", "mediator", "registrar", "house"]

AS_BEFORE = "as before"
"""The target of a step that leads back to where the mediation itself stood."""


@dataclass(frozen=True, slots=True)
class State:
    """Where a case can stand.

    Attributes
    ----------
    owner
        Whose turn it is.
    rule
        The term after which somebody must have acted; empty for the last state alone.
    lapse
        The step the house takes when the term has passed; empty if it only reminds.
    ended
        Whether the mediation is over.
    """

    key: str
    owner: Actor
    rule: str = ""
    lapse: str = ""
    ended: bool = False


@dataclass(frozen=True, slots=True)
class Step:
    """What can be done to a case.

    Attributes
    ----------
    sources
        The states it can be done in.
    by
        Who may do it; ``party`` is either side.
    article
        What it rests on.
    event
        The event of the deadline engine that it is; empty if no term of law hangs on it.
    """

    key: str
    sources: tuple[str, ...]
    target: str
    by: tuple[Actor, ...]
    article: str
    event: str = ""


STATES: Mapping[str, State] = {
    state.key: state
    for state in (
        State("draft", "applicant", "intake", "abandon"),
        State("triage", "registrar", "triage"),
        State("invited", "respondent", SILENCE, "keep_silent"),
        State("both_in", "registrar", "screening"),
        State("mediator_proposed", "party", "choice"),
        State("mediator_set", "mediator", "drafting"),
        State("active", "mediator", TERM, "expire"),
        State("extended", "mediator", EXTENSION, "expire"),
        State("paused_conflict", "registrar", "conflict"),
        State("text_frozen", "mediator", "cooling"),
        State("signing", "party", "signing", "let_lapse"),
        State("performance", "party", "performance"),
        State("breached", "party", "renegotiation", "enforce"),
        State("fulfilled", "house", "retention", "destroy_keys", ended=True),
        State("referred", "house", "retention", "destroy_keys", ended=True),
        State("stopped_safety", "house", "retention", "destroy_keys", ended=True),
        State("closed_no_consent", "house", "retention", "destroy_keys", ended=True),
        State("closed_withdrawn", "house", "retention", "destroy_keys", ended=True),
        State("closed_expired", "house", "retention", "destroy_keys", ended=True),
        State("closed_by_mediator", "house", "retention", "destroy_keys", ended=True),
        State("closed_enforcement", "house", "retention", "destroy_keys", ended=True),
        State("keys_destroyed", "house", ended=True),
    )
}

_TALKS = ("active", "extended")
_CHOOSING = ("mediator_proposed", "mediator_set")
_OPEN = (
    "draft",
    "triage",
    "invited",
    "both_in",
    *_CHOOSING,
    *_TALKS,
    "paused_conflict",
    "text_frozen",
    "signing",
)
_ENDED = tuple(key for key, state in STATES.items() if state.ended and key != "keys_destroyed")

STEPS: Mapping[str, Step] = {
    step.key: step
    for step in (
        Step("file", ("draft",), "triage", ("applicant",), "Articles 1 and 20"),
        Step("abandon", ("draft",), "closed_withdrawn", ("house",), "Rule of the house"),
        Step("refer", ("triage", "both_in"), "referred", ("registrar",), "Article 1"),
        Step(
            "stop",
            _OPEN,
            "stopped_safety",
            ("registrar", "mediator", "house"),
            "Rule of the house: safety first",
        ),
        Step("invite", ("triage",), "invited", ("registrar",), "Article 20", "proposal_sent"),
        Step("accept", ("invited",), "both_in", ("respondent",), "Article 20", "proposal_answered"),
        Step("decline", ("invited",), "closed_no_consent", ("respondent",), "Article 20"),
        Step("keep_silent", ("invited",), "closed_no_consent", ("house",), "Article 20"),
        Step(
            "propose_mediator",
            ("both_in", "mediator_proposed", "paused_conflict"),
            "mediator_proposed",
            ("registrar",),
            "Article 20; choice of the mediator by the parties",
        ),
        Step(
            "agree_on_mediator",
            ("mediator_proposed",),
            "mediator_set",
            ("house",),
            "Article 20; independence and impartiality of the mediator",
        ),
        Step(
            "conclude",
            ("mediator_set",),
            "active",
            ("house",),
            "Articles 20 and 21",
            "agreement_concluded",
        ),
        Step("extend", ("active",), "extended", ("house",), "Articles 22-24", "extended"),
        Step(
            "declare_conflict",
            ("mediator_set", *_TALKS, "text_frozen", "signing"),
            "paused_conflict",
            ("mediator", "party", "registrar"),
            "Independence and impartiality of the mediator",
        ),
        Step(
            "waive_conflict",
            ("paused_conflict",),
            AS_BEFORE,
            ("house",),
            "Independence and impartiality of the mediator; consent of the parties",
        ),
        Step("freeze_text", _TALKS, "text_frozen", ("mediator",), "Article 27"),
        Step("open_signing", ("text_frozen",), "signing", ("mediator",), "Article 27"),
        Step("reopen", ("text_frozen", "signing"), AS_BEFORE, ("party", "mediator"), "Article 27"),
        Step("let_lapse", ("signing",), AS_BEFORE, ("house",), "Rule of the house"),
        Step("settle", ("signing",), "performance", ("house",), "Article 27", "settled"),
        Step(
            "withdraw",
            _OPEN,
            "closed_withdrawn",
            ("applicant", "respondent", "party"),
            "Voluntary participation",
            "withdrawn",
        ),
        Step(
            "expire",
            (*_CHOOSING, *_TALKS, "paused_conflict", "text_frozen", "signing"),
            "closed_expired",
            ("house",),
            "Articles 22-24",
        ),
        Step(
            "close",
            (*_TALKS, "mediator_set", "paused_conflict", "text_frozen", "signing"),
            "closed_by_mediator",
            ("mediator", "registrar"),
            "Articles 22-24",
        ),
        Step("fulfil", ("performance",), "fulfilled", ("party", "mediator"), "Article 27"),
        Step("break", ("performance",), "breached", ("party", "house"), "Article 27"),
        Step("renegotiate", ("breached",), "performance", ("house",), "Article 27"),
        Step("enforce", ("breached",), "closed_enforcement", ("party", "house"), "Article 27"),
        Step("destroy_keys", _ENDED, "keys_destroyed", ("house",), "Rule of the house: retention"),
    )
}

EXPIRING = STEPS["expire"].sources


def target_of(key: str, state: str, by: Actor, before: Sequence[str] = ()) -> str:
    """Return the state that a step leads to.

    Parameters
    ----------
    by
        Who acts; a side of the dispute may do what ``party`` may.
    before
        The states the case has been in, oldest first.

    Raises
    ------
    StepRefused
        There is no such step, it is not possible in this state, or not for this person.

    Examples
    --------
    >>> target_of("withdraw", "signing", "respondent")
    'closed_withdrawn'
    >>> target_of("waive_conflict", "paused_conflict", "house", ["active", "extended"])
    'extended'
    """
    step = STEPS.get(key)
    if step is None:
        raise StepRefused(
            f"There is no step '{key}'.", do=f"The steps are {listed(STEPS, len(STEPS))}."
        )
    if state not in step.sources:
        raise StepRefused(
            f"'{key}' is not possible while the case is '{state}'.",
            where=step.article,
            do=f"It is possible in {listed(step.sources, len(step.sources))}.",
        )
    if not is_for(key, by):
        raise StepRefused(
            f"'{key}' is not for the {by} to do.",
            where=step.article,
            do=f"It is for {listed(step.by, len(step.by))}.",
        )
    if step.target != AS_BEFORE:
        # A term that was extended stays so when the agreement names another mediator.
        return "extended" if step.target == "active" and "extended" in before else step.target
    stood = [earlier for earlier in before if earlier in (*_TALKS, "mediator_set")]
    return stood[-1] if stood else "mediator_set"


def is_for(key: str, by: Actor) -> bool:
    """Return whether a step is one that somebody may take at all; a side is a ``party`` too."""
    acting = {by, "party"} if by in ("applicant", "respondent") else {by}
    return bool(acting & set(STEPS[key].by))


def due(
    state: str,
    since: date,
    events: Events,
    today: date,
    profile: LegalProfile,
    holidays: Holidays = KAZAKHSTAN_HOLIDAYS,
) -> Deadline | None:
    """Return until when the owner of a state must have acted; None in the last state alone.

    Parameters
    ----------
    since
        The day the case came into the state, in Asia/Almaty.
    events
        What the law counts days from. A term of law is counted from its own event, so leaving and
        entering a state again does not start it anew.
    """
    key = STATES[state].rule
    if not key:
        return None
    lawful = _by_law(key, events, today, profile, holidays)
    return lawful or _counted(rule_for(key, profile), since, today, holidays)


def _by_law(
    key: str, events: Events, today: date, profile: LegalProfile, holidays: Holidays
) -> Deadline | None:
    wanted = {TERM, EXTENSION} if key in (TERM, EXTENSION) else {key}
    found = [d for d in _dates(events, today, profile, holidays) if d.rule.key in wanted]
    return found[0] if found else None


def _dates(
    events: Events, today: date, profile: LegalProfile, holidays: Holidays
) -> tuple[Deadline, ...]:
    if not events.on:
        return ()
    return deadlines(events, today, profile=profile, holidays=holidays)


def _counted(rule: Rule, since: date, today: date, holidays: Holidays) -> Deadline:
    if rule.unit == "working":
        last = holidays.after(since, rule.days)
    else:
        last = since + timedelta(days=rule.days)
    working = holidays.is_working(last) if last.year in holidays.years else None
    return Deadline(rule, last, "open" if today <= last else "passed", working)


def lapsed(
    state: str,
    since: date,
    events: Events,
    today: date,
    profile: LegalProfile,
    holidays: Holidays = KAZAKHSTAN_HOLIDAYS,
) -> str:
    """Return the step the house must take today because a term has passed, or an empty text.

    The term of the mediation as a whole ends a case whatever it is waiting for meanwhile.
    """
    if state in EXPIRING and "agreement_concluded" in events.on:
        term = _by_law(TERM, events, today, profile, holidays)
        if term is not None and term.last_day < today:
            return "expire"
    found = due(state, since, events, today, profile, holidays)
    return STATES[state].lapse if found is not None and found.last_day < today else ""
