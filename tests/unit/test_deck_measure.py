"""Texts are measured from shipped widths; sizes come from ladders; titles keep their weight."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from regulars.render.deck.fit import Setting, largest_size, text_height
from regulars.render.deck.measure import face, plain, runs

CALIBRI = face("Calibri")
WORDS = st.lists(st.text("abcdefgh", min_size=1, max_size=9), min_size=1, max_size=30).map(" ".join)


def test_widths_are_those_of_the_metric_twin() -> None:
    # Carlito: "H" is 1276 of 2048 units wide, Liberation Sans: 1479.
    assert CALIBRI.width("H", 1000) == pytest.approx(1276 / 2048 * 1000, abs=0.5)
    assert face("Arial").width("H", 1000) == pytest.approx(1479 / 2048 * 1000, abs=0.5)


def test_an_unknown_face_is_taken_to_be_wider_than_arial() -> None:
    unknown = face("Frutiger Next")
    assert not unknown.exact
    assert unknown.width("Champions", 12) == pytest.approx(face("Arial").width("Champions", 12) * 1.06)


def test_bold_marks_widen_a_text_and_are_not_counted() -> None:
    assert CALIBRI.width_of_runs(runs("**Champions**"), 12) > CALIBRI.width("Champions", 12)
    assert plain("**So what:** act") == "So what: act"


def test_a_mark_without_its_partner_stays_text() -> None:
    assert runs("2 ** 3") == (("2 ** 3", False),)


def test_a_bold_mark_inside_a_word_does_not_break_it() -> None:
    assert CALIBRI.lines("**Champion**s", 12, CALIBRI.width("Champions", 12, bold=True)) == 1


def test_a_word_wider_than_its_column_takes_the_lines_it_needs() -> None:
    assert CALIBRI.lines("a" * 100, 10, CALIBRI.width("a" * 10, 10) + 0.01) == 10


def test_wide_letters_are_an_em_and_marks_have_no_width() -> None:
    assert CALIBRI.width("顧客", 10) == 20
    assert CALIBRI.width("e\N{COMBINING ACUTE ACCENT}", 10) == CALIBRI.width("e", 10)


@given(WORDS, st.floats(40, 400), st.floats(40, 400))
def test_a_narrower_column_never_needs_fewer_lines(text: str, one: float, other: float) -> None:
    narrow, wide = sorted((one, other))
    assert CALIBRI.lines(text, 12, narrow) >= CALIBRI.lines(text, 12, wide)


@given(WORDS, st.floats(40, 400))
def test_lines_hold_at_least_the_width_of_the_text(text: str, width: float) -> None:
    assert CALIBRI.lines(text, 12, width) * width >= CALIBRI.width(text.replace(" ", ""), 12) - 1e-6


def test_the_largest_size_that_fits_is_taken() -> None:
    text = ["Three of eleven segments bring most of revenue"]
    size = largest_size(text, CALIBRI, (26, 24, 22, 20), (400, 30), most_lines=1)
    assert size == 20 or size is None
    assert CALIBRI.width(text[0], 26) > 400


def test_no_size_is_better_than_a_wrong_one() -> None:
    assert largest_size(["word " * 200], CALIBRI, (16, 14, 12), (200, 100)) is None


def test_height_counts_lines_spaces_between_and_line_spacing() -> None:
    two = text_height(["one", "two"], CALIBRI, 10, 500, Setting(between=6))
    assert two == pytest.approx(2 * 10 * CALIBRI.line + 6)
    assert text_height(["one"], CALIBRI, 10, 500, Setting(spacing=0.95)) == pytest.approx(9.5 * CALIBRI.line)
