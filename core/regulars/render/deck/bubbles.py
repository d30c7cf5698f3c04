"""Bubble charts in four fields: one series a point, so that its name is its label and follows the data.

The workbook behind one is a plain table: a row for each point with its name, across, up and size.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any

from pptx.chart.data import BubbleChartData
from pptx.enum.chart import XL_CHART_TYPE, XL_LABEL_POSITION, XL_TICK_LABEL_POSITION, XL_TICK_MARK
from pptx.util import Pt

from regulars.render.deck import chart_xml, oxml
from regulars.render.deck.box import Box, points
from regulars.render.deck.bubble_labels import LABEL_SIZE, Circle, Places, Plot, field_place, label_places
from regulars.render.deck.formats import chart_format, decade_format, tick_format
from regulars.render.deck.lines import Scale, nice_scale
from regulars.render.deck.pen import Pen
from regulars.render.deck.text import Look, text_box
from regulars.render.deck.theme import READABLE, Paint, Theme, contrast
from regulars.story.slide_spec import Chart, Role, Series

AXIS_SIZE = 12.0
LARGEST = 0.07  # radius of the largest bubble, share of the plot's shorter side
DEFAULT_LARGEST = 0.125  # what a scale of 100 gives: a diameter of a quarter of that side
SEEN_THROUGH = 0.85  # bubbles lie on one another
TITLE_SHARE = 0.7  # of the chart's height: a longer title of the upright axis wraps
TOP, RIGHT, BOTTOM_LINES = 0.03, 0.03, 3.4
SPECK = 1e-6  # size of what only bears a name, against the largest
ROOM = 1.5  # the same on an axis of powers of ten, below and above
SPARE = 1.14  # an axis reaches beyond its largest value, so that bubbles and labels have room
COVERED = 12.0  # square points of other names and bubbles under all names: beyond, bubbles bear numbers
KEY_BETWEEN = "\N{NO-BREAK SPACE}" * 4
PLACES = (XL_LABEL_POSITION.RIGHT, XL_LABEL_POSITION.ABOVE, XL_LABEL_POSITION.BELOW, XL_LABEL_POSITION.LEFT)
# Whether a corner lies low and at the right, and where its name stands beside its point.
CORNERS = (
    (False, False, XL_LABEL_POSITION.RIGHT), (False, True, XL_LABEL_POSITION.LEFT), (True, False, XL_LABEL_POSITION.RIGHT),
    (True, True, XL_LABEL_POSITION.LEFT),
)  # fmt: skip


@dataclass(frozen=True)
class Arrangement:
    """Where everything of a chart stands: plot, sides of the names, points that bear the names of the fields."""

    plot: Plot
    places: Places
    fields: tuple[tuple[float, float], ...]  # shares of the axes, from the left and from below


def draw_bubbles(pen: Pen, chart: Chart) -> Any:
    """Draw a bubble chart and return its frame. Series: across, up and, if there is a third, size.

    Where the names of the bubbles would lie on one another, bubbles bear numbers and a key below says whose they are.
    """
    across, up = chart.series[0], chart.series[1]
    xs, ys = ([value or 0.0 for value in series.values] for series in (across, up))
    sizes = [value or 0.0 for value in chart.series[2].values] if len(chart.series) > 2 else [1.0] * len(xs)
    make = _decades if chart.logarithmic else _scale
    scales = tuple(make(values, cross) for values, cross in zip((xs, ys), chart.crossing or (0.0, 0.0), strict=True))
    names = [oxml.clean(category) for category in chart.categories]
    found = _arranged(pen, chart, names, scales, (xs, ys, sizes))
    numbered = found.places.covered > COVERED
    if numbered:
        pen = replace(pen, box=_draw_key(pen, names))
        found = _arranged(pen, chart, [str(number + 1) for number in range(len(names))], scales, (xs, ys, sizes))
    ends = [
        tuple(_at(scale, share, logarithmic=chart.logarithmic) for scale, share in zip(scales, shares, strict=True))
        for shares in found.fields
    ]
    frame = _frame(pen, chart, (xs, ys), sizes, ends)
    made, plot = frame.chart, found.plot
    chart_xml.set_plot_area(
        made, plot.left / pen.box.width_points, plot.top / pen.box.height_points, plot.width / pen.box.width_points,
        plot.height / pen.box.height_points,
    )  # fmt: skip
    for axis, scale, series in ((made.category_axis, scales[0], across), (made.value_axis, scales[1], up)):
        _axis(axis, scale, series, pen, logarithmic=chart.logarithmic)
    if chart.crossing is not None:
        # Each axis is drawn where it crosses the other one: together they part the four fields.
        made.category_axis.crosses_at, made.value_axis.crosses_at = chart.crossing
    made.plots[0].bubble_scale = round(100 * LARGEST / DEFAULT_LARGEST)
    for number, (drawn, name, side) in enumerate(
        zip(made.plots[0].series, chart.categories, found.places.sides, strict=False), start=1
    ):
        role = (
            Role.HIGHLIGHT if name in chart.highlights else Role.NEGATIVE if name in chart.negatives else Role.NEUTRAL
        )
        oxml.fill(drawn.format.fill, _pale(pen.theme.roles[role], pen.theme))
        oxml.line(drawn.format.line, pen.theme.rule, 0.75)
        drawn.invert_if_negative = False
        chart_xml.name_label(drawn, "tx1", LABEL_SIZE, PLACES[side])
        if numbered:
            chart_xml.write_label(drawn, 0, str(number), LABEL_SIZE, "tx1", PLACES[side])
    for drawn, (_, _, place) in zip(list(made.plots[0].series)[len(names) :], CORNERS, strict=False):
        drawn.format.fill.background()
        drawn.format.line.fill.background()
        chart_xml.name_label(drawn, pen.theme.quiet(), LABEL_SIZE, place)
    return frame


def _arranged(
    pen: Pen, chart: Chart, names: Sequence[str], scales: tuple[Scale, ...], points: tuple[Sequence[float], ...]
) -> Arrangement:
    """Return plot, places of names and of the fields' names in the pen's box."""
    xs, ys, sizes = points
    logarithmic, face = chart.logarithmic, pen.theme.minor
    plot = _plot(pen, scales[1], chart.series[1])
    circles = _circles(plot, scales, (xs, ys), sizes, logarithmic=logarithmic)
    cross = _circles(plot, scales, ([at] for at in chart.crossing or (0.0, 0.0)), [0.0], logarithmic=logarithmic)[0]
    lines = (cross.x, cross.y)
    fields = [
        field_place(face.width(text, LABEL_SIZE, bold=True), plot, lines, circles, low=low, right=right)
        for text, (low, right, _) in zip(map(oxml.clean, chart.corners), CORNERS, strict=False)
    ]
    widths = [face.width(name, LABEL_SIZE, bold=True) for name in names]
    places = label_places(circles, widths, plot, [edges for _, _, edges in fields], lines)
    shares = tuple(((x - plot.left) / plot.width, 1 - (y - plot.top) / plot.height) for x, y, _ in fields)
    return Arrangement(plot, places, shares)


def _draw_key(pen: Pen, names: Sequence[str]) -> Box:
    """Write below the chart whose number is whose, and return the room that is left for it."""
    face, width = pen.theme.minor, pen.box.width_points
    lines: list[str] = []
    for number, name in enumerate(names, start=1):
        entry = f"**{number}**\N{NO-BREAK SPACE}{_together(name)}"
        longer = f"{lines[-1]}{KEY_BETWEEN}{entry}" if lines else entry
        if lines and face.width(longer.replace("**", ""), LABEL_SIZE, bold=True) <= width:
            lines[-1] = longer
        else:
            lines.append(entry)
    rest, box = pen.box.cut_bottom(points(len(lines) * LABEL_SIZE * face.line + 2))
    text_box(pen.slide.shapes, box, lines, Look(LABEL_SIZE, "tx1"), "Key")
    return rest


def _together(name: str) -> str:
    return name.replace(" ", "\N{NO-BREAK SPACE}")


def _scale(values: Sequence[float], cross: float) -> Scale:
    """Return a scale from nought with room beyond the largest value, and beyond the line that crosses it."""
    return nice_scale([0.0, *(value * SPARE for value in values), cross * 1.5])


def _decades(values: Sequence[float], cross: float) -> Scale:
    """Return a scale in steps of ten times with room on either side; values are above nought.

    >>> _decades([5.0, 1482.0], 50.0)
    Scale(low=2.0, high=5000.0, step=10.0)
    """
    low, high = min([*values, cross]) / ROOM, max([*values, cross]) * ROOM
    below, above = 10.0 ** math.floor(math.log10(low)), 10.0 ** math.floor(math.log10(high))
    first = next(below * factor for factor in (5, 2, 1) if below * factor <= low * (1 + 1e-9))
    last = next(above * factor for factor in (1, 2, 5, 10) if above * factor >= high * (1 - 1e-9))
    return Scale(first, last, 10.0)


def _plot(pen: Pen, up: Scale, series: Series) -> Plot:
    unit = series.unit
    ticks = [unit.show(tick, pen.currency, brief=True) for tick in (up.low, up.high, *_some(up))]
    face, box = pen.theme.minor, pen.box
    lines = face.lines(series.name, AXIS_SIZE, box.height_points * TITLE_SHARE)
    left = max(face.width(tick, AXIS_SIZE) for tick in ticks) + AXIS_SIZE * (0.95 + 1.25 * lines)
    top, below = box.height_points * TOP, AXIS_SIZE * BOTTOM_LINES
    return Plot(left, top, box.width_points * (1 - RIGHT) - left, box.height_points - top - below)


def _tens(scale: Scale) -> tuple[float, ...]:
    count = math.floor(math.log10(scale.high / scale.low) + 1e-9) + 1
    return tuple(scale.low * 10.0**number for number in range(count))


def _some(scale: Scale) -> tuple[float, ...]:
    """Return ticks in between, as wide as any."""
    return (scale.low + scale.step, scale.high - scale.step)


def _circles(
    plot: Plot, scales: Sequence[Scale], at: Iterable[Sequence[float]], sizes: Sequence[float],
    *, logarithmic: bool,
) -> list[Circle]:  # fmt: skip
    # LibreOffice does not heed the scale of bubbles: labels keep clear of the larger ones that it draws.
    largest, side = max([*sizes, 0.0]) or 1.0, min(plot.width, plot.height)

    def share(value: float, scale: Scale) -> float:
        low, high, where = (math.log10(one) if logarithmic else one for one in (scale.low, scale.high, value))
        return (where - low) / (high - low)

    return [
        Circle(
            plot.left + plot.width * share(x, scales[0]),
            plot.top + plot.height * (1 - share(y, scales[1])),
            side * DEFAULT_LARGEST * math.sqrt(max(size, 0.0) / largest),
        )
        for x, y, size in zip(*at, sizes, strict=True)
    ]


def _at(scale: Scale, share: float, *, logarithmic: bool) -> float:
    """Return the value at a share of an axis.

    >>> _at(Scale(0, 10, 1), 0.5, logarithmic=False), round(_at(Scale(1, 100, 10), 0.5, logarithmic=True), 9)
    (5.0, 10.0)
    """
    if logarithmic:
        return float(scale.low * (scale.high / scale.low) ** share)
    return scale.low + (scale.high - scale.low) * share


def _pale(paint: Paint, theme: Theme) -> Paint:
    """Return a paint on which plain text can be read: a label may lie on the bubble beside its own."""
    paint = replace(paint, alpha=SEEN_THROUGH)
    while paint.alpha > 0.1 and contrast(theme.rgb(paint), theme.colours["tx1"]) < READABLE:
        paint = replace(paint, alpha=round(paint.alpha - 0.01, 4))
    return paint


def _frame(
    pen: Pen, chart: Chart, drawn: tuple[list[float], list[float]], sizes: Sequence[float],
    ends: Sequence[tuple[float, ...]],
) -> Any:  # fmt: skip
    data: Any = BubbleChartData()  # type: ignore[no-untyped-call]
    # The names of the fields are points of their own, without fill: they stay where they are.
    corners = list(zip(map(oxml.clean, chart.corners), ends, strict=False))
    xs, ys = ([*values, *(end[axis] for _, end in corners)] for axis, values in enumerate(drawn))
    sizes = [*sizes, *(max(sizes, default=1.0) * SPECK for _ in corners)]
    formats = [chart_format(series.unit, pen.currency, series.values) for series in chart.series]
    names = [*map(oxml.clean, chart.categories), *(name for name, _ in corners)]
    for name, x, y, size in zip(names, xs, ys, sizes, strict=True):
        data.add_series(name, number_format=formats[1]).add_data_point(x, y, size)
    if pen.placeholder is not None:
        frame = oxml.chart_in(pen.placeholder, XL_CHART_TYPE.BUBBLE, data)
        oxml.set_box(frame, pen.box)
    else:
        box = pen.box
        frame = pen.slide.shapes.add_chart(XL_CHART_TYPE.BUBBLE, box.left, box.top, box.width, box.height, data)
    heads = [oxml.clean(series.name) for series in chart.series]
    columns = [(head, values, shown) for head, values, shown in zip(heads, (xs, ys, sizes), formats, strict=False)]
    chart_xml.set_workbook(frame.chart, names, columns)
    chart_xml.refer_by_row(frame.chart, len(columns))
    oxml.set_alt(frame, chart.alt, "Chart")
    frame.chart.has_title = False
    frame.chart.has_legend = False
    frame.chart.font.size = Pt(AXIS_SIZE)
    oxml.text_colour(frame.chart.font, "tx1")
    return frame


def _axis(axis: Any, scale: Scale, series: Series, pen: Pen, *, logarithmic: bool) -> None:
    axis.has_major_gridlines = False
    axis.minimum_scale, axis.maximum_scale = scale.low, scale.high
    if logarithmic:
        chart_xml.make_logarithmic(axis)
    else:
        axis.major_unit = scale.step
    axis.major_tick_mark = axis.minor_tick_mark = XL_TICK_MARK.NONE
    axis.tick_label_position = XL_TICK_LABEL_POSITION.LOW
    ticks = _tens(scale) if logarithmic else scale.ticks()
    shown = (decade_format if logarithmic else tick_format)(series.unit, pen.currency, ticks)
    axis.tick_labels.number_format, axis.tick_labels.number_format_is_linked = shown, False
    axis.tick_labels.font.size = Pt(AXIS_SIZE)
    oxml.text_colour(axis.tick_labels.font, pen.theme.quiet())
    oxml.line(axis.format.line, pen.theme.rule, 0.75)
    axis.has_title = True
    frame = axis.axis_title.text_frame
    frame.text = oxml.clean(series.name)
    font = frame.paragraphs[0].runs[0].font
    font.size, font.bold = Pt(AXIS_SIZE), False
    oxml.text_colour(font, pen.theme.quiet())
