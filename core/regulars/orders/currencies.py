"""One currency a run: from the settings, a currency column, or the signs in the money cells."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping

import duckdb

from regulars.base.errors import InputError
from regulars.base.units import Currency, counted, verb
from regulars.orders.model import Notice
from regulars.orders.numbers import currency_code
from regulars.orders.queries import row, rows

REMEDY = "keep the orders of each currency in a file of their own, and analyze one file at a time"


def find_currency(
    connection: duckdb.DuckDBPyConnection, told: str | None, signs: Mapping[str, int]
) -> tuple[Currency, list[Notice]]:
    """Return the currency of all money, and what to say where cells name another one or none.

    Raises InputError when cells name two: amounts of different currencies must not be added.
    """
    written: Counter[str] = Counter()
    query = (
        "SELECT currency, count(*) FROM staged WHERE currency IS NOT NULL "
        "AND n NOT IN (SELECT n FROM totals) GROUP BY currency ORDER BY currency"
    )
    for text, cells in rows(connection, query):
        written[currency_code(text) or text] += cells
    for found, where in ((written, "the currency column names"), (Counter(signs), "the money cells name")):
        if len(found) > 1:
            each = ", ".join(f"{code} in {counted(cells, 'row')}" for code, cells in found.most_common())
            raise InputError(f"{where} {len(found)} currencies ({each})", remedy=REMEDY)
    named = {**signs, **written}
    currency = Currency(told or next(iter((*written, *signs)), None))
    notices = [
        Notice(
            key="currency_overridden",
            text=f"{counted(cells, 'cell')} {verb(cells, 'names', 'name')} {code}; all money is shown as {told}, as the"
            " setting currency says, and nothing was converted",
            rows=cells,
        )
        for code, cells in named.items()
        if told is not None and code != told
    ]
    return currency, [*notices, *_without(connection, currency, written)]


def _without(connection: duckdb.DuckDBPyConnection, currency: Currency, written: Mapping[str, int]) -> list[Notice]:
    """Say how many rows have no currency where others have."""
    if not written:
        return []
    (bare,) = row(
        connection,
        "SELECT count(*) FROM staged WHERE currency IS NULL AND coalesce(amount, price) IS NOT NULL"
        " AND n NOT IN (SELECT n FROM totals)",
    )
    if not bare:
        return []
    text = (
        f"{counted(bare, 'row')} {verb(bare, 'names', 'name')} no currency, {counted(sum(written.values()), 'row')}"
        f" {verb(sum(written.values()), 'names', 'name')} {' and '.join(written)}; all were taken to be {currency.code}"
    )
    return [Notice("rows_without_currency", text, bare)]
