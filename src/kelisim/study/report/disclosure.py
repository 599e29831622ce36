"""What a poll should tell about itself, and whether this one does.

The eleven elements for immediate disclosure of the AAPOR Code (section III.A, April 2021), which
the AAPOR Transparency Initiative asks for.
"""

from __future__ import annotations

from typing import Literal

from kelisim.charts import Table
from kelisim.study.report.blocks import Paragraph, Section, TableBlock
from kelisim.study.report.desk import Desk
from kelisim.study.report.method import margins
from kelisim.study.report.numerals import number
from kelisim.study.report.opening import country_name, fieldwork, margin_words, mode_name
from kelisim.study.report.prose import plain

Given = Literal["given", "partly", "not_given"]
_Row = tuple[Given, str]


def disclosure_section(desk: Desk) -> Section:
    """Return the table of elements that are given and that are not."""
    say = desk.words.text
    elements = (
        ("d_strategy", _strategy(desk)),
        ("d_sponsor", _sponsor(desk)),
        ("d_instrument", _instrument(desk)),
        ("d_population", _population(desk)),
        ("d_sample", _sample(desk)),
        ("d_mode", _mode(desk)),
        ("d_dates", _dates(desk)),
        ("d_precision", _precision(desk)),
        ("d_weighting", _weighting(desk)),
        ("d_processing", _processing(desk)),
        ("d_limits", _limits(desk)),
    )
    rows = tuple((say(key), say(given), words) for key, (given, words) in elements)
    head = (say("d_element"), say("d_given"), say("d_what"))
    table = Table(say("disclosure"), head, rows, (False, False, False))
    return Section(
        f"{desk.language}-disclosure",
        desk.words.say("disclosure"),
        (Paragraph(desk.words.say("disclosure_text")), TableBlock(table)),
    )


def _strategy(desk: Desk) -> _Row:
    return "given", desk.words.text("d_strategy_value")


def _sponsor(desk: Desk) -> _Row:
    study, say = desk.result.study, desk.words.text
    named = [
        f"{say(term)}: {name}"
        for term, name in (("sponsor", study.sponsor), ("conductor", study.conductor))
        if name
    ]
    return ("not_given", "partly", "given")[len(named)], "; ".join(named)


def _instrument(desk: Desk) -> _Row:
    if desk.result.study.questionnaire is not None:
        return "given", desk.words.text("d_instrument_whole")
    worded = any(desk.question(facts).text != facts.settings.name for facts in desk.facts)
    if worded:
        return "partly", desk.words.text("d_instrument_part")
    return "not_given", ""


def _population(desk: Desk) -> _Row:
    country = country_name(desk.result.study.country, desk.language)
    return "partly", desk.words.text("d_population_value", country=country)


def _sample(desk: Desk) -> _Row:
    design = desk.result.study.design
    if desk.volunteers:
        return "partly", desk.words.text("d_sample_volunteers")
    if not design.strata and not design.psu:
        return "not_given", ""
    return "partly", desk.words.text(
        "d_sample_value",
        strata=number(desk.result.strata, desk.language, 0),
        psus=number(desk.result.psus, desk.language, 0),
    )


def _mode(desk: Desk) -> _Row:
    mode = mode_name(desk.result.study.mode, desk.words)
    return ("given" if mode else "not_given"), mode


def _dates(desk: Desk) -> _Row:
    study = desk.result.study
    if study.fieldwork is None:
        return "not_given", ""
    return "given", fieldwork(study, desk.words)


def _precision(desk: Desk) -> _Row:
    n = number(desk.result.diagnostics.n, desk.language, 0)
    margin = plain(margin_words(desk))
    return "given", desk.words.text("d_precision_value", n=n, margin=margin)


def _weighting(desk: Desk) -> _Row:
    study = desk.result.study
    if study.population is not None and study.population.rake:
        return "given", desk.words.text("d_weighting_raked", margins=plain(margins(desk)))
    if desk.volunteers:
        return "given", desk.words.text("base_participation")
    if study.design.weight:
        return "partly", desk.words.text("d_weighting_base", column=study.design.weight)
    return "given", desk.words.text("d_weighting_none")


def _processing(desk: Desk) -> _Row:
    return "partly", desk.words.text("d_processing_value")


def _limits(desk: Desk) -> _Row:
    return "given", desk.words.text("d_limits_value")
