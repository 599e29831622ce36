"""The top of the report: who, when, how, how many, how exactly, and what was found."""

from __future__ import annotations

from babel import Locale

from kelisim.core import kazakh
from kelisim.core.regions import COUNTRIES
from kelisim.study.model import Study
from kelisim.study.report.blocks import Block, Paragraph, Points, Section, Terms
from kelisim.study.report.desk import Desk
from kelisim.study.report.facts import Estimate, IndicatorFacts
from kelisim.study.report.numerals import Numerals, number
from kelisim.study.report.precision import design_effect, margin_of_error
from kelisim.study.report.prose import Prose, Span, prose, shortened
from kelisim.study.report.wording import Wording

_MODES = {
    "face-to-face": "mode_face",
    "capi": "mode_face",
    "papi": "mode_face",
    "telephone": "mode_phone",
    "phone": "mode_phone",
    "cati": "mode_phone",
    "web": "mode_web",
    "online": "mode_web",
    "cawi": "mode_web",
    "mail": "mode_mail",
    "mixed": "mode_mixed",
}

_MOST_FINDINGS = 6
_LONGEST = 160
"""Letters of a question or an answer within a sentence."""


def country_name(code: str, language: str) -> str:
    """Return a country's title; that of CLDR where Kelisim does not know it, else its code."""
    country = COUNTRIES.get(code)
    if country:
        return country.title[language]
    return str(Locale.parse(language).territories.get(code, code))


def mode_name(mode: str, words: Wording) -> str:
    """Return a mode of interviewing in words; one not known as it was given."""
    key = _MODES.get(mode.strip().lower())
    return words.text(key) if key else mode


def fieldwork(study: Study, words: Wording) -> str:
    """Return the dates of fieldwork, or that they were not given."""
    if study.fieldwork is None:
        return words.text("not_given")
    return kazakh.date_range(*study.fieldwork, words.language)


def margin_words(desk: Desk) -> Prose:
    """Return the margin of error with its design effect; volunteers have none."""
    if desk.volunteers:
        return desk.words.say("margin_none")
    weights = desk.result.diagnostics
    deff = design_effect(desk.facts, weights.kish_deff)
    margin = margin_of_error(weights.n, deff)
    return desk.words.say(
        "margin_value",
        margin=number(100 * margin, desk.language, 1),
        deff=number(deff, desk.language, 2),
    )


def opening(desk: Desk) -> tuple[Block, ...]:
    """Return the facts under the title."""
    study, say = desk.result.study, desk.words.text
    absent = say("not_given")
    rows = [
        (say("when"), fieldwork(study, desk.words)),
        (say("how"), mode_name(study.mode, desk.words) or absent),
        (say("respondents"), number(desk.result.diagnostics.n, desk.language, 0)),
    ]
    warning = (Paragraph(desk.words.say("volunteers"), "finding"),) if desk.volunteers else ()
    return (
        *warning,
        Terms(
            (
                (say("conductor"), _as_given(study.conductor, absent)),
                (say("sponsor"), _as_given(study.sponsor, absent)),
                *((term, prose(words)) for term, words in rows),
                (say("margin"), margin_words(desk)),
            )
        ),
    )


def _as_given(name: str, absent: str) -> Prose:
    return prose(Span(name, name=True)) if name else prose(absent)


def findings(desk: Desk) -> Section:
    """Return the key findings, a sentence an indicator, and how to read the charts."""
    direct = [facts for facts in desk.facts if not facts.modelled]
    shown = direct[:_MOST_FINDINGS]
    points = Points(tuple(finding(desk, facts, question=True) for facts in shown))
    notes = [desk.words.say("how_to_read")]
    if len(direct) > len(shown):
        notes.insert(0, desk.words.say("findings_follow"))
    return Section(
        f"{desk.language}-findings",
        desk.words.say("findings"),
        (points, *(Paragraph(note, "note") for note in notes)),
    )


def finding(desk: Desk, facts: IndicatorFacts, *, question: bool) -> Prose:
    """Return what the nation answered, with its interval and n, as one sentence."""
    return desk.told(_finding(desk, facts, question=question))


def _finding(desk: Desk, facts: IndicatorFacts, *, question: bool) -> Prose:
    answer = facts.leading
    numerals = desk.numerals(facts)
    lead = (
        desk.words.say("finding_about", question=_short(desk.question(facts))) if question else ()
    )
    nation = answer.nation
    if nation is None or nation.estimate is None:
        return (*lead, *desk.words.say("finding_none"))
    values = _values(nation, numerals)
    if not facts.share:
        measure = desk.measure(facts, answer)
        return (*lead, *desk.words.say("finding_value", measure=measure, **values))
    key = "finding_leading" if len(facts.answers) > 1 else "finding_share"
    named = _short(desk.answer(facts, answer))
    return (*lead, *desk.words.say(key, answer=named, **values), *_close(desk, facts, numerals))


def _short(name: Span) -> Span:
    return name._replace(text=shortened(name.text, _LONGEST))


def _values(estimate: Estimate, numerals: Numerals) -> dict[str, str]:
    return {
        "value": numerals.value(estimate.estimate),
        "span": numerals.whole_span(estimate.low, estimate.high),
        "n": numerals.number_of(estimate.n),
    }


def _close(desk: Desk, facts: IndicatorFacts, numerals: Numerals) -> Prose:
    """Return that the next answer's interval overlaps the first one's, where it does."""
    ranked = sorted(
        (one for one in facts.answers if one.nation and one.nation.estimate is not None),
        key=lambda one: -(one.nation.estimate or 0.0) if one.nation else 0.0,
    )
    if len(ranked) < 2:
        return ()
    first, second = ranked[0].nation, ranked[1].nation
    if first is None or second is None or first.low is None or second.high is None:
        return ()
    if second.high < first.low:
        return ()
    named = _short(desk.answer(facts, ranked[1]))
    return (
        Span(" "),
        *desk.words.say("finding_close", answer=named, **_values(second, numerals)),
    )
