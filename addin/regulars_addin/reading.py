"""Orders from the workbook that is open: which sheet or table, one read of it, and the same recognition as for files."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import xlwings

from regulars.base.errors import InputError, listing, nearest
from regulars.base.settings import Settings
from regulars.base.units import counted, verb
from regulars.orders.clean import clean
from regulars.orders.grid import Grid, grid_from_rows, letters
from regulars.orders.header import REPEATED, raw_from_grid
from regulars.orders.hidden import EARLIER_RUN, NO_CELLS, about_hidden
from regulars.orders.model import Orders
from regulars.orders.raw import RawSource
from regulars.orders.recognise import customer_columns, missing_fields, order_columns
from regulars.orders.sources import recognised
from regulars_addin.convert import Plain, to_plain_rows, without_errors
from regulars_addin.messages import ask
from regulars_addin.session import Session
from regulars_workbooks.settings_template import SHEET as SETTINGS_SHEET

if TYPE_CHECKING:
    from regulars_addin.marked import OurSheets

MANY_ROWS = 200_000  # the user is asked before so many are read
_HEAD_ROWS = 60  # of a sheet that is only looked at
_SAMPLES = 8  # cells of a column whose number format is asked for
_HIDDEN = "it is hidden; naming it in the settings reads it"
_ORDERS_TOO = "it holds orders too; naming both sheets in the settings reads both"
_NOT_CHOSEN = "another sheet was chosen"


@dataclass(frozen=True)
class LiveOrders:
    """Sheets that were read, before they are cleaned."""

    raws: tuple[RawSource, ...]
    unread: tuple[tuple[str, str], ...]  # sheets that were not read, each with the reason
    settings: Settings  # with the sheets that the result should be made from again
    names: tuple[str, ...]  # of the sheets that orders were read from
    notes: tuple[str, ...]

    def load(self, settings: Settings) -> Orders:
        """Return the clean orders. Raises InputError when required columns or orders are missing."""
        return clean(recognised([self.raws], settings, (), self.unread), settings)


@dataclass(frozen=True)
class _Chosen:
    """A sheet to read, and the cells of it where only some are meant."""

    sheet: xlwings.Sheet
    cells: xlwings.Range | None = None


def read_orders(session: Session, ours: OurSheets, settings: Settings) -> LiveOrders:
    """Read the sheets that the settings name, else the table around the selection, else the sheet in front.

    Where the sheet in front is one of ours, the only sheet that holds orders is read. Raises InputError when it is not
    clear which sheet is meant or it cannot be read as orders, DeclinedError when the user does not want to wait.
    """
    reader = _Reader(session, ours, settings)
    if settings.sheet:
        raws = tuple(reader.full(_Chosen(sheet)) for sheet in reader.named())
        reader.refuse_empty(raws)
        reader.note_overruled()
        return reader.read(raws, settings, [sheet.name for sheet in reader.named()], ())
    chosen = reader.chosen()
    raw = reader.full(chosen)
    reader.refuse_empty((raw,))
    if missing_fields(order_columns(raw, settings.map)):
        rest = tuple((reader.title(name), _NOT_CHOSEN) for name in reader.others(chosen.sheet.name))
        reader.refuse_merged(chosen, raw)
        return reader.read((raw,), settings, [chosen.sheet.name], rest)
    return reader.with_others(chosen, raw)


class _Reader:
    """Reads one workbook, and remembers what it looked at."""

    def __init__(self, session: Session, ours: OurSheets, settings: Settings) -> None:
        self.session, self.settings = session, settings
        self.ours = frozenset(ours.names)
        self.book = session.book
        self.sheets = {sheet.name: sheet for sheet in self.book.sheets}
        self.notes: list[str] = []

    def title(self, name: str) -> str:
        """Return what a sheet is called in messages and results: as the reader of files calls it."""
        named = {one.strip().casefold() for one in self.settings.sheet}
        asked = [
            one for one, sheet in self.sheets.items()
            if one not in self.ours and (sheet.visible or one.strip().casefold() in named)
        ]  # fmt: skip
        return f"{self.book.name} › {name}" if len(asked) > 1 else str(self.book.name)

    def others(self, name: str) -> list[str]:
        """Return the names of the sheets of the user beside one."""
        return [one for one in self.sheets if one not in {name, SETTINGS_SHEET} and one not in self.ours]

    def named(self) -> list[xlwings.Sheet]:
        """Return the sheets that the settings name, in the order in which they stand."""
        folded = {name.strip().casefold(): name for name in self.sheets}
        for name in self.settings.sheet:
            if name.strip().casefold() not in folded:
                near = nearest(name, folded.values())
                raise InputError(
                    f"'{self.book.name}' has no sheet '{name}', which the settings name as the sheet of the orders",
                    remedy=f"write '{near}' there" if near else "name one of its sheets, or leave the setting empty",
                )
        wanted = {name.strip().casefold() for name in self.settings.sheet}
        return [sheet for name, sheet in self.sheets.items() if name.strip().casefold() in wanted]

    def note_overruled(self) -> None:
        """Say of a sheet in front that the settings name another one."""
        front, named = self.session.sheet, [sheet.name for sheet in self.named()]
        if front is not None and front.name in self.others("") and front.name not in named:
            self.notes.append(
                f"'{front.name}', the sheet in front, was not read: the settings, or the earlier result, name"
                f" {listing(named)} as 'Sheet with the orders' (button Settings)"
            )

    def refuse_empty(self, raws: Collection[RawSource]) -> None:
        """Refuse sheets that hold headings alone, such as one that waits for orders to be typed."""
        if not any(raw.cells.num_rows for raw in raws):
            raise InputError(
                f"{listing(raw.name for raw in raws)} {verb(len(raws), 'has', 'have')} one filled row only, and no orders below it",
                remedy="type or paste orders below the headings, and click the button again",
            )

    def chosen(self) -> _Chosen:
        """Return what the user means by the sheet in front and the selection."""
        front = self.session.sheet
        if front is None:
            raise InputError(
                "the sheet in front is a chart", remedy="go to the sheet with the orders, and click the button again"
            )
        if front.name in self.ours or front.name == SETTINGS_SHEET:
            return _Chosen(self._only_orders())
        return _Chosen(front, self._table(front))

    def _only_orders(self) -> xlwings.Sheet:
        """Return the one sheet that holds orders, asked for from a sheet that holds none."""
        found = [name for name in self.others("") if self.sheets[name].visible and self._looks_like_orders(name)]
        if len(found) == 1:
            return self.sheets[found[0]]
        what = f"several sheets hold orders: {listing(found)}" if found else "the sheet in front holds no orders"
        raise InputError(what, remedy="go to the sheet with the orders, and click the button again")

    def _looks_like_orders(self, name: str) -> bool:
        raw = self.head(name)
        return raw is not None and not missing_fields(order_columns(raw, self.settings.map))

    def _table(self, sheet: xlwings.Sheet) -> xlwings.Range | None:
        """Return the table around the selection, or the only table of several that holds orders."""
        tables = [(table.name, table.range) for table in sheet.tables]
        selected = self.session.app.selection
        if selected is not None and selected.sheet.name == sheet.name:
            for _, cells in tables:
                if _holds(cells, selected.row, selected.column):
                    return cells
        if len(tables) < 2:
            return None
        full = [(name, cells) for name, cells in tables if self._holds_orders(sheet, cells)]
        if len(full) > 1:
            raise InputError(
                f"sheet '{sheet.name}' has {len(full)} tables of orders: {listing(name for name, _ in full)}",
                remedy="click into the one you mean, and click the button again",
            )
        return full[0][1] if full else None

    def _holds_orders(self, sheet: xlwings.Sheet, cells: xlwings.Range) -> bool:
        raw = self._raw(sheet, cells, rows=2)
        return raw is not None and not missing_fields(order_columns(raw, self.settings.map))

    def head(self, name: str) -> RawSource | None:
        """Return a sheet by its first rows; None without cells."""
        sheet = self.sheets[name]
        return self._raw(sheet, sheet.used_range, rows=_HEAD_ROWS)

    def full(self, chosen: _Chosen) -> RawSource:
        """Return all rows that are meant. Raises InputError for a sheet without cells or with two tables side by side."""
        sheet = chosen.sheet
        cells = chosen.cells or sheet.used_range
        count = int(cells.shape[0])
        if count > MANY_ROWS:
            ask(
                self.session.app,
                f"'{sheet.name}' has {count:,} rows. Reading and analyzing them takes some minutes, and"
                f" {self.session.program.name} cannot be used meanwhile. Go on?",
            )
        self.session.progress(f"Reading {counted(count, 'row')} of '{sheet.name}'")
        grid = self._grid(sheet, cells)
        raw = self._with_header(grid)
        if raw is None:
            chart = "holds a chart and no cells" if len(sheet.charts) else "has no filled cell"
            raise InputError(
                f"sheet '{sheet.name}' {chart}",
                remedy="go to the sheet with the orders, and click the button again",
            )
        block = self._block(sheet, grid) if chosen.cells is None else None
        if block is not None:
            raw = self._raw(sheet, block) or raw
        if self.session.program.is_protected(sheet):
            self.notes.append(f"sheet '{sheet.name}' is protected; it was read, and nothing in it was changed")
        return raw

    def _raw(self, sheet: xlwings.Sheet, cells: xlwings.Range, rows: int | None = None) -> RawSource | None:
        return self._with_header(self._grid(sheet, cells, rows))

    def _with_header(self, grid: Grid) -> RawSource | None:
        return raw_from_grid(grid, self.settings.map.values())

    def _grid(self, sheet: xlwings.Sheet, cells: xlwings.Range, rows: int | None = None) -> Grid:
        height, width = cells.shape
        part = cells if rows is None or height <= rows else cells.resize(rows, width)
        values, errors = without_errors(to_plain_rows(part.options(ndim=2, err_to_str=True).value))
        title = self.title(sheet.name)
        grid = grid_from_rows(title, values, part.row, part.column - 1)
        grid = replace(grid, error_cells=errors, sheet=sheet.name)
        if rows is None:
            hidden = self._hidden(part, values)
            grid = replace(
                grid,
                notices=about_hidden(title, hidden, visible=bool(sheet.visible)),
                formats=_formats(part, values),
            )
        return grid

    def _hidden(self, cells: xlwings.Range, values: Sequence[Sequence[Plain]]) -> int:
        width = int(cells.shape[1])
        fullest = max(range(width), key=lambda column: sum(row[column] is not None for row in values), default=0)
        return self.session.program.hidden_rows(cells, cells.columns[fullest])

    def _block(self, sheet: xlwings.Sheet, grid: Grid) -> xlwings.Range | None:
        """Return the one of several tables of orders side by side that the selection lies in; None for one table.

        Raises InputError where the selection lies in none of them: reading all would mix them.
        """
        blocks = _blocks(grid)
        read = [self._with_header(block) for block in blocks] if len(blocks) > 1 else []
        tables = [raw for raw in read if raw and not missing_fields(order_columns(raw, self.settings.map))]
        if len(tables) < 2:
            return None
        selected = self.session.app.selection
        here = letters(selected.column - 1) if selected is not None and selected.sheet.name == sheet.name else None
        count = f"sheet '{sheet.name}' has {len(tables)} tables of orders side by side"
        for raw in tables:
            if here in raw.places:
                where = f"columns {raw.places[0]} to {raw.places[-1]}"
                self.notes.append(f"{count}; the one around the selected cell was read ({where})")
                last = grid.first_row + grid.height - 1
                return sheet.range(f"{raw.places[0]}{grid.first_row}:{raw.places[-1]}{last}")
        where = " and ".join(f"columns {raw.places[0]} to {raw.places[-1]}" for raw in tables)
        raise InputError(
            f"{count} ({where})",
            remedy="click into the one you mean, and click the button again; or move one to a sheet of its own",
        )

    def refuse_merged(self, chosen: _Chosen, raw: RawSource) -> None:
        """Say of a header that lacks columns, and has merged cells, that these are why."""
        if not raw.header_row or not raw.places:
            return
        sheet = chosen.sheet
        header = sheet.range(f"{raw.places[0]}{raw.header_row}:{raw.places[-1]}{raw.header_row}")
        if header.merge_cells is False:
            return
        missing = missing_fields(order_columns(raw, self.settings.map))
        raise InputError(
            f"the header in row {raw.header_row} of sheet '{sheet.name}' has merged cells, and no column was recognised as"
            f" {' or '.join(missing)}",
            remedy=f"select row {raw.header_row}, choose Unmerge Cells, and give each column a name of its own",
        )

    def with_others(self, chosen: _Chosen, raw: RawSource) -> LiveOrders:
        """Return orders with the table of customers beside them, as the reader of files finds it."""
        name = chosen.sheet.name
        raws, unread, orders_too = [raw], [], []
        for other in self.others(name):
            sheet = self.sheets[other]
            if not sheet.visible:
                unread.append((self.title(other), _HIDDEN))
                continue
            head = self.head(other)
            if head is None:
                unread.append((self.title(other), NO_CELLS))
            elif not missing_fields(order_columns(head, self.settings.map)):
                unread.append((self.title(other), _ORDERS_TOO))
                orders_too.append(other)
            elif customer_columns(head, self.settings.map) is not None:
                raws.append(self._raw(sheet, sheet.used_range) or head)
            else:
                raws.append(head)
        settings = self.settings
        if orders_too:
            # By name, so that the same run on the saved file reads this sheet alone; such a run looks for no customers.
            settings = settings.but(sheet=(name,))
            count = len(orders_too)
            self.notes.append(
                f"{counted(count, 'other sheet')} {verb(count, 'holds', 'hold')} orders too and {verb(count, 'was', 'were')}"
                f" not read: {listing(orders_too)}. To analyze them together, name all in 'Sheet with the orders' (button Settings), with ; between"
            )
            unread += [(other.name, _NOT_CHOSEN) for other in raws[1:]]
            raws = [raw]
        return self.read(tuple(raws), settings, [name], unread)

    def read(
        self, raws: tuple[RawSource, ...], settings: Settings, names: Sequence[str], unread: Collection[tuple[str, str]]
    ) -> LiveOrders:
        """Return what was read, with the sheets that were not."""
        earlier = [(self.title(name), EARLIER_RUN) for name in self.sheets if name in self.ours]
        told = [notice.text for raw in raws for notice in raw.notices if notice.key in {"hidden_rows", REPEATED}]
        notes = (*self.notes, *dict.fromkeys(told))
        return LiveOrders(raws, (*unread, *earlier), settings, tuple(names), notes)


def _holds(cells: xlwings.Range, row: int, column: int) -> bool:
    height, width = cells.shape
    return bool(cells.row <= row < cells.row + height and cells.column <= column < cells.column + width)


def _blocks(grid: Grid) -> list[Grid]:
    """Return the columns of a grid as they stand together, parted by columns without any cell."""
    blocks: list[list[int]] = [[]]
    for index, column in enumerate(grid.columns):
        if column.null_count == len(column):
            blocks.append([])
        else:
            blocks[-1].append(index)
    return [
        Grid(grid.name, grid.columns[block[0] : block[-1] + 1], grid.first_row, grid.first_column + block[0])
        for block in blocks if block
    ]  # fmt: skip


def _formats(cells: xlwings.Range, values: Sequence[Sequence[Plain]]) -> dict[int, frozenset[str]]:
    """Return the number formats of the numbers of each column, by a sample where they are not all one."""
    found = {}
    for column in range(int(cells.shape[1])):
        filled = [place for place, row in enumerate(values) if type(row[column]) is float]
        if filled:
            step = max(1, len(filled) // _SAMPLES)
            codes = {_format(cells[place, column]) for place in filled[::step][:_SAMPLES]}
            found[cells.column - 1 + column] = frozenset(codes)
    return found


def _format(cell: xlwings.Range) -> str:
    code = str(cell.number_format or "")
    return "" if code in {"General", "@"} else code
