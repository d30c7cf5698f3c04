"""Where the names of bubbles and of their four fields stand, so that none lies on another or on a bubble."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

LABEL_SIZE = 12.0
HEIGHT = LABEL_SIZE * 1.25
GAP = 3.0  # between a bubble and its name
STEPS = 12  # places along each side of a field at which its name is tried
BESIDE, ABOVE = 0.01, 0.05  # where the names of the fields begin, shares of the axes from their ends
SIDES = ((1, 0), (0, -1), (0, 1), (-1, 0))  # right, above, below, left
SPILL = 2.0  # points by which a name may stand out of the plot

Edges = tuple[float, float, float, float]  # left, top, right, bottom


@dataclass(frozen=True)
class Circle:
    """Where a bubble lies, in points from the chart's upper left corner."""

    x: float
    y: float
    radius: float


@dataclass(frozen=True)
class Plot:
    """The inner plot area in points."""

    left: float
    top: float
    width: float
    height: float


@dataclass(frozen=True)
class Places:
    """For each bubble the side (right, above, below, left) of its name, and the area that the names cover of others."""

    sides: tuple[int, ...]
    covered: float


def label_places(
    circles: Sequence[Circle], widths: Sequence[float], plot: Plot, taken: Sequence[Edges] = (),
    lines: tuple[float, float] | None = None,
) -> Places:  # fmt: skip
    """Return for each bubble the side at which its name touches nothing else, or as little as can be found.

    `taken` are the names of the fields; `lines` is where the axes cross: a name keeps off them where it can.

    >>> label_places([Circle(50, 50, 5), Circle(70, 50, 5)], [30, 30], Plot(0, 0, 200, 100)).sides
    (1, 0)
    """
    bodies = [_around(circle) for circle in circles]
    options: list[list[Option]] = []
    for number, (circle, width) in enumerate(zip(circles, widths, strict=True)):
        others = [*bodies[:number], *bodies[number + 1 :], *taken]
        boxes = [_label_box(circle, width, across, down) for across, down in SIDES]
        options.append(
            [
                Option(
                    side,
                    box,
                    math.fsum(_overlap(box, other) for other in others) + _outside(box, plot),
                    _struck(box, lines),
                )
                for side, box in enumerate(boxes)
            ]
        )
    clear = _all_clear(options)
    if clear is not None:
        return Places(tuple(option.side for option in clear), 0.0)
    chosen: list[Option] = []
    for several in options:
        chosen.append(min(several, key=lambda one: (_covered(one, chosen), one.struck, one.side)))
    covered = math.fsum(_covered(one, chosen[:number]) for number, one in enumerate(chosen))
    return Places(tuple(option.side for option in chosen), covered)


@dataclass(frozen=True)
class Option:
    """A side for a name: its edges, the area it covers of bubbles and names of fields, and how much a line strikes."""

    side: int
    box: Edges
    covers: float
    struck: float


def _all_clear(options: Sequence[Sequence[Option]], chosen: tuple[Option, ...] = ()) -> tuple[Option, ...] | None:
    """Return a side for each name at which nothing is covered, or None where there is no such choice."""
    if len(chosen) == len(options):
        return chosen
    for option in sorted(options[len(chosen)], key=lambda one: (one.struck, one.side)):
        if _covered(option, chosen) == 0:
            found = _all_clear(options, (*chosen, option))
            if found is not None:
                return found
    return None


def _covered(option: Option, chosen: Sequence[Option]) -> float:
    return option.covers + math.fsum(_overlap(option.box, other.box) for other in chosen)


def field_place(
    width: float, plot: Plot, lines: tuple[float, float], circles: Sequence[Circle], *, low: bool, right: bool
) -> tuple[float, float, Edges]:
    """Return where the name of a field begins (at the right: ends) and its edges.

    It is the place nearest to the corner that bubbles cover least.
    """
    bodies = [_around(circle) for circle in circles]
    places = list(_places(width, plot, lines, low=low, right=right))
    return min(places, key=lambda place: math.fsum(_overlap(place[2], body) for body in bodies))


def _places(
    width: float, plot: Plot, lines: tuple[float, float], *, low: bool, right: bool
) -> Iterator[tuple[float, float, Edges]]:
    across = plot.width * BESIDE
    down = plot.height * ABOVE
    wide = (plot.left + plot.width - lines[0] if right else lines[0] - plot.left) - width - GAP - 2 * across
    high = (plot.top + plot.height - lines[1] if low else lines[1] - plot.top) - HEIGHT - down
    steps = [(column / STEPS, row / STEPS) for column in range(STEPS + 1) for row in range(STEPS + 1)]
    for column, row in sorted(
        steps, key=lambda step: (math.hypot(step[0] * max(wide, 0), step[1] * max(high, 0)), step)
    ):
        inset, depth = across + column * max(wide, 0), down + row * max(high, 0)
        x = plot.left + plot.width - inset if right else plot.left + inset
        y = plot.top + plot.height - depth if low else plot.top + depth
        left = x - GAP - width if right else x + GAP
        yield x, y, (left, y - HEIGHT / 2, left + width, y + HEIGHT / 2)


def _around(circle: Circle) -> Edges:
    """Return the square as large as the circle: its corners reach beyond a circle that a name hardly touches."""
    half = circle.radius * math.sqrt(math.pi) / 2
    return circle.x - half, circle.y - half, circle.x + half, circle.y + half


def _label_box(circle: Circle, width: float, across: int, down: int) -> Edges:
    gap = circle.radius + GAP
    left = circle.x + gap if across > 0 else circle.x - gap - width if across < 0 else circle.x - width / 2
    top = circle.y + gap if down > 0 else circle.y - gap - HEIGHT if down < 0 else circle.y - HEIGHT / 2
    return left, top, left + width, top + HEIGHT


def _overlap(one: Edges, other: Edges) -> float:
    wide = min(one[2], other[2]) - max(one[0], other[0])
    high = min(one[3], other[3]) - max(one[1], other[1])
    return wide * high if wide > 0 and high > 0 else 0.0


def _outside(box: Edges, plot: Plot) -> float:
    """Return the area of a name outside the plot."""
    right, low = plot.left + plot.width, plot.top + plot.height
    over = (plot.left - box[0], box[2] - right, plot.top - box[1], box[3] - low)
    return sum(max(part - SPILL, 0.0) for part in over) * LABEL_SIZE


def _struck(box: Edges, lines: tuple[float, float] | None) -> float:
    """Return the area of a name through which one of the lines runs."""
    if lines is None:
        return 0.0
    through = (box[0] < lines[0] < box[2]) + (box[1] < lines[1] < box[3])
    return through * (box[2] - box[0]) * HEIGHT
