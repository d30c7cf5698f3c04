"""Engines that run the summary's SQL. DuckDB is embedded and the default; another engine is one more class."""

from __future__ import annotations

import re
from importlib.resources import files
from types import TracebackType
from typing import Protocol, Self

import duckdb
import pandas as pd
import pyarrow as pa

STEPS_KEPT = frozenset({"orders", "days", "months"})  # read by later steps: materialised


class Engine(Protocol):
    """What the summary asks of an engine."""

    def source(self, lines: pa.Table) -> None:
        """Offer the order lines as the view `lines`."""

    def step(self, name: str, sql: str, *, keep: bool) -> None:
        """Define a named result; `keep` materialises it."""

    def frame(self, name: str) -> pd.DataFrame:
        """Return a named result."""


def statements(end: str) -> dict[str, str]:
    """Return the SQL statements by name, with the window's end filled in.

    >>> list(statements("2010-12-09"))
    ['orders', 'days', 'customers', 'months', 'cohorts', 'products']
    """
    text = files("regulars.summary").joinpath("summary.sql").read_text(encoding="utf-8").replace("{{end}}", end)
    parts = re.split(r"^-- name: (\w+).*$", text, flags=re.MULTILINE)
    return dict(zip(parts[1::2], parts[2::2], strict=True))


class DuckDB:
    """The embedded engine. Use it as a context manager: it holds its tables until it is closed."""

    def __init__(self) -> None:
        self._connection = duckdb.connect()
        # A second thread costs a quarter more processor time here than it saves on the clock.
        self._connection.execute("SET threads=1; SET enable_progress_bar=false")
        self._connection.execute("CREATE MACRO days_between(a, b) AS date_diff('day', a, b)")

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._connection.close()

    def source(self, lines: pa.Table) -> None:
        self._connection.register("order_lines", lines)
        self._connection.execute(
            'CREATE VIEW lines AS SELECT customer, "order" AS order_id, day, product, description, country, channel, '
            "segment, units, amount, profit FROM order_lines"
        )

    def step(self, name: str, sql: str, *, keep: bool) -> None:
        self._connection.execute(f"CREATE TEMP {'TABLE' if keep else 'VIEW'} {name} AS {sql}")

    def frame(self, name: str) -> pd.DataFrame:
        frame: pd.DataFrame = self._connection.table(name).df()
        return frame
