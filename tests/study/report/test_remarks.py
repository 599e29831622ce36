"""What the engine noticed is said in every language, with its names and numbers."""

from __future__ import annotations

import numpy as np
import pytest

from kelisim.engine.ranking import rank_sets
from kelisim.study.model import LANGUAGES
from kelisim.study.report.prose import Span, plain
from kelisim.study.report.remarks import spoken_remark
from kelisim.study.report.wording import wording

REMARKS = [
    "Column 'q {1}': cells with the user-missing codes 5, 99 (Don't know) count as missing: 3.",
    "283 of 1720 weights are negative, the least -0.123 times its base weight. Totals are right "
    "with them; shares of small groups may leave 0 to 100 %. Give bounds to avoid it.",
    "40 of 90 who were drawn answered; their weights were raised in 4 classes, at most 1.5 times.",
    "The sample was not drawn: weights come from who took part, by sex*age, region. Intervals hold "
    "if those who took part think like people of their kind who did not; selection.csv says what "
    "happens if they do not.",
    "3 estimates by models (fay-herriot, mrp) are not compared: they have other errors.",
    *(
        f"Ranks of 'trust' by region: {note}"
        for note in rank_sets([0.1, np.nan, 0.3], np.diag([0.0, np.nan, 0.01])).notes
    ),
]


def test_ranks_tell_two_things() -> None:
    assert len(REMARKS) == 7


@pytest.mark.parametrize("remark", REMARKS)
def test_every_remark_is_known_in_every_language(remark: str) -> None:
    said = {language: spoken_remark(remark, wording(language)) for language in LANGUAGES}
    assert plain(said["en"]).replace("−", "-").replace("\xa0", "").replace(",", "") == (
        remark.replace(",", "")
    )
    assert len({plain(one) for one in said.values()}) == 3
    assert all(span.language == "" for one in said.values() for span in one)


def test_numbers_are_written_as_the_language_writes_them_and_names_as_they_are() -> None:
    assert "−0,123" in plain(spoken_remark(REMARKS[1], wording("kk")))
    said = spoken_remark(REMARKS[0], wording("ru"))
    assert Span("q {1}", name=True) in said


def test_a_remark_that_is_not_known_is_kept_and_marked() -> None:
    assert spoken_remark("Seen.", wording("kk")) == (Span("Seen.", "en"),)
    assert spoken_remark("Seen.", wording("en")) == (Span("Seen."),)
