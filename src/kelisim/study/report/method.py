"""How the numbers were made: weights, design, intervals, program; and what they do not say."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from itertools import pairwise

import numpy as np

from kelisim import __version__
from kelisim.charts import Bin, BinWords, edges, histogram, histogram_table
from kelisim.study.report.blocks import Block, Figure, Heading, Paragraph, Points, Section, Terms
from kelisim.study.report.desk import Desk
from kelisim.study.report.numerals import Numerals, number, percent
from kelisim.study.report.precision import design_effect
from kelisim.study.report.prose import Prose, Span, joined, prose
from kelisim.study.report.remarks import spoken_remark

_BINS = 24


def method_section(desk: Desk) -> Section:
    """Return the part on weights, design and intervals."""
    words = desk.words
    notes = tuple(spoken_remark(note, words) for note in desk.result.notes)
    return Section(
        f"{desk.language}-method",
        words.say("method"),
        (
            Heading(words.say("weights")),
            Terms(_weight_terms(desk)),
            *_spread(desk),
            Heading(words.say("design")),
            Terms(_design_terms(desk)),
            Heading(words.say("intervals")),
            *(Paragraph(words.say(key)) for key in _interval_keys(desk)),
            *_of_models(desk),
            *((Heading(words.say("reading_notes")), Points(notes)) if notes else ()),
            Heading(words.say("program")),
            Paragraph(words.say("program_text", version=__version__)),
        ),
    )


def _weight_terms(desk: Desk) -> tuple[tuple[str, Prose], ...]:
    say, language = desk.words.text, desk.language
    weights, study = desk.result.diagnostics, desk.result.study
    base = study.design.weight
    equal = "base_participation" if desk.volunteers else "base_equal"
    rows = [
        ("base_weight", prose(Span(base, name=True) if base else say(equal))),
        ("raked_to", margins(desk)),
    ]
    if study.population and study.population.bounds:
        low, high = study.population.bounds
        rows.append(("bounds", prose(f"{number(low, language)}–{number(high, language)}")))
    if weights.sweeps:
        rows += [
            ("sweeps", prose(number(weights.sweeps, language, 0))),
            ("margin_error", prose(_tiny(weights.max_error, language))),
            (
                "ratios",
                prose(
                    f"{number(weights.min_ratio, language, 2)}–"
                    f"{number(weights.max_ratio, language, 2)}"
                ),
            ),
        ]
    rows += [
        ("weight_sum", prose(number(weights.sum, language, 0))),
        ("kish", prose(number(weights.kish_deff, language, 3))),
        ("effective_n", prose(number(weights.n / weights.kish_deff, language, 0))),
    ]
    return tuple((say(key), words) for key, words in rows)


def _tiny(error: float, language: str) -> str:
    return f"< {number(1e-6, language, 6)}" if error < 1e-6 else percent(error, language, 4)


def margins(desk: Desk) -> Prose:
    """Return the names of the margins that were raked to, or that there are none."""
    population = desk.result.study.population
    if population is None or not population.rake:
        return desk.words.say("not_raked")
    names = [
        Span(" × ".join(desk.names.item(column).text for column in margin))
        for margin in population.rake
    ]
    return joined(names, "; ")


def _spread(desk: Desk) -> tuple[Block, ...]:
    """Return the histogram of the weights, relative to their mean; equal weights need none."""
    weight = desk.result.weight.to_numpy()
    relative = weight / weight.mean()
    if np.ptp(relative) < 1e-9:
        return (Paragraph(desk.words.say("weights_equal")),)
    cuts = edges(0.0, float(relative.max()), _BINS)
    counts = np.histogram(relative, cuts)[0].tolist()
    bins = [Bin(*ends, n) for ends, n in zip(pairwise(cuts), counts, strict=True)]
    say, language = desk.words.text, desk.language
    description = say(
        "spread_text",
        least=number(float(relative.min()), language, 2),
        greatest=number(float(relative.max()), language, 2),
    )
    words = BinWords(
        desk.marked(say("spread")),
        description,
        say("spread_axis"),
        say("interviews"),
        say("spread_mean"),
    )
    numbers = Numerals(language, False, 2).numbers()
    draw = partial(histogram, bins, words, numbers, mark=1.0)
    table = histogram_table(bins, words, numbers)
    twin = desk.words.counted("table_rows", len(table.rows))
    figure = Figure(f"{language}-weights", words.title, description, draw, table, twin)
    return (Paragraph(prose(description)), figure)


def _design_terms(desk: Desk) -> tuple[tuple[str, Prose], ...]:
    say, language = desk.words.text, desk.language
    result, design = desk.result, desk.result.study.design
    used = design_effect(desk.facts, result.diagnostics.kish_deff)
    finite = say("fpc_used") if design.fpc else say("fpc_none")
    rows = (
        ("strata", number(result.strata, language, 0)),
        ("psus", number(result.psus, language, 0)),
        ("df", number(result.design_df, language, 0)),
        ("fpc", finite),
        ("deff_used", number(used, language, 2)),
        ("lonely", say(f"lonely_{design.lonely_psu}")),
    )
    return tuple((say(key), prose(words)) for key, words in rows)


def _interval_keys(desk: Desk) -> list[str]:
    direct = [facts for facts in desk.facts if not facts.modelled]
    kinds = {facts.settings.kind for facts in direct if not facts.share}
    replicated = "replicates" in desk.result.study.sections
    keys = ["interval_replicates" if replicated else "interval_variance"]
    if any(facts.share for facts in direct):
        keys.append("interval_shares")
    if kinds - {"quantile"}:
        keys.append("interval_numbers")
    if "quantile" in kinds:
        keys.append("interval_quantiles")
    return [*keys, "interval_domains"]


def _of_models(desk: Desk) -> Iterator[Paragraph]:
    """Yield how the intervals of small areas are made."""
    methods = {facts.method for facts in desk.facts}
    settings = desk.result.study.smallarea
    if "mrp" in methods and settings:
        draws = number(settings.draws, desk.language, 0)
        yield Paragraph(desk.words.say("interval_mrp", draws=draws))
    if "fay-herriot" in methods:
        yield Paragraph(desk.words.say("interval_fay"))


def apart_section(desk: Desk) -> Section:
    """Return what it means that a difference is not established."""
    keys = ["apart_interval", "apart_overlap", "apart_many"]
    if not desk.result.ranks.is_empty():
        keys.append("apart_ranks")
    return Section(
        f"{desk.language}-apart",
        desk.words.say("apart"),
        tuple(Paragraph(desk.words.say(key)) for key in keys),
    )
