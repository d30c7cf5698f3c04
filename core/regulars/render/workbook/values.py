"""What a cell of a specification says, before it is written."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Iterator
from dataclasses import replace

from regulars.base.units import Currency, Kind, Unit, Value
from regulars.story.sheet_spec import Cell, Column, Figures, Formula, Input, Link, Row, SheetSpec, Table

_PLAIN_TEXT = "General"
PENNIES_BELOW = 100
_BARE = frozenset({str, int, float, type(None)})


def value_of(cell: Cell | Input) -> Value:
    """Return the bare value: a formula's current one, a link's text.

    >>> value_of(Formula("={margin}*2", 0.8)), value_of(Link("Customers", "Customers")), value_of(Input(3))
    (0.8, 'Customers', 3)
    """
    if type(cell) in _BARE:  # asked of every cell of a long list, several times
        return cell  # type: ignore[return-value]
    if isinstance(cell, Input):
        return value_of(cell.value)
    if isinstance(cell, Formula):
        return cell.value
    if isinstance(cell, Link):
        return cell.text
    return cell


def is_missing(value: Value) -> bool:
    """Tell whether the data cannot say it: None, or a number that is none.

    >>> is_missing(None), is_missing(float("nan")), is_missing(0)
    (True, True, False)
    """
    return value is None or (isinstance(value, float) and not math.isfinite(value))


def is_number(value: Value) -> bool:
    """Tell whether the value counts or measures; dates and flags do not."""
    return isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value)


def number_format(unit: Unit, currency: Currency) -> str:
    """Return the cell format of a unit; negative money is red with a minus sign.

    >>> from regulars.base.units import MONEY
    >>> number_format(MONEY, Currency("GBP"))
    '[$£]#,##0;[Red]-[$£]#,##0'
    """
    if unit.kind is Kind.TEXT:
        return _PLAIN_TEXT
    plain = unit.excel(currency)
    return f"{plain};[Red]-{plain}" if unit.kind is Kind.MONEY else plain


def row_unit(column: Column, row: Row | None) -> Unit:
    """Return the unit that holds in a cell: the row's own one beats the column's."""
    return column.unit_in(row)


def shown(value: Value, unit: Unit, currency: Currency) -> str:
    """Return roughly the characters that the cell shows, to measure them."""
    if isinstance(value, dt.date):
        return "0000-00-00"
    if isinstance(value, bool):
        return "FALSE"
    if unit.kind is Kind.DAYS:
        return Unit(Kind.COUNT, unit.decimals).show(value, currency)
    return unit.show(value, currency)


def exact_if_small(unit: Unit, value: Value) -> Unit:
    """Return the unit of a cell that stands alone: money of less than a hundred keeps its pennies, as in sentences.

    >>> from regulars.base.units import COUNT, MONEY
    >>> [exact_if_small(MONEY, value).decimals for value in (0.23, 250.5, 40.0)], exact_if_small(COUNT, 3).decimals
    ([2, 0, 0], 0)
    """
    if unit.kind is not Kind.MONEY or not isinstance(value, float) or not abs(value) < PENNIES_BELOW:
        return unit
    return unit if value == int(value) else replace(unit, decimals=2)


def is_right_aligned(table: Table, place: int) -> bool:
    """Tell whether a column stands on the right: numbers do, also in a column without a unit, and dates inside."""
    if table.columns[place].unit.kind is Kind.DATE and place == 0:
        return False
    if table.columns[place].unit.kind is not Kind.TEXT:
        return True
    for row in table.rows:
        value = value_of(row.cells[place])
        if not is_missing(value):
            return is_number(value) or isinstance(value, dt.date)
    return False


def tables_of(sheet: SheetSpec) -> Iterator[Table]:
    """Yield the tables of a sheet from top to bottom."""
    return (block for block in sheet.blocks if isinstance(block, Table))


def formulas_of(sheet: SheetSpec) -> Iterator[tuple[str | None, Formula]]:
    """Yield every formula of a sheet with the key of its table; key figures stand in none."""
    for block in sheet.blocks:
        if isinstance(block, Table):
            for row in (*block.rows, *((block.total,) if block.total else ())):
                held = (cell.value if isinstance(cell, Input) else cell for cell in row.cells)
                yield from ((block.key, cell) for cell in held if isinstance(cell, Formula))
        elif isinstance(block, Figures):
            yield from ((None, figure.value) for figure in block.figures if isinstance(figure.value, Formula))
