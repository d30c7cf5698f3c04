"""Parquet files as grids: typed columns written as the same text that a workbook gives."""

from __future__ import annotations

from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from regulars.base.errors import InputError
from regulars.orders.gate import damaged
from regulars.orders.grid import Array, Grid, Typed


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
                columns.append(as_text(column))
    except (pa.ArrowException, OSError) as problem:
        raise damaged(path, str(problem).splitlines()[0]) from problem
    if not names:
        raise InputError(
            f"'{path.name}' has no plain columns", remedy="write one row for each order line, one column a field"
        )
    typed = Typed(frozenset(numeric), frozenset(dated))
    return Grid(path.name, tuple(columns), headers=tuple(names), typed=lambda _header_row: typed)


def as_text(column: pa.ChunkedArray) -> Array:
    """Return a typed column as text: whole numbers without a point, times to the second as on the owner's clock."""
    kind = column.type
    if pa.types.is_dictionary(kind):
        return as_text(column.cast(kind.value_type))
    if pa.types.is_timestamp(kind):
        local = pc.local_timestamp(column) if kind.tz else column
        return pc.strftime(local.cast(pa.timestamp("s"), safe=False), format="%Y-%m-%d %H:%M:%S")
    if pa.types.is_date(kind):
        return pc.strftime(column.cast(pa.timestamp("s")), format="%Y-%m-%d %H:%M:%S")
    if pa.types.is_floating(kind):
        return _float_text(column.cast(pa.float64()))
    if pa.types.is_decimal(kind):
        written = column.cast(pa.string())
        return pc.replace_substring_regex(written, r"^(-?\d+)(?:\.0*|(\.\d*?[1-9])0*)$", r"\1\2")
    if pa.types.is_binary(kind) or pa.types.is_large_binary(kind):
        column = column.cast(pa.string() if pa.types.is_binary(kind) else pa.large_string())
    text = column.cast(pa.string())
    if not pa.types.is_string(kind) and not pa.types.is_large_string(kind) and not pa.types.is_binary(kind):
        return text
    blank = pc.or_(pc.equal(pc.binary_length(text), 0), pc.utf8_is_space(text))
    return pc.if_else(blank, pa.scalar(None, pa.string()), text) if pc.any(blank).as_py() else text


def _float_text(column: pa.ChunkedArray) -> Array:
    finite = pc.if_else(pc.is_finite(column), column, pa.scalar(None, pa.float64()))
    if pc.all(pc.and_(pc.equal(finite, pc.trunc(finite)), pc.less(pc.abs(finite), 2.0**62))).as_py():
        return finite.cast(pa.int64()).cast(pa.string())
    written = finite.cast(pa.string())
    odd = pc.match_substring_regex(written, r"[eE]|\.0$")
    if not pc.any(odd).as_py():
        return written
    values = [
        None if value is None else str(int(value)) if value == int(value) else repr(value)
        for value in finite.to_pylist()
    ]
    return pa.array(values, pa.string())
