"""Discounts: what a discount column says, and whether it comes off quantity × price."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import duckdb

from regulars.base.units import counted, verb
from regulars.orders.model import Notice
from regulars.orders.queries import row
from regulars.orders.raw import RecognisedSource
from regulars.orders.staging import place
from regulars.orders.words import fold

REPEATED = 0.9  # of the orders with several lines have one discount on all of them: it is the order's
PERCENT = ("%", "percent", "pct", "prozent", "pourcent", "porcent", "procent")
AFTER = (
    "net",
    "netto",
    "nettopreis",
    "final",
    "paid",
    "discounted",
    "after",
    "reduced",
    "reduziert",
    "rabattiert",
    "charged",
)
SAID = {"share": "a share of the price", "percent": "per cent of the price", "money": "money"}


@dataclass(frozen=True)
class Discount:
    """What a source's discount column is."""

    unit: str | None = None  # "share", "percent" or "money"
    takes_off: bool = False
    notice: Notice | None = None


def decide_discount(
    connection: duckdb.DuckDBPyConnection, sources: Sequence[RecognisedSource], at: int, *, by_amount: bool
) -> Discount:
    """Return what the discounts are, whether they come off quantity × price, and what to say of that.

    An amount is what was paid, as stated. Without one, a discount beside a unit price comes off it, as in any invoice,
    unless the price's header says that it is net, a list price stands beside it, or the discount is the whole order's.
    """
    source = sources[at]
    if "discount" not in source.columns:
        return Discount()
    largest, lines, first = row(
        connection,
        "SELECT max(abs(discount)), count(*) FILTER (discount <> 0), min(n) FILTER (discount <> 0) FROM staged"
        " WHERE source = ?",
        [at],
    )
    unit = _unit(source, largest)
    if not lines:
        return Discount(unit)
    why_not = _why_not(connection, source, at, unit, by_amount=by_amount)
    header = source.header("discount")
    if why_not is not None:
        text = f"the discounts in column '{header}' were not taken off: {why_not}"
    else:
        text = (
            f"the column '{header}' was read as {SAID[unit]} and taken off quantity × '{source.header('price')}' in"
            f" {counted(lines, 'line')}; if {verb(lines, 'that price is', 'those prices are')} after discount already,"
            " rename the column so that it is not used"
        )
    notice = Notice("discounts", text, lines, place(connection, sources, first))
    return Discount(unit, why_not is None, notice)


def _unit(source: RecognisedSource, largest: float | None) -> str:
    """Tell whether discounts are shares, percentages (by the header) or money."""
    if largest is None or largest <= 1:
        return "share"
    header = fold(source.header("discount"))
    return "percent" if any(word in header for word in PERCENT) else "money"


def _why_not(
    connection: duckdb.DuckDBPyConnection, source: RecognisedSource, at: int, unit: str, *, by_amount: bool
) -> str | None:
    """Return why discounts do not come off; None when they do."""
    if "amount" in source.columns:
        amount = source.header("amount")
        if by_amount or not {"quantity", "price"} <= source.columns.keys():
            return f"'{amount}' is taken as what was paid"
        return f"'{amount}' is quantity × '{source.header('price')}', so that price is taken to be after discount"
    price = source.header("price")
    if "list_price" in source.columns:
        return f"beside '{source.header('list_price')}', '{price}' is taken to be the price after discount"
    if set(fold(price).split()) & set(AFTER):
        return f"'{price}' is taken to be the price after discount"
    if unit != "money":
        return None
    (larger,) = row(
        connection,
        "SELECT count(*) FROM staged WHERE source = ? AND abs(discount) > abs(quantity * price) + 0.005",
        [at],
    )
    if larger:
        return f"{counted(larger, 'discount')} {verb(larger, 'is', 'are')} larger than the line, so they may be the whole order's"
    several, repeated = row(
        connection,
        """
        WITH orders AS (SELECT count(*) AS lines, min(discount) AS least, max(discount) AS most FROM staged
          WHERE source = ? AND "order" IS NOT NULL AND discount <> 0 GROUP BY "order")
        SELECT count(*), count(*) FILTER (least = most) FROM orders WHERE lines > 1
        """,
        [at],
    )
    if several and repeated >= REPEATED * several:
        return "each order has one discount on all of its lines, so it seems to be the whole order's"
    return None
