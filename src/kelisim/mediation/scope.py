"""Is this for mediation at all: questions and what follows from a yes, as dated, cited data."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import Literal

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

Weight = Literal["out", "warning"]

ARTICLE = _("Law on Mediation No. 401-IV, Article 1")


@dataclass(frozen=True, slots=True)
class ScopeRule:
    """One question before a case is opened.

    Attributes
    ----------
    weight
        ``out``: a yes leads elsewhere; ``warning``: the case may go on, and both are told.
    answer
        What a yes means, and where to turn.
    basis
        ``read`` where the wording in force was read; ``memory`` where it was not.
    """

    key: str
    question: Promise
    weight: Weight
    answer: Promise
    article: Promise
    basis: Literal["read", "memory"]


RULES = (
    ScopeRule(
        "corruption",
        _("Is it about a bribe, or another crime of somebody in state service?"),
        "out",
        _(
            "Corruption and crimes against state service are excluded from mediation. "
            "Turn to the anti-corruption service (1424) or the prosecutor."
        ),
        ARTICLE,
        "read",
    ),
    ScopeRule(
        "incapable",
        _("Has a court declared somebody who would take part legally incapable?"),
        "out",
        _(
            "A person whom a court declared incapable cannot be a party. "
            "Their guardian may turn to a court or a lawyer."
        ),
        ARTICLE,
        "read",
    ),
    ScopeRule(
        "absent_owner",
        _("Would the agreement touch what belongs to somebody who does not take part?"),
        "warning",
        _(
            "What touches the rights of somebody who is absent can be void. "
            "Bring in every co-owner before anything is signed."
        ),
        ARTICLE,
        "read",
    ),
    ScopeRule(
        "office",
        _("Is one side a public office or an official?"),
        "warning",
        _(
            "Administrative bodies may take part since the law was changed; the older wording "
            "excluded state bodies. The official needs a written mandate to settle."
        ),
        ARTICLE,
        "memory",
    ),
    ScopeRule(
        "court",
        _("Is a court, the police or a prosecutor dealing with it already?"),
        "warning",
        _(
            "Mediation remains possible; the court decides on its own terms. "
            "Bring the number of the case, and tell the court that you began."
        ),
        _("Law on Mediation No. 401-IV, Article 20"),
        "read",
    ),
    ScopeRule(
        "again",
        _("Was the same dispute mediated before?"),
        "warning",
        _("It can be mediated again if both sides want it; bring the earlier agreement."),
        _("Law on Mediation No. 401-IV, Article 20"),
        "memory",
    ),
    ScopeRule(
        "minor",
        _("Is a child concerned, or would somebody under 18 take part?"),
        "warning",
        _(
            "The interests of the child come first. A mediator must report facts that endanger "
            "a child to the body that protects children."
        ),
        _("Law on Mediation No. 401-IV"),
        "memory",
    ),
    ScopeRule(
        "many",
        _("Does a side consist of many people?"),
        "warning",
        _(
            "Choose one to three people to speak for you, with a written mandate. "
            "What they agree on is put to the vote of all before it is signed."
        ),
        _("Law on Mediation No. 401-IV, Article 21"),
        "memory",
    ),
)


def answers_to(yes: Collection[str]) -> tuple[list[ScopeRule], list[ScopeRule]]:
    """Return the rules that lead elsewhere, and those that only warn, for the questions with yes.

    Examples
    --------
    >>> out, warned = answers_to({"corruption", "court"})
    >>> [r.key for r in out], [r.key for r in warned]
    (['corruption'], ['court'])
    """
    told = [rule for rule in RULES if rule.key in yes]
    return [r for r in told if r.weight == "out"], [r for r in told if r.weight == "warning"]
