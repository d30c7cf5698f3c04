"""The ledger and the rows set aside: every row that was read is accounted for, with its money."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

import duckdb
import pyarrow as pa

from regulars.orders.model import SET_ASIDE, Ledger, Reason
from regulars.orders.queries import row, rows, statements
from regulars.orders.raw import RecognisedSource
from regulars.orders.remedies import refuse_nothing
from regulars.orders.written import as_text


@dataclass(frozen=True)
class Sums:
    """What the kept lines add up to: money in ten-thousandths, and the days of the first and the last."""

    lines: int
    revenue: int
    taken_off: int
    first: dt.date | None
    last: dt.date | None


def sum_up(connection: duckdb.DuckDBPyConnection) -> Sums:
    """Add up the kept lines."""
    return Sums(*row(connection, statements("clean.sql")["totals_of_kept"]))


def make_ledger(connection: duckdb.DuckDBPyConnection, sums: Sums, *, unmatched: int, with_people: bool) -> Ledger:
    """Add up rows and money by reason.

    Raises InputError when no order line is left.
    """
    queries = statements("clean.sql")
    counted = {reason: (number, money) for reason, number, money in rows(connection, queries["by_reason"])}
    without_orders, without_row = row(connection, queries["strangers"]) if with_people else (None, None)
    ledger = Ledger(
        rows_read=row(connection, "SELECT count(*) FROM staged")[0],
        rows_kept=sums.lines,
        rows_by_reason={reason: counted.get(reason, (0, 0))[0] for reason in Reason},
        revenue_by_reason={reason: counted.get(reason, (0, 0))[1] for reason in Reason},
        revenue_written=row(connection, queries["written"])[0],
        revenue_taken_off=sums.taken_off,
        returns_unmatched=unmatched,
        customers_without_orders=without_orders,
        orders_without_customer_row=without_row,
    )
    refuse_nothing(ledger)
    return ledger


def set_aside(connection: duckdb.DuckDBPyConnection, sources: Sequence[RecognisedSource]) -> pa.Table:
    """Return the rows that do not count, with their cells as written, ordered by source and row."""
    parts: list[pa.Table] = []
    first = 0
    for at, source in enumerate(sources):
        cells = source.raw.cells
        query = "SELECT n, reason, amount FROM aside WHERE source = ? ORDER BY n"
        judged = connection.sql(query, params=[at]).to_arrow_table()
        taken = cells.select(["row", *(f"c{index}" for index in sorted(set(source.columns.values())))]).take(
            pa.array(judged.column("n").to_numpy() - first)
        )
        first += cells.num_rows
        columns = {
            "source": pa.repeat(pa.scalar(source.raw.name, pa.string()), judged.num_rows),
            "row": taken.column("row"),
            "reason": judged.column("reason"),
            "amount": judged.column("amount"),
        }
        for field in ("customer", "order", "date", "product", "quantity", "price"):
            # Where there is no code, the description is what its owner knows the product by.
            shown = "description" if field == "product" and field not in source.columns else field
            index = source.columns.get(shown)
            columns[field] = (
                pa.nulls(judged.num_rows, pa.string()) if index is None else as_text(taken.column(f"c{index}"))
            )
        arrays = [_whole(columns[field.name]).cast(field.type) for field in SET_ASIDE]
        parts.append(pa.Table.from_arrays(arrays, schema=SET_ASIDE))
    return pa.concat_tables(parts)


def _whole(column: pa.Array | pa.ChunkedArray) -> pa.Array:
    return column.combine_chunks() if isinstance(column, pa.ChunkedArray) else column
