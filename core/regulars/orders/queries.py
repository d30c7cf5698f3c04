"""The SQL files of this room, cut into named statements, and the one connection they run on."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from functools import cache
from importlib.resources import files
from typing import Any

import duckdb
import pyarrow as pa

from regulars.orders.numbers import LARGEST
from regulars.orders.words import blank_words

_ODD_BLANKS = r"[\t\r\n\x{0B}\x{0C}\x{A0}\x{2000}-\x{200B}\x{202F}\x{3000}]|  "
_ANY_BLANKS = r"[\s\x{0B}\x{A0}\x{2000}-\x{200B}\x{202F}\x{3000}]+"


@cache
def statements(name: str) -> Mapping[str, str]:
    """Return the statements of an SQL file by the names in its "-- name: x" lines."""
    text = files("regulars.orders").joinpath(name).read_text(encoding="utf-8")
    parts = re.split(r"^-- name: (\w+).*$", text, flags=re.MULTILINE)
    return dict(zip(parts[1::2], parts[2::2], strict=True))


@contextmanager
def engine() -> Iterator[duckdb.DuckDBPyConnection]:
    """Give a DuckDB in memory that knows how ids and texts are tidied."""
    connection = duckdb.connect(":memory:", config={"threads": 1})
    try:
        connection.execute(_macros())
        yield connection
    finally:
        connection.close()


def _macros() -> str:
    def listed(kind: str) -> str:
        return ", ".join("'" + word.replace("'", "''") + "'" for word in blank_words(kind))

    return rf"""
    CREATE TEMP MACRO tidy(x) AS
      CASE WHEN regexp_matches(x, '{_ODD_BLANKS}') THEN trim(regexp_replace(x, '{_ANY_BLANKS}', ' ', 'g'))
           ELSE trim(x) END;
    CREATE TEMP MACRO whole(x) AS
      CASE WHEN contains(x, '.0') AND regexp_full_match(x, '-?\d+\.0+') THEN split_part(x, '.', 1) ELSE x END;
    CREATE TEMP MACRO text_of(x) AS CASE WHEN lower(tidy(x)) IN ('', {listed("text")}) THEN NULL ELSE tidy(x) END;
    CREATE TEMP MACRO id_of(x) AS CASE WHEN lower(tidy(x)) IN ('', {listed("id")}) THEN NULL ELSE whole(tidy(x)) END;
    CREATE TEMP MACRO one_case(x) AS
      CASE WHEN contains(x, '@') AND regexp_full_match(x, '[^@\s]+@[^@\s]+\.[^@\s]+') THEN lower(x) ELSE x END;
    CREATE TEMP MACRO customer_of(x) AS
      CASE WHEN lower(tidy(x)) IN ('', {listed("customer")}) THEN NULL ELSE one_case(whole(tidy(x))) END;
    CREATE TEMP MACRO plain(x) AS regexp_full_match(x, '-?\d+(\.\d+)?([eE][-+]?\d+)?');
    CREATE TEMP MACRO either(x) AS regexp_full_match(x, '-?[1-9]\d{{0,2}}\.\d{{3}}');
    CREATE TEMP MACRO bounded(x) AS CASE WHEN abs(x) < {LARGEST:.0f} THEN x END;
    CREATE TEMP MACRO iso(x) AS regexp_full_match(x, '\d{{4}}-\d\d-\d\d([ T]\d\d:\d\d(:\d\d(\.\d+)?)?)?');
    CREATE TEMP MACRO part_of(money, share, whole_of) AS
      CAST(sign(money) * ((2 * abs(CAST(money AS HUGEINT)) * share + whole_of) // (2 * CAST(whole_of AS HUGEINT))) AS BIGINT);
    """


def rows(connection: duckdb.DuckDBPyConnection, query: str, parameters: Any = None) -> list[tuple[Any, ...]]:
    """Return the rows of a query."""
    found: list[tuple[Any, ...]] = connection.execute(query, parameters).fetchall()
    return found


def row(connection: duckdb.DuckDBPyConnection, query: str, parameters: Any = None) -> tuple[Any, ...]:
    """Return the only row of a query."""
    return rows(connection, query, parameters)[0]


def arrow(connection: duckdb.DuckDBPyConnection, query: str, schema: pa.Schema, parameters: Any = None) -> pa.Table:
    """Return the rows of a query as an Arrow table of exactly this schema."""
    table = connection.sql(query, params=parameters).to_arrow_table()
    columns = [table.column(field.name).combine_chunks().cast(field.type) for field in schema]
    return pa.Table.from_arrays(columns, schema=schema)
