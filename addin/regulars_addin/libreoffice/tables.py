"""Tables: in LibreOffice, named ranges of a database with filter buttons."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from regulars_addin.libreoffice.ranges import Range

if TYPE_CHECKING:
    from regulars_addin.libreoffice.sheets import Sheet

HIDDEN = "__Anonymous_Sheet_DB__"  # what LibreOffice calls the filter of a sheet without a table


class Tables:
    """The tables on a sheet."""

    def __init__(self, sheet: Sheet) -> None:
        """Look at one sheet."""
        self.sheet = sheet
        self.api = sheet.book.document.DatabaseRanges

    @property
    def parent(self) -> Sheet:
        """The sheet."""
        return self.sheet

    def names(self) -> list[str]:
        """Return their names in the order of their first cells."""
        number = self.sheet.index - 1
        found = []
        for name in self.api.ElementNames:
            area = self.api.getByName(name).DataArea
            if area.Sheet == number and not name.startswith(HIDDEN):
                found.append((area.StartRow, area.StartColumn, name))
        return [name for _, _, name in sorted(found)]

    def __len__(self) -> int:
        """Count them."""
        return len(self.names())

    def __iter__(self) -> Iterator[Table]:
        """Go through them."""
        return iter([Table(self, name) for name in self.names()])

    def __contains__(self, key: str) -> bool:
        """Tell whether one has this name."""
        return key in self.names()

    def __call__(self, key: int | str) -> Table:
        """Return one by its number from 1, or by its name. Raises KeyError."""
        names = self.names()
        if isinstance(key, int) and 1 <= key <= len(names):
            return Table(self, names[key - 1])
        if key in names:
            return Table(self, str(key))
        raise KeyError(key)

    def add(
        self,
        source_type: Any = None,  # noqa: ARG002  xlwings asks for these
        source: Any = None,
        link_source: Any = None,  # noqa: ARG002
        has_headers: bool | None = True,
        destination: Any = None,  # noqa: ARG002
        table_style_name: Any = None,  # noqa: ARG002
        name: str | None = None,
    ) -> Table:
        """Make a range a table with filter buttons. Raises ValueError where the name is taken."""
        named = name or self._free_name()
        if self.api.hasByName(named):
            raise ValueError(f"the workbook has a table '{named}' already")
        add_filtered(self.api, named, source.impl.cells.RangeAddress, header=has_headers is not False)
        return Table(self, named)

    def _free_name(self) -> str:
        number = 1
        while self.api.hasByName(f"Table{number}"):
            number += 1
        return f"Table{number}"


def add_filtered(ranges: Any, name: str, address: Any, *, header: bool = True, buttons: bool = True) -> None:
    """Add a named range with filter buttons to the database ranges of a document."""
    ranges.addNewByName(name, address)
    made = ranges.getByName(name)
    made.ContainsHeader = header
    made.AutoFilter = buttons


class Table:
    """One table."""

    def __init__(self, tables: Tables, name: str) -> None:
        """Take one of the tables on a sheet."""
        self._tables = tables
        self._name = name

    @property
    def api(self) -> Any:
        """The database range."""
        return self._tables.api.getByName(self._name)

    @property
    def parent(self) -> Sheet:
        """The sheet."""
        return self._tables.sheet

    @property
    def name(self) -> str:
        """Its name."""
        return self._name

    @name.setter
    def name(self, value: str) -> None:
        self.api.Name = value
        self._name = value

    @property
    def display_name(self) -> str:
        """Its name."""
        return self._name

    @property
    def show_autofilter(self) -> bool:
        """Whether it has filter buttons."""
        return bool(self.api.AutoFilter)

    @show_autofilter.setter
    def show_autofilter(self, value: bool) -> None:
        self.api.AutoFilter = value

    @property
    def show_headers(self) -> bool:
        """Whether its first row holds headings."""
        return bool(self.api.ContainsHeader)

    def _part(self, skipped: int, last: int | None = None) -> Range:
        area = self.api.DataArea
        end = area.EndRow if last is None else area.StartRow + last
        cells = self.parent.sheet.getCellRangeByPosition(area.StartColumn, area.StartRow + skipped, area.EndColumn, end)
        return Range(self.parent, cells)

    @property
    def range(self) -> Range:
        """All its cells, with headings."""
        return self._part(0)

    @property
    def header_row_range(self) -> Range | None:
        """Its headings."""
        return self._part(0, 0) if self.show_headers else None

    @property
    def data_body_range(self) -> Range | None:
        """Its cells below the headings."""
        area = self.api.DataArea
        skipped = int(self.show_headers)
        return self._part(skipped) if area.EndRow - area.StartRow >= skipped else None
