"""Which elements of a questionnaire name files: what a submission must still send."""

from __future__ import annotations

from functools import lru_cache

from lxml import etree

from kelisim.fieldwork.openrosa.instance import Instance
from kelisim.surveys.models import Questionnaire

_XFORMS = "{http://www.w3.org/2002/xforms}"


def expected(instance: Instance, questionnaire: int, digest: str) -> list[str]:
    """Return the names of the files that a submission speaks of."""
    named = [name for path in _paths(questionnaire, digest) for name in instance.texts(path)]
    return sorted({*named, *instance.encrypted})


@lru_cache(maxsize=512)
def _paths(questionnaire: int, digest: str) -> tuple[str, ...]:
    """Return the paths below the root of a questionnaire's elements of type binary."""
    del digest  # a draft changes under its number; its digest does too
    xform = Questionnaire.objects.values_list("xform", flat=True).get(pk=questionnaire)
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False)
    root = etree.fromstring(xform.encode(), parser)
    binds = root.iter(f"{_XFORMS}bind")
    named = [bind.get("nodeset", "") for bind in binds if bind.get("type") == "binary"]
    return tuple(_plain(path) for path in named)


def _plain(path: str) -> str:
    """Return the path of a bind below the first element, without prefixes of namespaces."""
    steps = path.strip("/").split("/")[1:]
    return "/".join(step.rpartition(":")[2] for step in steps)
