"""How much room a text takes. Programs do not fit merged rows by themselves, so the renderer measures.

Widths are digits of the 11-point body font, Excel's own measure of columns.
"""

from __future__ import annotations

import unicodedata
from functools import lru_cache

from regulars_workbooks import theme

_NARROW = frozenset("iljtfrI.,;:'|!()[]`·")
_WIDE = frozenset("mwMW@%&—")
_PADDING = 0.7  # a cell's own inner margins
CAUTION = 1.04  # programs differ a little in the widths they draw; a line too high beats one cut off
_REMEMBERED = 10_000  # texts, for a long list says the same words in row after row
ROW_MOST = 400.0  # Excel refuses rows above 409 points


@lru_cache(_REMEMBERED)
def text_width(text: str, size: float = theme.BODY_SIZE, *, bold: bool = False) -> float:
    """Return the width of one line of text, in digits of the body font.

    >>> text_width("1234")
    4.0
    >>> text_width("illicit") < text_width("maximum")
    True
    """
    width = sum(map(_character, text)) * size / theme.BODY_SIZE
    return width * 1.05 if bold else width


@lru_cache(_REMEMBERED)
def _character(character: str) -> float:
    if character.isdigit():
        return 1.0
    if character == " ":
        return 0.46
    if character in _NARROW:
        return 0.58
    if character in _WIDE:
        return 1.62
    if character.isupper():
        return 1.18
    if ord(character) > 0x2E7F and unicodedata.east_asian_width(character) in "WF":
        return 2.1
    return 0.98


@lru_cache(_REMEMBERED)
def line_count(text: str, width: float, size: float = theme.BODY_SIZE, *, bold: bool = False) -> int:
    """Return how many lines the text takes when it wraps at words into the given width.

    >>> line_count("one line", 20), line_count("it takes more than one line", 10), line_count("", 10)
    (1, 3, 1)
    """
    room = max((width - _PADDING) / CAUTION, 1.0)
    space = text_width(" ", size, bold=bold)
    total = 0
    for paragraph in text.split("\n"):
        total += 1
        used = 0.0
        for word in paragraph.split():
            wide = text_width(word, size, bold=bold)
            if used and used + space + wide > room:
                total += 1
                used = 0.0
            elif used:
                used += space
            broken = int(wide // room)  # a word longer than the line is broken
            total += broken if wide > room else 0
            used += wide - broken * room if wide > room else wide
    return total


def height(lines: int, size: float = theme.BODY_SIZE, *, above: float = 0.0) -> float:
    """Return the height in points of a row with so many lines, with room above and below them.

    >>> height(1), height(2)
    (15.0, 30.0)
    """
    return min(max(lines * size * theme.ROW_POINTS / theme.BODY_SIZE, theme.ROW_POINTS) + above, ROW_MOST)


def longest_word(text: str, *, bold: bool = False) -> float:
    """Return the width of the widest word: a column narrower than this breaks it."""
    return max((text_width(word, bold=bold) for word in text.split()), default=0.0)


def pixels(width: float) -> int:
    """Return a column width in screen pixels.

    >>> pixels(8.43)
    64
    """
    return int(width * 7 + 5)
