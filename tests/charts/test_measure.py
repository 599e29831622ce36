from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from kelisim.charts.measure import ELLIPSIS, fit, width, wrap

LONGEST = "Солтүстік Қазақстан облысы"


def test_a_text_is_no_wider_than_in_dejavu_sans_the_widest_common_face() -> None:
    # Advances of DejaVu Sans 2.37 in 1/2048 em, read from its hmtx table with fontTools.
    advances = {"С": 1430, "о": 1253, "л": 1309, "т": 1194, "ү": 1212, "ғ": 1075, "Ш": 2191}
    for letter, advance in advances.items():
        assert width(letter, 1) >= advance / 2048


@given(st.text(max_size=60), st.floats(5, 20), st.floats(0, 400))
@settings(deadline=None, max_examples=200)
def test_a_fitted_text_fits_or_is_a_lone_ellipsis(text: str, size: float, room: float) -> None:
    fitted = fit(text, size, room)
    assert width(fitted, size) <= room + 1e-6 or fitted == ELLIPSIS


@given(st.text(max_size=60), st.floats(5, 20), st.floats(30, 400), st.integers(1, 3))
@settings(deadline=None, max_examples=200)
def test_wrapped_lines_fit_and_are_no_more_than_asked(
    text: str, size: float, room: float, lines: int
) -> None:
    broken = wrap(text, size, room, lines)
    assert 1 <= len(broken) <= lines
    assert all(width(line, size) <= room + 1e-5 or line == ELLIPSIS for line in broken)


def test_a_text_as_wide_as_its_room_is_whole() -> None:
    assert fit(LONGEST, 13, width(LONGEST, 13)) == LONGEST
    assert wrap(LONGEST, 13, width(LONGEST, 13)) == (LONGEST,)


def test_a_long_name_breaks_at_a_space_before_it_is_cut() -> None:
    assert wrap(LONGEST, 13, 170) == ("Солтүстік Қазақстан", "облысы")
    assert wrap(LONGEST, 13, 60, 2) == ("Солтү…", "Қазақ…")


def test_ten_thousand_letters_are_cut_to_their_room() -> None:
    assert fit("ж" * 10_000, 10, 100) == "ж" * 9 + ELLIPSIS
    assert len(wrap("сөз " * 10_000, 10, 100, 2)) == 2


def test_marks_that_stand_over_letters_take_no_room_and_emoji_take_much() -> None:
    assert width("и\u0306", 10) == width("и", 10)
    assert width("\u202e", 10) == 0
    assert width("😀", 10) == 14
    assert width("漢", 10) == 14


def test_heavy_text_is_wider() -> None:
    assert width(LONGEST, 13, bold=True) > width(LONGEST, 13)
