"""Segments that the user supplied in a column, taken as they are."""

from __future__ import annotations

import itertools

import pandas as pd

from regulars.base.errors import listing
from regulars.segments.model import Segment, SegmentRole, Segments, slug

HABIT = 5.0  # orders each, from where on a segment buys out of habit
NAMELESS = "(no segment)"
NAMELESS_TOO = "(blank)"  # where a label says the former
MOST = 30  # a column with more different texts is something else


def supplied_segments(
    customers: pd.DataFrame,
    title: str = "Your segments",
    how: str = "Taken from your own segment column; a customer's latest one counts.",
) -> Segments | None:
    """Return the user's own segments, ordered by revenue, or None without a usable segment column."""
    given = joined(customers["segment"])
    if not given.notna().any() or given.nunique() > MOST:
        return None
    given = given.fillna(nameless(given))
    keys = keys_of(sorted(given.unique()))
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


def joined(given: pd.Series) -> pd.Series:
    """Return labels with one spelling for those that differ by case and blanks only: the one of most customers.

    >>> joined(pd.Series(["VIP", " Vip", "VIP", "vip", None])).tolist()
    ['VIP', 'VIP', 'VIP', 'VIP', None]
    """
    given = given.where(given.map(_folded, na_action="ignore") != "")
    counts = given.dropna().value_counts()
    chosen: dict[str, str] = {}
    for name in sorted(counts.index, key=lambda name: (-int(counts[name]), " ".join(name.split()))):
        chosen.setdefault(_folded(name), " ".join(name.split()))
    named = given.map(lambda name: chosen[_folded(name)], na_action="ignore").astype(object)
    return named.where(named.notna(), None)


def _folded(name: str) -> str:
    return " ".join(name.split()).casefold()


def nameless(given: pd.Series) -> str:
    """Return what customers without a label are called: something that no label says."""
    taken = {_folded(name) for name in given.dropna().unique()}
    return next(name for name in (NAMELESS, NAMELESS_TOO, f"{NAMELESS_TOO}!") if _folded(name) not in taken)


def supplied_reason(customers: pd.DataFrame, header: str | None = None) -> str | None:
    """Say in sentences what is wrong or odd about the segment column; None where there is none, or nothing is odd."""
    written = customers["segment"]
    given = joined(written)
    column = f"The segment column '{header}'" if header else "The segment column"
    kinds, blank = int(given.nunique()), int(given.isna().sum())
    if not kinds:
        return None
    if kinds > MOST:
        return (
            f"{column} holds {kinds:,} different texts, and a scheme has {MOST} at most: it is not used. "
            'Point to another column with --map segment="…".'
        )
    if kinds == 1 and not blank:
        return f"{column} says '{given.iloc[0]}' for every customer: it divides nobody."
    said = []
    if blank:
        name = nameless(given)
        said.append(f"{column} is blank for {blank:,} of {len(given):,} customers: they are shown as {name}.")
    spellings = written.dropna().groupby(given.dropna()).unique()
    twins = [(name, sorted(set(found))) for name, found in spellings.items() if len(found) > 1]
    if twins:
        told = "; ".join(f"{listing(found)} as '{name}'" for name, found in twins)
        said.append(f"Labels that differ only by case and blanks are one segment: {told}.")
    return " ".join(said) or None


def keys_of(names: list[str]) -> dict[str, str]:
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
