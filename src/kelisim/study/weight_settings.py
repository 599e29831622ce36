"""The sections of study.toml that make weights: population, nonresponse, volunteers."""

from __future__ import annotations

from kelisim.core.errors import Refusal
from kelisim.study import kinds
from kelisim.study.declaration import Declaration
from kelisim.study.model import GrossSample, PopulationFile, Volunteers
from kelisim.study.section import Section

METHODS = ("raking", "linear", "logit")
PHI = (0.0, 0.5, 1.0)
"""From selection by what is known alone to selection by the answer alone."""


def read_population(declaration: Declaration, refusals: list[Refusal]) -> PopulationFile | None:
    """Read ``[population]``, None where there is none."""
    if "population" not in declaration.table:
        return None
    with Section(declaration, refusals, "population") as section:
        found = PopulationFile(
            file=declaration.file.parent / section.need("file", kinds.text, ""),
            count=section.take("count", kinds.text, "n"),
            rake=section.take("rake", kinds.margins, ()),
            bounds=section.take("bounds", kinds.bounds, None),
            method=section.take("method", kinds.one_of(*METHODS), "raking"),
            totals=section.take("totals", kinds.totals, {}),
            trim=section.take("trim", kinds.bounds, None),
        )
        _refuse_unfit(section, found)
        return found


def _refuse_unfit(section: Section, population: PopulationFile) -> None:
    if population.method == "logit" and population.bounds is None:
        section.refuse(
            "The logit method needs bounds, which its ratios approach and never cross.",
            "method",
            do="Add bounds such as [0.3, 3.0], or use linear or raking.",
        )
    if population.method == "raking" and population.totals:
        section.refuse(
            "Raking meets counts of categories, not totals of numbers.",
            "totals",
            do='Use method = "linear", or "logit" with bounds.',
        )
    if population.method != "raking" and population.trim:
        section.refuse(
            "Trimming is for raking, after which the margins are met again.",
            "trim",
            do="Use bounds: linear and logit calibration keep to them while they meet the totals.",
        )
    if population.totals and not population.rake:
        section.refuse(
            "Totals are given and no margin, which says how many people there are.",
            "totals",
            do='Add a margin, such as rake = ["region"].',
        )


def read_gross_sample(declaration: Declaration, refusals: list[Refusal]) -> GrossSample | None:
    """Read ``[nonresponse]``, None where there is none."""
    if "nonresponse" not in declaration.table:
        return None
    with Section(declaration, refusals, "nonresponse") as section:
        found = GrossSample(
            file=declaration.file.parent / section.need("file", kinds.text, ""),
            id=section.need("id", kinds.text, ""),
            weight=section.take("weight", kinds.text, None),
            classes=section.take("classes", kinds.texts, ()),
            predictors=section.take("predictors", kinds.texts, ()),
            numeric=section.take("numeric", kinds.texts, ()),
            groups=section.take("groups", kinds.whole, 5),
        )
        regressed = bool(found.predictors or found.numeric)
        if bool(found.classes) == regressed:
            section.refuse(
                "Give either classes, or predictors of a regression.",
                do='Such as classes = ["region", "settlement"].',
            )
        if declaration.table.get("design", {}).get("weight"):
            section.refuse(
                "There is a weight in [design] too, and it is not clear which comes first.",
                do="Name the weight of everybody who was drawn in [nonresponse] alone.",
            )
        if not declaration.table.get("interviews", {}).get("id"):
            section.refuse(
                "Interviews have no identifier, so that it is not known who answered.",
                "id",
                do="Name the column of identifiers as id in [interviews].",
            )
        return found


def read_volunteers(
    declaration: Declaration, refusals: list[Refusal], population: PopulationFile | None
) -> Volunteers | None:
    """Read ``[nonprobability]``, None where there is none; the population is the reference."""
    if "nonprobability" not in declaration.table:
        return None
    with Section(declaration, refusals, "nonprobability") as section:
        file = section.take("file", kinds.text, None)
        known = population.file if population else declaration.file.parent
        if file is None and population is None:
            section.refuse(
                "There is nothing to compare the volunteers with.",
                do="Add a [population], or name a file with cells or a probability sample.",
            )
        for wrong in ("nonresponse", "replicates"):
            if wrong in declaration.table:
                section.refuse(
                    f"[{wrong}] is for samples that were drawn.",
                    why="Of volunteers nobody knows who was asked.",
                    do=f"Leave [{wrong}] out.",
                )
        if declaration.table.get("design", {}).get("weight"):
            section.refuse(
                "There is a weight in [design], and volunteers were not drawn with one.",
                do="Leave weight out of [design]: it is estimated from who took part.",
            )
        return Volunteers(
            file=declaration.file.parent / file if file else known,
            count=section.take("count", kinds.text, population.count if population else "n"),
            predictors=section.need("predictors", kinds.margins, ()),
            phi=section.take("phi", kinds.degrees, PHI),
        )
