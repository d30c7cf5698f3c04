"""How typed cells are written: the text that every reader gives for numbers, dates and booleans."""

from __future__ import annotations

from typing import TypeAlias

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

Array: TypeAlias = pa.Array | pa.ChunkedArray

LARGEST_EXACT = 2**53  # beyond it a float64 does not hold every whole number, so that ids would change


def as_text(column: Array) -> Array:
    """Return a typed column as text: whole numbers without a point, times as on the owner's clock."""
    kind = column.type
    if pa.types.is_string(kind):
        return column
    if pa.types.is_dictionary(kind):
        return as_text(column.cast(kind.value_type))
    if pa.types.is_timestamp(kind):
        local = pc.local_timestamp(column) if kind.tz else column
        return _time_text(local.combine_chunks() if isinstance(local, pa.ChunkedArray) else local)
    if pa.types.is_date(kind):
        return column.cast(pa.timestamp("s")).cast(pa.string())
    if pa.types.is_floating(kind):
        return _float_text(column.cast(pa.float64()))
    if pa.types.is_decimal(kind):
        written = column.cast(pa.string())
        return pc.replace_substring_regex(written, r"^(-?\d+)(?:\.0*|(\.\d*?[1-9])0*)$", r"\1\2")
    if pa.types.is_binary(kind) or pa.types.is_large_binary(kind):
        column = column.cast(pa.string() if pa.types.is_binary(kind) else pa.large_string())
    return column.cast(pa.string())


def _time_text(times: pa.Array) -> pa.Array:
    """Write times to the second, and with milliseconds where there are any."""
    seconds = to_seconds(times)
    written = seconds.cast(pa.timestamp("s")).cast(pa.string())
    thousandths = pc.divide(pc.subtract(times.cast(pa.timestamp("us")), seconds).cast(pa.int64()), 1_000)
    if not pc.any(pc.greater(thousandths, 0)).as_py():
        return written
    digits = pc.utf8_lpad(thousandths.cast(pa.string()), 3, "0")
    return pc.if_else(pc.equal(thousandths, 0), written, pc.binary_join_element_wise(written, digits, "."))


def _float_text(column: Array) -> Array:
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


def to_seconds(column: Array) -> pa.Array:
    """Return times as timestamp[us] without fractions of a second.

    >>> import datetime as dt
    >>> to_seconds(pa.array([dt.datetime(1950, 1, 1, 0, 0, 5, 999_000)])).to_pylist()
    [datetime.datetime(1950, 1, 1, 0, 0, 5)]
    """
    whole = column.combine_chunks() if isinstance(column, pa.ChunkedArray) else column
    ticks = whole.cast(pa.timestamp("us"))
    values = np.asarray(pc.fill_null(ticks.cast(pa.int64()), 0))
    blank = np.asarray(pc.is_null(ticks)) if ticks.null_count else None
    return pa.array(values - values % 1_000_000, mask=blank).cast(pa.timestamp("us"))
