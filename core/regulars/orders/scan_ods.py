"""The same scan for OpenDocument sheets, where one tag may stand for many rows or columns."""

from __future__ import annotations

import re
import zipfile
from html import unescape
from pathlib import Path

from regulars.orders.gate import check_extent, damaged
from regulars.orders.grid import letters
from regulars.orders.scan import HEAD_ROWS, Kind, SheetScan, chunks

_TAG = re.compile(rb"<(/?)table:(table|table-row|table-cell|covered-table-cell)(?=[\s>/])([^>]*)>")
_NAME = re.compile(rb'table:name="([^"]*)"')
_ROWS = re.compile(rb'number-rows-repeated="(\d+)"')
_COLUMNS = re.compile(rb'number-columns-repeated="(\d+)"')
_HIDDEN = re.compile(rb'table:visibility="(?:filter|collapse)"')
_TYPE = re.compile(rb'(?:office|calcext):value-type="(\w+)"')
_KINDS = {
    b"float": Kind.NUMBER,
    b"currency": Kind.NUMBER,
    b"percentage": Kind.NUMBER,
    b"date": Kind.DATE,
    b"string": Kind.TEXT,
    b"error": Kind.ERROR,
}


def scan_ods(path: Path, archive: zipfile.ZipFile) -> dict[str, SheetScan]:
    """Scan all sheets by name, and refuse an absurd extent or a document type.

    Raises InputError, and zipfile's own errors for a damaged archive.
    """
    scans: dict[str, SheetScan] = {}
    name, row, repeated, column, depth, hidden = "", 0, 1, 0, 0, 0
    for number, chunk in enumerate(chunks(archive, "content.xml")):
        if number == 0 and b"<!DOCTYPE" in chunk[:4096]:
            raise damaged(path, "it declares a document type, which no workbook does")
        for closing, tag, rest in _TAG.findall(chunk):
            if tag == b"table":
                depth += -1 if closing else 1
                found = _NAME.search(rest)
                if not closing and found and depth == 1:
                    name, row, repeated = unescape(found[1].decode("utf-8", "replace")), 0, 1
                    scans[name] = SheetScan()
            elif depth != 1 or closing:
                continue
            elif tag == b"table-row":
                row += repeated
                column, repeated = 0, _number(_ROWS, rest)
                hidden = repeated if _HIDDEN.search(rest) else 0
            else:
                times = _number(_COLUMNS, rest)
                types = _TYPE.findall(rest)
                if types:
                    scans[name].hidden_rows += hidden
                    hidden = 0
                    _note(path, name, scans[name], (row, repeated), (column, times), types)
                column += times
    for sheet, scan in scans.items():
        scan.check(path, sheet)
    return scans


def _note(
    path: Path, name: str, scan: SheetScan, rows: tuple[int, int], columns: tuple[int, int], types: list[bytes]
) -> None:
    row, tall = rows
    column, wide = columns
    check_extent(path, name, row + tall - 1, wide, f"{letters(column + wide - 1)}{row + tall - 1}")
    kind = Kind.ERROR if b"error" in types else _KINDS.get(types[0], Kind.OTHER)
    for index in range(column, column + wide):
        for line in range(row, min(row + tall, HEAD_ROWS + 2)):
            scan.note(line, index, kind)
        scan.note(row + tall - 1, index, kind)


def _number(pattern: re.Pattern[bytes], rest: bytes) -> int:
    found = pattern.search(rest)
    return int(found[1]) if found else 1
