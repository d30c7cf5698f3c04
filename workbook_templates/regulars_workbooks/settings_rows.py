"""The rows of the settings sheet: the settings that an owner needs, in an owner's words, in groups.

All other settings stand in a settings file, which the last row can name.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields
from typing import Any, Final

from regulars.base.scheme_ids import CHOSEN
from regulars.base.settings import Settings
from regulars_workbooks.settings_kinds import NO, YES, Kind, choice, count, currency, day, share, text, texts, yes_or_no

FILE: Final = "settings_file"  # the one key that is no setting
MAP: Final = "map"
_CHOICES: Final = {one.name: one.metadata["choices"] for one in fields(Settings)}
_DAYS_MOST: Final = 36_500
_CURRENCIES: Final = (
    "EUR", "USD", "GBP", "CHF", "CAD", "AUD", "NZD", "SEK", "NOK", "DKK", "PLN", "CZK", "JPY", "CNY", "INR", "BRL", "MXN", "ZAR",
)  # fmt: skip


@dataclass(frozen=True)
class Row:
    """One setting: its key in a settings file ("map.customer" for one column), and how its owner speaks of it.

    `unless_set` says what holds while the cell is empty; settings with a default of their own show that instead.
    """

    key: str
    name: str
    unit: str
    explained: str
    kind: Kind
    unless_set: str = ""

    @property
    def default(self) -> str:
        """Return what holds while the cell is empty."""
        if self.unless_set:
            return self.unless_set
        shipped = self.kind.write(getattr(Settings(), self.key))
        return f"{shipped:.0%}" if isinstance(shipped, float) else str(shipped)


@dataclass(frozen=True)
class Group:
    """Rows under one heading."""

    title: str
    rows: tuple[Row, ...]


def _column(field: str, name: str, explained: str) -> Row:
    return Row(
        f"{MAP}.{field}", name, "heading of the column", explained, text("the heading as your sheet has it"), "found by itself"
    )  # fmt: skip


GROUPS: Final = (
    Group(
        "Your orders",
        (
            Row(
                "sheet", "Sheet with the orders", "name of the sheet",
                "Where the orders are. Several sheets: write ; between their names, such as January; February.",
                texts("the names of the sheets"), "the sheet you are on",
            ),
            Row(
                "currency", "Currency", "three letters",
                "The currency of the amounts, when the sheet itself does not say it.",
                currency(_CURRENCIES), "as the sheet shows",
            ),
            Row(
                "dayfirst", "Day before month", f"{YES} or {NO}",
                f"03/04/2025 is 3 April ({YES}) or March 4 ({NO}). Only for dates typed as text.",
                yes_or_no(), "as the column shows",
            ),
        ),
    ),
    Group(
        "Which orders count",
        (
            Row("since", "First day", "date", "Orders before this day do not count.", day(), "the first order"),
            Row("until", "Last day", "date", "Orders after this day do not count.", day(), "the last order"),
            Row(
                "as_of", "Look from this day", "date",
                "How long ago somebody bought is counted up to this day. Set it when nothing was sold in the last days.",
                day(), "the last order",
            ),
            Row(
                "returns", "Returns", "choose one",
                "net takes a return off the purchase, drop leaves returns away, keep counts them like orders.",
                choice(_CHOICES["returns"]),
            ),
            Row(
                "repeats", "Identical rows", "choose one",
                "keep counts each of several identical rows, drop counts one of them.",
                choice(_CHOICES["repeats"]),
            ),
            Row(
                "paid", "Statuses that count as paid", "words of your sheet",
                "Orders with another status do not count. Several: write ; between them, such as shipped; settled.",
                texts("the statuses"), "all but unpaid, cancelled",
            ),
        ),
    ),
    Group(
        "Money",
        (
            Row(
                "margin", "Gross margin", "% of revenue",
                "What is left of 100 of revenue when the goods are paid for. A column with costs or profit says it too.",
                share(1, whole=True), "the cost column, or 40%",
            ),
            Row(
                "horizon_months", "Months ahead", "months",
                "How far ahead the value of customers and the gains are counted.", count(1, 60),
            ),
            Row(
                "playbook_discount", "Discount you could offer", "% of one order",
                "The Playbook offers a discount of this size, and only where it would pay.", share(1),
            ),
        ),
    ),
    Group(
        "What you get",
        (
            Row(
                "sheets", "Result sheets", "choose one",
                "short writes the sheets for decisions, full adds trends, cohorts, products, lists and all methods.",
                choice(_CHOICES["sheets"]),
            ),
            Row(
                "scheme", "Way to group customers", "choose one",
                "rfm11 has eleven groups, rfm9, lifecycle6 and behaviour4 fewer; kmeans5 finds groups by itself; supplied takes"
                " a column of yours.",
                choice(CHOSEN, ending=".toml"),
            ),
            Row(
                "slides", "Slides of the deck", "short or full",
                "short has up to 18 slides, full a page for each group and the tables behind it.",
                texts("short or full, or the keys of slides", ("short", "full")),
            ),
            Row(
                "analyst", "Name on the title", "text",
                "Stands on the Summary sheet and on the first slide.", text("a name"), "no name",
            ),
            Row(
                "lapsed_days", "Lapsed after", "days",
                "Who has not ordered for more days than this is on the list of the lapsed.", count(1, _DAYS_MOST),
            ),
            Row(
                "holdout_share", "Left alone to compare", "% of each list",
                "This part of each customer list is not written to, so that you can see what writing brings.",
                share(0.5, nought=True),
            ),
        ),
    ),
    Group(
        "Columns of your sheet: only for those that were not found, or found wrongly",
        (
            _column("customer", "Customer", "Who bought: a number, an e-mail address or a name. Needed."),
            _column("date", "Order date", "The day of the order. Needed."),
            _column("amount", "Amount", "What the row is worth. Needed, unless quantity and price are there."),
            _column("quantity", "Quantity", "How many pieces."),
            _column("price", "Price", "The price of one piece."),
            _column("order", "Order number", "Rows with one number are one order."),
            _column("product", "Product number", "What was bought, as a number or code."),
            _column("description", "Product name", "What was bought, in words."),
            _column("category", "Category", "The kind of product."),
            _column("status", "Status", "Paid, pending, cancelled and the like."),
            _column("currency", "Currency", "The currency of each row."),
            _column("discount", "Discount", "What was taken off the price."),
            _column("list_price", "List price", "The price of one piece before any discount."),
            _column("cost", "Cost", "What the goods cost you. The margin comes from it."),
            _column("profit", "Profit", "What you earned on the row. The margin comes from it."),
            _column("country", "Country", "Where the customer lives."),
            _column("channel", "Channel", "Where the order came from: shop, web, market."),
            _column("segment", "Segment", "A grouping of customers of your own."),
        ),
    ),
    Group(
        "Everything else",
        (
            Row(
                FILE, "Settings file", "name of a .toml file",
                "All settings can stand in a file, as the page settings.md shows. What this sheet says comes first.",
                text("the name of a file beside this workbook, or its whole path"), "no file",
            ),
        ),
    ),
)  # fmt: skip


def rows() -> Iterator[Row]:
    """Yield the rows from top to bottom."""
    for group in GROUPS:
        yield from group.rows


def written(settings: Settings) -> Mapping[str, Any]:
    """Return what settings say in the rows' own words: the keys whose value is not the default, as cells hold them.

    >>> written(Settings(margin=0.4, map={"customer": "Client No"}))
    {'margin': 0.4, 'map.customer': 'Client No'}
    """
    shipped = Settings()
    found = {}
    for row in rows():
        name, _, field = row.key.partition(".")
        if name == FILE:
            continue
        if field:
            value, default = settings.map.get(field), None
        else:
            value, default = getattr(settings, name), getattr(shipped, name)
        if value != default:
            found[row.key] = row.kind.write(value)
    return found
