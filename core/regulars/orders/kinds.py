"""How a source is to be read: what its amount means, whether a C marks cancelled orders, what its costs are."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import duckdb
import pyarrow as pa

from regulars.base.units import counted, verb
from regulars.orders.discounts import decide_discount
from regulars.orders.doubts import CALCULATE
from regulars.orders.model import Notice
from regulars.orders.queries import row
from regulars.orders.raw import RecognisedSource
from regulars.orders.staging import place
from regulars.orders.words import fold

FEW = 0.03  # more lines than this share must disagree before an amount is taken for what was paid
MOST = 0.8  # and of those, this share must be lower than quantity x price: discounts, not taxes


@dataclass(frozen=True)
class Kind:
    """One source's way of writing."""

    by_amount: bool
    letter: bool  # order ids such as C536379 mark cancelled orders
    cost: str | None  # "unit" or "line"
    discount: str | None  # "share", "percent" or "money"
    takes_off: bool  # the discount comes off quantity x price, because nothing else says what was paid


def decide_kinds(connection: duckdb.DuckDBPyConnection, sources: Sequence[RecognisedSource]) -> list[Notice]:
    """Make the table `kinds`, one row a source; report amounts that are not quantity x price."""
    kinds: list[Kind] = []
    notices: list[Notice] = []
    for at, source in enumerate(sources):
        by_amount, notice = _amount(connection, sources, at)
        notices += [notice] if notice else []
        discount = decide_discount(connection, sources, at, by_amount=by_amount)
        notices += [discount.notice] if discount.notice else []
        letter, cost = _letter(connection, at), _cost(connection, source, at)
        kinds.append(Kind(by_amount, letter, cost, discount.unit, discount.takes_off))
    has = [source.columns for source in sources]
    connection.register(
        "kinds",
        pa.table(
            {
                "source": pa.array(range(len(sources)), pa.int32()),
                "by_amount": [kind.by_amount for kind in kinds],
                "letter": [kind.letter for kind in kinds],
                "cost": pa.array([kind.cost for kind in kinds], pa.string()),
                "discount": pa.array([kind.discount for kind in kinds], pa.string()),
                "takes_off": [kind.takes_off for kind in kinds],
                "has_quantity": ["quantity" in columns for columns in has],
                "has_price": ["price" in columns for columns in has],
            }
        ),
    )
    return notices


def _amount(
    connection: duckdb.DuckDBPyConnection, sources: Sequence[RecognisedSource], at: int
) -> tuple[bool, Notice | None]:
    """Tell whether the amount is what was paid, rather than quantity x price."""
    source = sources[at]
    if "amount" not in source.columns:
        return False, None
    if not {"quantity", "price"} <= source.columns.keys():
        return True, None
    both, differing, lower, first, largest = row(
        connection,
        """
        WITH pairs AS (SELECT n, abs(amount) AS a, abs(quantity * price) AS qp FROM staged
          WHERE source = ? AND amount IS NOT NULL AND quantity IS NOT NULL AND price IS NOT NULL),
        apart AS (SELECT *, abs(a - qp) > 0.0101 + 0.0001 * qp AS differs FROM pairs)
        SELECT count(*), count(*) FILTER (differs), count(*) FILTER (differs AND a < qp), min(n) FILTER (differs), max(a)
        FROM apart
        """,
        [at],
    )
    if not differing:
        return False, None
    if largest == 0:
        return False, Notice(
            key="empty_columns",
            text=f"the column '{source.header('amount')}' holds nothing but 0, so quantity × price was used; {CALCULATE}",
            rows=differing,
            first=place(connection, sources, first),
        )
    by_amount = differing > FEW * both and lower >= MOST * differing
    used = f"'{source.header('amount')}' was used" if by_amount else "quantity × price was used"
    return by_amount, Notice(
        key="amounts_differ",
        text=f"{differing:,} of {counted(both, 'line')} {verb(differing, 'has', 'have')} another '{source.header('amount')}' than '{source.header('quantity')}' ×"
        f" '{source.header('price')}'; {used}",
        rows=differing,
        first=place(connection, sources, first),
    )


def _letter(connection: duckdb.DuckDBPyConnection, at: int) -> bool:
    """Tell whether a C before the number marks cancelled orders: most ids are numbers, and the C rows take back."""
    with_id, plain, lettered, negative = row(
        connection,
        """
        WITH ids AS (SELECT coalesce(least(quantity, amount), quantity, amount) < 0 AS back,
            NOT lettered AS plain, lettered
          FROM staged WHERE source = ? AND "order" IS NOT NULL)
        SELECT count(*), count(*) FILTER (plain), count(*) FILTER (lettered), count(*) FILTER (lettered AND back) FROM ids
        """,
        [at],
    )
    return bool(lettered and plain >= max(3, lettered) and 2 * plain >= with_id and negative >= 0.9 * lettered)


def _cost(connection: duckdb.DuckDBPyConnection, source: RecognisedSource, at: int) -> str | None:
    """Tell whether costs are of one unit or of the whole line: by the header, else by what they move with."""
    if "cost" not in source.columns:
        return None
    header = f" {fold(source.header('cost'))} "
    if any(word in header for word in (" total", " line", " gesamt", " totale ", " totaal", "gesamtkosten")):
        return "line"
    if any(
        word in header for word in (" unit", " per ", " each", "stuck", " unitaire", " unitario", " per stuk", "einzel")
    ):
        return "unit"
    with_unit, with_line, fits_line, fits_unit = row(
        connection,
        """
        WITH lines AS (SELECT abs(cost) AS cost, abs(coalesce(amount, quantity * price)) AS line,
            abs(coalesce(price, amount / nullif(quantity, 0))) AS unit FROM staged WHERE source = ? AND abs(quantity) > 1)
        SELECT stddev_pop(ln(cost / unit)), stddev_pop(ln(cost / line)), avg(abs(ln(cost / line))), avg(abs(ln(cost / unit)))
        FROM lines WHERE cost > 0 AND line > 0 AND unit > 0
        """,
        [at],
    )
    if with_unit is None:
        return "line"
    if abs(with_unit - with_line) > 1e-9:
        return "unit" if with_unit < with_line else "line"
    return "unit" if fits_unit < fits_line else "line"
