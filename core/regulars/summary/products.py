"""What customers buy, by segment: counts that the findings turn into indices and rates. Run only when asked for."""

from __future__ import annotations

import re
from dataclasses import dataclass
from importlib.resources import files

import duckdb
import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from regulars.base.units import TEN_THOUSANDTHS
from regulars.orders.model import Orders

WITHIN = 90  # days in which a second purchase counts
FEWEST_ORDERS = 20  # with an item, or a pair: below that a share says little
FEWEST_CUSTOMERS = 10  # so that no single customer makes a pattern
MOST_PAIRED = 300  # items in most orders, of which pairs are counted
STOCK_MONTHS = 12
ENOUGH_ITEMS = 5  # with FEWEST_ORDERS each; else categories are counted, where there are any
CODED = 0.9  # share of products with a digit in their code from which one without is no product
KEPT = ("bought", "items", "visits", "firsts")  # read by later steps
READ = (
    "items", "by_segment", "baseline", "leads", "pairs", "order_count", "waits", "months", "stock", "places", "names",
)  # fmt: skip


@dataclass(frozen=True, eq=False)
class Baskets:
    """Counts of what was bought, one frame a question; see products.sql for their columns. Units and money are plain.

    `level` is the column that names what is bought, `product` or `category`; None where there is neither: then only
    `baseline` and `places` have rows. `services` are codes that are no goods and are left out.
    """

    level: str | None
    services: tuple[str, ...]
    frames: dict[str, pd.DataFrame]
    stock_months: tuple[pd.Period, ...]  # complete months that stock planning looks at

    def __getitem__(self, name: str) -> pd.DataFrame:
        """Return a frame by name."""
        return self.frames[name]

    def name(self, item: str) -> str:
        """Return what people call an item: its description, else its code."""
        names = self.frames["names"]
        found = names.loc[names["item"] == item, "description"]
        described = found.iloc[0] if len(found) else None
        return str(described) if self.level == "product" and isinstance(described, str) else item


def count_baskets(orders: Orders, labels: pd.Series, customers: pd.Series) -> Baskets:
    """Count what was bought. `labels` and `customers` hold each customer's segment key and id, in one order."""
    level, services = _level(orders.lines)
    months = _stock_months(orders)
    words = {
        "item": level or "product",
        "end": orders.window.end.isoformat(),
        "from": months[0].start_time.date().isoformat() if months else orders.window.start.isoformat(),
        "until": months[-1].end_time.date().isoformat() if months else orders.window.end.isoformat(),
        "within": str(WITHIN),
        "most": str(MOST_PAIRED),
        "fewest_orders": str(FEWEST_ORDERS),
        "fewest_customers": str(FEWEST_CUSTOMERS),
    }
    with duckdb.connect() as connection:
        connection.execute("SET threads=1; SET enable_progress_bar=false")
        connection.register("order_lines", orders.lines)
        connection.register("labels", pd.DataFrame({"customer": customers, "segment": labels.astype(str)}))
        connection.register("services", pa.table({"item": pa.array(services, pa.string())}))
        for name, sql in _statements(words).items():
            connection.execute(f"CREATE TEMP {'TABLE' if name in KEPT else 'VIEW'} {name} AS {sql}")
        frames = {name: _plain(connection.table(name).df()) for name in READ}
    return Baskets(level, services, frames, months)


def _statements(words: dict[str, str]) -> dict[str, str]:
    text = files("regulars.summary").joinpath("products.sql").read_text(encoding="utf-8")
    text = re.sub(r"\{\{(\w+)\}\}", lambda match: words[match[1]], text)
    parts = re.split(r"^-- name: (\w+).*$", text, flags=re.MULTILINE)
    return dict(zip(parts[1::2], parts[2::2], strict=True))


def _plain(frame: pd.DataFrame) -> pd.DataFrame:
    """Turn ten-thousandths into units, and months since year 0 into periods."""
    for name in ("units", "amount"):
        if name in frame:
            frame[name] = frame[name].astype(float) / TEN_THOUSANDTHS
    if "month" in frame:
        since_1970 = (frame["month"] - 1970 * 12).to_numpy(np.int64)
        frame["month"] = pd.DatetimeIndex(since_1970.astype("datetime64[M]")).to_period("M")
    return frame


def _level(lines: pa.Table) -> tuple[str | None, tuple[str, ...]]:
    """Return the column to count by, and the codes that are no goods."""
    counts = _orders_by(lines, "product")
    if counts.empty:
        return ("category" if lines["category"].null_count < lines.num_rows else None), ()
    services = _services(counts.index)
    if (counts.drop(list(services)) >= FEWEST_ORDERS).sum() < ENOUGH_ITEMS:
        categories = _orders_by(lines, "category")
        if len(categories) > 1:
            return "category", ()
    return "product", services


def _orders_by(lines: pa.Table, column: str) -> pd.Series:
    distinct = lines.select([column, "customer", "order"]).group_by([column, "customer", "order"]).aggregate([])
    counted = pc.value_counts(distinct[column].drop_null())
    return pd.Series(counted.field("counts").to_pylist(), index=counted.field("values").to_pylist(), dtype=np.int64)


def _services(products: pd.Index) -> tuple[str, ...]:
    """Return the codes without a digit where nearly all products have one: postage, manual entries, fees.

    >>> _services(pd.Index([f"8512{n}" for n in range(20)] + ["POST"]))
    ('POST',)
    >>> _services(pd.Index(["Tea", "Cake", "Mug 2"]))
    ()
    """
    coded = np.array([any(sign.isdigit() for sign in str(product)) for product in products])
    return tuple(sorted(str(one) for one in products[~coded])) if len(coded) and coded.mean() >= CODED else ()


def _stock_months(orders: Orders) -> tuple[pd.Period, ...]:
    """Return the last complete calendar months of the window, twelve at most."""
    start, end = pd.Timestamp(orders.window.start), pd.Timestamp(orders.window.end)
    every = pd.period_range(start, end, freq="M")
    complete = [month for month in every if month.start_time >= start and month.end_time.normalize() <= end]
    return tuple(complete[-STOCK_MONTHS:])
