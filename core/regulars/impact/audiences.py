"""Who is in which initiative: customers by the shipped order of priority, each in one of the plan at most."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

import pandas as pd

from regulars.impact.assumptions import defaults
from regulars.segments.model import SegmentRole, Segments

NOBODY = "none"


def wanted_by(customers: pd.DataFrame, segments: Segments) -> dict[str, pd.Series]:
    """Return whom each initiative wants, in order of priority: a boolean for each customer, whoever else wants them.

    `customers` is the customers' frame (here `orders` counts), `segments` the scheme that leads; both in one order.
    """
    roles = segments.labels.map({segment.key: segment.role for segment in segments.definitions})
    found = {}
    for spec in defaults()["initiative"]:
        eligible = roles.isin([SegmentRole(role) for role in spec["roles"]])
        found[spec["key"]] = _wanted(spec, eligible, customers["orders"])
    return found


def audiences(customers: pd.DataFrame, segments: Segments, plan: Collection[str]) -> pd.Series:
    """Return the key of each customer's initiative, `none` for those in no audience.

    The initiatives of the `plan` come first, in order of priority; those outside it have who is left.
    """
    wanted = wanted_by(customers, segments)
    taken = pd.Series(NOBODY, index=segments.labels.index, dtype=object)
    for key in sorted(wanted, key=lambda one: one not in plan):
        taken[wanted[key] & (taken == NOBODY)] = key
    return taken


def _wanted(spec: Mapping[str, Any], eligible: pd.Series, orders: pd.Series) -> pd.Series:
    """Return whom an initiative wants among its segments: all, or those with fewer orders than the middle one."""
    if "who" not in spec:
        return eligible
    return eligible & (orders < orders[eligible].median())
