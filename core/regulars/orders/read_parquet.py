"""Parquet files as grids: numbers and times as such, all else written as the same text that a workbook gives."""

from __future__ import annotations

from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from regulars.base.errors import InputError
from regulars.orders.gate import damaged
from regulars.orders.grid import Grid, Typed
from regulars.orders.written import LARGEST_EXACT, Array, as_text, to_seconds


def read_parquet(path: Path) -> Grid:
    """Read a Parquet file. Columns of lists and structs are no cells and are left out.

    Raises InputError when the file is damaged, encrypted or has no plain column.
    """
    try:
        with pq.ParquetFile(path) as file:
            names = [field.name for field in file.schema_arrow if not pa.types.is_nested(field.type)]
            columns, numeric, dated = [], set(), set()
            for index, name in enumerate(names):
                column = file.read(columns=[name]).column(0)
                kind = column.type.value_type if pa.types.is_dictionary(column.type) else column.type
                if pa.types.is_integer(kind) or pa.types.is_floating(kind) or pa.types.is_decimal(kind):
                    numeric.add(index)
                elif pa.types.is_date(kind) or pa.types.is_timestamp(kind):
                    dated.add(index)
                columns.append(_cells(column, numeric=index in numeric, dated=index in dated))
    except (pa.ArrowException, OSError) as problem:
        raise damaged(path, str(problem).splitlines()[0]) from problem
    if not names:
        raise InputError(
            f"'{path.name}' has no plain columns", remedy="write one row for each order line, one column a field"
        )
    typed = Typed(frozenset(numeric), frozenset(dated))
    return Grid(path.name, tuple(columns), headers=tuple(names), typed=lambda _header_row: typed)


def _cells(column: pa.ChunkedArray, *, numeric: bool, dated: bool) -> Array:
    kind = column.type
    if pa.types.is_floating(kind) and not pa.types.is_float16(kind):
        finite = pc.is_finite(column)
        wide = column.cast(pa.float64())
        return wide if pc.all(finite).as_py() else pc.if_else(finite, wide, pa.scalar(None, pa.float64()))
    if pa.types.is_integer(kind):
        ends = pc.min_max(column).as_py()
        exact = ends["max"] is None or -LARGEST_EXACT <= ends["min"] <= ends["max"] <= LARGEST_EXACT
        return column.cast(pa.float64()) if exact else as_text(column)
    if pa.types.is_date(kind) or pa.types.is_timestamp(kind):
        local = pc.local_timestamp(column) if pa.types.is_timestamp(kind) and kind.tz else column
        return to_seconds(local)
    text = as_text(column)
    if numeric or dated or pa.types.is_boolean(kind):
        return text
    blank = pc.or_(pc.equal(pc.binary_length(text), 0), pc.utf8_is_space(text))
    return pc.if_else(blank, pa.scalar(None, pa.string()), text) if pc.any(blank).as_py() else text
