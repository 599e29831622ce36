"""Charts to be looked at by tests: plain words, plain numbers, and the boxes of their texts."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import combinations
from xml.etree import ElementTree

from kelisim.charts import Numbers, Row, Words
from kelisim.charts.measure import width

SVG = "{http://www.w3.org/2000/svg}"

WORDS = Words("Сенім", "Өңірлер бойынша сенім", "Өңір", "Үлес", "95% аралық", "n", "Ескертпе")

NUMBERS = Numbers(
    value=lambda share: f"{100 * share:.1f}%",
    span=lambda low, high: f"{100 * low:.1f}–{100 * high:.1f}",
    half=lambda half: f"±{100 * half:.1f}",
    count=lambda n: f"{n:,}",
    tick=lambda share: f"{100 * share:g}%",
)

NATION = Row("Ел бойынша", 0.345, 0.33, 0.36, 3000)

ROWS = (
    Row("Абай облысы", 0.31, 0.22, 0.41, 120),
    Row("Солтүстік Қазақстан облысы", 0.47, 0.40, 0.53, 327),
    Row("Ұлытау облысы", None, None, None, 0, "ешкім жауап бермеген"),
    Row("Астана қаласы", 0.29, 0.21, 0.36, 329),
)


@dataclass(frozen=True)
class Box:
    """Where a line of text stands at the most."""

    text: str
    left: float
    right: float
    top: float
    bottom: float

    def meets(self, other: Box) -> bool:
        across = self.left < other.right - 0.1 and other.left < self.right - 0.1
        return across and self.top < other.bottom - 0.1 and other.top < self.bottom - 0.1


def parsed(svg: str) -> ElementTree.Element:
    """Return a chart as XML."""
    return ElementTree.fromstring(svg)  # noqa: S314  (our own drawing)


def boxes(svg: str) -> list[Box]:
    """Return the box of every text; a line is no higher than 1.05 of its size."""
    found = []
    for group in parsed(svg).iter(f"{SVG}g"):
        size = float(group.get("font-size", "0"))
        bold = group.get("font-weight") == "700"
        for text in group.findall(f"{SVG}text"):
            words = text.text or ""
            wide = width(words, size, bold=bold)
            x, y = float(text.attrib["x"]), float(text.attrib["y"])
            left = x - wide * {"start": 0.0, "middle": 0.5, "end": 1.0}[group.attrib["text-anchor"]]
            found.append(Box(words, left, left + wide, y - 0.8 * size, y + 0.25 * size))
    return found


def overlaps(svg: str) -> list[tuple[str, str]]:
    """Return the pairs of texts that may overlap."""
    return [(a.text, b.text) for a, b in combinations(boxes(svg), 2) if a.meets(b)]


def outside(svg: str) -> list[str]:
    """Return the texts that may leave the sheet."""
    root = parsed(svg)
    wide, high = float(root.attrib["width"]), float(root.attrib["height"])
    return [
        box.text
        for box in boxes(svg)
        if box.left < -0.1 or box.right > wide + 0.1 or box.top < -0.1 or box.bottom > high + 0.1
    ]
