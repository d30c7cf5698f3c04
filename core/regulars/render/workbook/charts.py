"""Native charts over the columns of a table on the same sheet."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Sequence
from typing import Any

from regulars.base.units import Currency, Kind, Unit
from regulars.render.workbook.formulas import TablePlace
from regulars.render.workbook.plan import ChartPlace, SheetPlan
from regulars.render.workbook.values import is_number, value_of
from regulars.story.sheet_spec import Chart, ChartKind
from regulars_workbooks import theme

_LABELLED_MOST = 12  # points: more labels than this overlap
_GAP, _WIDE_GAP = 50, 150  # per cent of a column's width; one or two columns would fill the chart
_CATEGORY_LABELS = 13  # on a horizontal axis
_MOVES_WITH_CELLS = 2
_DROP = 3  # pixels below the row's top: a border on a page's edge would print on the page before
_TYPES = {
    ChartKind.COLUMN: {"type": "column"},
    ChartKind.BAR: {"type": "bar"},
    ChartKind.LINE: {"type": "line"},
    ChartKind.STACKED: {"type": "column", "subtype": "stacked"},
    ChartKind.PARETO: {"type": "column"},
    ChartKind.WATERFALL: {"type": "column", "subtype": "stacked"},
    ChartKind.TORNADO: {"type": "bar", "subtype": "stacked"},
}
_ACROSS = (ChartKind.BAR, ChartKind.TORNADO)
_UNSEEN = "none"
_COLOURS = {
    # Thin lines need colours further apart than areas do.
    ChartKind.LINE: (theme.COBALT, theme.AMBER, theme.TEAL, theme.BRICK, theme.SLATE),
    ChartKind.WATERFALL: (_UNSEEN, theme.COBALT, theme.AMBER, theme.NAVY),
    ChartKind.TORNADO: (theme.AMBER, theme.COBALT),
}


def write_chart(
    book: Any, sheet: Any, plan: SheetPlan, place: ChartPlace, currency: Currency, own: theme.Theme
) -> None:
    """Draw a chart at its place."""
    drawn = _Drawing(plan, place.chart, currency, own)
    chart = drawn.chart(book)
    chart.set_size({"width": place.width, "height": place.height})
    options = {
        "x_offset": place.indent,
        "y_offset": _DROP,
        "description": place.chart.alt,
        "object_position": _MOVES_WITH_CELLS,
    }
    sheet.insert_chart(place.row, place.column, chart, options)


class _Drawing:
    """One chart on the way from its specification to XlsxWriter's calls."""

    def __init__(self, plan: SheetPlan, spec: Chart, currency: Currency, own: theme.Theme) -> None:
        self._sheet = plan.sheet.name
        self._spec = spec
        self._place: TablePlace = plan.names.tables[spec.table]
        self._currency = currency
        self._on = own.on
        self._first = self._place.row(spec.first) if spec.first else self._place.first
        self._last = self._place.row(spec.last) if spec.last else self._place.plotted_last
        self._points = self._last - self._first + 1
        self._labelled = spec.kind in (ChartKind.COLUMN, ChartKind.BAR) and (
            self._points * len(spec.series) <= _LABELLED_MOST
        )

    def chart(self, book: Any) -> Any:
        spec = self._spec
        chart = book.add_chart(dict(_TYPES[spec.kind]))
        keys = spec.series[:1] if spec.kind is ChartKind.PARETO else spec.series
        colours = _COLOURS.get(spec.kind, theme.SERIES)
        for number, key in enumerate(keys):
            chart.add_series(self._on(self._series(key, colours[number % len(colours)])))
        if spec.kind is ChartKind.PARETO and len(spec.series) > 1:
            self._add_share_line(book, chart, spec.series[1])
        self._set_axes(chart)
        title = {
            "name": spec.title,
            "overlay": False,
            "name_font": self._on(_font(theme.CHART_TITLE_SIZE, theme.NAVY, bold=True)),
        }
        chart.set_title(title)
        if spec.kind is ChartKind.WATERFALL:
            chart.set_legend({"none": True})
        elif len(spec.series) > 1:
            chart.set_legend({"position": "top", "font": self._on(_font(theme.CHART_SIZE, theme.SLATE))})
        else:
            chart.set_legend({"none": True})
        chart.set_chartarea(self._on({"border": {"color": theme.HAIRLINE}, "fill": {"color": theme.WHITE}}))
        chart.set_plotarea({"fill": {"none": True}})
        return chart

    def _reference(self, key: str) -> list[Any]:
        column = self._place.column(key)
        return [self._sheet, self._first, column, self._last, column]

    def _series(self, key: str, color: str) -> dict[str, Any]:
        series: dict[str, Any] = {
            "name": [self._sheet, self._place.header, self._place.column(key)],
            "categories": self._reference(self._spec.categories),
            "values": self._reference(key),
        }
        if self._spec.kind is ChartKind.LINE:
            return series | {"line": {"color": color, "width": 2.25}}
        gap = _GAP if self._points > 3 else _WIDE_GAP
        fill = {"none": True} if color == _UNSEEN else {"color": color}
        series |= {"fill": fill, "border": {"none": True}, "gap": gap}
        if self._spec.kind is ChartKind.TORNADO:
            series["overlap"] = 100
        if len(self._spec.series) == 1 and self._spec.highlight:
            series["points"] = self._points_with_highlight()
        if self._labelled:
            number = self._number_format(key)
            series["data_labels"] = {
                "value": True,
                "num_format": number,
                "font": _font(theme.CHART_SIZE, theme.INK),
            }
        return series

    def _points_with_highlight(self) -> list[dict[str, Any]]:
        marked = self._place.row(self._spec.highlight)
        return [
            {"fill": {"color": theme.COBALT if row == marked else theme.SLATE_TINT}, "border": {"none": True}}
            for row in range(self._first, self._last + 1)
        ]

    def _add_share_line(self, book: Any, chart: Any, key: str) -> None:
        line = book.add_chart({"type": "line"})
        line.add_series(
            {
                "name": [self._sheet, self._place.header, self._place.column(key)],
                "categories": self._reference(self._spec.categories),
                "values": self._reference(key),
                "line": self._on({"color": theme.AMBER, "width": 2.25}),
                "y2_axis": True,
            }
        )
        chart.combine(line)
        line.set_y2_axis(
            {
                "num_format": "0%",
                "min": 0,
                "max": 1,
                "visible": not self._columns_are_shares,
                "num_font": self._on(_font(theme.CHART_SIZE, theme.SLATE)),
                "line": {"none": True},
                "major_gridlines": {"visible": False},
            }
        )

    def _set_axes(self, chart: Any) -> None:
        """Set both axes. Labelled columns and bars need no value axis; in a bar chart the x axis is the one of values."""
        category: dict[str, Any] = {
            "num_font": _font(theme.CHART_SIZE, theme.INK),
            "line": {"color": theme.SLATE_TINT},
            "major_tick_mark": "none",
            "label_position": "low",  # below bars that go down
        }
        if isinstance(value_of(self._place.table.rows[0].cells[self._category_place]), dt.date):
            category |= {"text_axis": True, "num_format": "mmm yy" if self._points > 1 else "yyyy-mm-dd"}
        if self._spec.kind in _ACROSS:
            category["reverse"] = True  # the table's first row on top
        elif self._points > _CATEGORY_LABELS:
            category["interval_unit"] = math.ceil(self._points / _CATEGORY_LABELS)
        value: dict[str, Any] = {
            "num_format": self._number_format(self._spec.series[0]),
            "num_font": _font(theme.CHART_SIZE, theme.SLATE),
            "line": {"none": True},
            "major_tick_mark": "none",
            "major_gridlines": {"visible": not self._labelled, "line": {"color": theme.HAIRLINE, "width": 0.75}},
            "visible": not self._labelled,
        }
        if self._spec.kind not in (ChartKind.LINE, ChartKind.WATERFALL) and self._least >= 0:
            value["min"] = 0
        if self._spec.kind is ChartKind.PARETO and self._columns_are_shares:
            value["max"] = 1  # both are shares: one scale for both
        if self._spec.kind in _ACROSS:
            value["label_position"] = "high"  # a reversed category axis takes the value axis to the top
            chart.set_y_axis(self._on(category))
            chart.set_x_axis(self._on(value))
        else:
            chart.set_x_axis(self._on(category))
            chart.set_y_axis(self._on(value))

    @property
    def _columns_are_shares(self) -> bool:
        place = self._place.column(self._spec.series[0]) - self._place.left
        return self._place.table.columns[place].unit.kind is Kind.SHARE

    @property
    def _category_place(self) -> int:
        return self._place.column(self._spec.categories) - self._place.left

    def _values(self, key: str) -> list[float]:
        place = self._place.column(key) - self._place.left
        start = self._first - self._place.first
        rows = self._place.table.rows[start : start + self._points]
        values = (value_of(row.cells[place]) for row in rows)
        return [float(value) for value in values if isinstance(value, int | float) and is_number(value)]

    @property
    def _least(self) -> float:
        return min((value for key in self._spec.series for value in self._values(key)), default=0.0)

    def _number_format(self, key: str) -> str:
        place = self._place.column(key) - self._place.left
        unit = self._place.table.columns[place].unit
        if self._spec.kind in (ChartKind.STACKED, ChartKind.WATERFALL):
            values = [sum(max(map(abs, self._values(one)), default=0.0) for one in self._spec.series)]
        else:
            values = self._values(key)
        return brief_format(unit, self._currency, values)


def brief_format(unit: Unit, currency: Currency, values: Sequence[float]) -> str:
    """Return the number format of labels: money and counts shortened by the size of the largest value.

    >>> from regulars.base.units import MONEY, SHARE
    >>> brief_format(MONEY, Currency("GBP"), [8_832_003, 12])
    '[>=999500][$£]#,##0.0,,"M";[>=9950][$£]#,##0,"K";[$£]#,##0'
    >>> brief_format(MONEY, Currency("GBP"), [-1_200_000, 12])
    '[$£]#,##0.0,,"M"'
    >>> brief_format(SHARE, Currency("GBP"), [0.4])
    '0.0%'
    """
    plain = unit.excel(currency)
    largest = max(map(abs, values), default=0.0)
    if unit.kind not in (Kind.MONEY, Kind.COUNT) or largest < (9_950 if unit.kind is Kind.MONEY else 999_500):
        return plain  # counts of five digits read well as they are
    sign = f"[${currency.symbol}]" if unit.kind is Kind.MONEY and currency.symbol else ""
    billions, millions = f'{sign}#,##0.0,,,"B"', f'{sign}#,##0.0,,"M"'
    whole_millions, thousands, exact_thousands = f'{sign}#,##0,,"M"', f'{sign}#,##0,"K"', f'{sign}#,##0.0,"K"'
    if min(values) < 0:
        # Programs disagree on the minus sign of formats with conditions.
        return billions if largest >= 999_500_000 else millions if largest >= 999_500 else thousands
    if largest >= 999_500_000:
        return f"[>=999500000]{billions};[>=999500]{whole_millions};{plain}"
    if largest >= 999_500:
        return f"[>=999500]{millions};[>=9950]{thousands};{plain}"
    return f"[>=99500]{thousands};[>=9950]{exact_thousands};{plain}"


def _font(size: float, color: str, *, bold: bool = False) -> dict[str, Any]:
    return {"name": theme.FONT, "size": size, "color": color, "bold": bold}
