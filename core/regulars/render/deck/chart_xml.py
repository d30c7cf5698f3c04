"""Parts of a chart that python-pptx has no words for, and the workbook behind "Edit data"."""
# ruff: noqa: SLF001

from __future__ import annotations

import datetime as dt
import io
from collections.abc import Sequence
from typing import Any

from pptx.chart.datalabel import DataLabels
from pptx.oxml import parse_xml
from pptx.oxml.ns import nsdecls, qn
from pptx.util import Pt
from xlsxwriter import Workbook

from regulars.render.deck.oxml import fill, scheme_colour
from regulars.render.deck.theme import Paint

NS = nsdecls("c", "a")
CREATED = dt.datetime(2000, 1, 1)  # noqa: DTZ001  the workbook writer takes naive dates
SECOND_CATEGORIES, SECOND_VALUES = 50010, 50020
AFTER_SKIP = ("c:noMultiLvlLbl", "c:extLst")


def set_workbook(
    chart: Any, categories: Sequence[str], series: Sequence[tuple[str, Sequence[float | None], str]]
) -> None:
    """Replace the chart's workbook by one that treats a name like "=A1" as text and bears no date of today.

    Cells stand where the chart's formulas point: categories from A2 down, each series from B1 to the right.
    """
    stream = io.BytesIO()
    book = Workbook(stream, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False})
    book.set_properties({"created": CREATED, "author": ""})
    sheet = book.add_worksheet()
    for row, category in enumerate(categories, start=1):
        sheet.write_string(row, 0, category)
    for column, (name, values, number_format) in enumerate(series, start=1):
        shown = book.add_format({"num_format": number_format})
        sheet.write_string(0, column, name)
        for row, value in enumerate(values, start=1):
            if value is not None:
                sheet.write_number(row, column, value, shown)
    book.close()
    chart.part.chart_workbook.update_from_xlsx_blob(stream.getvalue())


def add_series_lines(plot: Any, paint: Paint) -> None:
    """Join the segments of stacked columns by dashed lines."""
    element = plot._element
    lines = parse_xml(
        f'<c:serLines {NS}><c:spPr><a:ln w="9525"><a:solidFill>{scheme_colour(paint)}</a:solidFill>'
        '<a:prstDash val="dash"/></a:ln></c:spPr></c:serLines>'
    )
    element.find(qn("c:overlap")).addnext(lines)


def move_to_second_axis(chart: Any, number: int, low: float, high: float) -> Any:
    """Turn a series into a line on a hidden second axis with the given ends, and return its plot.

    Scale the first axis before: with two of them python-pptx gives the second one.
    """
    area = chart._chartSpace.find(f".//{qn('c:plotArea')}")
    bars = area.find(qn("c:barChart"))
    series = bars.findall(qn("c:ser"))[number]
    bars.remove(series)
    inverted = series.find(qn("c:invertIfNegative"))
    if inverted is not None:
        series.remove(inverted)
    plot = parse_xml(
        f'<c:lineChart {NS}><c:grouping val="standard"/><c:varyColors val="0"/><c:marker val="1"/>'
        f'<c:axId val="{SECOND_CATEGORIES}"/><c:axId val="{SECOND_VALUES}"/></c:lineChart>'
    )
    plot.insert(2, series)
    bars.addnext(plot)
    ends = f'<c:max val="{high}"/><c:min val="{low}"/>'
    axes = parse_xml(
        f'<c:axes {NS}><c:catAx><c:axId val="{SECOND_CATEGORIES}"/><c:scaling><c:orientation val="minMax"/></c:scaling>'
        '<c:delete val="1"/><c:axPos val="b"/><c:majorTickMark val="none"/><c:minorTickMark val="none"/>'
        f'<c:tickLblPos val="nextTo"/><c:crossAx val="{SECOND_VALUES}"/><c:crosses val="autoZero"/></c:catAx>'
        f'<c:valAx><c:axId val="{SECOND_VALUES}"/><c:scaling><c:orientation val="minMax"/>{ends}</c:scaling>'
        '<c:delete val="0"/><c:axPos val="r"/><c:numFmt formatCode="0%" sourceLinked="0"/>'
        '<c:majorTickMark val="none"/><c:minorTickMark val="none"/><c:tickLblPos val="none"/>'
        f'<c:spPr><a:ln><a:noFill/></a:ln></c:spPr><c:crossAx val="{SECOND_CATEGORIES}"/><c:crosses val="max"/>'
        "</c:valAx></c:axes>"
    )
    last = area.findall(qn("c:valAx"))[-1]
    for axis in reversed(list(axes)):
        last.addnext(axis)
    return chart.plots[1]


def set_plot_area(chart: Any, left: float, top: float, width: float, height: float) -> None:
    """Fix the inner plot area, in shares of the chart."""
    area = chart._chartSpace.find(f".//{qn('c:plotArea')}")
    for old in area.findall(qn("c:layout")):
        area.remove(old)
    sides = "".join(
        f'<c:{name} val="{value:.4f}"/>' for name, value in (("x", left), ("y", top), ("w", width), ("h", height))
    )
    area.insert(
        0,
        parse_xml(
            f'<c:layout {NS}><c:manualLayout><c:layoutTarget val="inner"/><c:xMode val="edge"/><c:yMode val="edge"/>'
            f"{sides}</c:manualLayout></c:layout>"
        ),
    )


def hide_label(series: Any, position: int) -> None:
    """Leave out the label of one point."""
    labels = series._element.get_or_add_dLbls()
    label = parse_xml(f'<c:dLbl {NS}><c:idx val="{position}"/><c:delete val="1"/></c:dLbl>')
    _insert_label(labels, label, position)


def name_at_point(series: Any, position: int, slot: str, size: float, down: float, *, value_format: str) -> None:
    """Write the series' name and value right of one point, moved down by a share of the chart's height.

    The label is tied to the data: it follows edits.
    """
    labels = series._element.get_or_add_dLbls()
    moved = (
        f'<c:layout><c:manualLayout><c:x val="0"/><c:y val="{down:.4f}"/></c:manualLayout></c:layout>'
        if abs(down) > 0.0005
        else ""
    )
    quoted = value_format.replace("&", "&amp;").replace('"', "&quot;").replace("<", "&lt;").replace(">", "&gt;")
    label = parse_xml(
        f'<c:dLbl {NS}><c:idx val="{position}"/>{moved}<c:numFmt formatCode="{quoted}" sourceLinked="0"/>'
        "<c:spPr><a:noFill/><a:ln><a:noFill/></a:ln></c:spPr>"
        f'<c:txPr><a:bodyPr wrap="none"/><a:lstStyle/><a:p><a:pPr><a:defRPr sz="{round(size * 100)}" b="1"><a:solidFill>'
        f"{scheme_colour(Paint(slot))}</a:solidFill></a:defRPr></a:pPr><a:endParaRPr/></a:p></c:txPr>"
        '<c:dLblPos val="r"/><c:showLegendKey val="0"/><c:showVal val="1"/><c:showCatName val="0"/>'
        '<c:showSerName val="1"/><c:showPercent val="0"/><c:showBubbleSize val="0"/><c:separator>  </c:separator></c:dLbl>'
    )
    for tag in ("c:showVal", "c:showSerName", "c:showCatName", "c:showLegendKey", "c:showPercent", "c:showBubbleSize"):
        shown = labels.find(qn(tag))
        if shown is not None:
            shown.set("val", "0")
    _insert_label(labels, label, position)


def name_label(series: Any, slot: str, size: float, position: Any) -> None:
    """Write the series' name at its points, at one side of them; it follows edits of the name."""
    labels = DataLabels(series._element.get_or_add_dLbls())  # type: ignore[no-untyped-call]
    labels.show_value, labels.show_series_name = False, True
    labels.font.size, labels.font.bold = Pt(size), True
    fill(labels.font.fill, Paint(slot))
    labels.position = position
    body = labels._element.find(f"{qn('c:txPr')}/{qn('a:bodyPr')}")
    body.set("wrap", "none")


def write_label(series: Any, position: int, text: str, size: float, slot: str, place: Any) -> None:
    """Write a label of its own at one point of a series; it does not follow edits."""
    label = series.points[position].data_label
    frame = label.text_frame
    frame.text = text
    font = frame.paragraphs[0].runs[0].font
    font.size, font.bold = Pt(size), True
    fill(font.fill, Paint(slot))
    label.position = place


def make_logarithmic(axis: Any) -> None:
    """Turn a value axis into one of powers of ten."""
    axis._element.find(qn("c:scaling")).insert(0, parse_xml(f'<c:logBase {NS} val="10"/>'))


def number_axes(chart: Any) -> None:
    """Give axes the numbers without sign that the standard asks for; python-pptx writes them below nought."""
    for tag in ("c:axId", "c:crossAx"):
        for element in chart._chartSpace.iter(qn(tag)):
            element.set("val", element.get("val").lstrip("-"))


def refer_by_row(chart: Any, columns: int) -> None:
    """Point each series of a bubble chart to its row of the workbook: name in A, then across, up and size."""
    for row, series in enumerate(chart._chartSpace.iter(qn("c:ser")), start=2):
        for tag, column in zip(("c:tx", "c:xVal", "c:yVal", "c:bubbleSize"), "ABCD"[: columns + 1], strict=False):
            formula = series.find(f"{qn(tag)}//{qn('c:f')}")
            formula.text = f"Sheet1!${column}${row}"


def skip_ticks(axis: Any, every: int) -> None:
    """Label only every n-th category."""
    element = axis._element
    after = next((element.find(qn(tag)) for tag in AFTER_SKIP if element.find(qn(tag)) is not None), None)
    for tag in ("c:tickLblSkip", "c:tickMarkSkip"):
        skip = parse_xml(f'<{tag} {NS} val="{every}"/>')
        if after is None:
            element.append(skip)
        else:
            after.addprevious(skip)


def thin_labels(axis: Any, every: int) -> None:
    """Label only every n-th category, on one line.

    LibreOffice ignores the number, but leaves labels out by itself where they are turned: by an angle nobody sees.
    """
    skip_ticks(axis, every)
    _text_body(axis).set("rot", "1")


def rotate_labels(axis: Any, degrees: int) -> None:
    """Fix the angle of the category labels; 0 lets them wrap instead of turning."""
    body = _text_body(axis)
    body.set("rot", str(degrees * 60_000))
    body.set("vert", "horz")


def _text_body(axis: Any) -> Any:
    return axis._element.get_or_add_txPr().find(qn("a:bodyPr"))


def _insert_label(labels: Any, label: Any, position: int) -> None:
    before = [other for other in labels.findall(qn("c:dLbl")) if int(other.find(qn("c:idx")).get("val")) < position]
    same = [other for other in labels.findall(qn("c:dLbl")) if int(other.find(qn("c:idx")).get("val")) == position]
    for old in same:
        labels.remove(old)
    labels.insert(len(before), label)
