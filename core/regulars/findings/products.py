"""Findings about products: what leans to a segment, what brings customers back, what goes together, when it is bought again."""

from __future__ import annotations

from collections.abc import Iterator
from statistics import NormalDist

import numpy as np
import numpy.typing as npt
import pandas as pd

from regulars.analysis import Analysis
from regulars.base.facts import Fact
from regulars.base.units import COUNT, DAYS, NUMBER, SHARE, TEXT
from regulars.summary.products import FEWEST_CUSTOMERS, FEWEST_ORDERS, WITHIN, Baskets

CERTAIN = 0.95  # of the intervals
FEWEST_FIRST = 30  # first-time customers with an item
TENTH, ENOUGH_FOR_TENTHS = 10, 20

Numbers = npt.NDArray[np.float64]


def wilson(successes: Numbers, total: Numbers, certain: float = CERTAIN) -> tuple[Numbers, Numbers]:
    """Return the score interval of a share. Wilson (1927), Journal of the American Statistical Association 22, 209-212.

    >>> low, high = wilson(np.array([8.0]), np.array([10.0]))
    >>> round(float(low[0]), 3), round(float(high[0]), 3)
    (0.49, 0.943)
    """
    z = NormalDist().inv_cdf((1 + certain) / 2)
    share, scale = successes / total, 1 + z**2 / total
    middle = (share + z**2 / (2 * total)) / scale
    half = z * np.sqrt(share * (1 - share) / total + z**2 / (4 * total**2)) / scale
    return middle - half, middle + half


def leanings(baskets: Baskets) -> pd.DataFrame:
    """Return how much each segment leans to each item: segment, item, orders, customers, index, low, high.

    The index is the item's share of the segment's purchases (orders × items) divided by its share of all purchases:
    1 is as everybody, and a segment that buys much of everything leans to nothing. The interval is the log interval
    of a ratio of shares (Katz et al. 1978, Biometrics 34, 469-474), with half a purchase added where there are none.
    Only pairs of a segment and an item are kept of which FEWEST_ORDERS purchases were made, by FEWEST_CUSTOMERS at
    least, or, where they are fewer than that, would be expected.
    """
    by_segment, items = baskets["by_segment"], baskets["items"].set_index("item")
    if by_segment.empty:
        return pd.DataFrame(columns=["segment", "item", "orders", "customers", "index", "low", "high"])
    sizes = by_segment.groupby("segment")["orders"].sum()
    every = pd.MultiIndex.from_product([sizes.index, items.index], names=["segment", "item"])
    counted = by_segment.set_index(["segment", "item"])[["orders", "customers"]].reindex(every, fill_value=0)
    table = counted.reset_index()
    bought = table["orders"].to_numpy(np.float64)
    size, everywhere = table["segment"].map(sizes).to_numpy(np.float64), table["item"].map(items["orders"])
    share, total = everywhere.to_numpy(np.float64) / sizes.sum(), float(sizes.sum())
    held = np.maximum(bought, 0.5)
    index = held / size / share
    z = NormalDist().inv_cdf((1 + CERTAIN) / 2)
    spread = np.exp(z * np.sqrt(np.maximum(1 / held - 1 / size + 1 / (share * total) - 1 / total, 0)))
    table = table.assign(index=bought / size / share, low=index / spread, high=index * spread)
    enough = (bought >= FEWEST_ORDERS) & (table["customers"].to_numpy() >= FEWEST_CUSTOMERS)
    scarce = (size * share >= FEWEST_ORDERS) & (index < 1)
    found: pd.DataFrame = table[enough | scarce].reset_index(drop=True)
    return found


def openers(baskets: Baskets) -> pd.DataFrame:
    """Return items of first purchase days: item, customers, again, rate, low, high; by rate, the surest first.

    `again` counts those with another purchase day, of anything, within WITHIN days. Customers whose first day lies
    less than that before the window's end are left out, and items with fewer than FEWEST_FIRST of them.
    """
    leads = baskets["leads"]
    kept = leads[leads["customers"] >= FEWEST_FIRST].reset_index(drop=True)
    again, customers = kept["again"].to_numpy(np.float64), kept["customers"].to_numpy(np.float64)
    low, high = wilson(again, customers) if len(kept) else (again, again)
    kept = kept.assign(rate=again / np.maximum(customers, 1), low=low, high=high)
    return kept.sort_values(["low", "item"], ascending=[False, True], ignore_index=True)


def baseline(baskets: Baskets) -> tuple[int, float | None]:
    """Return the customers whose second purchase day could be seen in time, and the share that had one."""
    row = baskets["baseline"].iloc[0]
    customers = int(row["customers"])
    return customers, int(row["again"]) / customers if customers else None


def together(baskets: Baskets) -> pd.DataFrame:
    """Return pairs bought in one order: item, other, orders, customers, share, lift; the highest lift first.

    `share` is the pair's share of the orders with the rarer of the two; lift is the orders with both divided by
    those expected if one had nothing to do with the other (Brin et al. 1997, SIGMOD, there called interest).
    """
    pairs, items = baskets["pairs"], baskets["items"].set_index("item")["orders"]
    orders = int(baskets["order_count"]["orders"].iloc[0])
    one, other = pairs["item"].map(items).to_numpy(np.float64), pairs["other"].map(items).to_numpy(np.float64)
    both = pairs["orders"].to_numpy(np.float64)
    found = pairs.assign(share=both / np.minimum(one, other), lift=both * orders / (one * other))
    return found.sort_values(["lift", "item", "other"], ascending=[False, True, True], ignore_index=True)


def rhythms(baskets: Baskets) -> pd.DataFrame:
    """Return when items are bought again: item, waits, customers, share, early, middle, late (days); most waits first.

    `share` is the part of the item's customers who bought it on another day; only their waits are known, so an item
    that most people buy once has a wait that few of its customers keep.
    """
    waits, items = baskets["waits"], baskets["items"].set_index("item")["customers"]
    enough = (waits["waits"] >= FEWEST_ORDERS) & (waits["customers"] >= FEWEST_CUSTOMERS)
    kept = waits[enough]
    # By value: without rows the items are no numbers, and pandas divides by their type.
    kept = kept.assign(share=kept["customers"].to_numpy(np.float64) / kept["item"].map(items).to_numpy(np.float64))
    return kept.sort_values(["waits", "item"], ascending=[False, True], ignore_index=True)


def product_facts(analysis: Analysis) -> Iterator[Fact]:
    """Yield the figures about products that stand in sentences."""
    baskets = analysis.baskets
    items = baskets["items"]
    counted = "items" if baskets.level is None else {"product": "products", "category": "categories"}[baskets.level]
    known = len(items) > 0
    yield Fact("products.counted_by", counted if known else None, TEXT, "what is counted: products, or categories")
    yield Fact("products.count", len(items) if known else None, COUNT, f"{counted} in kept orders, goods only")
    yield Fact("products.left_out", len(baskets.services), COUNT, "codes without a digit among coded goods: no goods")
    money = np.sort(items["amount"].to_numpy(np.float64).clip(min=0))[::-1]
    spread = len(money) >= ENOUGH_FOR_TENTHS and money.sum() > 0
    best = float(money[: int(np.ceil(len(money) / TENTH))].sum() / money.sum()) if spread else None
    yield Fact("products.top_10_share", best, SHARE, f"revenue of the best-selling tenth of {counted} / their revenue")
    yield from _opener_facts(baskets)
    pairs = together(baskets)
    pair = pairs.iloc[0] if len(pairs) else None
    names = None if pair is None else f"{baskets.name(str(pair['item']))} and {baskets.name(str(pair['other']))}"
    rule = f"among pairs in at least {FEWEST_ORDERS} orders of {FEWEST_CUSTOMERS} customers"
    yield Fact("products.pair", names, TEXT, f"pair with the highest lift, {rule}")
    yield Fact("products.pair_orders", None if pair is None else int(pair["orders"]), COUNT, "orders with both")
    yield Fact(
        "products.pair_lift", None if pair is None else float(pair["lift"]), NUMBER,
        "orders with both / orders expected if they had nothing to do with each other",
    )  # fmt: skip
    again = rhythms(baskets)
    middle = float(again["middle"].median()) if len(again) else None
    yield Fact(
        "products.reordered", len(again) if known else None, COUNT, f"{counted} with {FEWEST_ORDERS} known waits"
    )
    yield Fact("products.usual_wait", middle, DAYS, f"median over those {counted} of their median wait")


def _opener_facts(baskets: Baskets) -> Iterator[Fact]:
    customers, rate = baseline(baskets)
    yield Fact(
        "products.first_customers", customers, COUNT,
        f"customers whose first purchase day lies at least {WITHIN} days before the window's end",
    )  # fmt: skip
    yield Fact(
        "products.second_rate", rate, SHARE, f"of those, the share with another purchase day within {WITHIN} days"
    )
    found = openers(baskets)
    above = found[found["low"] > (rate if rate is not None else 1.0)]
    best = above.iloc[0] if len(above) else None
    yield Fact("products.openers", len(found), COUNT, f"items with at least {FEWEST_FIRST} first-time customers")
    yield Fact("products.openers_above", len(above), COUNT, "of those, items whose interval lies above the usual rate")
    yield Fact(
        "products.opener", None if best is None else baskets.name(str(best["item"])), TEXT,
        "first purchase with the highest lower end of the 95% interval, where that lies above the usual rate",
    )  # fmt: skip
    for name, what in (("rate", "its rate"), ("low", "lower end of its interval"), ("high", "upper end")):
        value = None if best is None else float(best[name])
        yield Fact(f"products.opener_{name}", value, SHARE, f"{what}, within {WITHIN} days")
