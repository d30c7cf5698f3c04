"""Names in formula templates become plain references on the same sheet, so that a sheet can be copied anywhere."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property

from xlsxwriter.utility import xl_range_abs, xl_rowcol_to_cell

from regulars.base.errors import listing, nearest
from regulars.story.sheet_spec import Table

_NAME = re.compile(r"\{([^{}]*)\}")


@dataclass(frozen=True)
class TablePlace:
    """Where a table stands. Rows and columns count from zero; the data rows are `first` to `last`."""

    table: Table
    left: int
    header: int
    first: int
    last: int
    total: int | None = None
    spill: int | None = None  # the sheet column up to which the last column runs

    def column(self, key: str) -> int:
        """Return the sheet column of a table column; ValueError when the table has none of that key."""
        try:
            return self._columns[key]
        except KeyError:
            raise ValueError(
                f"table '{self.table.key}' has no column '{key}'; it has {listing(self._columns, most=40)}"
            ) from None

    def row(self, key: str) -> int:
        """Return the sheet row of a table row; ValueError when the table has none of that key."""
        try:
            return self._rows[key]
        except KeyError:
            near = nearest(key, self._rows)
            hint = f"nearest is '{near}'" if near else f"it has {listing(self._rows, most=20)}"
            raise ValueError(f"table '{self.table.key}' has no row '{key}'; {hint}") from None

    @cached_property
    def _columns(self) -> dict[str, int]:
        return {column.key: self.left + place for place, column in enumerate(self.table.columns)}

    @cached_property
    def _rows(self) -> dict[str, int]:
        rows = {row.key: self.first + place for place, row in enumerate(self.table.rows)}
        if self.table.total is not None and self.total is not None:
            rows.setdefault(self.table.total.key, self.total)
        return rows

    @property
    def plotted_last(self) -> int:
        """Return the last row that a chart or colour scale covers: sums at the end would dwarf the rest."""
        last = self.last
        for row in reversed(self.table.rows):
            if not row.strong or last == self.first:
                break
            last -= 1
        return last


@dataclass(frozen=True)
class Names:
    """Everything on a sheet that a formula can name."""

    assumptions: Mapping[str, tuple[int, int]]  # key to row and column
    tables: Mapping[str, TablePlace]

    def resolve(self, template: str, table: str | None = None, row: int | None = None) -> str:
        """Return the formula with references in place of names.

        `table` and `row` say where the formula stands, for `{.column}`. Raises ValueError, with the names there are,
        when a name is not known.
        """
        return _NAME.sub(lambda match: self._reference(match.group(1).strip(), template, table, row), template)

    def _reference(self, name: str, template: str, table: str | None, row: int | None) -> str:
        try:
            return self._look_up(name, table, row)
        except ValueError as problem:
            raise ValueError(f"the formula '{template}' names '{name}': {problem}") from problem

    def _look_up(self, name: str, table: str | None, row: int | None) -> str:
        if "." not in name:
            if name in self.assumptions:
                return str(xl_rowcol_to_cell(*self.assumptions[name], row_abs=True, col_abs=True))
            known = [*self.assumptions, *(f"{key}.…" for key in self.tables)]
            raise ValueError(f"no assumption of that key; known names are {listing(known, most=40)}")
        key, _, rest = name.partition(".")
        column, _, row_key = rest.partition("@")
        if not key:
            if table is None or row is None:
                raise ValueError("only a cell of a table has a row of its own")
            return str(xl_rowcol_to_cell(row, self.tables[table].column(column)))
        if key not in self.tables:
            raise ValueError(f"no table of that key on this sheet; it has {listing(self.tables, most=40)}")
        place = self.tables[key]
        across = place.column(column)
        if row_key:
            return str(xl_rowcol_to_cell(place.row(row_key), across, row_abs=True, col_abs=True))
        if place.first == place.last:
            return str(xl_rowcol_to_cell(place.first, across, row_abs=True, col_abs=True))
        return str(xl_range_abs(place.first, across, place.last, across))


def named_columns(template: str, table: str | None) -> Iterator[tuple[str, str]]:
    """Yield the table columns that a template reads, as pairs of table and column key.

    >>> list(named_columns("={.reach}*{margin}+SUM({initiatives.gain})", "plan"))
    [('plan', 'reach'), ('initiatives', 'gain')]
    """
    for name in _NAME.findall(template):
        key, dot, rest = name.strip().partition(".")
        owner = key or table
        if dot and owner is not None:
            yield owner, rest.partition("@")[0]
