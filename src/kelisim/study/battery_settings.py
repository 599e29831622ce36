"""The ``[[battery]]`` tables of study.toml: questions that are scored together."""

from __future__ import annotations

from kelisim.core.errors import Refusal, listed
from kelisim.study import kinds
from kelisim.study.declaration import Declaration
from kelisim.study.model import Battery
from kelisim.study.section import Section

KINDS = ("scale", "pvq21")


def read_batteries(declaration: Declaration, refusals: list[Refusal]) -> tuple[Battery, ...]:
    """Read every battery; a name that repeats is refused."""
    tables = declaration.table.get("battery", [])
    if not isinstance(tables, list):
        Section(declaration, refusals).refuse(
            "A battery is one of several.", "battery", do="Write its heading as [[battery]]."
        )
        return ()
    return tuple(_battery(declaration, refusals, place) for place in range(len(tables)))


def _battery(declaration: Declaration, refusals: list[Refusal], place: int) -> Battery:
    with Section(declaration, refusals, "battery", place) as section:
        found = Battery(
            name=section.need("name", kinds.text, ""),
            items=section.need("items", kinds.texts, ()),
            ends=section.need("ends", kinds.ends, (1.0, 5.0)),
            kind=section.take("kind", kinds.one_of(*KINDS), "scale"),
            reverse=section.take("reverse", kinds.texts, ()),
            language=section.take("language", kinds.text, None),
            wave=section.take("wave", kinds.text, None),
            cohort=section.take("cohort", kinds.text, None),
            width=section.take("width", kinds.whole, 10),
        )
        strange = [one for one in found.reverse if one not in found.items and one != "all"]
        if strange:
            section.refuse(
                f"{listed(strange)} is to be reversed and is no item of the battery.", "reverse"
            )
        if found.kind == "pvq21" and len(found.items) != 21:
            section.refuse(
                f"PVQ-21 has 21 portraits, and {len(found.items)} items are named.",
                "items",
                do="Name the columns in the order of the questionnaire.",
            )
        earlier = [one.get("name") for one in declaration.table["battery"][:place]]
        if found.name in earlier:
            section.refuse(f"There are two batteries '{found.name}'.", "name")
        return found
