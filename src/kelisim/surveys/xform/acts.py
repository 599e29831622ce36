"""Actions: what a form sets when it is opened, a group is added, an answer changes."""

from __future__ import annotations

from collections.abc import Mapping

from lxml import etree

from kelisim.core.errors import QuestionnaireRefused, listed
from kelisim.surveys.xform.markup import local, namespace
from kelisim.surveys.xform.model import Action
from kelisim.surveys.xform.paths import resolve

ODK = "http://www.opendatakit.org/xforms"
EVENT_NAMES = "{http://www.w3.org/2001/xml-events}"
ACTIONS = frozenset({"setvalue", "setgeopoint", "recordaudio"})
EVENTS = frozenset(
    {
        "odk-instance-first-load",
        "odk-instance-load",
        "odk-new-repeat",
        "xforms-value-changed",
        "xforms-ready",
        "xforms-revalidate",
        "jr-insert",
    }
)


def read_actions(
    inside: etree._Element, root: str, trigger: str, named: Mapping[str, str]
) -> list[Action]:
    """Return the actions that stand directly inside an element."""
    return [_action(one, root, trigger, named) for one in inside if local(one) in ACTIONS]


def _action(element: etree._Element, root: str, trigger: str, named: Mapping[str, str]) -> Action:
    name = local(element)
    if name == "setgeopoint" and namespace(element) != ODK:
        raise QuestionnaireRefused(
            "The action <setgeopoint> is not in ODK's namespace.",
            why="Clients would not know it.",
            do=f"Declare it in {ODK}.",
        )
    told = element.get("event") or element.get(f"{EVENT_NAMES}event") or ""
    events = frozenset(told.split())
    unknown = events - EVENTS
    if unknown or not events:
        raise QuestionnaireRefused(
            f"The action <{name}> waits for {listed(sorted(unknown)) or 'no event'}.",
            why="That never happens.",
            do=f"Use {listed(sorted(EVENTS), 12)}.",
        )
    value = element.get("value")
    return Action(
        events=events,
        target=named.get(element.get("bind") or "") or resolve(element.get("ref") or "", root),
        expression=value or "",
        text="" if value else (element.text or "").strip(),
        trigger=trigger,
        place=name != "setvalue",
    )
