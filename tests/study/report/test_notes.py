from __future__ import annotations

import pytest

from kelisim.engine.inference.measure import Note
from kelisim.engine.smallarea.fay_herriot import SYNTHETIC
from kelisim.engine.smallarea.table import EMPTY as UNSEEN
from kelisim.study.areas import NO_ERROR
from kelisim.study.model import LANGUAGES
from kelisim.study.report.notes import SPOKEN, spoken_note
from kelisim.study.report.wording import wording
from kelisim.study.selection_model import UNFITTED, UNPREDICTED
from kelisim.study.volunteers import MARK
from kelisim.study.waves import WaveNote


def test_every_note_of_the_engine_is_said_in_words() -> None:
    of_models = {UNSEEN, SYNTHETIC, NO_ERROR, UNPREDICTED, UNFITTED}
    of_waves = {str(note) for note in WaveNote} - {str(WaveNote.INDEPENDENT)}
    assert set(SPOKEN) == {str(note) for note in Note} - {""} | of_models | of_waves | {MARK}


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_note_is_said_in_the_language_of_the_edition(language: str) -> None:
    said = {spoken_note(note, wording(language)) for note in SPOKEN}
    assert len(said) == len(SPOKEN)
    # Those of two waves are English words that a reader may be told as they are.
    assert not said & (set(SPOKEN) - {str(note) for note in WaveNote})


def test_a_note_that_is_not_known_is_not_lost() -> None:
    assert spoken_note("seen by nobody", wording("kk")) == "seen by nobody"
    assert spoken_note("", wording("kk")) == ""
