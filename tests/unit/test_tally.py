"""A tally names what a column holds today and did not hold when it was written."""

from __future__ import annotations

import zlib
from array import array

import pytest

from regulars.render import tally


def checksums(texts: list[str]) -> list[int]:
    return [zlib.crc32(text.encode()) for text in texts]


@pytest.mark.parametrize("rows", [1, 5, 48, 49, 2_000, 100_000])
def test_one_text_that_was_written_over_is_found_in_a_column_that_was_sorted(rows: int) -> None:
    texts = [f"customer {number}" for number in range(rows)]
    kept = tally.read(tally.written(tally.tallied(tally.of_texts(checksums(texts)))))
    texts = texts[1::2] + texts[::2][::-1]
    assert tally.strangers(kept, tally.of_texts(checksums(texts))) == []
    texts[rows // 2] = "called"
    assert tally.strangers(kept, tally.of_texts(checksums(texts))) == [rows // 2]


def test_numbers_whose_last_digits_another_program_wrote_differently_are_no_strangers() -> None:
    numbers = array("d", [number / 7 for number in range(1, 4_000)])
    kept = tally.tallied(tally.of_numbers(numbers))
    again = array("d", [float(f"{number:.15g}") for number in numbers])
    assert tally.strangers(kept, tally.of_numbers(again)) == []
    again[17] = 99_999.0
    assert tally.strangers(kept, tally.of_numbers(again)) == [17]


def test_a_text_written_over_while_another_was_emptied_is_found() -> None:
    kept = tally.tallied(tally.of_texts(checksums(["a", "b", "c"])))
    assert tally.strangers(kept, tally.of_texts(checksums(["c", "d"]))) == [1]


def test_a_tally_of_a_long_column_is_short() -> None:
    many = tally.tallied(tally.of_texts(checksums([str(number) for number in range(100_000)])))
    assert len(tally.written(many)) < 1_000
