"""The ``[[indicator]]`` tables of study.toml: what is to be estimated, and what suits what."""

from __future__ import annotations

from kelisim.core.errors import IndicatorRefused, Refusal, listed
from kelisim.study import kinds
from kelisim.study.declaration import Declaration
from kelisim.study.model import IndicatorSettings
from kelisim.study.section import Section

KINDS = ("categorical", "mean", "total", "ratio", "quantile")

_OWNERS = {
    "numerator": ("ratio",),
    "denominator": ("ratio",),
    "column": ("categorical", "mean", "total", "quantile"),
    "yes": ("categorical", "mean", "total"),
    "at": ("quantile",),
}


def read_indicators(
    declaration: Declaration, refusals: list[Refusal]
) -> tuple[IndicatorSettings, ...]:
    """Read every indicator; what is refused is added to ``refusals``."""
    given = declaration.table.get("indicator")
    if not given or not isinstance(given, list):
        Section(declaration, refusals).refuse(
            "The study has no indicators."
            if given is None
            else "'indicator' is not a list of tables.",
            "indicator",
            do="Write every indicator under a header [[indicator]], with double brackets.",
        )
        return ()
    indicators = tuple(_indicator(declaration, refusals, index) for index in range(len(given)))
    _refuse_repeated_names(declaration, refusals, indicators)
    return indicators


def _indicator(declaration: Declaration, refusals: list[Refusal], index: int) -> IndicatorSettings:
    with Section(declaration, refusals, "indicator", index) as section:
        name = section.need("name", kinds.text, "")
        kind = section.take("kind", kinds.one_of(*KINDS), "categorical")
        indicator = IndicatorSettings(
            name=name,
            kind=kind,
            column=section.take("column", kinds.text, None if kind == "ratio" else name),
            numerator=section.take("numerator", kinds.text, None),
            denominator=section.take("denominator", kinds.text, None),
            yes=section.take("yes", kinds.codes, ()),
            at=section.take("at", kinds.shares, (0.5,) if kind == "quantile" else ()),
            threshold=section.take("threshold", kinds.above, None),
        )
        _refuse_unsuited(section, indicator)
        return indicator


def _refuse_unsuited(section: Section, indicator: IndicatorSettings) -> None:
    for key, owners in _OWNERS.items():
        if key in section and indicator.kind not in owners:
            section.refuse(
                f"'{key}' does not belong to an indicator of the kind {indicator.kind}.",
                key,
                do=f"It belongs to {listed(owners)}.",
            )
    for key in ("numerator", "denominator"):
        if indicator.kind == "ratio" and key not in section:
            section.refuse(f"An indicator of the kind ratio needs a '{key}'.", do="Name a column.")
    if indicator.threshold is not None and gives_several(indicator):
        section.refuse(
            "A threshold needs one number a domain, and this indicator gives several.",
            "threshold",
            do='Say which answers count, as in yes = ["Always"], or ask for one quantile.',
        )


def gives_several(indicator: IndicatorSettings) -> bool:
    """Say whether an indicator has several estimates a domain: categories, or quantiles."""
    return (indicator.kind == "categorical" and not indicator.yes) or len(indicator.at) > 1


def _refuse_repeated_names(
    declaration: Declaration,
    refusals: list[Refusal],
    indicators: tuple[IndicatorSettings, ...],
) -> None:
    names = [one.name for one in indicators]
    for index, name in enumerate(names):
        first = names.index(name)
        if name and first < index:
            refusals.append(
                IndicatorRefused(
                    f"Two indicators have the name '{name}'; the other stands at "
                    f"{declaration.where('indicator', first, 'name')}.",
                    where=declaration.where("indicator", index, "name"),
                    why="Their estimates could not be told apart.",
                    do="Give one of them another name.",
                )
            )
