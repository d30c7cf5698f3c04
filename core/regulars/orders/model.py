"""Orders: the kept lines, the rows set aside, and the ledger that accounts for every row."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

import pyarrow as pa

from regulars.base.units import Currency


class Reason(StrEnum):
    """Why a row is set aside. A row has one reason: the first that applies, in this order."""

    TOTAL_ROW = "total_row"
    REPEATED_ACROSS_SOURCES = "repeated_across_sources"
    UNPAID = "unpaid"
    CANCELLED = "cancelled"
    NO_CUSTOMER = "no_customer"
    BAD_DATE = "bad_date"
    BAD_QUANTITY = "bad_quantity"
    BAD_PRICE = "bad_price"
    ZERO_PRICE = "zero_price"
    RETURNED = "returned"
    OUTSIDE_WINDOW = "outside_window"
    DUPLICATE = "duplicate"


LINES = pa.schema(
    [
        pa.field("source", pa.string(), nullable=False),  # "orders.xlsx › Sheet1"
        pa.field("row", pa.int64(), nullable=False),  # as the user's own program numbers it
        pa.field("customer", pa.string(), nullable=False),
        pa.field("order", pa.string(), nullable=False),  # "customer day" where no column names orders
        pa.field("ts", pa.timestamp("us"), nullable=False),
        pa.field("day", pa.date32(), nullable=False),
        pa.field("product", pa.string()),
        pa.field("description", pa.string()),
        pa.field("category", pa.string()),
        pa.field("country", pa.string()),
        pa.field("channel", pa.string()),
        pa.field("segment", pa.string()),
        pa.field("units", pa.int64(), nullable=False),  # ten-thousandths, after returns were taken off
        pa.field("amount", pa.int64(), nullable=False),  # ten-thousandths of the currency, after returns were taken off
        pa.field("written_amount", pa.int64(), nullable=False),  # as the row says, before returns were taken off
        pa.field("profit", pa.int64()),  # ten-thousandths, when a profit or cost column says it; scaled with returns
        pa.field("discount", pa.float64()),  # share of the list price, 0 to 1
    ]
)
SET_ASIDE = pa.schema(
    [
        pa.field("source", pa.string(), nullable=False),
        pa.field("row", pa.int64(), nullable=False),
        pa.field("reason", pa.string(), nullable=False),
        pa.field("customer", pa.string()),  # the cells as written, so that their owner finds them again
        pa.field("order", pa.string()),
        pa.field("date", pa.string()),
        pa.field("product", pa.string()),
        pa.field("quantity", pa.string()),
        pa.field("price", pa.string()),
        pa.field("amount", pa.int64()),  # ten-thousandths; null where the row does not say
    ]
)
CUSTOMER_TABLE = pa.schema(
    [
        pa.field("customer", pa.string(), nullable=False),
        pa.field("signed_up", pa.date32()),
        pa.field("segment", pa.string()),
        pa.field("channel", pa.string()),
        pa.field("name", pa.string()),
    ]
)


@dataclass(frozen=True)
class Window:
    """The days that count, both ends inclusive; `end` is the day the analysis looks from."""

    start: dt.date
    end: dt.date

    @property
    def days(self) -> int:
        """Return the number of calendar days in the window.

        >>> Window(dt.date(2025, 1, 1), dt.date(2025, 12, 31)).days
        365
        """
        return (self.end - self.start).days + 1


@dataclass(frozen=True)
class Notice:
    """Something the owner should know about the sheet: what, how many rows, where first, and what was done."""

    key: str  # stable, such as "error_cells"
    text: str  # one sentence
    rows: int  # 0 where it is about a column or a sheet
    first: str | None = None  # "Sheet1 row 118"


@dataclass(frozen=True)
class Source:
    """One sheet or file that was read as orders."""

    name: str
    header_row: int  # as the user's own program numbers it
    rows: int  # rows read: blank ones are not rows
    columns: Mapping[str, str]  # field to the header it was found under
    ignored: tuple[str, ...]  # headers that no field was found for


@dataclass(frozen=True)
class Ledger:
    """Rows in = rows kept + rows set aside, and the same for money (ten-thousandths)."""

    rows_read: int
    rows_kept: int
    rows_by_reason: Mapping[Reason, int]  # every reason, zero included
    revenue_by_reason: Mapping[Reason, int]  # what the rows themselves say, returns negative
    revenue_written: int  # the sheets' own total: every row that says an amount, total rows left out
    revenue_taken_off: int  # what returns took off lines that are kept; zero or more
    returns_unmatched: int  # returns that no earlier purchase was found for; zero or less
    customers_without_orders: int | None  # None without a customer table
    orders_without_customer_row: int | None

    @property
    def rows_set_aside(self) -> int:
        """Return the number of rows that do not count."""
        return sum(self.rows_by_reason.values())

    def check(self, revenue_kept: int) -> None:
        """Prove that no row and no money is unaccounted for; anything else is a defect of ours."""
        if self.rows_read != self.rows_kept + self.rows_set_aside:
            raise AssertionError(f"{self.rows_read} rows read, {self.rows_kept} kept, {self.rows_set_aside} set aside")
        aside = sum(money for reason, money in self.revenue_by_reason.items() if reason is not Reason.TOTAL_ROW)
        if self.revenue_written != revenue_kept + self.revenue_taken_off + aside:
            raise AssertionError("revenue kept, taken off and set aside do not add up to the sheet's own total")


@dataclass(frozen=True)
class Orders:
    """Clean order lines with everything that was set aside on the way.

    `lines` follows LINES, `set_aside` SET_ASIDE, `customer_table` CUSTOMER_TABLE; all are ordered by source and row.
    """

    lines: pa.Table
    set_aside: pa.Table
    ledger: Ledger
    window: Window
    currency: Currency
    sources: tuple[Source, ...]
    fields: frozenset[str]  # every field that some source has a column for
    customer_table: pa.Table | None = None
    notices: tuple[Notice, ...] = ()
    passed_over: tuple[tuple[str, str], ...] = ()  # sheets that were not read as orders, each with the reason

    def __post_init__(self) -> None:
        """Check the tables once, on construction."""
        for table, schema in ((self.lines, LINES), (self.set_aside, SET_ASIDE), (self.customer_table, CUSTOMER_TABLE)):
            if table is not None and not table.schema.equals(schema):
                raise AssertionError(f"expected the columns {schema.names}, got {table.schema}")
        import pyarrow.compute as pc  # noqa: PLC0415  only here

        self.ledger.check(pc.sum(self.lines["amount"]).as_py() or 0)
