"""The largest size of a ladder at which measured text fits its box. Nothing is left to the program that opens it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from regulars.render.deck.measure import Face

BODY_SIZES = (16, 14, 12)
LINE_SPACING = 1.0


@dataclass(frozen=True)
class Setting:
    """How paragraphs are set: points between them, indent of bullets in points, line spacing, weight."""

    between: float = 6
    indent: float = 0
    spacing: float = LINE_SPACING
    bold: bool = False


PLAIN = Setting()


def text_height(paragraphs: Sequence[str], face: Face, size: float, width: float, setting: Setting = PLAIN) -> float:
    """Return the height in points of paragraphs in a column of that width in points.

    >>> from regulars.render.deck.measure import face
    >>> round(text_height(["one line"], face("Calibri"), 10, 200), 1)
    12.2
    """
    lines = sum(face.lines(text, size, width - setting.indent, bold=setting.bold) for text in paragraphs)
    return lines * size * face.line * setting.spacing + setting.between * max(len(paragraphs) - 1, 0)


def largest_size(
    paragraphs: Sequence[str],
    face: Face,
    sizes: Sequence[float],
    room: tuple[float, float],
    setting: Setting = PLAIN,
    most_lines: int | None = None,
) -> float | None:
    """Return the first size at which the paragraphs fit a room of width and height in points, or None.

    >>> from regulars.render.deck.measure import face
    >>> largest_size(["one line"], face("Calibri"), (20, 10), (40, 20))
    10
    """
    width, height = room
    for size in sizes:
        lines = sum(face.lines(text, size, width - setting.indent, bold=setting.bold) for text in paragraphs)
        few = most_lines is None or lines <= most_lines
        if few and text_height(paragraphs, face, size, width, setting) <= height + 0.01:
            return size
    return None
