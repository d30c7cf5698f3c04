"""Column widths of a sheet: tables stacked on it share columns, so each column is as wide as its widest user needs."""

from __future__ import annotations

from dataclasses import dataclass

from regulars.base.units import Currency, Kind, Unit
from regulars.render.workbook import measure
from regulars.render.workbook.values import (
    is_missing,
    is_number,
    is_right_aligned,
    shown,
    tables_of,
    value_of,
)
from regulars.story.sheet_spec import Assumptions, Chart, SheetSpec, Table
from regulars_workbooks import theme

_MEASURED_ROWS = 400  # longer tables are measured by the number of characters, which is quicker and a little wider
_SLACK = 1.6  # inner margins, and room for a number that grows when an assumption is edited
_FILTER_BUTTON = 2.6
INDENT = 1.3  # texts in tables stand a little off the number on their left
_TEXT_BUDGET = 170.0  # wider than this, and texts wrap earlier
_TEXT_LEAST = 22.0
_MIXED_TEXT_MOST = 26.0  # a text in a column where another table has numbers


@dataclass(frozen=True)
class _Need:
    """What one table wants of one column."""

    width: float
    text: bool
    fixed: bool = False


def content_widths(sheet: SheetSpec, currency: Currency) -> list[float]:
    """Return the widths of the columns from B on that tables and assumptions need, in digits of the body font."""
    needs: list[list[_Need]] = []
    for block in sheet.blocks:
        if isinstance(block, Table):
            wanted = [_table_need(block, place, currency) for place in range(len(block.columns))]
            if is_spilling(block, sheet):
                del wanted[-1]
        elif isinstance(block, Assumptions):
            wanted = _assumption_needs(block, currency)
        else:
            continue
        needs.extend([] for _ in range(len(wanted) - len(needs)))
        for column, need in zip(needs, wanted, strict=False):
            column.append(need)
    widths = [_shared_width(place, column) for place, column in enumerate(needs)]
    return _within_budget(widths, needs, listing=any(table.listing for table in tables_of(sheet)))


def is_spilling(table: Table, sheet: SheetSpec) -> bool:
    """Tell whether the last column, a text, runs over the columns on its right instead of widening its own.

    Else a long remark in one table would blow up a column of numbers in another one.
    """
    number = len(table.columns) - 1
    if table.listing or number < 1 or table.columns[number].width is not None or is_right_aligned(table, number):
        return False
    if any(isinstance(block, Chart) and block.beside and block.table == table.key for block in sheet.blocks):
        return False
    others = [len(other.columns) for other in tables_of(sheet) if other is not table]
    others += [4 for block in sheet.blocks if isinstance(block, Assumptions)]
    return max(others, default=0) > number


def spilled_width(table: Table) -> float:
    """Return the width that a last column of texts would like to run over."""
    number = len(table.columns) - 1
    header = measure.longest_word(table.columns[number].title, bold=True)
    return min(max(_text_width(table, number), header, 8.0) + 1.4 + INDENT, theme.TEXT_MOST)


def _shared_width(place: int, needs: list[_Need]) -> float:
    most = theme.LABEL_MOST if place == 0 else theme.TEXT_MOST if all(n.text for n in needs) else _MIXED_TEXT_MOST
    return round(max(need.width if need.fixed or not need.text else min(need.width, most) for need in needs), 2)


def _within_budget(widths: list[float], needs: list[list[_Need]], *, listing: bool) -> list[float]:
    """Narrow the text columns of a page that would be too wide to print legibly; numbers keep their room."""
    excess = sum(widths) - _TEXT_BUDGET
    if listing or excess <= 0:
        return widths
    soft = [all(n.text and not n.fixed for n in column) and place > 0 for place, column in enumerate(needs)]
    spare = sum(max(width - _TEXT_LEAST, 0) for width, can in zip(widths, soft, strict=True) if can)
    if not spare:
        return widths
    part = min(excess / spare, 1.0)
    return [
        round(width - max(width - _TEXT_LEAST, 0) * part, 2) if can else width
        for width, can in zip(widths, soft, strict=True)
    ]


def _table_need(table: Table, place: int, currency: Currency) -> _Need:
    column = table.columns[place]
    button = _FILTER_BUTTON if table.listing else 0.0
    header = measure.longest_word(column.title, bold=True) + 1.2 + button
    numbers = _numbers_width(table, place, currency)
    if not is_right_aligned(table, place):
        text = max(_text_width(table, place) + 1.4, header, 8.0) + INDENT
        text = _with_low_header(column.title, text, theme.LABEL_MOST, listing=table.listing)
        if column.width is not None:
            return _Need(max(column.width, numbers), text=True, fixed=True)
        return _Need(max(text, numbers), text=True)
    if column.width is not None:
        return _Need(max(column.width, numbers), text=False)
    words = min(_text_width(table, place) + 1.4, theme.NUMBER_MOST)
    fitting = min(max(header, words, theme.NUMBER_LEAST), theme.NUMBER_MOST)
    fitting = _with_low_header(column.title, fitting, theme.NUMBER_MOST, listing=table.listing)
    return _Need(max(fitting, numbers), text=False)


def _with_low_header(title: str, width: float, most: float, *, listing: bool) -> float:
    """Widen a column until its header takes two lines: three look like a column of words."""
    while width < most and header_lines(title, width, listing=listing) > 2:
        width += 0.5
    return width


def header_lines(title: str, width: float, *, listing: bool) -> int:
    """Return how many lines a header takes; in a listing the filter button covers its right end."""
    return measure.line_count(title, width - (_FILTER_BUTTON if listing else INDENT), bold=True)


def _numbers_width(table: Table, place: int, currency: Currency) -> float:
    """Return the room that the longest number of a column needs: a number that does not fit shows as ####."""
    column = table.columns[place]
    by_unit: dict[Unit, list[float]] = {}
    widest = 0.0
    for row in (*table.rows, *((table.total,) if table.total else ())):
        value = value_of(row.cells[place])
        if isinstance(value, int | float) and is_number(value):
            by_unit.setdefault(column.unit_in(row), []).append(value)
        elif not isinstance(value, str) and not is_missing(value):
            widest = max(widest, measure.text_width(shown(value, column.unit, currency)))
    for of_value, values in by_unit.items():
        for end in (min(values), max(values)):
            text = f"{end:g}" if of_value.kind is Kind.TEXT else shown(end, of_value, currency)
            widest = max(widest, measure.text_width(text, bold=True))
    return widest + _SLACK if widest else 0.0


def _text_width(table: Table, place: int) -> float:
    texts = (value for row in table.rows if isinstance(value := value_of(row.cells[place]), str))
    if len(table.rows) > _MEASURED_ROWS:
        return max(map(len, texts), default=0) * measure.CAUTION
    bold = any(row.strong for row in table.rows)
    widest = max((measure.text_width(text, bold=bold) for text in texts), default=0.0)
    total = value_of(table.total.cells[place]) if table.total else None
    widest = max(widest, measure.text_width(total, bold=True) if isinstance(total, str) else 0.0)
    return widest * measure.CAUTION


def _assumption_needs(block: Assumptions, currency: Currency) -> list[_Need]:
    widest = max((measure.text_width(cell.label) for cell in block.cells), default=0.0)
    labels = widest * measure.CAUTION + 1.4 + INDENT
    values, defaults = (
        max((measure.text_width(shown(value, cell.unit, currency)) for cell, value in held), default=0.0)
        for held in (
            [(cell, cell.value) for cell in block.cells],
            [(cell, cell.as_shipped) for cell in block.cells],
        )
    )
    numbers = [_Need(max(width + _SLACK + INDENT, theme.NUMBER_LEAST), text=False) for width in (values, defaults)]
    measures = max((measure.text_width(cell.measure) for cell in block.cells), default=0.0)
    units = _Need(max(measures * measure.CAUTION + INDENT, theme.NUMBER_LEAST), text=False)
    return [_Need(labels, text=True), numbers[0], units, numbers[1]]
