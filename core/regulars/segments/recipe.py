"""A published clustering recipe, rebuilt with its fault and without: what a wrong order value does to the groups."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

import numpy as np
import pandas as pd

from regulars.base.settings import Settings
from regulars.base.units import TEN_THOUSANDTHS, counted
from regulars.orders.model import Orders
from regulars.segments.clusters import OFFERED, SMALLEST_SHOP, partition
from regulars.segments.form import Former, codes_of
from regulars.segments.model import Segments
from regulars.segments.naming import ClusterScheme

CORRECTED = "published, corrected"
RETURNS = "Here with --returns {returns}; the published groups are of orders read with --returns drop."
LOGGED = ["orders", "revenue", "average_order", "units", "products"]


def recipe_features(orders: Orders, *, corrected: bool, until: dt.date | None = None) -> pd.DataFrame:
    """Return the recipe's figures, one row a customer id: days since the last order (plus one), orders and so on.

    With `until`, of the lines up to the end of that day.

    Source: the notebook behind the published report, github.com/NuMetriq/inventory-forecast-smb at 1ba69ff7. Its
    order value is revenue / number of distinct line amounts; `corrected` divides by orders.
    """
    lines = orders.lines.select(["customer", "order", "ts", "product", "units", "amount"]).to_pandas()
    if until is not None:
        lines = lines[lines["ts"] < pd.Timestamp(until) + pd.Timedelta(days=1)]
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
    ids: pd.Series, orders: Orders, schemes: Sequence[ClusterScheme], settings: Settings, until: dt.date | None = None
) -> tuple[Segments, ...] | str:
    """Return the recipe's schemes for the customers of those ids, or say in a sentence why they are not possible.

    With `until`, as of the end of that day. The recipe starts k-means from the customers in the order of their ids: of all
    schemes, it alone depends on them.
    """
    if len(ids) < SMALLEST_SHOP:
        return f"{counted(len(ids), 'customer is', 'customers are')} too few for clusters: they need {SMALLEST_SHOP}"
    found = []
    for scheme in schemes:
        figures = recipe_features(orders, corrected=scheme.features == CORRECTED, until=until).loc[ids.to_numpy()]
        matrix = figures.copy()
        matrix[LOGGED] = np.log1p(matrix[LOGGED].clip(lower=0))
        if len(matrix.drop_duplicates()) < OFFERED:
            return f"customers buy in too few different ways for {OFFERED} clusters"
        numbers = pd.Series(partition(matrix, OFFERED, settings.seed, scheme.starts), index=ids.index)
        definitions, labels = scheme.name(figures.set_index(ids.index), numbers)
        how = f"{scheme.how} {RETURNS.format(returns=settings.returns)}"
        found.append(Segments(scheme.id, scheme.title, how, definitions, labels))
    return tuple(found)


def recipe_former(
    scheme: ClusterScheme, orders: Orders, ids: pd.Series, day: dt.date, settings: Settings
) -> Former | str:
    """Return what forms a recipe again as of the end of a day, from the lines up to it, or why that is not possible.

    `ids` are those of all customers; the frames it is asked for must be of that day.
    """
    import pyarrow.compute as pc  # noqa: PLC0415  only here

    known = ids[ids.isin(orders.lines.filter(pc.less_equal(orders.lines["day"], day))["customer"].to_pandas())]
    found = recipe_segments(known, orders, [scheme], settings, day)
    if isinstance(found, str):
        return found
    codes = codes_of(found[0])
    places = pd.Series(codes, index=known.index)
    return lambda frame, _: np.asarray(places.loc[frame.index], dtype=np.int64)
