"""The table of customers: one row each, with the day they signed up, segment, channel and name."""

from __future__ import annotations

import duckdb
import pyarrow as pa

from regulars.base.settings import Settings
from regulars.base.units import counted, verb
from regulars.orders.date_columns import date_column, decide_dates
from regulars.orders.model import CUSTOMER_TABLE, Notice
from regulars.orders.queries import arrow, row
from regulars.orders.raw import RecognisedSource
from regulars.orders.staging import tidied


def read_people(
    connection: duckdb.DuckDBPyConnection, source: RecognisedSource | None, settings: Settings
) -> tuple[pa.Table | None, list[Notice]]:
    """Make the table `people` (empty without a source) and return it; the first row of a customer wins."""
    if source is None:
        connection.register("people", CUSTOMER_TABLE.empty_table())
        return None, []
    cells = source.raw.written()
    for field, macro in (
        ("customer", "customer_of"),
        ("segment", "text_of"),
        ("channel", "text_of"),
        ("name", "text_of"),
    ):
        column = (
            tidied(connection, cells.column(f"c{source.columns[field]}"), macro)
            if field in source.columns
            else pa.nulls(cells.num_rows, pa.string())
        )
        cells = cells.append_column(f"{field}_", column)
    connection.register("cells_customers", cells)
    notices: list[Notice] = []
    signed_up, join = "NULL", ""
    if "signed_up" in source.columns:
        dates = date_column(connection, -1, source, "signed_up")
        notices += decide_dates(connection, [dates], settings.dayfirst)
        signed_up = f"coalesce(d.ts, CASE WHEN iso({dates.cell}) THEN TRY_CAST({dates.cell} AS TIMESTAMP) END)"
        join = f"LEFT JOIN {dates.table} d ON d.text = {dates.cell}"
    connection.execute(
        f"""
        CREATE TABLE everybody AS SELECT row, customer_ AS customer, CAST({signed_up} AS DATE) AS signed_up,
          segment_ AS segment, channel_ AS channel, name_ AS name,
          row_number() OVER (PARTITION BY customer_ ORDER BY row) AS k
        FROM cells_customers {join} WHERE customer_ IS NOT NULL"""  # noqa: S608  names of ours
    )
    table = arrow(connection, "SELECT * EXCLUDE (row, k) FROM everybody WHERE k = 1 ORDER BY row", CUSTOMER_TABLE)
    connection.register("people", table)
    again, first = row(connection, "SELECT count(*), min(row) FROM everybody WHERE k > 1")
    if again:
        notices.append(
            Notice(
                key="repeated_customers",
                text=f"{counted(again, 'row')} of the customer table {verb(again, 'names', 'name')} a customer again;"
                " the first row of each customer was used",
                rows=again,
                first=f"{source.raw.name} row {first}",
            )
        )
    return table, notices
