"""The room of a bar chart: names of categories on one line each, cut where they would fill half of the chart."""

from __future__ import annotations

from dataclasses import dataclass, replace

from regulars.render.deck.pen import Pen
from regulars.story.brief_names import brief_names
from regulars.story.slide_spec import Chart, ChartKind

SIZES = (13, 12, 11, 10)
LINE = 1.2  # a row against the size of its name: LibreOffice leaves out names that are higher than their row
LABEL_LINE = 1.0  # bars apart, against the size of their labels: figures have no descenders
SMALLEST_LABEL = 10.0
GAP, OVERLAP = 0.45, -0.05  # between categories and between bars, in bars
WIDEST = 0.42  # of the chart's width, for names
SHORTEST_NAME = 8  # characters
BESIDE = 8.0  # points between a name and the axis
LEGEND, AXIS = 24.0, 18.0  # points above the bars
BELOW = 4.0


@dataclass(frozen=True)
class BarRoom:
    """The chart with names that fit, their size, how far bars are apart in points, and the plot area in shares.

    `crowded` tells that the labels of neighbouring bars would touch.
    """

    chart: Chart
    size: float
    spacing: float
    crowded: bool
    left: float
    top: float
    width: float
    height: float


def bar_room(pen: Pen, chart: Chart) -> BarRoom:
    """Return the room that a bar chart has in the pen's box."""
    face, box = pen.theme.minor, pen.box
    count = max(len(chart.categories), 1)
    above = LEGEND if len(chart.series) > 1 else 0.0
    side_by_side = len(chart.series) > 1 and chart.kind is not ChartKind.TORNADO
    spare = box.height_points - above - 2 * BELOW
    crowded = side_by_side and spare / count * _apart(len(chart.series)) < SMALLEST_LABEL * LABEL_LINE
    above += AXIS if crowded else BELOW
    height = max(box.height_points - above - BELOW, 1.0)
    row, most = height / count, box.width_points * WIDEST
    sizes = SIZES if pen.label_size == 14 else SIZES[1:]
    size = next((size for size in sizes if size * LINE <= row), SIZES[-1])
    names = {name: name for name in chart.categories}
    longest = max(map(len, names), default=0)
    while longest > SHORTEST_NAME and max(face.width(shown, size) for shown in names.values()) > most:
        longest -= 1
        names = brief_names(chart.categories, longest)
    widest = max((face.width(shown, size) for shown in names.values()), default=0.0)
    left = (min(widest, most) * 1.03 + BESIDE) / box.width_points
    shown = replace(
        chart,
        categories=tuple(names[name] for name in chart.categories),
        highlights=tuple(names[name] for name in chart.highlights),
        negatives=tuple(names[name] for name in chart.negatives),
    )
    spacing = row * _apart(len(chart.series)) if side_by_side else row
    return BarRoom(
        shown, size, spacing, crowded, left, above / box.height_points, 0.98 - left, height / box.height_points
    )


def _apart(series: int) -> float:
    """Return how far the bars of a category are apart, as a share of its row.

    >>> round(_apart(2), 2)
    0.42
    """
    return (1 - OVERLAP) / (series + GAP - OVERLAP * (series - 1))
