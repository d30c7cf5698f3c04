"""Rows of sums between the order lines: subtotals and grand totals are no orders."""

from __future__ import annotations

import re
from collections.abc import Sequence

import duckdb
import pyarrow as pa

from regulars.orders.queries import row, rows
from regulars.orders.raw import RecognisedSource
from regulars.orders.words import fold, has_total_word, is_total_label, words
from regulars.orders.written import as_text

FEWEST_LINES = 3  # rows like sums before they can be lines: a short sheet may have a subtotal and a total


def find_totals(connection: duckdb.DuckDBPyConnection, sources: Sequence[RecognisedSource]) -> None:
    """Make the table `totals` of the rows that are sums.

    A row is one when it says an amount but neither who, when nor what, unless most rows of its sheet are like that: then
    they are lines of orders whose customer stands in a row above. Or when a cell labels it as a sum and it has no order
    and no date, or no customer and no price for a quantity.
    """
    found: list[int] = []
    for at, source in enumerate(sources):
        found += _bare(connection, at)
        found += _labelled(connection, at, source)
    connection.register("totals", pa.table({"n": pa.array(sorted(set(found)), pa.int64())}))


def _bare(connection: duckdb.DuckDBPyConnection, at: int) -> list[int]:
    query = """
        SELECT n FROM staged WHERE source = ? AND customer IS NULL AND "order" IS NULL AND "date" IS NULL
        AND product IS NULL AND description IS NULL AND coalesce(amount, quantity, price) IS NOT NULL"""
    found = [n for (n,) in rows(connection, query, [at])]
    (seen,) = row(connection, "SELECT count(*) FROM staged WHERE source = ?", [at])
    return found if len(found) < FEWEST_LINES or 2 * len(found) <= seen else []


def _labelled(connection: duckdb.DuckDBPyConnection, at: int, source: RecognisedSource) -> list[int]:
    """Look for labels in rows that lack what an order line has."""
    suspects = connection.sql(
        """
        SELECT n, "order", customer, "date" IS NULL AS undated, quantity IS NOT NULL AND price IS NOT NULL AS priced
        FROM staged WHERE source = $at AND ("date" IS NULL OR ((quantity IS NULL OR price IS NULL)
          AND (customer IS NULL OR regexp_matches(strip_accents(lower(customer)), $label))))
        ORDER BY n""",
        params={"at": at, "label": _pattern()},
    ).to_arrow_table()
    if not suspects.num_rows:
        return []
    first = row(connection, "SELECT min(n) FROM staged WHERE source = ?", [at])[0]
    headers = [f"c{index}" for index in range(len(source.raw.headers))]
    cells = source.raw.cells.select(headers).take(pa.array(suspects.column("n").to_numpy() - first))
    connection.register(
        "suspects",
        pa.table(
            {
                **dict(zip(suspects.column_names, suspects.columns, strict=True)),
                **{header: as_text(column) for header, column in zip(headers, cells.columns, strict=True)},
            }
        ),
    )
    listed = ", ".join(headers)
    query = f"""
        SELECT n, "order", customer, undated, priced, [{listed}] FROM suspects
        WHERE regexp_matches(strip_accents(lower(concat_ws(' | ', {listed}))), $label) ORDER BY n"""  # noqa: S608
    found: list[int] = []
    for n, order, customer, undated, priced, texts in rows(connection, query, {"label": _pattern()}):
        written = [text for text in texts if text is not None]
        label = any(is_total_label(text) for text in written)
        no_order = order is None or has_total_word(order)
        if not no_order:
            continue
        word = label or any(has_total_word(text) for text in written)
        nobody = customer is None or has_total_word(customer)
        if (undated and ((nobody and word) or (label and not priced))) or (
            label and not priced and (customer is None or is_total_label(customer))
        ):
            found.append(n)
    return found


def _pattern() -> str:
    """Return a quick sieve for texts that may label a sum; the words themselves decide afterwards."""
    known = sorted({fold(word).split()[0] for word in words()["totals"]["words"]})
    return rf"(^|[^a-z])({'|'.join(map(re.escape, known))})([^a-z]|$)"
