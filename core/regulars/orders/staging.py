"""From cells of text to one table of typed order lines, `staged`, in DuckDB: one row for each row that was read."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import duckdb
import numpy as np
import pyarrow as pa

from regulars.base.settings import Settings
from regulars.orders.date_columns import DateColumn, date_column, decide_dates
from regulars.orders.largest import columns_of_large_amounts, largest_amount
from regulars.orders.model import Notice
from regulars.orders.number_columns import MONEY_FIELDS, NumberColumn, decide_numbers, number_column
from regulars.orders.numbers import LARGEST
from regulars.orders.queries import rows
from regulars.orders.raw import ROW, RecognisedSource
from regulars.orders.written import as_text

ID_FIELDS = {"order": "id_of", "product": "id_of", "customer": "customer_of"}
TEXT_FIELDS = ("description", "category", "country", "channel", "segment", "status", "currency")
NUMBER_FIELDS = ("quantity", "price", "amount", "discount", "list_price", "cost", "profit")
# Every column of `staged` that holds what a cell says; two rows are the same line when all of these are equal.
FIELDS = (*ID_FIELDS, "date", *TEXT_FIELDS, *NUMBER_FIELDS)
_NOTHING = ("CAST(NULL AS VARCHAR)", "CAST(NULL AS DOUBLE)")


@dataclass(frozen=True)
class Staged:
    """What was found while texts were read."""

    notices: tuple[Notice, ...]
    texts: tuple[pa.Table, ...]  # for each source, its tidy texts: one column a field, in reading order
    signs: Mapping[str, int] = field(default_factory=dict)  # ISO code to the number of money cells that name it
    largest: float = LARGEST  # what amounts of money stay below


def stage(connection: duckdb.DuckDBPyConnection, sources: Sequence[RecognisedSource], settings: Settings) -> Staged:
    """Fill the table `staged`: n (unique, in reading order), source, row, lettered, and one typed column a field.

    A field is null where the cell is blank, cannot be read, or the source has no such column. `lettered` tells order
    ids such as C536379 from plain numbers; it is null for all others.
    """
    first = 0
    texts: list[pa.Table] = []
    for at, source in enumerate(sources):
        count = source.raw.cells.num_rows
        tidy: dict[str, pa.Array] = {}
        cells = _interpreted(source).append_column("n", pa.array(np.arange(first, first + count, dtype=np.int64)))
        for name in (*ID_FIELDS, *TEXT_FIELDS):
            if name in source.columns:
                column = source.raw.cells.column(f"c{source.columns[name]}")
                tidy[name] = tidied(connection, column, ID_FIELDS.get(name, "text_of"))
                cells = cells.append_column(f"{name}_", tidy[name])
        if "order" in tidy:
            cells = cells.append_column("lettered_", _lettered(connection, tidy["order"]))
        texts.append(pa.table(tidy))
        connection.register(f"cells_{at}", cells)
        first += count
    number_columns = [
        number_column(connection, at, source, name)
        for at, source in enumerate(sources)
        for name in NUMBER_FIELDS
        if name in source.columns and source.columns[name] not in source.raw.numeric
    ]
    date_columns = [
        date_column(connection, at, source)
        for at, source in enumerate(sources)
        if source.columns["date"] not in source.raw.dated
    ]
    notices = [
        *decide_numbers(connection, number_columns),
        *decide_dates(connection, date_columns, settings.dayfirst),
    ]
    largest = largest_amount(_middles(connection, sources, number_columns))
    connection.execute(f"CREATE TEMP MACRO money_bounded(x) AS CASE WHEN abs(x) < {largest:.0f} THEN x END")
    present = [name for name in FIELDS if any(name in source.columns for source in sources)]
    for at, source in enumerate(sources):
        numbers_here = {column.field: column for column in number_columns if column.at == at}
        dates_here = next((column for column in date_columns if column.at == at), None)
        select = _select(at, source, present, numbers_here, dates_here)
        connection.execute(f"CREATE TABLE typed AS {select}" if at == 0 else f"INSERT INTO typed {select}")
    # A column that no source has costs nothing in a view.
    absent = "".join(f', {_NOTHING[name in NUMBER_FIELDS]} AS "{name}"' for name in FIELDS if name not in present)
    connection.execute(f"CREATE VIEW staged AS SELECT *{absent} FROM typed")  # noqa: S608  names of ours
    signs: Counter[str] = Counter()
    for column in number_columns:
        signs.update(column.currencies)
    return Staged(tuple(notices), tuple(texts), signs, largest)


def _interpreted(source: RecognisedSource) -> pa.Table:
    """Return the row numbers with the cells of dates and numbers: typed where that is what they are taken for."""
    cells = source.raw.cells.select([ROW])
    kinds: dict[int, set[str]] = {}
    for name in ("date", *NUMBER_FIELDS):
        if name in source.columns:
            kinds.setdefault(source.columns[name], set()).add("timestamp[us]" if name == "date" else "double")
    for index, wanted in kinds.items():
        column = source.raw.cells.column(f"c{index}")
        cells = cells.append_column(f"c{index}", column if wanted == {str(column.type)} else source.raw.text(index))
    return cells


def tidied(connection: duckdb.DuckDBPyConnection, cells: pa.ChunkedArray, macro: str) -> pa.Array:
    """Return a column as text as one of the macros tidies it; each distinct cell is looked at once."""
    encoded = cells.combine_chunks().dictionary_encode()
    distinct = pa.table({"text": as_text(encoded.dictionary), "nth": np.arange(len(encoded.dictionary))})
    connection.register("distinct_texts", distinct)
    query = f"SELECT {macro}(text) AS text FROM distinct_texts ORDER BY nth"  # noqa: S608  macros of ours
    texts = connection.sql(query).to_arrow_table().column("text").combine_chunks()
    connection.unregister("distinct_texts")
    return pa.DictionaryArray.from_arrays(encoded.indices, texts.cast(pa.string()))


def _lettered(connection: duckdb.DuckDBPyConnection, orders: pa.DictionaryArray) -> pa.Array:
    """Tell a C before a number (true) from a number (false); each distinct order id is looked at once."""
    query = """
        SELECT CASE WHEN TRY_CAST(text AS BIGINT) IS NOT NULL THEN FALSE
          WHEN upper(left(text, 1)) = 'C' AND TRY_CAST(substr(text, 2) AS BIGINT) IS NOT NULL THEN TRUE END AS lettered
        FROM distinct_orders ORDER BY nth"""
    ids = orders.dictionary
    connection.register("distinct_orders", pa.table({"text": ids, "nth": np.arange(len(ids))}))
    lettered = connection.sql(query).to_arrow_table().column("lettered").combine_chunks()
    connection.unregister("distinct_orders")
    return lettered.take(orders.indices)


def _select(
    at: int,
    source: RecognisedSource,
    fields: Sequence[str],
    numbers_here: Mapping[str, NumberColumn],
    dates_here: DateColumn | None,
) -> str:
    """Return the query that types the cells of one source."""
    joins: list[str] = []

    def cell(name: str) -> str | None:
        return f"c{source.columns[name]}" if name in source.columns else None

    def expression(name: str) -> str:
        column = cell(name)
        if column is None:
            return _NOTHING[name in NUMBER_FIELDS]
        if name in NUMBER_FIELDS:
            return _number(column, numbers_here.get(name), joins, _bound(name))
        return f"CAST({name}_ AS VARCHAR)"

    date = _date(f"c{source.columns['date']}", dates_here, joins)
    typed = ", ".join(f'{date if name == "date" else expression(name)} AS "{name}"' for name in fields)
    lettered = "lettered_" if "order" in source.columns else "CAST(NULL AS BOOLEAN)"
    return f"SELECT n, {at} AS source, row, {lettered} AS lettered, {typed} FROM cells_{at} {' '.join(joins)}"  # noqa: S608  names of ours


def _bound(name: str) -> str:
    return "money_bounded" if name in MONEY_FIELDS else "bounded"


def _number(cell: str, column: NumberColumn | None, joins: list[str], bound: str) -> str:
    if column is None:
        return f"{bound}(TRY_CAST({cell} AS DOUBLE))"
    if not column.texts:
        return f"CASE WHEN plain({cell}) THEN {bound}(TRY_CAST({cell} AS DOUBLE)) END"
    joins.append(f"LEFT JOIN {column.table} ON {column.table}.text = {cell}")
    plain = f"CASE WHEN plain({cell}) AND NOT either({cell}) THEN TRY_CAST({cell} AS DOUBLE) END"
    return f"{bound}(coalesce({column.table}.value, {plain}))"


def _middles(
    connection: duckdb.DuckDBPyConnection, sources: Sequence[RecognisedSource], columns: Sequence[NumberColumn]
) -> list[float]:
    """Return the median amount of each column of money whose amounts are large."""
    found = []
    for at, source in enumerate(sources):
        for name in columns_of_large_amounts(connection, at, source):
            here = next((column for column in columns if (column.at, column.field) == (at, name)), None)
            joins: list[str] = []
            value = _number(f"c{source.columns[name]}", here, joins, "abs")
            query = (
                f"SELECT quantile_disc(v, 0.5) FROM (SELECT {value} AS v FROM cells_{at} {' '.join(joins)}) WHERE v > 0"  # noqa: S608  names of ours
            )
            found += [middle for (middle,) in rows(connection, query) if middle is not None]
    return found


def _date(cell: str, column: DateColumn | None, joins: list[str]) -> str:
    if column is None:
        return f"TRY_CAST({cell} AS TIMESTAMP)"
    if not column.texts:
        return f"CASE WHEN iso({cell}) THEN TRY_CAST({cell} AS TIMESTAMP) END"
    joins.append(f"LEFT JOIN {column.table} ON {column.table}.text = {cell}")
    return f"coalesce({column.table}.ts, CASE WHEN iso({cell}) THEN TRY_CAST({cell} AS TIMESTAMP) END)"


def place(connection: duckdb.DuckDBPyConnection, sources: Sequence[RecognisedSource], n: int | None) -> str | None:
    """Return where a staged row stands, such as "orders.xlsx › Sheet1 row 118"."""
    if n is None:
        return None
    found = rows(connection, "SELECT source, row FROM staged WHERE n = ?", [n])
    return f"{sources[found[0][0]].raw.name} row {found[0][1]}" if found else None
