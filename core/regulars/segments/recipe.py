"""A published clustering recipe, rebuilt with its fault and without: what a wrong order value does to the groups."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from regulars.base.units import TEN_THOUSANDTHS, counted
from regulars.orders.model import Orders
from regulars.segments.clusters import OFFERED, SMALLEST_SHOP, partition
from regulars.segments.model import Segments
from regulars.segments.naming import ClusterScheme

CORRECTED = "published, corrected"
LOGGED = ["orders", "revenue", "average_order", "units", "products"]


def recipe_features(orders: Orders, *, corrected: bool) -> pd.DataFrame:
    """Return the recipe's figures, one row a customer id: days since the last order (plus one), orders and so on.

    Source: the notebook behind the published report, github.com/NuMetriq/inventory-forecast-smb at 1ba69ff7. Its
    order value is revenue / number of distinct line amounts; `corrected` divides by orders.
    """
    lines = orders.lines.select(["customer", "order", "ts", "product", "units", "amount"]).to_pandas()
    # It counts distinct products of floating-point numbers: 3 × 0.85 and 1 × 2.55 differ in the last bit.
    lines["spent"] = lines["units"] / TEN_THOUSANDTHS * (lines["amount"] / lines["units"]).round(3)
    grouped = lines.groupby("customer")
    reference = lines["ts"].max() + pd.Timedelta(days=1)
    revenue, count = grouped["spent"].sum(), grouped["order"].nunique()
    return pd.DataFrame(
        {
            "days_since": (reference - grouped["ts"].max()).dt.days.astype(float),
            "orders": count.astype(float),
            "revenue": revenue,
            "average_order": revenue / (count if corrected else grouped["spent"].nunique()),
            "units": grouped["units"].sum() / TEN_THOUSANDTHS,
            "products": grouped["product"].nunique().astype(float),
        }
    )


def recipe_segments(
    ids: pd.Series, orders: Orders, schemes: Sequence[ClusterScheme], seed: int
) -> tuple[Segments, ...] | str:
    """Return the recipe's schemes for the customers of those ids, or say in a sentence why they are not possible.

    The recipe starts k-means from the customers in the order of their ids: of all schemes, it alone depends on them.
    """
    if len(ids) < SMALLEST_SHOP:
        return f"{counted(len(ids), 'customer is', 'customers are')} too few for clusters: they need {SMALLEST_SHOP}"
    found = []
    for scheme in schemes:
        figures = recipe_features(orders, corrected=scheme.features == CORRECTED).loc[ids.to_numpy()]
        matrix = figures.copy()
        matrix[LOGGED] = np.log1p(matrix[LOGGED].clip(lower=0))
        if len(matrix.drop_duplicates()) < OFFERED:
            return f"customers buy in too few different ways for {OFFERED} clusters"
        numbers = pd.Series(partition(matrix, OFFERED, seed, scheme.starts), index=ids.index)
        definitions, labels = scheme.name(figures.set_index(ids.index), numbers)
        found.append(Segments(scheme.id, scheme.title, scheme.how, definitions, labels))
    return tuple(found)
