"""CSV and its relatives as grids: encoding and delimiter by evidence, rows numbered as a spreadsheet program does."""

from __future__ import annotations

import codecs
import csv
from collections import Counter
from collections.abc import Iterable, Iterator
from itertools import islice, zip_longest
from pathlib import Path

import pyarrow as pa

from regulars.base.errors import InputError
from regulars.base.units import counted, verb
from regulars.orders.grid import Grid
from regulars.orders.model import Notice
from regulars.orders.quotes import Records, is_open, shape_of

DELIMITERS = (",", ";", "\t", "|")
BATCH = 20_000  # records that are turned into columns at once
LONGEST_CELL = 1_000_000  # characters; more means that a quote was never closed
MOST_COLUMNS = 2_000


def read_text(path: Path) -> Grid:
    """Read delimited text. Row numbers count records, so a line break inside quotes does not shift them.

    A line whose quote is never closed is read by itself, and said. Raises InputError when it can be read in several
    ways, when lines are no table, or when its bytes are no text.
    """
    try:
        return _read(path)
    except UnicodeError as problem:
        raise InputError(
            f"'{path.name}' is damaged, or is no text (byte {getattr(problem, 'start', 0):,} fits no writing system)",
            remedy="export it again as CSV in UTF-8",
        ) from problem


def _read(path: Path) -> Grid:
    encoding = _encoding(path)
    csv.field_size_limit(LONGEST_CELL)
    with path.open(encoding=encoding, newline="") as file:
        start = file.read(64 * 1024)
    delimiter = _delimiter(start)
    named = start[:4].lower() == "sep="  # Excel takes the delimiter from this line and does not show it
    unclosed: list[int] = []
    with path.open(encoding=encoding, newline="") as file:
        try:
            columns = _table(_one_line_each(islice(file, int(named), None), delimiter))
        except (csv.Error, _SeveralLinesError):
            file.seek(0)
            lines = start.splitlines(keepends=True)[int(named) :]
            records = Records(path.name, delimiter, shape_of(lines[:-1] or lines, delimiter), unclosed)
            columns = _table(_batches(records.read(islice(file, int(named), None), 1 + int(named))))
    if len(columns) > MOST_COLUMNS:
        raise InputError(
            f"'{path.name}' has {len(columns):,} columns", remedy="check its delimiter, or export it again"
        )
    return Grid(path.name, columns, notices=_notices(path.name, unclosed))


class _SeveralLinesError(Exception):
    """Some record is written over several lines, or would be: a note, or a quote that is never closed."""


def _one_line_each(lines: Iterable[str], delimiter: str) -> Iterator[list[list[str]]]:
    last = ""

    def noted() -> Iterator[str]:
        nonlocal last
        for line in lines:
            last = line
            yield line

    records = csv.reader(noted(), delimiter=delimiter)
    count = 0
    for batch in _batches(records):
        count += len(batch)
        if records.line_num != count:
            raise _SeveralLinesError
        yield batch
    if is_open([last], delimiter):
        raise _SeveralLinesError


def _batches(records: Iterator[list[str]]) -> Iterator[list[list[str]]]:
    while batch := list(islice(records, BATCH)):
        yield batch


def _table(read: Iterable[list[list[str]]]) -> tuple[pa.ChunkedArray, ...]:
    batches: list[list[pa.Array]] = []
    heights: list[int] = []
    for batch in read:
        heights.append(len(batch))
        batches.append([_cells(column) for column in zip_longest(*batch)])
    return tuple(_joined(batches, heights))


def _notices(name: str, unclosed: list[int]) -> tuple[Notice, ...]:
    if not unclosed:
        return ()
    listed = ", ".join(f"{line:,}" for line in unclosed[:5]) + (" and others" if len(unclosed) > 5 else "")
    return (
        Notice(
            key="unclosed_quotes",
            text=f"{counted(len(unclosed), 'line')} of the text file (line {listed}) {verb(len(unclosed), 'has', 'have')} a quote"
            " that is never closed; it was taken for a part of the text, so that no other line vanished in the cell",
            rows=len(unclosed),
            first=f"{name} line {unclosed[0]:,}",
        ),
    )


def _cells(values: tuple[str | None, ...]) -> pa.Array:
    return pa.array([value if value and not value.isspace() else None for value in values], pa.string())


def _joined(batches: list[list[pa.Array]], heights: list[int]) -> Iterator[pa.ChunkedArray]:
    """Yield whole columns; batches whose records were all short have nulls there."""
    width = max((len(columns) for columns in batches), default=0)
    for index in range(width):
        yield pa.chunked_array(
            [
                columns[index] if index < len(columns) else pa.nulls(height, pa.string())
                for columns, height in zip(batches, heights, strict=True)
            ],
            pa.string(),
        )


def _encoding(path: Path) -> str:
    """Return the encoding by the mark at the start, else UTF-8 if all bytes agree, else the one of Windows."""
    with path.open("rb") as file:
        start = file.read(4096)
        if start.startswith(codecs.BOM_UTF8):
            return "utf-8-sig"
        if start.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
            return "utf-16"
        if b"\x00" in start:
            return "utf-16-le" if start[1::2].count(0) > start[0::2].count(0) else "utf-16-be"
        decoder = codecs.getincrementaldecoder("utf-8")()
        try:
            piece = start
            while piece:
                decoder.decode(piece)
                piece = file.read(1 << 20)
            decoder.decode(b"", final=True)
        except UnicodeDecodeError:
            return _western(path)
    return "utf-8"


def _western(path: Path) -> str:
    """Return cp1252, or its superset without holes where a byte has no meaning in it."""
    content = path.read_bytes()
    return "latin-1" if any(byte in content for byte in b"\x81\x8d\x8f\x90\x9d") else "cp1252"


def _delimiter(start: str) -> str:
    """Return the delimiter under which most records have the same number of cells, and more than one."""
    if start[:4].lower() == "sep=" and len(start) > 4 and start[4] not in "\r\n":
        return start[4]

    def worth(delimiter: str) -> tuple[float, int]:
        try:
            records = list(islice(csv.reader(start.splitlines(keepends=True), delimiter=delimiter), 200))
        except csv.Error:
            return 0.0, 0
        widths = Counter(len(record) for record in records[:-1] or records if record)
        wide = {width: count for width, count in widths.items() if width > 1}
        if not wide:
            return 0.0, 0
        width, count = max(wide.items(), key=lambda one: (one[1], one[0]))
        return count / sum(widths.values()), width

    return max(DELIMITERS, key=worth)
