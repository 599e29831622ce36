"""When two statements say the same: words compared without case, signs and order."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable

from kelisim.consultations.models import Statement, Wording
from kelisim.consultations.models.voices import LONGEST

NEAR = 0.6
"""Share of words in common from which on a statement is shown as one that may be meant."""

MOST_SHOWN = 3

_JOINERS = {"\u200c", "\u200d"}
"""Format characters that emoji and scripts need; all others could turn the page around them."""


def cleaned(text: str) -> str:
    r"""Return a text in one line, without control and direction-turning characters.

    >>> cleaned("  Two\u202e  lines\nhere ")
    'Two lines here'
    """
    kept = (
        " " if letter.isspace() else letter
        for letter in unicodedata.normalize("NFC", text)
        if letter.isspace() or letter in _JOINERS or unicodedata.category(letter) not in _UNSAID
    )
    return " ".join("".join(kept).split())


_UNSAID = {"Cc", "Cf", "Cs", "Co", "Cn"}


def words(text: str) -> list[str]:
    """Return the words of a text without case and signs.

    >>> words("Көше, КӨШЕ: жарық!")
    ['көше', 'көше', 'жарық']
    """
    folded = unicodedata.normalize("NFKC", text).casefold()
    return "".join(
        c if c.isalnum() or unicodedata.category(c) == "Mn" else " " for c in folded
    ).split()


def likeness(text: str) -> str:
    """Return what two statements share when they are the same but for case, signs and order."""
    return " ".join(sorted(set(words(text))))[:LONGEST]


def nearness(one: Iterable[str], other: Iterable[str]) -> float:
    """Return the share of the words of both that are in both.

    >>> nearness(["more", "trees"], ["more", "trees", "please"])
    0.6666666666666666
    """
    a, b = set(one), set(other)
    return len(a & b) / len(a | b) if a | b else 0.0


def near(text: str, among: Iterable[Wording]) -> list[Statement]:
    """Return the statements that come closest to a text, the closest first."""
    own = words(text)
    found: dict[int, tuple[float, Statement]] = {}
    for wording in among:
        share = nearness(own, wording.likeness.split())
        best = found.get(wording.statement_id, (0.0, wording.statement))[0]
        if share >= NEAR and share > best:
            found[wording.statement_id] = (share, wording.statement)
    ordered = sorted(found.values(), key=lambda pair: (-pair[0], pair[1].number))
    return [statement for _share, statement in ordered[:MOST_SHOWN]]
