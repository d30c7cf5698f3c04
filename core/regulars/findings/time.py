"""Facts about months and cohorts. The last month is compared with others only when it is complete."""

from __future__ import annotations

from collections.abc import Iterator

import pandas as pd

from regulars.analysis import Analysis
from regulars.base.facts import Fact
from regulars.base.units import COUNT, MONEY, SHARE, TEXT

AGES = (1, 2, 3, 6, 12)


def complete_months(analysis: Analysis) -> pd.DataFrame:
    """Return the monthly totals (month, customers, orders, revenue) of calendar months that the window covers whole."""
    months = analysis.summary.months
    totals = months.totals()
    return totals[[months.covers(month) for month in totals.index]]


def month_facts(analysis: Analysis) -> Iterator[Fact]:
    """Yield the peak, the dip, and the change from one complete quarter of months to the next."""
    totals = complete_months(analysis)
    whole = analysis.summary.months.last_is_complete
    yield Fact("months.complete", len(totals), COUNT, "calendar months that the window covers whole")
    yield Fact(
        "months.last_complete", "yes" if whole else "no", TEXT, "whether the window ends on the last day of a month"
    )
    revenue = totals["revenue"]
    for name, at, what in (
        ("peak", int(revenue.argmax()) if len(totals) else None, "complete month with the most revenue"),
        ("dip", int(revenue.argmin()) if len(totals) else None, "complete month with the least revenue"),
    ):
        yield Fact(f"months.{name}", None if at is None else f"{totals.index[at]:%b %Y}", TEXT, what)
        yield Fact(
            f"months.{name}_revenue", None if at is None else float(revenue.iloc[at]), MONEY, "revenue of that month"
        )
    change = year = None
    if len(totals) >= 6:
        before, last = (float(totals["revenue"].iloc[part].sum()) for part in (slice(-6, -3), slice(-3, None)))
        change = last / before - 1 if before > 0 else None
    if len(totals) >= 24:
        before, last = (float(totals["revenue"].iloc[part].sum()) for part in (slice(-24, -12), slice(-12, None)))
        year = last / before - 1 if before > 0 else None
    yield Fact("months.quarter_change", change, SHARE, "last three complete months / the three before − 1")
    yield Fact("months.year_change", year, SHARE, "last twelve complete months / the twelve before − 1")


def retention_facts(analysis: Analysis) -> Iterator[Fact]:
    """Yield the share of new customers who order again in a given month after their first."""
    cohorts = analysis.summary.cohorts
    share = cohorts.retention()
    sizes = cohorts.frame[cohorts.frame["age"] == 0].set_index("cohort")["active"]
    last = pd.Period(pd.Timestamp(cohorts.window.end), freq="M")
    whole = analysis.summary.months.last_is_complete
    for age in AGES:
        seen = [cohort for cohort in share.index if cohort + age < last or (whole and cohort + age == last)]
        value = None
        if seen and age in share.columns:
            weights = sizes.loc[seen]
            value = float((share.loc[seen, age] * weights).sum() / weights.sum())
        yield Fact(
            f"retention.month_{age}", value, SHARE,
            f"customers with an order in calendar month {age} after their first, over cohorts whose month {age} is complete",
        )  # fmt: skip
