"""The engine's notes in the words of a language.

The engine writes its notes in English, for programs and statisticians; a report says them to a
reader.
"""

from __future__ import annotations

from kelisim.engine.inference.measure import Note
from kelisim.engine.smallarea.fay_herriot import SYNTHETIC
from kelisim.engine.smallarea.table import EMPTY as UNSEEN
from kelisim.study.areas import NO_ERROR
from kelisim.study.report.wording import Wording
from kelisim.study.selection_model import UNFITTED, UNPREDICTED
from kelisim.study.volunteers import MARK
from kelisim.study.waves import WaveNote

SPOKEN = {
    str(Note.EMPTY): "note_empty",
    str(Note.UNDIVIDED): "note_undivided",
    str(Note.ONE_PSU): "note_one_psu",
    str(Note.OUTSIDE): "note_outside",
    str(Note.UNANIMOUS): "note_unanimous",
    str(Note.LEFT_OUT): "note_left_out",
    MARK: "note_volunteers",
    UNPREDICTED: "selection_unpredicted",
    UNFITTED: "selection_unfitted",
    UNSEEN: "note_unseen",
    SYNTHETIC: "note_synthetic",
    NO_ERROR: "note_no_error",
    str(WaveNote.CATEGORY): "wave_category",
    str(WaveNote.DOMAIN): "wave_domain",
    str(WaveNote.NO_ERROR): "wave_no_error",
    str(WaveNote.UNANIMOUS): "wave_unanimous",
    str(WaveNote.QUANTILE): "wave_quantile",
    str(WaveNote.HARMONISED): "wave_harmonised",
    str(WaveNote.JOINED): "wave_joined",
    str(WaveNote.SPLIT): "wave_split",
}
"""A note to the message that says it."""


def spoken_note(note: str, words: Wording) -> str:
    """Return notes of the engine in the language of the edition; one not known as it is."""
    return "; ".join(words.text(SPOKEN[one]) if one in SPOKEN else one for one in note.split("; "))
