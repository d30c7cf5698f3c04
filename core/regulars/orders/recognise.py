"""From headers to fields: by what the user says, by known exports, by name, and at last by content."""

from __future__ import annotations

import difflib
from collections.abc import Callable, Iterable, Mapping

import pyarrow.compute as pc

from regulars.orders.aliases import Export, Names, compact, customer_names, exports, order_names
from regulars.orders.content import Look, comes_back, is_order_level, look_at
from regulars.orders.raw import RawSource

Columns = dict[str, int]

_NUMBERS = frozenset({"amount", "quantity", "price", "discount", "list_price", "cost", "profit"})
_GENERIC_PRICE = 85.0  # "Price" alone scores below, "Unit price" above
_STRONG = 45.0  # a header that says another field this well is not a candidate by content
_OWN_ID = 25.0  # an e-mail address or a name identifies a customer less well than this


def find_header(raw: RawSource, header: str) -> int | None:
    """Return the column of a header as the user wrote it: exactly, else without regard to case and punctuation."""
    if header in raw.headers:
        return raw.headers.index(header)
    wanted = compact(header)
    same = [index for index, one in enumerate(raw.headers) if wanted and compact(one) == wanted]
    return same[0] if same else None


def order_columns(raw: RawSource, told: Mapping[str, str], *, by_content: bool = False) -> Columns:
    """Return the column of each field of an order line that can be recognised.

    `told` names headers by field and wins where the source has them. By content, a required field without a header
    is looked for in the values, and taken only when one column alone can be it.
    """
    columns = _told(raw, told, order_names())
    export = _export(raw)
    closed: set[str] = set(columns)
    barred: set[int] = set()
    if export is not None:
        barred = {index for index, header in enumerate(raw.headers) if compact(header) in export.ignored}
        _apply(raw, export, columns)
        closed |= set(export.columns)
    _by_name(raw, order_names(), columns, closed, barred)
    alone = "price" in columns and "price" not in told and not {"amount", "quantity"} & set(columns)
    if alone and order_names()["price"].score(raw.headers[columns["price"]]) < _GENERIC_PRICE:
        columns["amount"] = columns.pop("price")
    if "amount" not in told and _is_of_the_order(raw, columns):
        del columns["amount"]
    if by_content and columns:
        _by_content(raw, columns, barred)
    return columns


def amount_of_orders(raw: RawSource, columns: Mapping[str, int]) -> str | None:
    """Return the header of an amount that was left because it belongs to whole orders."""
    if "amount" in columns:
        return None
    names, used = order_names()["amount"], set(columns.values())
    found = [
        (-score, index)
        for index, header in enumerate(raw.headers)
        if index not in used
        and (score := names.score(header)) >= _STRONG
        and _is_of_the_order(raw, {**columns, "amount": index})
    ]
    return raw.headers[min(found)[1]] if found else None


def _is_of_the_order(raw: RawSource, columns: Mapping[str, int]) -> bool:
    parts = ("order", "amount", "quantity", "price")
    return set(parts) <= set(columns) and is_order_level(raw, [columns[part] for part in parts])


def missing_fields(columns: Mapping[str, int]) -> list[str]:
    """Return the required fields of an order line that have no column."""
    missing = [field for field in ("customer", "date") if field not in columns]
    if "amount" not in columns and not {"quantity", "price"} <= set(columns):
        missing.append("amount")
    return missing


def customer_columns(raw: RawSource, told: Mapping[str, str]) -> Columns | None:
    """Return the columns of a table of customers; None when there is no customer or nothing beside it."""
    columns = _told(raw, told, customer_names())
    _by_name(raw, customer_names(), columns, set(columns), set())
    if "customer" not in columns or len(columns) < 2:
        return None
    return columns


def is_customer_table(raw: RawSource, columns: Mapping[str, int], orders: Mapping[str, int]) -> bool:
    """Tell whether a sheet is a table of customers: an id of its own, one row for each, and nothing sold."""
    ids = raw.cells[f"c{columns['customer']}"]
    own = customer_names()["customer"].score(raw.headers[columns["customer"]]) > _OWN_ID
    sold = {"amount", "quantity", "order"} & set(orders)
    dated = "date" in orders and orders["date"] != columns.get("signed_up")
    single = len(ids) > ids.null_count and pc.count_distinct(ids).as_py() == len(ids) - ids.null_count
    return own and not sold and not dated and single


def nearest_header(raw: RawSource, field: str, columns: Mapping[str, int]) -> str | None:
    """Return the unused header that comes closest to a name of a field."""
    names = order_names()[field]
    best: tuple[float, str] | None = None
    for index, header in enumerate(raw.headers):
        if index in columns.values() or not compact(header) or not look_at(raw, index).values:
            continue
        for close in difflib.get_close_matches(compact(header), names.whole, n=1, cutoff=0.75):
            ratio = difflib.SequenceMatcher(None, compact(header), close).ratio()
            if best is None or ratio > best[0]:
                best = ratio, header
    return best[1] if best else None


def _told(raw: RawSource, told: Mapping[str, str], fields: Mapping[str, Names]) -> Columns:
    found = {field: find_header(raw, header) for field, header in told.items() if field in fields}
    return {field: index for field, index in found.items() if index is not None}


def _export(raw: RawSource) -> Export | None:
    headers = {compact(header) for header in raw.headers}
    return next((export for export in exports() if export.signs <= headers), None)


def _apply(raw: RawSource, export: Export, columns: Columns) -> None:
    where = {compact(header): index for index, header in reversed(list(enumerate(raw.headers)))}
    for field, headers in export.columns.items():
        if field in columns:
            continue
        for header in headers:
            index = where.get(header)
            if index is not None and index not in columns.values() and _fits(field, look_at(raw, index)):
                columns[field] = index
                break


def _by_name(
    raw: RawSource, fields: Mapping[str, Names], columns: Columns, closed: Iterable[str], barred: Iterable[int]
) -> None:
    """Give each open field the free column that names it best and whose values can be it; best names choose first."""
    closed, free = set(closed), set(range(len(raw.headers))) - set(columns.values()) - set(barred)
    ranked = sorted(
        (
            (-score, order, index, field)
            for order, (field, names) in enumerate(fields.items())
            for index in free
            if field not in closed and (score := names.score(raw.headers[index])) > 0
        ),
    )
    looks: dict[int, Look] = {}
    for _, _, index, field in ranked:
        if index in free and field not in columns:
            if index not in looks:
                looks[index] = look_at(raw, index)
            if _fits(field, looks[index]):
                columns[field] = index
                free.discard(index)


def _fits(field: str, look: Look) -> bool:
    """Tell whether values can be what a header says they are; an empty column is nothing."""
    if not look.values:
        return False
    if field in {"date", "signed_up"}:
        return look.dates + look.serials >= 0.5
    if field in _NUMBERS:
        return look.numbers >= 0.5
    if field == "currency":
        return look.longest <= 12 and look.numbers < 0.5
    if field in {"country", "name"}:
        return look.numbers < 0.5
    return look.dates < 0.8 or look.numbers >= 0.8


def _by_content(raw: RawSource, columns: Columns, barred: Iterable[int]) -> None:
    """Fill required fields from values, where one column alone can be it."""
    tests: dict[str, Callable[[int], bool]] = {
        "date": lambda index: look_at(raw, index).dates >= 0.9,
        "amount": lambda index: (look := look_at(raw, index)).numbers >= 0.9 and look.money >= 0.5 and look.dates < 0.5,
        "customer": lambda index: comes_back(raw, index),
    }
    for field in missing_fields(columns):
        fits = [
            index
            for index, header in enumerate(raw.headers)
            if index not in columns.values()
            and index not in barred
            and not order_names()[field].vetoes(header)
            and not any(names.score(header) >= _STRONG for other, names in order_names().items() if other != field)
            and look_at(raw, index).values
            and tests[field](index)
        ]
        if len(fits) == 1:
            columns[field] = fits[0]
