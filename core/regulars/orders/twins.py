"""Lines that are written more than once, within a sheet or in two of them."""

from __future__ import annotations

from collections.abc import Sequence

import duckdb
import numpy as np
import pyarrow as pa

from regulars.orders.queries import statements
from regulars.orders.staging import FIELDS, TEXT_FIELDS


def find_twins(connection: duckdb.DuckDBPyConnection) -> None:
    """Make the table `twins` (n, k, earlier) of lines that equal another line in every field.

    Hashes of ids, dates and numbers are compared first: only lines that share one are compared in every field. Long
    texts would take most of the hashing and tell hardly any lines apart that the others do not.
    """
    queries = statements("clean.sql")
    telling = [field for field in FIELDS if field not in TEXT_FIELDS]
    hashed = connection.execute(queries["hashed"].format(fields=_listed(telling))).fetchnumpy()
    numbers, hashes = np.asarray(hashed["n"]), np.asarray(hashed["h"])
    order = np.argsort(hashes)
    ordered = hashes[order]
    same = ordered[1:] == ordered[:-1]
    suspected = np.zeros(len(order), bool)
    suspected[1:] |= same
    suspected[:-1] |= same
    connection.register("suspected_twins", pa.table({"n": numbers[order[suspected]]}))
    connection.execute(queries["twins"].format(fields=_listed(FIELDS)))


def _listed(fields: Sequence[str]) -> str:
    return ", ".join(f'"{field}"' for field in fields)
