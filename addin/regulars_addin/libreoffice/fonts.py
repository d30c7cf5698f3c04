"""Fonts and colours of cells."""

from __future__ import annotations

from typing import Any

NORMAL, BOLD = 100.0, 150.0  # com.sun.star.awt.FontWeight
NO_COLOUR = -1
Colour = tuple[int, int, int]


def colour_of(number: int | None) -> Colour | None:
    """Return a colour's parts.

    >>> colour_of(0xFF8000), colour_of(-1)
    ((255, 128, 0), None)
    """
    if number is None or number == NO_COLOUR:
        return None
    return (number >> 16) & 255, (number >> 8) & 255, number & 255


def number_of(colour: Colour | str | int | None) -> int:
    """Return a colour as LibreOffice keeps it, from its parts, from "#RRGGBB", or as it is.

    >>> number_of("#FF8000") == number_of((255, 128, 0)) == 0xFF8000
    True
    """
    if colour is None:
        return NO_COLOUR
    if isinstance(colour, str):
        return int(colour.lstrip("#"), 16)
    if isinstance(colour, int):
        return colour
    red, green, blue = colour
    return (red << 16) | (green << 8) | blue


class Font:
    """The font of a range."""

    def __init__(self, cells: Any) -> None:
        """Take the cells."""
        self.api = cells

    @property
    def bold(self) -> bool:
        """Whether it is bold."""
        return bool(self.api.CharWeight > NORMAL)

    @bold.setter
    def bold(self, value: bool) -> None:
        self.api.CharWeight = BOLD if value else NORMAL

    @property
    def size(self) -> float:
        """Its size in points."""
        return float(self.api.CharHeight)

    @size.setter
    def size(self, value: float) -> None:
        self.api.CharHeight = float(value)

    @property
    def color(self) -> Colour | None:
        """Its colour; None for the automatic one."""
        return colour_of(self.api.CharColor)

    @color.setter
    def color(self, value: Colour | str | None) -> None:
        self.api.CharColor = number_of(value)

    @property
    def name(self) -> str:
        """The name of the font."""
        return str(self.api.CharFontName)

    @name.setter
    def name(self, value: str) -> None:
        self.api.CharFontName = value
