"""The summary of a million order lines, beside pandas groupbys that make the same customer columns."""

from __future__ import annotations

import json
import sys
import tempfile
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from measure import cost_of_call, least_in_turn
from report import Report, options, publish

if TYPE_CHECKING:
    import pandas as pd
    import pyarrow as pa

ORDERS = Path(__file__).parents[1] / "tests" / "data" / "online_retail_2009_2010.parquet"
ALL, QUICK = 1_000_000, 200_000  # lines


def make_lines(path: str, count: str) -> None:
    """Write cleaned order lines, repeated under new customers and orders until there are enough."""
    import pyarrow as pa  # noqa: PLC0415
    import pyarrow.compute as pc  # noqa: PLC0415

    from regulars.base.settings import Settings  # noqa: PLC0415
    from regulars.orders.load import load_orders  # noqa: PLC0415

    once = load_orders([ORDERS], Settings()).lines
    parts = []
    for copy in range(-(-int(count) // once.num_rows)):
        part = once
        for name in ("customer", "order"):
            place = part.schema.get_field_index(name)
            marked = pc.binary_join_element_wise(part[name], f"{copy}", "-")
            part = part.set_column(place, part.schema.field(place), marked)
        parts.append(part)
    lines = pa.concat_tables(parts).slice(0, int(count)).combine_chunks()
    with pa.OSFile(path, "wb") as sink, pa.ipc.new_file(sink, lines.schema) as writer:
        writer.write_table(lines)


def read_lines(path: str) -> pa.Table:
    """Return the lines in memory, and do nothing else: the price that every way pays."""
    import pyarrow as pa  # noqa: PLC0415

    with pa.OSFile(path, "rb") as source:
        return pa.ipc.open_file(source).read_all()


def with_regulars(path: str) -> None:
    """Summarise as the product does: customers, months, cohorts and products."""
    import pyarrow.compute as pc  # noqa: PLC0415

    from regulars.base.units import Currency  # noqa: PLC0415
    from regulars.orders.model import SET_ASIDE, Ledger, Orders, Reason, Window  # noqa: PLC0415
    from regulars.summary import summarise  # noqa: PLC0415

    lines = read_lines(path)
    count, total = lines.num_rows, pc.sum(lines["amount"]).as_py()
    none = dict.fromkeys(Reason, 0)
    orders = Orders(
        lines=lines,
        set_aside=SET_ASIDE.empty_table(),
        ledger=Ledger(count, count, none, none, total, 0, 0, None, None),
        window=Window(pc.min(lines["day"]).as_py(), pc.max(lines["day"]).as_py()),
        currency=Currency("GBP"),
        sources=(),
        fields=frozenset(),
    )
    _told(lambda: summarise(orders).customers.frame)


def with_duckdb_customers_only(path: str) -> None:
    """Run those of the product's statements that lead to the customers."""
    import pyarrow.compute as pc  # noqa: PLC0415

    from regulars.summary.engine import STEPS_KEPT, DuckDB, statements  # noqa: PLC0415

    lines = read_lines(path)
    end = pc.max(lines["day"]).as_py().isoformat()

    def customers() -> pd.DataFrame:
        with DuckDB() as engine:
            engine.source(lines)
            for name, sql in statements(end).items():
                if name in {"orders", "days", "customers"}:
                    engine.step(name, sql, keep=name in STEPS_KEPT)
            return engine.frame("customers")

    _told(customers)


def with_pandas(path: str) -> None:
    """Make the customer columns by plain groupbys."""
    _told(lambda: pandas_customers(read_lines(path).to_pandas()))


def pandas_customers(lines: pd.DataFrame) -> pd.DataFrame:
    """Return the columns of the product's customers, money in the shop's currency."""
    import pandas as pd  # noqa: PLC0415

    lines = lines.assign(
        day=pd.to_datetime(lines["day"]), amount_with_profit=lines["amount"].where(lines["profit"].notna())
    )
    end = lines["day"].max()
    by_order = lines.groupby(["customer", "order"]).agg(day=("day", "min"), amount=("amount", "sum")).reset_index()
    by_day = lines.groupby(["customer", "day"]).agg(amount=("amount", "sum")).reset_index()
    ago = (end - by_day["day"]).dt.days
    by_day = by_day.assign(
        year=by_day["amount"].where(ago < 365, 0), before=by_day["amount"].where(ago.between(365, 729), 0)
    )
    by_order = by_order.assign(year=((end - by_order["day"]).dt.days < 365).astype(int))
    days = by_day.groupby("customer").agg(
        first_day=("day", "min"),
        last_day=("day", "max"),
        count=("day", "size"),
        first_amount=("amount", "first"),
        amount=("amount", "sum"),
        year_revenue=("year", "sum"),
        year_before_revenue=("before", "sum"),
    )
    orders = by_order.groupby("customer").agg(
        orders=("amount", "size"), smallest=("amount", "min"), largest=("amount", "max"), year_orders=("year", "sum")
    )
    whole = lines.groupby("customer").agg(
        line_count=("amount", "size"),
        units=("units", "sum"),
        products=("product", "nunique"),
    )
    profits = lines.groupby("customer")[["profit", "amount_with_profit"]].sum(min_count=1).astype(float) / 1e4
    last = lines[lines["day"] == lines["customer"].map(days["last_day"])]
    words = last.groupby("customer")[["country", "channel", "segment"]].max()
    frequency = days["count"] - 1
    repeats = frequency.where(frequency > 0)
    made = pd.DataFrame(
        {
            "first_day": days["first_day"],
            "last_day": days["last_day"],
            "orders": orders["orders"],
            "line_count": whole["line_count"],
            "units": whole["units"] / 1e4,
            "products": whole["products"],
            "revenue": days["amount"] / 1e4,
            "profit": profits["profit"],
            "revenue_with_profit": profits["amount_with_profit"],
            "average_order": days["amount"] / orders["orders"] / 1e4,
            "smallest_order": orders["smallest"] / 1e4,
            "largest_order": orders["largest"] / 1e4,
            "frequency": frequency,
            "recency": (days["last_day"] - days["first_day"]).dt.days,
            "age": (end - days["first_day"]).dt.days,
            "days_since": (end - days["last_day"]).dt.days,
            "repeat_spend": (days["amount"] - days["first_amount"]) / repeats / 1e4,
            "year_revenue": days["year_revenue"] / 1e4,
            "year_before_revenue": days["year_before_revenue"] / 1e4,
            "year_orders": orders["year_orders"],
        }
    )
    return made.join(words).reset_index()


def _told(make: Callable[[], pd.DataFrame]) -> None:
    """Make the customers; print the seconds that took, and a digest of each column by which ways are compared."""
    import pandas as pd  # noqa: PLC0415

    cpu, wall = time.process_time(), time.perf_counter()
    frame = make()
    spent = {"cpu_seconds": time.process_time() - cpu, "wall_seconds": time.perf_counter() - wall}
    columns = {}
    for name in sorted(frame.columns):
        column = frame[name]
        if pd.api.types.is_datetime64_any_dtype(column):
            columns[name] = str(column.dt.strftime("%Y%m%d").astype(int).sum())
        elif pd.api.types.is_numeric_dtype(column):
            columns[name] = f"{float(column.sum()):.3f} {column.notna().sum()}"
        else:
            columns[name] = f"{column.nunique()} {column.notna().sum()}"
    print(json.dumps({**spent, "customers": len(frame), "columns": columns}))


WAYS = (
    ("regulars", "regulars.summary: customers, months, cohorts, products", with_regulars),
    ("duckdb", "the same engine, customers only", with_duckdb_customers_only),
    ("pandas", "pandas groupbys, customers only", with_pandas),
)


def report(*, quick: bool) -> Report:
    """Summarise the same lines each way, in processes of its own."""
    count = QUICK if quick else ALL
    times = 1 if quick else 3
    rows = []
    figures: dict[str, float] = {"lines": count}
    columns: dict[str, dict[str, str]] = {}
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "lines.arrow"
        cost_of_call(make_lines, path, count)
        for _, _, function in WAYS:
            cost_of_call(function, path)  # compiles the byte code
        reading, *costs = least_in_turn(
            [partial(cost_of_call, function, path) for function in (read_lines, *(way[2] for way in WAYS))], times
        )
        rows.append(
            (
                "reading the lines, no more",
                "",
                f"{reading.cpu:.2f}",
                f"{reading.wall:.2f}",
                f"{reading.peak_megabytes:,.0f}",
            )
        )
        for (key, name, _), cost in zip(WAYS, costs, strict=True):
            told = json.loads(cost.output)
            columns[key] = told["columns"]
            rows.append(
                (
                    name,
                    f"{told['cpu_seconds']:.2f}",
                    f"{cost.cpu:.2f}",
                    f"{cost.wall:.2f}",
                    f"{cost.peak_megabytes:,.0f}",
                )
            )
            figures[f"{key}.step_cpu_seconds"] = told["cpu_seconds"]
            figures[f"{key}.cpu_seconds"] = cost.cpu
            figures[f"{key}.wall_seconds"] = cost.wall
            figures[f"{key}.peak_megabytes"] = cost.peak_megabytes
            figures["customers"] = told["customers"]
    ours, theirs = columns["regulars"], columns["pandas"]
    differ = sorted(name for name in ours if ours[name] != theirs.get(name))
    figures["columns_that_differ"] = len(differ)
    return Report(
        name="summary",
        title=f"{count:,} order lines of {figures['customers']:,.0f} customers, least of {times}",
        columns=("way", "step CPU s", "process CPU s", "process wall s", "peak MB"),
        rows=rows,
        figures=figures,
        notes=(
            f"regulars and pandas agree on {len(ours) - len(differ)} of {len(ours)} customer columns"
            + (f"; they differ on {', '.join(differ)}" if differ else "")
            + " (sums and counts).",
        ),
    )


if __name__ == "__main__":
    chosen = options(__doc__ or "")
    sys.exit(publish(report(quick=chosen.quick), chosen))
