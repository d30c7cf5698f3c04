"""How large an amount of money may be: what is far larger than the others of its column is a barcode."""

from __future__ import annotations

import duckdb
import pyarrow as pa
import pyarrow.compute as pc

from regulars.base.errors import InputError
from regulars.orders.numbers import LARGEST, LARGEST_MONEY
from regulars.orders.queries import row
from regulars.orders.raw import RecognisedSource

OVER_THE_MIDDLE = 1_000  # times the median of its column: no order is so much larger than the others
MOST_IN_ALL = 9 * 10**18  # ten-thousandths: what 64 bits hold
_AMOUNTS = ("amount", "price")


def largest_amount(middles: list[float]) -> float:
    """Return what amounts must stay below, given the median of each column of money; barcodes throughout prove nothing.

    >>> largest_amount([25.0]), largest_amount([9.3e9]), largest_amount([]), largest_amount([8e12])
    (100000000000.0, 9300000000000.0, 100000000000.0, 100000000000.0)
    """
    proven = (middle for middle in middles if middle < LARGEST)
    return max([LARGEST, *(min(LARGEST_MONEY, middle * OVER_THE_MIDDLE) for middle in proven)])


def columns_of_large_amounts(
    connection: duckdb.DuckDBPyConnection, at: int, source: RecognisedSource
) -> tuple[str, ...]:
    """Return the fields of a source whose middle amount could be so large that the usual limit would cut sums.

    A maximum is found in no time, and tells most sheets of the world from those in dong or rupiah.
    """
    return tuple(name for name in _AMOUNTS if name in source.columns and _could_be(connection, at, source, name))


def _could_be(connection: duckdb.DuckDBPyConnection, at: int, source: RecognisedSource, name: str) -> bool:
    column = source.raw.cells.column(f"c{source.columns[name]}")
    least = LARGEST / OVER_THE_MIDDLE
    if pa.types.is_floating(column.type):
        ends = pc.min_max(column).as_py()
        return ends["max"] is not None and max(ends["max"], -ends["min"]) > least
    (letters,) = row(connection, f"SELECT max(strlen(c{source.columns[name]})) FROM cells_{at}")  # noqa: S608  names of ours
    return (letters or 0) >= len(f"{least:.0f}")


def refuse_more_than_can_be_added(connection: duckdb.DuckDBPyConnection) -> None:
    """Raise InputError where all amounts together are more than the sums of this program can hold."""
    (total,) = row(connection, "SELECT coalesce(sum(abs(CAST(written AS HUGEINT))), 0) FROM judged")
    if total > MOST_IN_ALL:
        raise InputError(
            f"the amounts add up to {total / 10_000:,.0f}, and at most {MOST_IN_ALL // 10_000:,} can be added exactly",
            remedy="give the amounts in thousands or millions",
        )
