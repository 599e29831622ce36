"""Terms that no law sets and this house sets itself, so that no state is without a deadline.

They are kept apart from the law: a term of the law always stands before a term of the house.
"""

from __future__ import annotations

from kelisim.core.errors import RuleRefused
from kelisim.engine.settlement.law import LegalProfile, Rule, Unit

HOUSE_VERSION = "house/2026-11"

_ARTICLE = "Rule of the house"


def _rule(key: str, starts: str, days: int, unit: Unit = "calendar") -> Rule:
    return Rule(key, starts, days, unit, _ARTICLE, HOUSE_VERSION, "house")


HOUSE_RULES = (
    _rule("intake", "draft_begun", 30),
    _rule("triage", "application_filed", 3, "working"),
    _rule("screening", "proposal_answered", 5, "working"),
    _rule("choice", "mediator_proposed", 3, "working"),
    _rule("drafting", "mediator_accepted", 10),
    _rule("conflict", "conflict_declared", 3, "working"),
    _rule("cooling", "text_frozen", 1),
    _rule("signing", "signing_opened", 7),
    _rule("performance", "settled", 365),
    _rule("renegotiation", "promise_broken", 14),
    _rule("retention", "case_closed", 365),
)


def rule_for(key: str, profile: LegalProfile) -> Rule:
    """Return a term: of the law if the profile has it, else of the house.

    Raises
    ------
    RuleRefused
        Neither has such a term.

    Examples
    --------
    >>> from kelisim.engine.settlement.law import KAZAKHSTAN
    >>> rule_for("silence", KAZAKHSTAN).article, rule_for("signing", KAZAKHSTAN).article
    ('Article 20', 'Rule of the house')
    """
    for rule in (*profile.rules, *HOUSE_RULES):
        if rule.key == key:
            return rule
    raise RuleRefused(
        f"There is no rule '{key}', neither of {profile.country} nor of the house.",
        why="A date without a rule would be an invention.",
        do="Add the rule, with its article and source, to the profile.",
    )
