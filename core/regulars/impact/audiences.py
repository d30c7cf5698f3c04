"""Who is in which initiative: customers by the shipped order of priority, each in one at most."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd

from regulars.impact.assumptions import defaults
from regulars.segments.model import SegmentRole, Segments

NOBODY = "none"


def audiences(customers: pd.DataFrame, segments: Segments) -> pd.Series:
    """Return the key of each customer's initiative, `none` for those in no audience.

    `customers` is the customers' frame (here `orders` counts), `segments` the scheme that leads; both in one order.
    """
    roles = segments.labels.map({segment.key: segment.role for segment in segments.definitions})
    taken = pd.Series(NOBODY, index=segments.labels.index, dtype=object)
    for spec in defaults()["initiative"]:
        eligible = roles.isin([SegmentRole(role) for role in spec["roles"]])
        taken[eligible & (taken == NOBODY) & wanted(spec, eligible, customers["orders"])] = spec["key"]
    return taken


def wanted(spec: Mapping[str, Any], eligible: pd.Series, orders: pd.Series) -> pd.Series:
    """Return whom an initiative wants among its segments: all, or those with fewer orders than the middle one."""
    if "who" not in spec:
        return eligible
    return eligible & (orders < orders[eligible].median())
