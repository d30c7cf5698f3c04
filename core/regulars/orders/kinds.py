"""How a source is to be read: what its amount means, whether a C marks cancelled orders, what cost and discount are."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import duckdb
import pyarrow as pa

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


def decide_kinds(connection: duckdb.DuckDBPyConnection, sources: Sequence[RecognisedSource]) -> list[Notice]:
    """Make the table `kinds`, one row a source; report amounts that are not quantity x price."""
    kinds: list[Kind] = []
    notices: list[Notice] = []
    for at, source in enumerate(sources):
        by_amount, notice = _amount(connection, sources, at)
        notices += [notice] if notice else []
        kinds.append(
            Kind(by_amount, _letter(connection, at), _cost(connection, source, at), _discount(connection, source, at))
        )
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
    both, differing, lower, first = row(
        connection,
        """
        WITH pairs AS (SELECT n, abs(amount) AS a, abs(quantity * price) AS qp FROM staged
          WHERE source = ? AND amount IS NOT NULL AND quantity IS NOT NULL AND price IS NOT NULL),
        apart AS (SELECT *, abs(a - qp) > 0.0101 + 0.0001 * qp AS differs FROM pairs)
        SELECT count(*), count(*) FILTER (differs), count(*) FILTER (differs AND a < qp), min(n) FILTER (differs) FROM apart
        """,
        [at],
    )
    if not differing:
        return False, None
    by_amount = differing > FEW * both and lower >= MOST * differing
    used = f"'{source.header('amount')}' was used" if by_amount else "quantity × price was used"
    return by_amount, Notice(
        key="amounts_differ",
        text=f"{differing} of {both} lines have another '{source.header('amount')}' than '{source.header('quantity')}' ×"
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
            TRY_CAST("order" AS BIGINT) IS NOT NULL AS plain,
            upper(left("order", 1)) = 'C' AND TRY_CAST(substr("order", 2) AS BIGINT) IS NOT NULL AS lettered
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


def _discount(connection: duckdb.DuckDBPyConnection, source: RecognisedSource, at: int) -> str | None:
    """Tell whether discounts are shares, percentages (by the header) or money."""
    if "discount" not in source.columns:
        return None
    (largest,) = row(connection, "SELECT max(abs(discount)) FROM staged WHERE source = ?", [at])
    if largest is None or largest <= 1:
        return "share"
    header = fold(source.header("discount"))
    percent = any(word in header for word in ("%", "percent", "pct", "prozent", "pourcent", "porcent", "procent"))
    return "percent" if percent else "money"
