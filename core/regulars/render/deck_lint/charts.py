"""Rules for charts: data that can be edited, tells the truth, holds no customers, and can be read."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Iterator
from typing import Any

from pptx.oxml.ns import qn

from regulars.render.deck_lint.chart_file import Cells, extent, read_cells, referred
from regulars.render.deck_lint.finding import Said, Severity, slide_rule
from regulars.render.deck_lint.model import Chart, Deck, Series, Shape, Slide

MOST_CATEGORIES = 12
MOST_SLICES = 5
MOST_ROWS = 400  # a year of days: no aggregate needs more
CLOSE = 1e-9
FLAT = 5 / 6  # from here on PowerPoint lets an axis begin above nought by itself
BARS = {"barChart", "bar3DChart", "areaChart", "area3DChart"}
PIES = {"pieChart", "pie3DChart", "doughnutChart", "ofPieChart"}


@slide_rule(
    "CHART-NO-WORKBOOK",
    Severity.ERROR,
    "Every chart has its workbook inside, so that 'Edit data' works.",
    "insert the chart anew as a native chart",
)
def no_workbook(_: Deck, slide: Slide) -> Iterable[Said]:
    """Find charts without a workbook."""
    for shape, chart in _charts(slide):
        if chart.workbook is None or _cells(chart) is None:
            yield shape.name, "there is no workbook behind the chart"


@slide_rule(
    "CHART-CACHE",
    Severity.ERROR,
    "What a chart shows is what its workbook holds: names, categories and values.",
    "open 'Edit data' once, so that the chart takes the values of its workbook",
)
def cache(_: Deck, slide: Slide) -> Iterable[Said]:
    """Find charts that show something else than their workbook holds."""
    for shape, chart in _charts(slide):
        read = _cells(chart)
        for series in chart.series if read is not None else ():
            different = _difference(series, read[0]) if read is not None else ""
            if different:
                yield shape.name, f"series '{series.name}': {different}"


@slide_rule(
    "EMBEDDED-ROWS",
    Severity.ERROR,
    "The workbook of a chart holds what the chart shows and nothing else: no rows of customers or orders.",
    "delete the other cells and sheets of the chart's workbook",
)
def embedded_rows(_: Deck, slide: Slide) -> Iterable[Said]:
    """Find workbooks with more in them than the chart shows."""
    for shape, chart in _charts(slide):
        read = _cells(chart)
        if read is None:
            continue
        cells, sheets = read
        formulas = (one for one in chart.element.iter("{*}f") if one.text)
        reach = [extent(one.text) for one in formulas]
        rows, columns = (max((one[axis] for one in reach), default=0) for axis in (0, 1))
        beyond = sum(1 for row, column in cells if row > rows or column > columns)
        if sheets > 1:
            yield shape.name, f"its workbook has {sheets} sheets"
        elif rows > MOST_ROWS:
            yield shape.name, f"its workbook holds {rows} rows: show groups, not single customers or orders"
        elif beyond:
            yield shape.name, f"its workbook holds {beyond} cells that the chart does not show"


@slide_rule(
    "CHART-DENSE",
    Severity.WARNING,
    "A chart of columns or bars has at most twelve categories.",
    "put the smallest together, or show a table",
)
def dense(_: Deck, slide: Slide) -> Iterable[Said]:
    """Find charts with many categories."""
    for shape, chart in _charts(slide):
        if any(series.plot in BARS for series in chart.series) and len(chart.categories) > MOST_CATEGORIES:
            yield shape.name, f"{len(chart.categories)} categories"


@slide_rule(
    "CHART-ZERO-BASE",
    Severity.ERROR,
    "Columns, bars and areas stand on nought: their length is the number.",
    "let the axis begin at 0",
)
def zero_base(_: Deck, slide: Slide) -> Iterable[Said]:
    """Find columns whose axis begins elsewhere."""
    for shape, chart in _charts(slide):
        bars = [series for series in chart.series if series.plot in BARS]
        values = [value for series in bars for value in series.values if value is not None]
        axis = _value_axis(chart)
        if not values or axis is None:
            continue
        least = axis.find(f"{qn('c:scaling')}/{qn('c:min')}")
        begins = float(least.get("val")) if least is not None else _own_start(values)
        if begins > 0:
            yield shape.name, f"its axis begins at {begins:g}"


@slide_rule(
    "LEGEND-REDUNDANT",
    Severity.WARNING,
    "A chart has a legend only where it has several series without names of their own beside them.",
    "delete the legend",
)
def legend_redundant(_: Deck, slide: Slide) -> Iterable[Said]:
    """Find legends that say nothing new."""
    for shape, chart in _charts(slide):
        if chart.element.find(f".//{qn('c:legend')}") is None:
            continue
        named = [one for one in chart.series if one.element.find(f".//{qn('c:showSerName')}[@val='1']") is not None]
        pie = any(series.plot in PIES for series in chart.series)
        if (len(chart.series) == 1 and not pie) or (named and len(named) == len(chart.series)):
            yield shape.name, "its legend repeats what is written"


@slide_rule(
    "PIE",
    Severity.WARNING,
    "A pie has at most five slices.",
    "show sorted bars",
)
def pie(_: Deck, slide: Slide) -> Iterable[Said]:
    """Find pies with many slices."""
    for shape, chart in _charts(slide):
        if any(series.plot in PIES for series in chart.series) and len(chart.categories) > MOST_SLICES:
            yield shape.name, f"{len(chart.categories)} slices"


@slide_rule(
    "UNITS",
    Severity.WARNING,
    "Values and axes of a chart have a number format that shows the unit or groups thousands.",
    "set a number format, such as £#,##0 or 0%",
)
def units(_: Deck, slide: Slide) -> Iterable[Said]:
    """Find shown numbers without a format."""
    for shape, chart in _charts(slide):
        for series in chart.series:
            labels = series.element.find(qn("c:dLbls"))
            shows = labels is not None and labels.find(f"{qn('c:showVal')}[@val='1']") is not None
            written = labels.find(qn("c:numFmt")) if labels is not None else None
            if shows and (written is None or written.get("formatCode") == "General") and _cached(series) == "General":
                yield shape.name, f"the labels of '{series.name}' have no number format"


@slide_rule(
    "ALT-MISSING",
    Severity.ERROR,
    "Charts, tables, pictures and drawings say in words what they show, or are marked as decoration.",
    "write an alternative text with the message",
)
def alt_missing(_: Deck, slide: Slide) -> Iterable[Said]:
    """Find exhibits without an alternative text."""
    for shape in slide.exhibits:
        if not shape.alt.strip():
            yield shape.name, "it has no alternative text"


@slide_rule(
    "ALT-QUALITY",
    Severity.WARNING,
    "The alternative text of a chart or picture has 20 characters or more; that of a chart has a number.",
    "say what is seen, with its most important number",
)
def alt_quality(_: Deck, slide: Slide) -> Iterable[Said]:
    """Find alternative texts that say little."""
    for shape in slide.exhibits:
        short = len(shape.alt.strip()) < 20
        numberless = shape.chart is not None and not any(letter.isdigit() for letter in shape.alt)
        if shape.alt.strip() and (short or numberless):
            yield shape.name, f"'{shape.alt[:40]}' {'is short' if short else 'holds no number'}"


def _charts(slide: Slide) -> Iterator[tuple[Shape, Chart]]:
    for shape in slide.charts:
        if shape.chart is not None:
            yield shape, shape.chart


def _cells(chart: Chart) -> tuple[Cells, int] | None:
    if chart.workbook is None:
        return None
    try:
        return read_cells(chart.workbook)
    except ValueError:
        return None


def _difference(series: Series, cells: Cells) -> str:
    checks: tuple[tuple[str, list[object]], ...] = (
        ("name", [series.name]),
        ("categories", list(series.categories)),
        ("values", list(series.values)),
    )
    for what, shown in checks:
        formula = series.references.get(what, "")
        if not formula:
            continue
        held = referred(formula, cells)
        if len(held) != len(shown):
            return f"it shows {len(shown)} {what}, the workbook has {len(held)}"
        for one, other in zip(shown, held, strict=True):
            if not _same(one, other):
                return f"it shows {one!r}, the workbook says {other!r}"
    return ""


def _same(shown: object, held: object) -> bool:
    if isinstance(shown, float) and isinstance(held, int | float):
        return math.isclose(shown, held, rel_tol=CLOSE, abs_tol=CLOSE)
    if isinstance(held, float) and isinstance(shown, str):
        return re.fullmatch(r"-?[\d.]+(E-?\d+)?", shown) is not None and math.isclose(float(shown), held, rel_tol=CLOSE)
    return (shown or None) == (held or None)


def _value_axis(chart: Chart) -> Any:
    plot = next((one for one in chart.element.iter() if str(one.tag).rpartition("}")[2] in BARS), None)
    if plot is None:
        return None
    ids = {axis.get("val") for axis in plot.findall(qn("c:axId"))}
    axes = chart.element.iter(qn("c:valAx"))
    return next((axis for axis in axes if axis.find(qn("c:axId")).get("val") in ids), None)


def _own_start(values: list[float]) -> float:
    """Return where PowerPoint lets the axis of positive values begin when nobody says it."""
    low, high = min(values), max(values)
    return low if low > 0 and low >= high * FLAT and low < high else 0.0


def _cached(series: Series) -> str:
    values = series.element.find(qn("c:val"))
    return (values.findtext(f".//{qn('c:formatCode')}") if values is not None else None) or "General"


RULES = (
    no_workbook,
    cache,
    embedded_rows,
    dense,
    zero_base,
    legend_redundant,
    pie,
    units,
    alt_missing,
    alt_quality,
)
