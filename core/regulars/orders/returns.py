"""Returns: taken off the purchases they belong to, set aside, or kept, as the settings say."""

from __future__ import annotations

import duckdb

from regulars.orders.queries import row, statements


def net_returns(connection: duckdb.DuckDBPyConnection, returns: str) -> int:
    """Make the table `net` of what is left of purchases, and return the value of unmatched returns (zero or less).

    `returns` is net, drop or keep. Only with net does a return touch a purchase; with keep nothing is unmatched,
    because every return counts by itself.
    """
    queries = statements("returns.sql")
    connection.execute(queries["net"], {"returns": returns})
    unmatched: int = row(connection, queries["unmatched"], {"returns": returns})[0]
    return unmatched
