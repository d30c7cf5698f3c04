"""Order statuses: what the words in a status column say about payment."""

from __future__ import annotations

from collections.abc import Sequence

import duckdb
import pyarrow as pa

from regulars.base.units import counted, verb
from regulars.orders.model import Notice
from regulars.orders.queries import row, rows
from regulars.orders.raw import RecognisedSource
from regulars.orders.staging import place
from regulars.orders.words import status_kind


def read_statuses(
    connection: duckdb.DuckDBPyConnection, sources: Sequence[RecognisedSource], paid: Sequence[str]
) -> list[Notice]:
    """Make the table `statuses` (n, kind) and report words that are not known; those count as paid.

    A line without a status has that of its order's first line that has one: shop systems write it once an order.
    With a list of words that count as paid, a line without any status is unpaid.
    """
    texts = [
        text for (text,) in rows(connection, "SELECT DISTINCT status FROM staged WHERE status IS NOT NULL ORDER BY 1")
    ]
    meant = {text: status_kind(text, paid) for text in texts}
    connection.register(
        "meanings",
        pa.table({"status": pa.array(meant.keys(), pa.string()), "kind": pa.array(meant.values(), pa.string())}),
    )
    with_status = [at for at, source in enumerate(sources) if "status" in source.columns]
    connection.execute(
        """
        CREATE TABLE statuses AS
        WITH filled AS (
          SELECT n, coalesce(status, CASE WHEN "order" IS NOT NULL THEN
            first_value(status IGNORE NULLS) OVER (PARTITION BY source, "order" ORDER BY n
              ROWS BETWEEN UNBOUNDED PRECEDING AND UNBOUNDED FOLLOWING) END) AS status
          FROM staged WHERE source IN (SELECT unnest($sources)))
        SELECT n, CASE WHEN status IS NULL AND $strict THEN 'unpaid' ELSE kind END AS kind
        FROM filled LEFT JOIN meanings USING (status)
        """,
        {"sources": with_status, "strict": bool(paid)},
    )
    unknown = [text for text in texts if meant[text] is None]
    if not unknown:
        return []
    count, first = row(
        connection, "SELECT count(*), min(n) FROM staged WHERE status IN (SELECT unnest($texts))", {"texts": unknown}
    )
    shown = ", ".join(f"'{text}'" for text in unknown[:5]) + (" and others" if len(unknown) > 5 else "")
    return [
        Notice(
            key="unknown_statuses",
            text=f"{counted(count, 'row')} with a status that is not known ({shown}) {verb(count, 'counts', 'count')} as paid;"
            " list those that count as paid in the setting `paid`",
            rows=count,
            first=place(connection, sources, first),
        )
    ]
