"""Native charts, one function a recipe. Each can be edited: its workbook is inside, its colours are the theme's."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import replace
from typing import Any

from pptx.chart.data import CategoryChartData
from pptx.enum.chart import (
    XL_CHART_TYPE,
    XL_LABEL_POSITION,
    XL_LEGEND_POSITION,
    XL_MARKER_STYLE,
    XL_TICK_LABEL_POSITION,
    XL_TICK_MARK,
)
from pptx.util import Pt

from regulars.base.units import MINUS
from regulars.render.deck import chart_xml, oxml
from regulars.render.deck.bar_room import LABEL_LINE, BarRoom, bar_room
from regulars.render.deck.bubbles import draw_bubbles
from regulars.render.deck.formats import chart_format, tick_format
from regulars.render.deck.lines import end_labels, nice_scale, tick_step
from regulars.render.deck.pen import Pen
from regulars.render.deck.theme import Paint, Theme
from regulars.render.deck.waterfall import blocks
from regulars.story.slide_spec import Chart, ChartKind, Role, Series

HEADROOM = 1.12  # for the labels above columns
BAR_HEADROOM = 1.16
TORNADO_HEADROOM = 1.3
BESIDE_BAR = 10.0  # points around the label of a bar
SHADES = (1.0, 0.72, 0.48, 0.3)  # series that share a role stay apart
LABEL_SIZES = (14, 13, 12, 11, 10)
MOST_LINE_LABELS = 4
MOST_PARETO_LABELS = 12


def draw_chart(pen: Pen, chart: Chart) -> Any:
    """Draw a chart and return its frame."""
    frame = RECIPES[chart.kind](pen, chart)
    chart_xml.number_axes(frame.chart)
    return frame


def _bar(pen: Pen, chart: Chart) -> Any:
    room = bar_room(pen, chart)
    frame = _clustered(pen, room.chart, XL_CHART_TYPE.BAR_CLUSTERED, gap=45, headroom=BAR_HEADROOM)
    _side_labels(frame.chart, room)
    if room.crowded:
        _show_axis_instead(frame.chart, pen, room.chart)
    return frame


def _side_labels(made: Any, room: BarRoom) -> None:
    """Put the first category on top, and give the names the room that they need."""
    axis = made.category_axis
    axis.reverse_order = True
    axis.tick_label_position = XL_TICK_LABEL_POSITION.LOW
    axis.tick_labels.font.size = Pt(room.size)
    chart_xml.set_plot_area(made, room.left, room.top, room.width, room.height)


def _column(pen: Pen, chart: Chart) -> Any:
    frame = _clustered(pen, chart, XL_CHART_TYPE.COLUMN_CLUSTERED, gap=50, headroom=HEADROOM)
    _category_labels(frame.chart, chart, pen)
    return frame


def _histogram(pen: Pen, chart: Chart) -> Any:
    frame = _clustered(pen, chart, XL_CHART_TYPE.COLUMN_CLUSTERED, gap=4, headroom=HEADROOM)
    _category_labels(frame.chart, chart, pen)
    return frame


def _clustered(pen: Pen, chart: Chart, kind: Any, *, gap: int, headroom: float, overlap: int = -5) -> Any:
    frame = _frame(pen, chart, kind, chart.series)
    made = frame.chart
    _calm(made, pen, gap=gap, overlap=overlap if len(chart.series) > 1 else None)
    values = [value for series in chart.series for value in series.values if value is not None]
    low, high = min([*values, 0.0]), max([*values, 0.0])
    made.value_axis.minimum_scale = low * headroom if low < 0 else 0
    made.value_axis.maximum_scale = high * headroom if high > 0 else 0 if low < 0 else 1
    if low < 0:
        made.category_axis.tick_label_position = XL_TICK_LABEL_POSITION.LOW
    paints = _series_paints(chart, pen.theme)
    size = _crowded(pen, chart)
    for series, drawn, paint in zip(chart.series, made.plots[0].series, paints, strict=True):
        _fill(drawn, paint)
        _labels(drawn, _format(series, pen), size, "tx1", XL_LABEL_POSITION.OUTSIDE_END, bold=True)
    _mark_points(made.plots[0].series[0], chart, pen.theme)
    if len(chart.series) > 1:
        _legend(made, XL_LEGEND_POSITION.TOP)
    return frame


def _show_axis_instead(made: Any, pen: Pen, chart: Chart) -> None:
    """Label the first series only, and show the axis for the others: labels of neighbouring bars would touch."""
    for drawn in list(made.plots[0].series)[1:]:
        for position in range(len(chart.categories)):
            chart_xml.hide_label(drawn, position)
    axis = made.value_axis
    axis.visible = True
    axis.format.line.fill.background()
    axis.major_tick_mark = XL_TICK_MARK.NONE
    shown = chart.series[0].unit.excel(pen.currency)
    axis.tick_labels.number_format, axis.tick_labels.number_format_is_linked = shown, False
    axis.tick_labels.font.size = Pt(12)
    oxml.text_colour(axis.tick_labels.font, pen.theme.quiet())


def _stacked(pen: Pen, chart: Chart) -> Any:
    frame = _frame(pen, chart, XL_CHART_TYPE.COLUMN_STACKED_100, chart.series)
    made = frame.chart
    _calm(made, pen, gap=55, overlap=100)
    sums = [math.fsum(series.values[i] or 0.0 for series in chart.series) for i in range(len(chart.categories))]
    paints = _series_paints(chart, pen.theme)
    size = pen.label_size - 1
    smallest = size * 1.15 / (pen.box.height_points * 0.8)  # a lower segment would cut its label
    for series, drawn, paint in zip(chart.series, made.plots[0].series, paints, strict=True):
        _fill(drawn, paint)
        oxml.line(drawn.format.line, Paint("bg1"), 0.75)
        _labels(drawn, _format(series, pen), size, pen.theme.text_on(paint), None, bold=True)
        for position, (value, whole) in enumerate(zip(series.values, sums, strict=True)):
            if whole <= 0 or (value or 0.0) / whole < smallest:
                chart_xml.hide_label(drawn, position)
    chart_xml.add_series_lines(made.plots[0], pen.theme.rule)
    # At the right a legend runs in the order of the stack, from top to bottom.
    _legend(made, XL_LEGEND_POSITION.RIGHT if len(chart.series) > 3 else XL_LEGEND_POSITION.TOP)
    made.category_axis.tick_labels.font.size = Pt(pen.label_size)
    return frame


def _pareto(pen: Pen, chart: Chart) -> Any:
    columns, running = chart.series[0], chart.series[1]
    frame = _frame(pen, chart, XL_CHART_TYPE.COLUMN_CLUSTERED, (columns, running))
    made = frame.chart
    _calm(made, pen, gap=40)
    known = [value for value in columns.values if value is not None]
    made.value_axis.minimum_scale = 0
    made.value_axis.maximum_scale = max(known, default=1.0) * 2.1  # the line runs above the columns
    plot = chart_xml.move_to_second_axis(made, 1, -1.0, 1.15)
    bars = made.plots[0].series[0]
    _fill(bars, pen.theme.roles[columns.role])
    _mark_points(bars, chart, pen.theme)
    size = _crowded(pen, chart)
    _labels(bars, _format(columns, pen), size, "tx1", XL_LABEL_POSITION.OUTSIDE_END, bold=True)
    drawn = plot.series[0]
    paint = pen.theme.roles[Role.LINE if running.role is Role.NEUTRAL else running.role]
    _stroke(drawn, paint, marker=7)
    _labels(drawn, running.unit.excel(pen.currency), size, "tx1", XL_LABEL_POSITION.ABOVE, bold=True)
    if len(chart.categories) > MOST_PARETO_LABELS:
        last = len(chart.categories) - 1
        for position, category in enumerate(chart.categories):
            if category not in chart.highlights and position != last:
                chart_xml.hide_label(drawn, position)
    _category_labels(made, chart, pen)
    _legend(made, XL_LEGEND_POSITION.TOP)
    return frame


def _waterfall(pen: Pen, chart: Chart) -> Any:
    source = chart.series[0]
    values = [value or 0.0 for value in source.values]
    totals = [category in chart.totals for category in chart.categories]
    made_of = blocks(values, totals)
    base, rise, fall = (pen.theme.roles[role] for role in (Role.BASE, Role.POSITIVE, Role.NEGATIVE))
    stack: list[tuple[str, tuple[float, ...], Paint | None]] = [
        ("Base (hidden)", made_of.base, None),
        ("Total", made_of.total, base),
        ("Increase", made_of.rise, rise),
        ("Decrease", made_of.fall, fall),
    ]
    if made_of.below_zero:
        stack += [("Increase below zero", made_of.rise_below, rise), ("Decrease below zero", made_of.fall_below, fall)]
    stack.append(("Label (hidden)", made_of.label, None))
    series = tuple(Series(name, heights, source.unit) for name, heights, _ in stack)
    frame = _frame(pen, chart, XL_CHART_TYPE.COLUMN_STACKED, series)
    made = frame.chart
    _calm(made, pen, gap=45, overlap=100)
    for drawn, (_, _, paint) in zip(made.plots[0].series, stack, strict=True):
        if paint is None:
            drawn.format.fill.background()
            drawn.format.line.fill.background()
        else:
            _fill(drawn, paint)
    tops = [math.fsum(max(heights[i], 0.0) for _, heights, _ in stack) for i in range(len(values))]
    lows = [math.fsum(min(heights[i], 0.0) for _, heights, _ in stack) for i in range(len(values))]
    made.value_axis.maximum_scale = max(*tops, 0.0) * 1.02 or 1
    made.value_axis.minimum_scale = min([*lows, 0.0]) * 1.02
    if made_of.below_zero:
        made.category_axis.tick_label_position = XL_TICK_LABEL_POSITION.LOW
    labels = made.plots[0].series[len(stack) - 1]
    size = _crowded(pen, chart)
    for position, (value, total) in enumerate(zip(values, totals, strict=True)):
        role = Role.BASE if total else Role.POSITIVE if value >= 0 else Role.NEGATIVE
        shown = source.unit.show(abs(value), pen.currency, brief=True)
        sign = MINUS if value < 0 else "" if total or value == 0 else "+"
        chart_xml.write_label(
            labels, position, sign + shown, size, pen.theme.text_in(role, size), XL_LABEL_POSITION.INSIDE_BASE
        )
    _category_labels(made, chart, pen)
    return frame


def _line(pen: Pen, chart: Chart) -> Any:
    frame = _frame(pen, chart, XL_CHART_TYPE.LINE, chart.series)
    made = frame.chart
    _calm(made, pen, gap=None)
    values = [value for series in chart.series for value in series.values if value is not None]
    scale = nice_scale(values)
    axis = made.value_axis
    axis.visible = True
    axis.minimum_scale, axis.maximum_scale, axis.major_unit = scale.low, scale.high, scale.step
    axis.format.line.fill.background()
    axis.major_tick_mark = XL_TICK_MARK.NONE
    shown = tick_format(chart.series[0].unit, pen.currency, scale.ticks())
    axis.tick_labels.number_format, axis.tick_labels.number_format_is_linked = shown, False
    axis.tick_labels.font.size = Pt(12)
    oxml.text_colour(axis.tick_labels.font, pen.theme.quiet())
    paints = _series_paints(chart, pen.theme, lines=True)
    direct = len(chart.series) <= MOST_LINE_LABELS
    for drawn, paint in zip(made.plots[0].series, paints, strict=True):
        _stroke(drawn, paint)
    if direct:
        labels = end_labels(chart, scale, pen.box, pen.theme.minor, pen.currency)
        for label, drawn, paint in zip(labels.labels, made.plots[0].series, paints, strict=True):
            if label is not None:
                slot = pen.theme.text_in_paint(paint)
                chart_xml.name_at_point(drawn, label.position, slot, 12, label.down, value_format=label.number_format)
        chart_xml.set_plot_area(made, labels.left, labels.top, labels.width, labels.height)
    else:
        _legend(made, XL_LEGEND_POSITION.TOP)
    step = tick_step(chart.categories, pen.box.width_points * 0.75, pen.theme.minor)
    if step > 1:
        chart_xml.thin_labels(made.category_axis, step)
        made.category_axis.tick_labels.font.size = Pt(11)  # LibreOffice chooses the step by itself, and a narrow one
    return frame


def _tornado(pen: Pen, chart: Chart) -> Any:
    room = bar_room(pen, chart)
    frame = _clustered(
        pen, room.chart, XL_CHART_TYPE.BAR_CLUSTERED, gap=45, headroom=TORNADO_HEADROOM, overlap=100
    )  # fmt: skip
    made = frame.chart
    values = [abs(value) for series in chart.series for value in series.values if value is not None]
    texts = [chart.series[0].unit.show(-value, pen.currency, brief=True) for value in values]
    widest = max((pen.theme.minor.width(text, _crowded(pen, chart), bold=True) for text in texts), default=0.0)
    half = pen.box.width_points * room.width / 2
    headroom = max(TORNADO_HEADROOM, 1 / max(1 - (widest + BESIDE_BAR) / half, 0.2))
    end = max(values, default=0.0) * headroom or 1.0
    made.value_axis.minimum_scale, made.value_axis.maximum_scale = -end, end  # nought stands in the middle
    _side_labels(made, room)
    return frame


RECIPES: dict[ChartKind, Callable[[Pen, Chart], Any]] = {
    ChartKind.BAR: _bar,
    ChartKind.COLUMN: _column,
    ChartKind.STACKED_100: _stacked,
    ChartKind.PARETO: _pareto,
    ChartKind.WATERFALL: _waterfall,
    ChartKind.HISTOGRAM: _histogram,
    ChartKind.LINE: _line,
    ChartKind.TORNADO: _tornado,
    ChartKind.BUBBLE: draw_bubbles,
}


def _frame(pen: Pen, chart: Chart, kind: Any, series: tuple[Series, ...]) -> Any:
    categories = [oxml.clean(category) for category in chart.categories]
    data: Any = CategoryChartData()  # type: ignore[no-untyped-call]
    data.categories = categories
    cells = [(oxml.clean(one.name), one.values, chart_format(one.unit, pen.currency, one.values)) for one in series]
    for name, values, number_format in cells:
        data.add_series(name, values, number_format)
    if pen.placeholder is not None:
        frame = oxml.chart_in(pen.placeholder, kind, data)
        oxml.set_box(frame, pen.box)
    else:
        frame = pen.slide.shapes.add_chart(kind, pen.box.left, pen.box.top, pen.box.width, pen.box.height, data)
    chart_xml.set_workbook(frame.chart, categories, cells)
    oxml.set_alt(frame, chart.alt, "Chart")
    frame.chart.has_title = False
    frame.chart.has_legend = False
    frame.chart.font.size = Pt(12)
    oxml.text_colour(frame.chart.font, "tx1")
    return frame


def _calm(chart: Any, pen: Pen, *, gap: int | None, overlap: int | None = None) -> None:
    chart.value_axis.has_major_gridlines = False
    chart.value_axis.visible = False
    axis = chart.category_axis
    axis.has_major_gridlines = False
    axis.major_tick_mark = XL_TICK_MARK.NONE
    oxml.line(axis.format.line, pen.theme.rule, 0.75)
    axis.tick_labels.font.size = Pt(12)
    if gap is not None:
        chart.plots[0].gap_width = gap
    if overlap is not None:
        chart.plots[0].overlap = overlap


def _category_labels(chart: Any, spec: Chart, pen: Pen) -> None:
    """Choose the size at which no word of a category is broken; turn the labels where there is none."""
    slot = pen.box.width_points * 0.96 / max(len(spec.categories), 1)
    face = pen.theme.minor
    longest = {
        size: max((face.longest_word(c, size) for c in spec.categories), default=0.0) for size in (13, 12, 11, 10)
    }
    size = next((size for size, wide in longest.items() if wide <= slot - 4), None)
    chart.category_axis.tick_labels.font.size = Pt(size or 11)
    chart_xml.rotate_labels(chart.category_axis, 0 if size else -45)


def _crowded(pen: Pen, chart: Chart) -> float:
    """Return the largest size at which the labels of neighbouring values do not touch."""
    count = max(len(chart.categories), 1)
    if chart.kind in {ChartKind.BAR, ChartKind.TORNADO}:
        room = bar_room(pen, chart).spacing
        fitting = (size for size in LABEL_SIZES if size <= pen.label_size and size * LABEL_LINE <= room)
        return next(fitting, LABEL_SIZES[-1])
    beside = 1 if chart.kind in {ChartKind.PARETO, ChartKind.WATERFALL} else len(chart.series)
    room = pen.box.width_points * 0.94 / (count * beside)
    face = pen.theme.minor
    texts = [
        ("+" if chart.kind is ChartKind.WATERFALL else "") + series.unit.show(value, pen.currency, brief=True)
        for series in chart.series
        for value in series.values
    ]

    def fits(size: float) -> bool:
        return all(face.width(text, size, bold=True) + 4 <= room for text in texts)

    return next((size for size in LABEL_SIZES if size <= pen.label_size and fits(size)), LABEL_SIZES[-1])


def _series_paints(chart: Chart, theme: Theme, *, lines: bool = False) -> list[Paint]:
    seen: dict[Role, int] = {}
    paints = []
    for series in chart.series:
        nth = seen.get(series.role, 0)
        seen[series.role] = nth + 1
        paint = theme.roles[series.role]
        if lines and nth == 0:
            paint = theme.rule if series.role is Role.NEUTRAL else paint  # a thin line needs its full colour
        paints.append(replace(paint, alpha=paint.alpha * SHADES[min(nth, len(SHADES) - 1)]))
    return paints


def _mark_points(series: Any, chart: Chart, theme: Theme) -> None:
    for position, category in enumerate(chart.categories):
        role = (
            Role.HIGHLIGHT if category in chart.highlights else Role.NEGATIVE if category in chart.negatives else None
        )
        if role is not None:
            oxml.fill(series.points[position].format.fill, theme.roles[role])


def _fill(series: Any, paint: Paint) -> None:
    oxml.fill(series.format.fill, paint)
    series.invert_if_negative = False


def _stroke(series: Any, paint: Paint, marker: int | None = None) -> None:
    oxml.line(series.format.line, paint, 2.25)
    series.smooth = False
    if marker is None:
        series.marker.style = XL_MARKER_STYLE.NONE
        return
    series.marker.style, series.marker.size = XL_MARKER_STYLE.CIRCLE, marker
    oxml.fill(series.marker.format.fill, paint)
    oxml.line(series.marker.format.line, paint, 0.75)


def _labels(series: Any, number_format: str, size: float, slot: str, position: Any, *, bold: bool) -> None:
    labels = series.data_labels
    labels.show_value = True
    labels.number_format, labels.number_format_is_linked = number_format, False
    labels.font.size, labels.font.bold = Pt(size), bold
    oxml.text_colour(labels.font, slot)
    if position is not None:
        labels.position = position


def _legend(chart: Any, position: Any) -> None:
    chart.has_legend = True
    chart.legend.position, chart.legend.include_in_layout = position, False
    chart.legend.font.size = Pt(12)
    oxml.text_colour(chart.legend.font, "tx1")


def _format(series: Series, pen: Pen) -> str:
    return chart_format(series.unit, pen.currency, series.values)
