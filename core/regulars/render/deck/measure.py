"""How wide and high text will be, from tables of advance widths: the same on every machine, with or without fonts.

Kerning is left out, which makes texts slightly wider than they are: a text that fits here fits on the slide.
"""

from __future__ import annotations

import functools
import json
import math
import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from importlib.resources import files
from typing import Any, cast

METRIC_TWINS = {
    "calibri": "Carlito",
    "carlito": "Carlito",
    "arial": "Liberation Sans",
    "helvetica": "Liberation Sans",
    "liberation sans": "Liberation Sans",
}
STAND_IN = "Liberation Sans"
STAND_IN_SCALE = 1.06  # an unknown face is taken to be a little wider than Arial
UNKNOWN_WIDTH = 0.6
WIDE_WIDTH = 1.0

Run = tuple[str, bool]  # text and whether it is bold


@dataclass(frozen=True)
class Face:
    """The widths of a typeface in ems. `exact` is false when another face stands in for an unknown one."""

    name: str
    exact: bool
    scale: float
    line: float
    regular: Mapping[str, float]
    bold: Mapping[str, float]

    def width(self, text: str, size: float, *, bold: bool = False) -> float:
        """Return the width in points of a text on one line.

        >>> round(face("Calibri").width("Champions", 10), 1)
        45.3
        """
        return self.width_of_runs(((text, bold),), size)

    def width_of_runs(self, text: Sequence[Run], size: float) -> float:
        """Return the width in points of runs on one line."""
        return sum(self._advance(letter, bold=bold) for part, bold in text for letter in part) * size * self.scale

    def lines(self, text: str, size: float, width: float, *, bold: bool = False) -> int:
        """Return the number of lines that a text with `**bold**` marks takes in a column, in points.

        >>> face("Calibri").lines("a few words", 10, 1000), face("Calibri").lines("a few words", 10, 30)
        (1, 2)
        """
        return sum(self.lines_of_runs(runs(line), size, width, bold=bold) for line in text.split("\n"))

    def longest_word(self, text: str, size: float, *, bold: bool = False) -> float:
        """Return the width in points of the widest word: a narrower column would break it."""
        return max((self.width_of_runs(word, size) for word in _words(_embolden(runs(text), bold=bold))), default=0.0)

    def lines_of_runs(self, text: Sequence[Run], size: float, width: float, *, bold: bool = False) -> int:
        """Return the number of lines that runs without a line break take in a column, in points."""
        space = self.width(" ", size)
        lines, used = 1, 0.0
        for word in _words(_embolden(text, bold=bold)):
            wide = self.width_of_runs(word, size)
            if used and used + space + wide > width:
                lines, used = lines + 1, 0.0
            if wide > width > 0:
                lines += math.ceil(wide / width) - 1
                wide %= width
            used += wide + (space if used else 0.0)
        return lines

    def _advance(self, letter: str, *, bold: bool) -> float:
        known = (self.bold if bold else self.regular).get(letter)
        if known is not None:
            return known
        if unicodedata.combining(letter) or unicodedata.category(letter) == "Cf":
            return 0.0
        return WIDE_WIDTH if unicodedata.east_asian_width(letter) in "WF" else UNKNOWN_WIDTH


@functools.cache
def face(name: str) -> Face:
    """Return the widths of a typeface by its name in the theme.

    >>> face("Calibri").exact, face("Frutiger").exact
    (True, False)
    """
    twin = METRIC_TWINS.get(name.casefold())
    table = _tables()[twin or STAND_IN]
    return Face(
        name=name,
        exact=twin is not None,
        scale=1.0 if twin else STAND_IN_SCALE,
        line=table["line"],
        regular={letter: width / 1000 for letter, width in table["regular"].items()},
        bold={letter: width / 1000 for letter, width in table["bold"].items()},
    )


def runs(text: str) -> tuple[Run, ...]:
    """Split a text at its `**bold**` marks.

    >>> runs("**So what:** protect them")
    (('So what:', True), (' protect them', False))
    """
    parts = re.split(r"\*\*", text)
    if len(parts) % 2 == 0:  # a mark without its partner is text
        return ((text, False),)
    return tuple((part, number % 2 == 1) for number, part in enumerate(parts) if part)


def plain(text: str) -> str:
    """Return the text without its marks.

    >>> plain("**So what:** protect them")
    'So what: protect them'
    """
    return "".join(part for part, _ in runs(text))


def _embolden(text: Sequence[Run], *, bold: bool) -> tuple[Run, ...]:
    return tuple((part, bold or marked) for part, marked in text)


def _words(text: Sequence[Run]) -> list[list[Run]]:
    words: list[list[Run]] = [[]]
    for part, bold in text:
        for number, piece in enumerate(part.split(" ")):
            if number:
                words.append([])
            if piece:
                words[-1].append((piece, bold))
    return [word for word in words if word]


@functools.cache
def _tables() -> dict[str, Any]:
    return cast(
        "dict[str, Any]", json.loads(files("regulars_slides").joinpath("widths.json").read_text(encoding="utf-8"))
    )
