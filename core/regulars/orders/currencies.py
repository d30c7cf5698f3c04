"""One currency a run: from the settings, a currency column, or the signs in the money cells."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping

import duckdb

from regulars.base.errors import InputError
from regulars.base.units import Currency
from regulars.orders.numbers import currency_code
from regulars.orders.queries import rows

REMEDY = "keep the orders of each currency in a file of their own, and analyze one file at a time"


def find_currency(connection: duckdb.DuckDBPyConnection, told: str | None, signs: Mapping[str, int]) -> Currency:
    """Return the currency of all money.

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
            counted = ", ".join(
                f"{code} in {cells} row{'s' if cells != 1 else ''}" for code, cells in found.most_common()
            )
            raise InputError(f"{where} {len(found)} currencies ({counted})", remedy=REMEDY)
    if told is not None:
        return Currency(told)
    for code in (*written, *signs):
        return Currency(code)
    return Currency()
