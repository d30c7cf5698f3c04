"""The kept order lines: numbers from DuckDB, tidy texts taken from where they were read."""

from __future__ import annotations

from collections.abc import Sequence

import duckdb
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from regulars.orders.model import LINES
from regulars.orders.queries import statements
from regulars.orders.raw import RecognisedSource

_FROM_CUSTOMERS = ("channel", "segment")


def kept_lines(
    connection: duckdb.DuckDBPyConnection,
    sources: Sequence[RecognisedSource],
    texts: Sequence[pa.Table],
    *,
    with_people: bool,
) -> pa.Table:
    """Return the lines that count, ordered by source and row."""
    counted = connection.sql(statements("clean.sql")["lines"]).to_arrow_table()
    numbers = counted.column("n").to_numpy()
    if not np.all(numbers[1:] > numbers[:-1]):
        counted = counted.take(pa.array(np.argsort(numbers)))
    parts: list[pa.Table] = []
    first = 0
    for at, (source, tidy) in enumerate(zip(sources, texts, strict=True)):
        mine = counted.filter(pc.equal(counted.column("source"), at)) if len(sources) > 1 else counted
        found = tidy.take(pa.array(mine.column("n").to_numpy() - first))
        first += source.raw.cells.num_rows
        columns = {name: _whole(mine.column(name)) for name in mine.column_names}
        columns |= {name: _decoded(_whole(found.column(name))) for name in found.column_names}
        columns["source"] = pa.repeat(pa.scalar(source.raw.name, pa.string()), mine.num_rows)
        for field in LINES:
            columns.setdefault(field.name, pa.nulls(mine.num_rows, field.type))
        columns["order"] = _orders(columns["order"], columns["customer"], columns["day"])
        for name in _FROM_CUSTOMERS if with_people else ():
            columns[name] = pc.coalesce(columns[name], _of_customers(connection, columns["customer"], name))
        parts.append(pa.Table.from_arrays([columns[field.name].cast(field.type) for field in LINES], schema=LINES))
    return pa.concat_tables(parts).combine_chunks() if len(parts) > 1 else parts[0]


def _decoded(texts: pa.Array) -> pa.Array:
    return texts.dictionary.take(texts.indices) if pa.types.is_dictionary(texts.type) else texts


def _orders(orders: pa.Array, customers: pa.Array, days: pa.Array) -> pa.Array:
    """Give lines without an order number one order per customer and day."""
    if not orders.null_count:
        return orders
    return pc.coalesce(orders, pc.binary_join_element_wise(customers, days.cast(pa.string()), " "))


def _of_customers(connection: duckdb.DuckDBPyConnection, customers: pa.Array, name: str) -> pa.Array:
    """Return what the table of customers says about each line's customer."""
    query = f"SELECT customer, {name} FROM people WHERE {name} IS NOT NULL ORDER BY customer"  # noqa: S608  names of ours
    known = connection.sql(query).to_arrow_table()
    at = pc.index_in(customers, value_set=known.column("customer").combine_chunks())
    return known.column(name).combine_chunks().cast(pa.string()).take(at)


def _whole(column: pa.ChunkedArray) -> pa.Array:
    return column.combine_chunks()
