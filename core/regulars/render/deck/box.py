"""Rectangles on a slide, in English Metric Units (914,400 an inch, 12,700 a point)."""

from __future__ import annotations

from dataclasses import dataclass, replace

EMU_PER_INCH = 914_400
EMU_PER_POINT = 12_700


def inches(length: float) -> int:
    """Return the length in EMU.

    >>> inches(0.5)
    457200
    """
    return round(length * EMU_PER_INCH)


def points(length: float) -> int:
    """Return the length in EMU.

    >>> points(72) == inches(1)
    True
    """
    return round(length * EMU_PER_POINT)


@dataclass(frozen=True)
class Box:
    """Left, top, width and height in EMU."""

    left: int
    top: int
    width: int
    height: int

    @property
    def right(self) -> int:
        """Return the right edge."""
        return self.left + self.width

    @property
    def bottom(self) -> int:
        """Return the bottom edge."""
        return self.top + self.height

    @property
    def width_points(self) -> float:
        """Return the width in points."""
        return self.width / EMU_PER_POINT

    @property
    def height_points(self) -> float:
        """Return the height in points."""
        return self.height / EMU_PER_POINT

    def cut_top(self, height: int, gap: int = 0) -> tuple[Box, Box]:
        """Return the upper part and, below a gap, the rest.

        >>> Box(0, 0, 10, 10).cut_top(3, gap=1)
        (Box(left=0, top=0, width=10, height=3), Box(left=0, top=4, width=10, height=6))
        """
        rest = max(self.height - height - gap, 0)
        return replace(self, height=height), replace(self, top=self.top + height + gap, height=rest)

    def cut_bottom(self, height: int, gap: int = 0) -> tuple[Box, Box]:
        """Return the rest and, below a gap, the lower part."""
        rest = max(self.height - height - gap, 0)
        return replace(self, height=rest), replace(self, top=self.bottom - height, height=height)

    def columns(self, shares: tuple[float, ...], gap: int) -> tuple[Box, ...]:
        """Return columns side by side whose widths have the given proportions.

        >>> [column.left for column in Box(0, 0, 110, 10).columns((1, 1), gap=10)]
        [0, 60]
        """
        free = self.width - gap * (len(shares) - 1)
        made: list[Box] = []
        left = self.left
        for share in shares:
            width = round(free * share / sum(shares))
            made.append(Box(left, self.top, width, self.height))
            left += width + gap
        return tuple(made)
