"""What to do about rows that are set aside, by reason: for the error when no row is left, and for the note when most are."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from regulars.base.errors import InputError
from regulars.orders.model import Ledger, Reason

FILL_DOWN = "in Excel: select the column, Home › Find & Select › Go To Special › Blanks, type = and the up arrow, press Ctrl+Enter"
REMEDIES: Final[Mapping[Reason, str]] = {
    Reason.TOTAL_ROW: "if they are orders, write customer and date on each of them",
    Reason.REPEATED_ACROSS_SOURCES: "leave out the sheet or file that repeats another one",
    Reason.UNPAID: 'if they count, name the statuses that are paid in a settings file, such as paid = ["shipped"]',
    Reason.CANCELLED: "if they count, check what the status column says, and the order numbers that begin with C",
    Reason.NO_CUSTOMER: "if the customer stands on the first row of a block only, fill the blank cells below it"
    f' ({FILL_DOWN}); if another column names the customer, write --map customer="…"',
    Reason.BAD_DATE: 'point to the column of dates with --map date="…", or write them as 2025-12-31',
    Reason.BAD_QUANTITY: 'point to the column of quantities with --map quantity="…"',
    Reason.BAD_PRICE: 'point to the column of money with --map amount="…", or --map price="…"',
    Reason.ZERO_PRICE: 'point to the column of unit prices with --map price="…"',
    Reason.RETURNED: "if they are sales, write their amounts without the minus sign; if they are refunds, add the orders"
    " that they take back, because refunds alone say nothing of customers",
    Reason.OUTSIDE_WINDOW: "check --since, --until and --as-of",
    Reason.DUPLICATE: "if they are no copies, write --repeats keep",
}


def main_reason(ledger: Ledger) -> Reason | None:
    """Return the reason of most rows set aside, the first one among equals; None where no row is."""
    reason = max(Reason, key=lambda one: ledger.rows_by_reason[one])
    return reason if ledger.rows_by_reason[reason] else None


def refuse_nothing(ledger: Ledger) -> None:
    """Raise InputError when no row is kept: how many were set aside, why, and what to do about most of them."""
    if ledger.rows_kept:
        return
    counted = [f"{reason.value} {number:,}" for reason, number in ledger.rows_by_reason.items() if number]
    reason = main_reason(ledger)
    raise InputError(
        f"no order line is left: all {ledger.rows_read:,} rows were set aside ({', '.join(counted) or 'none was read'})",
        remedy=REMEDIES[reason] if reason else "check that the file holds any orders",
    )
