"""Findings about the lead scheme's segments month by month, as they stand today; months that are not whole compare with nothing.

Customers count under the segment that they have today. A shop's own segments tell by this what was; segments by
recency were cut by what the months show, and the sheet says so.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
import pandas as pd

from regulars.analysis import Analysis
from regulars.base.facts import Fact
from regulars.base.units import COUNT, MONEY, SHARE, TEXT, Unit
from regulars.findings.time import complete_months
from regulars.segments.model import Segments

YEAR, HALF = 12, 6  # months

Figure = tuple[str, int | float | str | None, Unit, str]


def months_compared(analysis: Analysis, most: int) -> list[pd.Period]:
    """Return the latest complete calendar months, as many as that at most."""
    return list(complete_months(analysis).index[-most:])


def months_shown(analysis: Analysis) -> list[pd.Period]:
    """Return the last six complete months, and after them the last month where it is not complete."""
    months = analysis.summary.months
    last = pd.Period(pd.Timestamp(months.window.end), "M")
    return [*months_compared(analysis, HALF), *([] if months.last_is_complete else [last])]


def segments_by_month(analysis: Analysis) -> pd.DataFrame:
    """Return customers, orders and revenue (in the shop's currency) of each filled segment in each month.

    The index is segment key and month, without gaps; `customers` are those with a purchase in the month.
    """
    months, lead = analysis.summary.months, analysis.segmentations.lead
    labels = pd.Series(lead.labels.to_numpy(), index=analysis.summary.customers.frame["customer"])
    grouped = months.frame.assign(segment=months.frame["customer"].map(labels)).groupby(
        ["segment", "month"], observed=True
    )
    counted = pd.DataFrame(
        {"customers": grouped.size(), "orders": grouped["orders"].sum(), "revenue": grouped["revenue"].sum().round(4)}
    )
    names = [segment.key for segment in lead.definitions if (lead.labels == segment.key).any()]
    every = pd.MultiIndex.from_product([names, months.totals().index], names=["segment", "month"])
    found: pd.DataFrame = counted.reindex(every, fill_value=0)
    return found


def baseline(segments: Segments) -> str:
    """Return the key of the segment that the others are compared with: the largest; of equals the one named first."""
    sizes = segments.labels.value_counts()
    return max((segment.key for segment in segments.definitions), key=lambda key: int(sizes.get(key, 0)))


def newcomers(analysis: Analysis) -> pd.DataFrame:
    """Return customers whose first order lies in the last six complete months, by segment of today.

    The index is the segment key; columns are customers, revenue (theirs to date) and again (with two or more orders).
    """
    frame = analysis.summary.customers.frame
    months = months_compared(analysis, HALF)
    names = list(dict.fromkeys(analysis.segmentations.lead.labels))
    if not months:
        return pd.DataFrame(0, index=names, columns=["customers", "revenue", "again"])
    begun = frame["first_day"].between(months[0].start_time, months[-1].end_time).to_numpy()
    grouped = frame.assign(again=frame["orders"] > 1)[begun].groupby(
        analysis.segmentations.lead.labels.to_numpy()[begun]
    )
    found = pd.DataFrame(
        {"customers": grouped.size(), "revenue": grouped["revenue"].sum().round(4), "again": grouped["again"].sum()}
    )
    return found.reindex(names, fill_value=0)


def performance_facts(analysis: Analysis) -> Iterator[Fact]:
    """Yield what months are compared, the baseline, acquisition as a whole, and each segment's figures."""
    lead, year = analysis.segmentations.lead, months_compared(analysis, YEAR)
    half = year[-HALF:]
    base = baseline(lead)
    yield Fact("performance.baseline", lead.named(base).name, TEXT, "the segment with most customers")
    yield Fact("performance.months", len(year), COUNT, f"complete calendar months compared, {YEAR} at most")
    for name, months in (("first", year[:1]), ("last", year[-1:])):
        told = f"{months[0]:%b %Y}" if months else None
        yield Fact(f"performance.{name}_month", told, TEXT, f"the {name} of them")
    new = newcomers(analysis)
    yield Fact(
        "acquisition.since", f"{half[0]:%b %Y}" if half else None, TEXT, f"first of the last {HALF} complete months"
    )
    yield Fact("acquisition.months", len(half), COUNT, f"complete calendar months looked at, {HALF} at most")
    yield Fact("acquisition.customers", int(new["customers"].sum()), COUNT, "customers with their first order in them")
    yield Fact("acquisition.revenue", float(new["revenue"].sum()), MONEY, "revenue of those customers to date")
    table: Any = segments_by_month(analysis)
    for key in table.index.unique("segment"):
        part = table.loc[key]
        figures: tuple[Figure, ...] = (
            *_order_range(analysis, key, base),
            *_trend(part.reindex(year)),
            *_each_active(part.reindex(year)),
            *_mix(table, key, year),
            *_new(new, key),
        )
        for name, value, unit, how in figures:
            yield Fact(f"segments.{lead.scheme}.{key}.{name}", value, unit, f"{lead.named(str(key)).name}: {how}")


def _order_range(analysis: Analysis, key: str, base: str) -> Iterator[Figure]:
    frame, labels = analysis.summary.customers.frame, analysis.segmentations.lead.labels.to_numpy()
    part, compared = frame[labels == key], frame[labels == base]
    yield "smallest_order", float(part["smallest_order"].min()), MONEY, "smallest order"
    yield "largest_order", float(part["largest_order"].max()), MONEY, "largest order"
    usual = float(compared["revenue"].mean())
    against = float(part["revenue"].mean()) / usual - 1 if usual > 0 else None
    yield "against_baseline", against, SHARE, "revenue to date a customer / that of the baseline segment − 1"


def _trend(part: Any) -> Iterator[Figure]:
    revenue = part["revenue"]
    top = int(revenue.argmax()) if len(part) else None
    peak = None if top is None else float(revenue.iloc[top])
    last = float(revenue.iloc[-1]) if len(part) else None
    yield (
        "peak_month",
        None if top is None else f"{part.index[top]:%b %Y}",
        TEXT,
        "month compared with the most revenue",
    )
    yield "peak_revenue", peak, MONEY, "revenue of that month"
    yield "last_revenue", last, MONEY, "revenue of the last complete month"
    change = last / peak - 1 if last is not None and peak else None
    yield "change_from_peak", change, SHARE, "last complete month / peak month − 1"
    half = None
    if len(part) == YEAR and (before := float(revenue.iloc[:HALF].sum())) > 0:
        half = float(revenue.iloc[HALF:].sum()) / before - 1
    yield "half_change", half, SHARE, f"last {HALF} complete months / the {HALF} before − 1"


def _each_active(part: Any) -> Iterator[Figure]:
    active = part[part["customers"] > 0]
    each = active["revenue"] / active["customers"]
    several = len(each) > 1  # of one month, best and worst are the same
    for name, at, what in (
        ("best", int(each.argmax()) if several else None, "highest"),
        ("worst", int(each.argmin()) if several else None, "lowest"),
    ):
        how = f"{what} revenue per active customer of a month compared"
        yield f"active_{name}", None if at is None else float(each.iloc[at]), MONEY, how
        yield f"active_{name}_month", None if at is None else f"{each.index[at]:%b %Y}", TEXT, "the month of it"
    yield "active_mean", float(each.mean()) if len(each) else None, MONEY, "mean over the months compared"
    spread = float(each.std(ddof=1)) if len(each) > 1 else None
    yield "active_spread", spread, MONEY, "standard deviation over the months compared"


def _mix(table: Any, key: str, year: list[pd.Period]) -> Iterator[Figure]:
    whole = table["revenue"].groupby("month").sum().reindex(year)
    shares = (table.loc[key, "revenue"].reindex(year) / whole.where(whole > 0)).dropna()
    least, most = (float(shares.min()), float(shares.max())) if len(shares) else (None, None)
    yield "mix_least", least, SHARE, "lowest share of a month's revenue, of the months compared"
    yield "mix_most", most, SHARE, "highest share of a month's revenue"
    spread = None if least is None or most is None else most - least
    yield "mix_range", spread, SHARE, "highest − lowest share, in points"


def _new(new: Any, key: str) -> Iterator[Figure]:
    count, everyone = int(new.loc[key, "customers"]), int(new["customers"].sum())
    money = float(new.loc[key, "revenue"])
    yield "new_customers", count, COUNT, f"customers with their first order in the last {HALF} complete months"
    yield "new_share", count / everyone if everyone else None, SHARE, "of all such customers"
    yield "new_revenue", money, MONEY, "their revenue to date"
    yield "new_revenue_each", money / count if count else None, MONEY, "their revenue to date / customers"
    again = int(new.loc[key, "again"]) / count if count else None
    yield "new_again", again, SHARE, "of them, those with two or more orders"


def retention_by_segment(analysis: Analysis, ages: tuple[int, ...]) -> pd.DataFrame:
    """Return the share with an order in calendar month 1, 2, … after their first, by segment of today (index).

    Only customers whose month of that age is complete are counted; NaN where there is none.
    """
    months, lead = analysis.summary.months, analysis.segmentations.lead
    frame = months.frame
    number = (frame["month"].dt.year * 12 + frame["month"].dt.month).to_numpy(np.int64)
    first = pd.Series(number).groupby(frame["customer"].to_numpy()).min()
    labels = pd.Series(lead.labels.to_numpy(), index=analysis.summary.customers.frame["customer"])
    end = months.window.end
    complete = end.year * 12 + end.month - (0 if months.last_is_complete else 1)
    age = number - first.reindex(frame["customer"]).to_numpy()
    found = {}
    for one in ages:
        seen = first.index[first.to_numpy() + one <= complete]
        came = frame["customer"][(age == one) & (number <= complete)]
        found[one] = labels.reindex(came).value_counts() / labels.reindex(seen).value_counts()
        found[one] = found[one].where(found[one].notna(), 0.0).reindex(labels.reindex(seen).unique())
    order = [segment.key for segment in lead.definitions if (lead.labels == segment.key).any()]
    return pd.DataFrame(found, index=order, columns=list(ages))
