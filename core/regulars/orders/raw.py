"""What a reader hands on: the cells of one sheet as text, with the row numbers its owner sees."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import pyarrow as pa

from regulars.orders.model import Notice
from regulars.orders.written import as_text

ROW = "row"  # the int64 column of `cells` that numbers rows as the user's own program does


@dataclass(frozen=True)
class RawSource:
    """One sheet or file below its header.

    `cells` has the column "row" and one nullable column "c0", "c1", … for each header. A blank cell is null; rows
    without any cell are left out. A column in `numeric` may be float64, one in `dated` timestamp[us]; all others are
    strings. `text` gives any column as text: numbers as Python's repr writes them, whole ones without ".0", dates as
    "2010-12-01 07:45:00", booleans as "true" and "false".
    """

    name: str  # "orders.xlsx › Sheet1", or the file's name alone when it has one sheet only
    header_row: int  # 0 when the source has no row numbers of its own, such as parquet
    headers: tuple[str, ...]
    cells: pa.Table
    numeric: frozenset[int] = frozenset()  # columns that hold real numbers only: no text to interpret
    dated: frozenset[int] = frozenset()  # columns that hold real dates only
    error_cells: Mapping[int, int] | None = None  # count of #N/A and the like by column; None where the format has none
    notices: tuple[Notice, ...] = ()  # what its reader noticed
    places: tuple[str, ...] = ()  # letters of the columns, in the order of the headers
    formats: Mapping[int, frozenset[str]] = field(default_factory=dict)  # number formats of the numbers in a column
    repeated: Mapping[int, int] = field(default_factory=dict)  # columns with the header of one before them, by that one

    def text(self, index: int) -> pa.ChunkedArray:
        """Return the cells of a column as text."""
        return _chunked(self.cells.column(f"c{index}"))

    def written(self) -> pa.Table:
        """Return `cells` with every column as text."""
        texts = {f"c{index}": self.text(index) for index in range(len(self.headers))}
        return pa.table({ROW: self.cells.column(ROW), **texts})


def _chunked(column: pa.ChunkedArray) -> pa.ChunkedArray:
    if pa.types.is_string(column.type):
        return column
    text = as_text(column)
    return text if isinstance(text, pa.ChunkedArray) else pa.chunked_array([text])


@dataclass(frozen=True)
class RecognisedSource:
    """A source with the column index of each field that was found in it."""

    raw: RawSource
    columns: Mapping[str, int]  # field to column index

    def header(self, field: str) -> str:
        """Return the header a field was found under."""
        return self.raw.headers[self.columns[field]]


@dataclass(frozen=True)
class Recognised:
    """All sources of a run: the order sheets, and the table of customers when there is one."""

    orders: tuple[RecognisedSource, ...]
    customers: RecognisedSource | None = None
    passed_over: tuple[tuple[str, str], ...] = ()  # sheets that were not read as orders, each with the reason
    notices: tuple[Notice, ...] = ()  # what was noticed while columns were recognised


# Fields of an order line. Required: customer, date, and either amount or quantity with price.
ORDER_FIELDS = (
    "customer", "order", "date", "amount", "quantity", "price",
    "product", "description", "category", "country", "currency", "status",
    "discount", "list_price", "cost", "profit", "channel", "segment",
)  # fmt: skip
# Fields of a customers table. Required: customer, and one of the others.
CUSTOMER_FIELDS = ("customer", "signed_up", "segment", "channel", "name")
