"""Facts about the rows that were read: what was kept, what was set aside, and the money of both."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

import pyarrow as pa
import pyarrow.compute as pc

from regulars.analysis import Analysis
from regulars.base.facts import Fact
from regulars.base.units import COUNT, DATE, DAYS, MONEY, SHARE, TEN_THOUSANDTHS, TEXT
from regulars.orders.model import Reason

FEWEST_ORDERS = 5  # with several lines, before their amounts say anything
MOST_ROWS = 3  # that are named
REPEATED = 0.9
TAKEN_OFF = {"net": "taken off purchases", "drop": "set aside", "keep": "counted as negative lines"}


def order_facts(analysis: Analysis) -> Iterator[Fact]:
    """Yield rows, orders, revenue, the window, and the ledger by reason."""
    orders = analysis.orders
    ledger, frame = orders.ledger, analysis.summary.customers.frame
    revenue = analysis.summary.customers.revenue
    unmatched = ledger.returns_unmatched / TEN_THOUSANDTHS
    yield Fact("orders.rows_read", ledger.rows_read, COUNT, "rows with any content below the header, over all sources")
    yield Fact("orders.rows_kept", ledger.rows_kept, COUNT, "rows read less rows set aside")
    read = ledger.rows_read or 1
    yield Fact("orders.kept_share", ledger.rows_kept / read, SHARE, "rows kept / rows read")
    yield Fact("orders.rows_set_aside", ledger.rows_set_aside, COUNT, "sum over the reasons; a row has one reason")
    for reason in Reason:
        yield Fact(
            f"orders.set_aside.{reason}", ledger.rows_by_reason[reason], COUNT, f"rows set aside as {reason.value}"
        )
        yield Fact(
            f"orders.set_aside_share.{reason}", ledger.rows_by_reason[reason] / read, SHARE,
            f"rows set aside as {reason.value} / rows read",
        )  # fmt: skip
        yield Fact(
            f"revenue.set_aside.{reason}",
            ledger.revenue_by_reason[reason] / TEN_THOUSANDTHS,
            MONEY,
            f"amounts written in the rows set aside as {reason.value}",
        )
    aside = sum(money for reason, money in ledger.revenue_by_reason.items() if reason is not Reason.TOTAL_ROW)
    yield Fact("revenue.set_aside.total", aside / TEN_THOUSANDTHS, MONEY, "all reasons together, total rows left out")
    yield Fact("orders.count", int(frame["orders"].sum()), COUNT, "distinct orders of kept lines")
    yield Fact("orders.sources", len(orders.sources), COUNT, "sheets and files read as orders")
    yield Fact(
        "revenue.total", revenue, MONEY, f"sum of kept order lines; returns are {TAKEN_OFF[analysis.settings.returns]}"
    )
    yield Fact(
        "revenue.written",
        ledger.revenue_written / TEN_THOUSANDTHS,
        MONEY,
        "sum of all amounts in the sheets, total rows left out",
    )
    yield Fact(
        "revenue.taken_off",
        ledger.revenue_taken_off / TEN_THOUSANDTHS,
        MONEY,
        "what returns took off lines that are kept",
    )
    yield Fact(
        "revenue.returns_unmatched",
        unmatched,
        MONEY,
        "returns for which no earlier purchase was found; they change no customer",
    )
    yield Fact("revenue.net_of_all_returns", revenue + unmatched, MONEY, "revenue with unmatched returns taken off too")
    yield Fact("window.start", orders.window.start, DATE, "day of the first kept line, or --since")
    yield Fact(
        "window.end", orders.window.end, DATE, "day of the last kept line, or --as-of; the analysis looks from here"
    )
    yield from _doubt_facts(analysis)
    yield Fact("window.days", orders.window.days, DAYS, "calendar days, both ends counted")
    yield Fact("orders.currency", orders.currency.code, TEXT, "currency column, signs in the amounts, or --currency")
    yield Fact(
        "customers.without_orders",
        ledger.customers_without_orders,
        COUNT,
        "rows of the customers table without a kept order",
    )
    yield Fact(
        "customers.without_row",
        ledger.orders_without_customer_row,
        COUNT,
        "customers with orders but no row in the customers table",
    )


def _doubt_facts(analysis: Analysis) -> Iterator[Fact]:
    """Yield what may be a slip in the sheet and would spoil everything that follows."""
    days = analysis.summary.days["day"].drop_duplicates().nlargest(2)
    gap = int((days.iloc[0] - days.iloc[1]).days) if len(days) > 1 else 0
    yield Fact("window.gap_before_end", gap, DAYS, "days without any order before the last day with one")
    yield Fact("window.last_day", days.iloc[0].date(), DATE, "last day with an order")
    before = days.iloc[1].date() if len(days) > 1 else None
    yield Fact("window.day_before", before, DATE, "last day with an order but one")
    yield Fact(
        "window.last_day_rows", _rows_of(analysis, days.iloc[0].date()), TEXT, "rows of the last day with an order"
    )
    repeated = "quantity" not in analysis.orders.fields and _totals_are_repeated(analysis)
    yield Fact(
        "orders.totals_repeated",
        "yes" if repeated else "no",
        TEXT,
        "whether nearly all orders with several lines have one amount on all of them, as order totals have",
    )


def _rows_of(analysis: Analysis, day: dt.date) -> str:
    """Return where the orders of a day stand, the first rows by number."""
    lines = analysis.orders.lines
    found = lines.select(["source", "row"]).filter(pc.equal(lines["day"], pa.scalar(day, pa.date32())))
    first = found.slice(0, MOST_ROWS).to_pylist()
    shown = ", ".join(f"{one['source']} row {one['row']}" for one in first)
    return shown if found.num_rows <= MOST_ROWS else f"{shown} and {found.num_rows - MOST_ROWS:,} more"


def _totals_are_repeated(analysis: Analysis) -> bool:
    lines = analysis.orders.lines.group_by("order").aggregate(
        [("amount", "count"), ("amount", "min"), ("amount", "max")]
    )
    several = lines.filter(pc.greater(lines["amount_count"], 1))
    same = several.filter(pc.equal(several["amount_min"], several["amount_max"]))
    return bool(several.num_rows >= FEWEST_ORDERS and same.num_rows > REPEATED * several.num_rows)
