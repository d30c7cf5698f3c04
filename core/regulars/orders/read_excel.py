"""Workbooks as grids: every sheet is parsed once, as text or, below the header of a long one, as what its columns are."""

from __future__ import annotations

import logging
import zipfile
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import TypeAlias

import fastexcel
import pyarrow as pa
import pyarrow.compute as pc

from regulars.base.errors import InputError
from regulars.orders.formats import number_formats
from regulars.orders.gate import UNREADABLE, Format, check_extent, damaged, locked
from regulars.orders.grid import Body, Grid, Typed, written_as_dates
from regulars.orders.head import head_workbook
from regulars.orders.hidden import EARLIER_RUN, NO_CELLS, about_hidden, unread, why_not
from regulars.orders.read_openpyxl import second_opinion
from regulars.orders.scan import SheetPart, SheetScan, scan_xlsx, sheet_parts
from regulars.orders.scan_ods import scan_ods
from regulars.orders.xlsb import dimensions

logging.getLogger("fastexcel").addHandler(logging.NullHandler())  # its guesses about blank columns are no news


def sheet_names(path: Path, form: Format) -> list[str]:
    """Return the names of all worksheets, hidden ones too, in the order of their tabs.

    Raises InputError when the workbook is damaged or locked.
    """
    with _mended(path):
        if form is Format.XLSX:
            with zipfile.ZipFile(path) as archive:
                return [sheet.name for sheet in sheet_parts(archive)]
        return list(fastexcel.read_excel(path).sheet_names)


def read_workbook(
    path: Path, form: Format, wanted: Collection[str] | None = None, left_out: Collection[str] = ()
) -> Iterator[Grid]:
    """Yield the sheets that have cells: the wanted ones, or all that are neither hidden nor left out.

    The others are yielded without columns, with the reason why they are passed over.

    A workbook that stops the parser is read by a second, slower one before it is called damaged.
    Raises InputError when the workbook is damaged, locked or absurdly large.
    """
    try:
        yield from list(_parsed(path, form, wanted, left_out))
    except InputError as error:
        grids = None
        if form is Format.XLSX and isinstance(error.__cause__, fastexcel.FastExcelError):
            grids = second_opinion(path, wanted, left_out)
        if grids is None:
            raise
        yield from grids


def _parsed(path: Path, form: Format, wanted: Collection[str] | None, left_out: Collection[str]) -> Iterator[Grid]:
    with _mended(path):
        scans = _scans(path, form, wanted, left_out)  # before the parser sees the file: it is the gate
        formats = _formats(path, form, scans or {})
        # By name the parser takes an ending for the format; exporters write .xlsx files that are called .xls.
        reader = fastexcel.read_excel(path if _is_named_so(path, form) else path.read_bytes())
    if scans is None:
        scans = dict.fromkeys(reader.sheet_names, (None, None))
    several = len(scans) > 1
    for name, (part, scan) in scans.items():
        if wanted is not None and name not in wanted:
            yield unread(path, name, why_not(wanted))
            continue
        title = f"{path.name} › {name}" if several else path.name
        if part is not None and scan is not None and scan.start:
            yield replace(_long_grid(path, title, part, scan, reader), formats=formats[name])
            continue
        with _mended(path):
            sheet = reader.load_sheet(name, header_row=None, skip_rows=0, dtypes="string", whitespace_as_null=True)
            visible = sheet.visible == "visible"
            if wanted is None and not visible:
                yield unread(path, name, why_not(wanted))
                continue
            first_column = sheet.selected_columns[0].absolute_index if sheet.width else 0
            cells = sheet.to_arrow()
        del sheet  # it holds the parsed cells a second time
        if not cells.num_rows or not cells.num_columns:
            yield unread(path, name, NO_CELLS)
            continue
        grid = _grid(path, form, name, title, cells, first_column, scan)
        about = about_hidden(title, scan.hidden_rows if scan else 0, visible=visible)
        yield replace(grid, notices=about, formats=formats.get(name, {}))
    if form is Format.XLSX:
        with _mended(path), zipfile.ZipFile(path) as archive:
            for other in sheet_parts(archive):
                if other.name not in scans:
                    yield unread(path, other.name, EARLIER_RUN if other.name in left_out else why_not(wanted))


def _is_named_so(path: Path, form: Format) -> bool:
    return path.suffix.lower() in ENDINGS[form]


ENDINGS = {
    Format.XLSX: {".xlsx", ".xlsm", ".xltx", ".xltm", ".xlam"},
    Format.XLSB: {".xlsb"},
    Format.XLS: {".xls", ".xla", ".xlt"},
    Format.ODS: {".ods"},
}
Scans: TypeAlias = dict[str, tuple[SheetPart | None, SheetScan | None]]


def _scans(path: Path, form: Format, wanted: Collection[str] | None, left_out: Collection[str]) -> Scans | None:
    """Return the sheets with their scans, after the gate has let them pass; None for formats without XML."""
    if form is Format.XLSX:
        with zipfile.ZipFile(path) as archive:
            return {
                sheet.name: (
                    sheet,
                    scan_xlsx(path, archive, sheet) if _asked(sheet.name, wanted, visible=sheet.visible) else None,
                )
                for sheet in sheet_parts(archive)
                if (sheet.visible or _asked(sheet.name, wanted, visible=False)) and sheet.name not in left_out
            }
    if form is Format.ODS:
        with zipfile.ZipFile(path) as archive:
            return {name: (None, scan) for name, scan in scan_ods(path, archive).items()}
    if form is Format.XLSB:
        for part, (rows, columns) in dimensions(path).items():
            check_extent(path, part, rows, columns, f"row {rows:,}")
    return None


def _formats(path: Path, form: Format, scans: Scans) -> Mapping[str, Mapping[int, frozenset[str]]]:
    """Return the number formats of each sheet's numbers by column."""
    if form is not Format.XLSX:
        return {}
    found = {name: scan.styles if scan is not None else {} for name, (_, scan) in scans.items()}
    with zipfile.ZipFile(path) as archive:
        codes = number_formats(
            archive, {style for columns in found.values() for kept in columns.values() for style in kept}
        )
    return {
        name: {column: frozenset(codes.get(style, "") for style in styles) for column, styles in columns.items()}
        for name, columns in found.items()
    }


def _asked(name: str, wanted: Collection[str] | None, *, visible: bool) -> bool:
    return visible if wanted is None else name in wanted


def _long_grid(path: Path, title: str, part: SheetPart, scan: SheetScan, reader: fastexcel.ExcelReader) -> Grid:
    """Return a sheet by its first rows; the others are parsed once it is known below which row they are typed."""
    with _mended(path):
        with zipfile.ZipFile(path) as archive:
            small = head_workbook(archive, part, scan.start)
        head = fastexcel.read_excel(small).load_sheet(
            part.name, header_row=None, skip_rows=0, dtypes="string", whitespace_as_null=True
        )
        first_column = head.selected_columns[0].absolute_index if head.width else 0
        cells = head.to_arrow()

    def body(header_row: int) -> Body:
        try:
            with _mended(path):
                return _body(reader, part.name, scan, header_row)
        except InputError as error:
            found = second_opinion(path, {part.name}) if isinstance(error.__cause__, fastexcel.FastExcelError) else None
            grids = [grid for grid in found or () if grid.passed_over is None]
            if not grids:
                raise
            below = [column.slice(header_row) for column in grids[0].columns]
            return Body(tuple(below), grids[0].typed(header_row), 0, dict(scan.errors))

    return Grid(
        title,
        tuple(cells.columns),
        first_column=first_column,
        sheet=part.name,
        body=body,
        notices=about_hidden(title, scan.hidden_rows, visible=part.visible),
    )


def _body(reader: fastexcel.ExcelReader, name: str, scan: SheetScan, header_row: int) -> Body:
    """Parse the rows below a header: columns of numbers and dates as such, columns with any text as text.

    The parser alone would take a text such as N/A for a blank, and a boolean for a number: it is asked about the
    columns only that hold nothing but numbers and dates by the scan.
    """
    kinds = scan.typed(header_row, 0).numeric
    cells, first_column = _typed_cells(reader, name, scan, header_row)
    arrays: list[pa.Array] = []
    numeric, dated = set(), set()
    for index, column in enumerate(cells.columns):
        only_numbers = first_column + index in kinds
        if pa.types.is_temporal(column.type):
            dated.add(index)
            arrays.append(column.cast(pa.timestamp("us")))
        elif pa.types.is_floating(column.type):
            numeric.add(index)
            arrays.append(column)
        else:
            arrays.append(column.cast(pa.string()))
            looks = written_as_dates(arrays[-1]) if only_numbers else None
            if looks is not None:
                (dated if looks else numeric).add(index)
    errors = {column - first_column: count for column, count in sorted(scan.errors.items()) if column >= first_column}
    return Body(tuple(arrays), Typed(frozenset(numeric), frozenset(dated)), first_column, errors)


def _typed_cells(
    reader: fastexcel.ExcelReader, name: str, scan: SheetScan, header_row: int
) -> tuple[pa.RecordBatch, int]:
    """Return the cells below a header as Arrow has them, and the first column's index (0 is column A)."""
    found = scan.kinds(0)
    numeric = scan.typed(header_row, 0).numeric
    others = {column for column in found if column not in numeric}
    first_column = min(found, default=0)
    if first_column == 0:
        # The parser's quick way copies no text twice, but does not say where its columns stand, and counts those of
        # `dtypes` from column A.
        quick = reader.load_sheet_eager(
            name,
            header_row=None,
            skip_rows=header_row,
            schema_sample_rows=None,
            dtypes=dict.fromkeys(others, "string"),
        )
        if quick.num_columns == max(found, default=-1) + 1 and all(map(_is_read, quick.schema.types)):
            return pa.RecordBatch.from_arrays(list(map(_without_blanks, quick.columns)), quick.schema.names), 0
    while True:
        sheet = reader.load_sheet(
            name,
            header_row=None,
            skip_rows=header_row,
            schema_sample_rows=None,
            dtypes={column - first_column: "string" for column in others if column >= first_column},
            whitespace_as_null=True,
        )
        columns = {column.absolute_index: column.dtype for column in sheet.selected_columns}
        odd = {column for column, kind in columns.items() if column not in others and kind not in _READ}
        if not odd and (not columns or min(columns) == first_column):
            return sheet.to_arrow(), first_column
        others |= odd  # durations: as text they are the time of day
        first_column = min(columns)


_READ = frozenset({"float", "datetime", "string", "null"})  # with these the cells say the same as in text


def _is_read(kind: pa.DataType) -> bool:
    is_text = pa.types.is_string(kind) or pa.types.is_large_string(kind) or pa.types.is_string_view(kind)
    return bool(is_text or pa.types.is_floating(kind) or pa.types.is_timestamp(kind) or pa.types.is_null(kind))


def _without_blanks(column: pa.Array) -> pa.Array:
    """Return a column with null for texts of nothing but blanks, which are cells that only look empty."""
    if not pa.types.is_string(column.type):
        return column
    blank = pc.or_(pc.utf8_is_space(column), pc.equal(column, ""))
    return pc.if_else(blank, None, column) if pc.any(blank).as_py() else column


def _grid(
    path: Path, form: Format, name: str, title: str, cells: pa.RecordBatch, first_column: int, scan: SheetScan | None
) -> Grid:
    columns = tuple(cells.columns)
    if form is Format.ODS:
        columns = tuple(_with_times(column) for column in columns)
    if scan is not None:
        typed = _typed_by_scan(columns, scan, first_column)
        errors = {
            column - first_column: count for column, count in sorted(scan.errors.items()) if column >= first_column
        }
    else:
        typed, errors = _typed_by_inference(path, name), None
    return Grid(
        name=title,
        columns=columns,
        first_column=first_column,
        typed=typed,
        error_cells=errors,
        sheet=name,
    )


def _with_times(column: pa.Array) -> pa.Array:
    """Write dates as other formats do: OpenDocument has 2010-12-01 and 2010-12-01T07:45:00."""
    if not pc.any(pc.match_substring_regex(column, r"^\d{4}-\d\d-\d\d(T[\d:.]+)?$")).as_py():
        return column
    spaced = pc.replace_substring_regex(column, r"^(\d{4}-\d\d-\d\d)T(\d\d:\d\d:\d\d)(\.\d+)?$", r"\1 \2")
    return pc.replace_substring_regex(spaced, r"^(\d{4}-\d\d-\d\d)$", r"\1 00:00:00")


def _typed_by_scan(columns: tuple[pa.Array, ...], scan: SheetScan, first_column: int) -> Callable[[int], Typed]:
    """Return what tells dates from numbers by how the parser wrote them: in .xlsx both are numbers in the file."""

    def typed(header_row: int) -> Typed:
        known = scan.typed(header_row, first_column)
        dated = set(known.dated)
        numeric = set()
        for index in known.numeric:
            looks = written_as_dates(columns[index].slice(header_row)) if index < len(columns) else None
            if looks is True:
                dated.add(index)
            elif looks is False:
                numeric.add(index)
        return Typed(frozenset(numeric), frozenset(dated))

    return typed


def _typed_by_inference(path: Path, name: str) -> Callable[[int], Typed]:
    """Return what lets the parser tell the types, at the price of parsing again; these formats have no XML to scan."""

    def typed(header_row: int) -> Typed:
        with _mended(path):
            sheet = fastexcel.read_excel(path).load_sheet(
                name, header_row=None, skip_rows=header_row, schema_sample_rows=None, dtype_coercion="coerce"
            )
            kinds = [column.dtype for column in sheet.selected_columns]
        return Typed(
            numeric=frozenset(index for index, kind in enumerate(kinds) if kind in {"int", "float"}),
            dated=frozenset(index for index, kind in enumerate(kinds) if kind in {"date", "datetime"}),
        )

    return typed


class _mended:  # noqa: N801  reads as a phrase where it is used
    """Turn what parsers raise into an error for the file's owner."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def __enter__(self) -> None:
        return None

    def __exit__(self, kind: type[BaseException] | None, problem: BaseException | None, _trace: object) -> None:
        if problem is None or isinstance(problem, InputError):
            return
        if isinstance(problem, fastexcel.FastExcelError):
            if "password" in str(problem).lower():
                raise locked(self.path) from problem
            raise damaged(self.path, str(problem).splitlines()[0]) from problem
        if isinstance(problem, (*UNREADABLE, pa.ArrowException)):
            raise damaged(self.path, str(problem)) from problem
        if type(problem).__module__ == "pyo3_runtime":
            raise damaged(self.path, "its parser gave up") from problem
