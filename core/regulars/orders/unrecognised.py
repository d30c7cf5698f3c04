"""What to say of sheets that are no orders as they stand: what was looked for, what there is, and what to do."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from regulars.base.errors import InputError, listing
from regulars.base.units import counted, verb
from regulars.orders.aliases import order_names
from regulars.orders.content import look_at
from regulars.orders.doubts import CALCULATE, empty_headers
from regulars.orders.header import TWO_ROWS
from regulars.orders.no_numbers import named_without_numbers
from regulars.orders.raw import RawSource
from regulars.orders.recognise import missing_fields, nearest_header, order_columns

MISNAMED = "misnamed"  # the key of the notice of a text file with the name of a workbook
_STAMP = re.compile(r"1\d{9}(\.\d+)?|1\d{12}")  # September 2001 to May 2033
_WANTED = {
    "customer": "the customer (such as 'Customer ID', 'Client' or 'E-mail')",
    "date": "the order date (such as 'Order date' or 'InvoiceDate')",
    "amount": "the amount (such as 'Total', or 'Quantity' with 'Unit price')",
}


def not_recognised(raws: Sequence[RawSource], told: Mapping[str, str]) -> InputError:
    """Return the error for sheets of which none has the required columns; the one with most of them comes first."""
    if not any(raw.cells.num_rows for raw in raws):
        return _nothing_below(raws)
    matches = [(raw, order_columns(raw, told, by_content=True)) for raw in raws]
    matches.sort(key=lambda one: (len(missing_fields(one[1])), -len(one[1])))
    raw, columns = matches[0]
    missing = missing_fields(columns)
    near = {field: nearest_header(raw, field, columns) for field in missing}
    closest = [f"the nearest header to {field} is '{header}'" for field, header in near.items() if header]
    there = [f"'{one.name}' has {listing(one.headers, most=30)}" for one, _ in matches[:5]]
    what = f"'{raw.name}' has no column for {', '.join(_WANTED[field] for field in missing)}; {'; '.join([*there, *closest])}"
    stamps = _timestamps(raw) if "date" in missing else None
    if stamps is not None:
        header, stamp = stamps
        return InputError(
            f"the column '{header}' of '{raw.name}' holds seconds since 1970, such as {stamp}, not dates",
            remedy=f"write them as dates (in Excel: ={'A2/86400' if len(stamp) == 10 else 'A2/86400000'}+DATE(1970,1,1) in a"
            " column of its own, formatted as a date), and save",
        )
    maps = " ".join(f'--map {field}="{near[field] or "…"}"' for field in missing)
    two_rows = [notice.text for notice in raw.notices if notice.key == TWO_ROWS]
    if two_rows:
        return InputError(f"{what}; {two_rows[0]}", remedy="write each header into one cell of one row, and save")
    texts = named_without_numbers(raw, columns) if missing == ["amount"] else None
    if texts is not None:
        return texts
    if any(notice.key == MISNAMED for notice in raw.notices):
        return InputError(
            f"'{raw.name}' is a text file with the name of a workbook, and its first line ({listing(raw.headers, most=10)}) does not name"
            f" the columns of orders",
            remedy="check that this is the right file; if it should be a workbook, open it in Excel or LibreOffice and save it",
        )
    blank = empty_headers(raw, missing)
    if blank:
        return InputError(
            f"{what}; {counted(len(blank), 'column')} {verb(len(blank), 'is', 'are')} empty below the header: {listing(blank)}",
            remedy=CALCULATE,
        )
    return InputError(what, remedy=f"name the column with {maps}")


def _timestamps(raw: RawSource) -> tuple[str, str] | None:
    """Return header and first value of a column that is called a date and counts seconds, or thousandths of them."""
    for index, header in enumerate(raw.headers):
        values = look_at(raw, index).values
        stamps = [value for value in values if _STAMP.fullmatch(value)]
        if values and len(stamps) == len(values) and order_names()["date"].score(header) > 0:
            return header, stamps[0][:13] if len(stamps[0]) >= 13 else stamps[0][:10]
    return None


def _nothing_below(raws: Sequence[RawSource]) -> InputError:
    raw = max(raws, key=lambda one: len(one.headers))
    return InputError(
        f"'{raw.name}' has one row only ({listing(raw.headers)}), and no orders below it",
        remedy="check that the export holds any orders, and export it again",
    )
