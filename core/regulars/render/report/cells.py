"""How the values of a report's tables are shown, the same in every format."""

from __future__ import annotations

from regulars.base.units import Currency, Kind, Unit, Value
from regulars.story.report_spec import Grid
from regulars.story.sheet_spec import Column, Row

TEXTUAL = frozenset({Kind.TEXT, Kind.DATE})


def shown(value: object, unit: Unit, currency: Currency, *, brief: bool = False) -> str:
    """Return a cell as a reader meets it; a blank where the table has none."""
    if value is None or value == "":
        return ""
    if not isinstance(value, Value):
        raise TypeError(f"a report's cell is a plain value, not {value!r}")
    return unit.show(value, currency, brief=brief)


def rows_shown(grid: Grid, currency: Currency) -> list[list[str]]:
    """Return the rows of a table, the total last, as texts."""
    table = grid.table
    rows = [*table.rows, *([table.total] if table.total is not None else [])]
    return [_row(row, table.columns, currency, brief=grid.brief) for row in rows]


def _row(row: Row, columns: tuple[Column, ...], currency: Currency, *, brief: bool) -> list[str]:
    pairs = zip(row.cells, columns, strict=True)
    return [shown(cell, column.unit_in(row), currency, brief=brief) for cell, column in pairs]


def is_number(column: Column) -> bool:
    """Tell whether a column's cells stand to the right."""
    return column.unit.kind not in TEXTUAL
