"""What the owner should know about the sheet beyond the rows set aside."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import duckdb

from regulars.base.settings import Settings
from regulars.orders.model import Notice
from regulars.orders.queries import row
from regulars.orders.raw import RecognisedSource
from regulars.orders.staging import place


def sheet_notices(
    connection: duckdb.DuckDBPyConnection, sources: Sequence[RecognisedSource], settings: Settings
) -> list[Notice]:
    """Return what is worth knowing: error cells, identical lines, amounts of nothing, orders of two customers."""
    found = [_error_cells(sources)]
    for key, query, words in (
        ("identical_lines", _IDENTICAL, _identical(settings)),
        ("zero_amounts", _ZERO, _zero),
        ("orders_of_two_customers", _SHARED, _shared),
    ):
        count, first = row(connection, query)
        if count:
            found.append(Notice(key=key, text=words(count), rows=count, first=place(connection, sources, first)))
    return [notice for notice in found if notice is not None]


_IDENTICAL = """
    SELECT count(*), min(n) FROM twins JOIN judged USING (n)
    WHERE k > 1 AND (reason IS NULL OR reason = 'duplicate')"""
_ZERO = "SELECT count(*), min(n) FROM kept WHERE written = 0"
_SHARED = """
    WITH shared AS (SELECT s.source, "order", min(n) AS n FROM kept JOIN staged s USING (n) WHERE "order" IS NOT NULL
      GROUP BY s.source, "order" HAVING min(customer) <> max(customer))
    SELECT count(*), min(n) FROM shared"""


def _error_cells(sources: Sequence[RecognisedSource]) -> Notice | None:
    counts = [(source, dict(source.raw.error_cells or {})) for source in sources]
    total = sum(number for _, columns in counts for number in columns.values())
    if not total:
        return None
    places = [
        f"'{source.raw.headers[index]}' {number}"
        for source, columns in counts
        for index, number in sorted(columns.items())
        if number
    ]
    return Notice(
        key="error_cells",
        text=f"{total} cell{'s hold errors' if total != 1 else ' holds an error'} such as #N/A and"
        f" {'were' if total != 1 else 'was'} read as blank ({', '.join(places)})",
        rows=total,
    )


def _identical(settings: Settings) -> Callable[[int], str]:
    done = "set aside" if settings.repeats == "drop" else "kept (set repeats = drop if they are copies)"
    return lambda count: (
        f"{count} line{'s repeat' if count != 1 else ' repeats'} another line of the same sheet in every column;"
        f" {'they were' if count != 1 else 'it was'} {done}"
    )


def _zero(count: int) -> str:
    return f"{count} line{'s' if count != 1 else ''} of amount 0.00 count{'' if count != 1 else 's'} as a purchase"


def _shared(count: int) -> str:
    return f"{count} order number{'s belong' if count != 1 else ' belongs'} to more than one customer"
