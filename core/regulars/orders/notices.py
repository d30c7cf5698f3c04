"""What the owner should know about the sheet beyond the rows set aside."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

import duckdb
import pyarrow as pa
import pyarrow.compute as pc

from regulars.base.settings import Settings
from regulars.base.units import counted, verb
from regulars.orders.model import Notice
from regulars.orders.numbers import is_too_large
from regulars.orders.queries import row, rows
from regulars.orders.raw import RecognisedSource
from regulars.orders.remedies import FILL_DOWN
from regulars.orders.staging import place
from regulars.orders.written import as_text

COPIED_LINES = "identical_lines"  # the key of the notice about lines that stand more than once
MOST_LOOKED_AT = 20_000  # rows, from which the layout of a sheet is told
BLOCKED = 0.2  # of the rows must name no customer before blocks are suspected


def sheet_notices(
    connection: duckdb.DuckDBPyConnection, sources: Sequence[RecognisedSource], settings: Settings, largest: float
) -> list[Notice]:
    """Return what is worth knowing: error cells, identical lines, amounts of nothing, orders of two customers.

    `largest` is what amounts had to stay below.
    """
    found = [_error_cells(sources), *_blocks(connection, sources), *_too_large(connection, sources, largest)]
    found.append(_one_case(connection, sources))
    for key, query, words in (
        (COPIED_LINES, _IDENTICAL, _identical(settings)),
        ("zero_amounts", _ZERO, _zero),
        ("orders_of_two_customers", _SHARED, _shared),
    ):
        count, first, worth = row(connection, query)
        if count:
            told = words(count, int(worth or 0))
            found.append(Notice(key=key, text=told, rows=count, first=place(connection, sources, first)))
    return [notice for notice in found if notice is not None]


def _blocks(connection: duckdb.DuckDBPyConnection, sources: Sequence[RecognisedSource]) -> Iterator[Notice]:
    """Say where a sheet looks as if a customer stood on the first line of a block only."""
    start = 0
    for source in sources:
        looked = [start, start + min(source.raw.cells.num_rows, MOST_LOOKED_AT)]
        start += source.raw.cells.num_rows
        seen, nobody, undated, first = row(
            connection,
            """
            SELECT count(*), count(*) FILTER (customer IS NULL), count(*) FILTER (customer IS NULL AND "date" IS NULL),
              min(n) FILTER (customer IS NULL)
            FROM staged WHERE n >= ? AND n < ? AND n NOT IN (SELECT n FROM totals)""",
            looked,
        )
        if not seen or nobody < BLOCKED * seen or nobody < 3:
            continue
        (beside,) = row(
            connection,
            """
            WITH looked AS (SELECT customer, "order" FROM staged WHERE n >= ? AND n < ?)
            SELECT count(*) FROM looked WHERE customer IS NULL AND "order" IN (
              SELECT "order" FROM looked WHERE customer IS NOT NULL)""",
            looked,
        )
        if max(undated, beside) >= 0.8 * nobody:
            yield Notice(
                key="blocks",
                text=f"{counted(nobody, 'row')} {verb(nobody, 'names', 'name')} no customer and"
                f" {verb(nobody, 'seems', 'seem')} to belong to a row above: the sheet looks blocked, with the customer"
                " on the first line of a block only; write the customer and the date on every line"
                f" ({FILL_DOWN})",
                rows=nobody,
                first=place(connection, sources, first),
            )


def _too_large(
    connection: duckdb.DuckDBPyConnection, sources: Sequence[RecognisedSource], largest: float
) -> Iterator[Notice]:
    """Say which amounts are numbers, but larger than any order."""
    start = 0
    for at, source in enumerate(sources):
        aside = "SELECT n FROM aside WHERE source = ? AND reason = 'bad_price' ORDER BY n LIMIT ?"
        places = [n for (n,) in rows(connection, aside, [at, MOST_LOOKED_AT])]
        found: list[int] = []
        for field in ("amount", "price"):
            if places and field in source.columns:
                cells = source.raw.cells.column(f"c{source.columns[field]}").take(pa.array([n - start for n in places]))
                texts = as_text(cells).to_pylist()
                found += [
                    n for n, text in zip(places, texts, strict=True) if text is not None and is_too_large(text, largest)
                ]
        start += source.raw.cells.num_rows
        if found:
            yield Notice(
                key="too_large",
                text=f"{counted(len(set(found)), 'amount')} of {largest:,.0f} or more"
                f" {verb(len(set(found)), 'was', 'were')} not taken for money: numbers so much larger than the others are"
                " mostly barcodes or order numbers in the wrong column",
                rows=len(set(found)),
                first=place(connection, sources, min(found)),
            )


def _one_case(connection: duckdb.DuckDBPyConnection, sources: Sequence[RecognisedSource]) -> Notice | None:
    """Say how many spellings of e-mail addresses were joined: capitals and blanks around do not make a customer."""
    spellings = [
        pc.unique(cells)
        for source in sources
        if pa.types.is_string((cells := source.raw.cells.column(f"c{source.columns['customer']}")).type)
    ]
    if not spellings:
        return None
    connection.register("spellings", pa.table({"text": pa.concat_arrays(spellings)}))
    written, meant = row(
        connection,
        "SELECT count(DISTINCT text), count(DISTINCT customer_of(text)) FROM spellings"
        " WHERE contains(text, '@') AND customer_of(text) IS NOT NULL",
    )
    connection.unregister("spellings")
    if written == meant:
        return None
    return Notice(
        key="joined_addresses",
        text=f"{written:,} spellings of e-mail addresses are {counted(meant, 'customer')}: capitals and blanks around an"
        " address make no difference",
        rows=0,
    )


_IDENTICAL = """
    SELECT count(*), min(n), sum(written) FROM twins JOIN judged USING (n)
    WHERE k > 1 AND (reason IS NULL OR reason = 'duplicate')"""
_ZERO = "SELECT count(*), min(n), 0 FROM kept WHERE written = 0"
_SHARED = """
    WITH shared AS (SELECT s.source, "order", min(n) AS n FROM kept JOIN staged s USING (n) WHERE "order" IS NOT NULL
      GROUP BY s.source, "order" HAVING min(customer) <> max(customer))
    SELECT count(*), min(n), 0 FROM shared"""


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
        text=f"{counted(total, 'cell holds an error', 'cells hold errors')} such as #N/A and {verb(total, 'was', 'were')}"
        f" read as blank ({', '.join(places)})",
        rows=total,
    )


def _identical(settings: Settings) -> Callable[[int, int], str]:
    done = "set aside" if settings.repeats == "drop" else "kept (set repeats = drop if they are copies)"
    return lambda count, worth: (
        f"{counted(count, 'line repeats', 'lines repeat')} another line of the same sheet in every column,"
        f" {worth / 10_000:,.2f} in all; {verb(count, 'it was', 'they were')} {done}"
    )


def _zero(count: int, _: int) -> str:
    return f"{counted(count, 'line')} of amount 0.00 {verb(count, 'counts', 'count')} as a purchase"


def _shared(count: int, _: int) -> str:
    return f"{counted(count, 'order number belongs', 'order numbers belong')} to more than one customer"
