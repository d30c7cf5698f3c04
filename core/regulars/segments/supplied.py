"""Segments that the user supplied in a column, taken as they are."""

from __future__ import annotations

import itertools

import pandas as pd

from regulars.segments.model import Segment, SegmentRole, Segments, slug

HABIT = 5.0  # orders each, from where on a segment buys out of habit
NAMELESS = "(no segment)"
MOST = 30  # a column with more different texts is something else


def supplied_segments(
    customers: pd.DataFrame,
    title: str = "Your segments",
    how: str = "Taken from your own segment column; a customer's latest one counts.",
) -> Segments | None:
    """Return the user's own segments, ordered by revenue, or None without a usable segment column."""
    given = customers["segment"]
    if not given.notna().any() or given.nunique() > MOST:
        return None
    given = given.fillna(NAMELESS)
    keys = _keys(sorted(given.unique()))
    profile = customers.groupby(given)[["revenue", "days_since", "orders"]].agg(
        revenue=("revenue", "sum"),
        each=("revenue", "mean"),
        days_since=("days_since", "mean"),
        orders=("orders", "mean"),
    )
    profile = profile.sort_values("revenue", ascending=False)
    overall = customers[["days_since", "orders", "revenue"]].mean()
    definitions = tuple(
        Segment(keys[str(name)], str(name), _role(row, overall), "As given in your segment column")
        for name, row in profile.iterrows()
    )
    return Segments("supplied", title, how, definitions, given.map(keys).astype(object))


def supplied_reason(customers: pd.DataFrame) -> str | None:
    """Say in a sentence what is wrong or odd about the segment column; None where there is none, or nothing is odd."""
    given = customers["segment"]
    kinds, blank = int(given.nunique()), int(given.isna().sum())
    if not kinds:
        return None
    if kinds > MOST:
        return (
            f"The segment column holds {kinds:,} different texts, and a scheme has {MOST} at most: it is not used. "
            'Point to another column with --map segment="…".'
        )
    if kinds == 1 and not blank:
        return f"The segment column says '{given.iloc[0]}' for every customer: it divides nobody."
    if blank:
        return f"The segment column is blank for {blank:,} of {len(given):,} customers: they are shown as {NAMELESS}."
    return None


def _keys(names: list[str]) -> dict[str, str]:
    """Return a distinct key for each name, also where two names differ by signs only."""
    keys: dict[str, str] = {}
    for name in names:
        key = slug(name)
        candidates = itertools.chain([key], (f"{key}_{number}" for number in itertools.count(2)))
        keys[name] = next(candidate for candidate in candidates if candidate not in keys.values())
    return keys


def _role(row: pd.Series, overall: pd.Series) -> SegmentRole:
    """Guess what a supplied segment is to the shop from how it buys, not from its name."""
    if row["days_since"] > 1.5 * overall["days_since"]:
        return SegmentRole.LEAVING if row["orders"] > overall["orders"] else SegmentRole.LOST
    if row["each"] > 1.25 * overall["revenue"]:
        return SegmentRole.BEST
    if row["orders"] >= HABIT:
        return SegmentRole.LOYAL
    return SegmentRole.NEW if row["orders"] < 2 else SegmentRole.RISING
