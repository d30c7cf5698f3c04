"""Lines that are written more than once, within a sheet or in two of them."""

from __future__ import annotations

import duckdb
import numpy as np
import pyarrow as pa

from regulars.orders.queries import statements
from regulars.orders.staging import FIELDS


def find_twins(connection: duckdb.DuckDBPyConnection) -> None:
    """Make the table `twins` (n, k, earlier) of lines that equal another line in every field.

    Hashes are compared first: only lines that share one are compared cell by cell.
    """
    queries = statements("clean.sql")
    fields = ", ".join(f'"{field}"' for field in FIELDS)
    hashed = connection.execute(queries["hashed"].format(fields=fields)).fetchnumpy()
    numbers, hashes = np.asarray(hashed["n"]), np.asarray(hashed["h"])
    ordered = np.sort(hashes)
    often = np.unique(ordered[1:][ordered[1:] == ordered[:-1]])
    places = np.minimum(np.searchsorted(often, hashes), max(len(often) - 1, 0))
    suspected = numbers[often[places] == hashes] if len(often) else numbers[:0]
    connection.register("suspected_twins", pa.table({"n": suspected}))
    connection.execute(queries["twins"].format(fields=fields))
