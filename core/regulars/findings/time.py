"""Facts about months and cohorts. The last month is compared with others only when it is complete."""

from __future__ import annotations

from collections.abc import Iterator

import pandas as pd

from regulars.analysis import Analysis
from regulars.base.facts import Fact
from regulars.base.units import COUNT, MONEY, SHARE, TEXT, counted

LATELY = 3  # last months in which the highest or the lowest tells where revenue went
COURSE = f"fell: the lowest month is one of the last {LATELY} and after the highest; rose: the other way round"
AGES = (1, 2, 3, 6, 12)
MOST_MONTHS = 36  # told one by one
LATEST_COHORTS, LATEST_AGES = 10, 9  # told cell by cell
FEWEST_NEW, FEWEST_COHORTS = 10, 3  # customers of a cohort, and cohorts as large, before smaller ones are left out


def month_key(month: pd.Period) -> str:
    """Return the key of a month's revenue.

    >>> month_key(pd.Period("2011-03", "M"))
    'months.2011-03.revenue'
    """
    return f"months.{month}.revenue"


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
    yield Fact("months.course", _course(revenue), TEXT, COURSE)
    told = totals.tail(MOST_MONTHS)
    for month, amount in zip(told.index, told["revenue"], strict=True):
        yield Fact(month_key(month), float(amount), MONEY, f"revenue of {month:%B %Y}")
    change = year = before_year = last_year = None
    if len(totals) >= 6:
        before, last = (float(totals["revenue"].iloc[part].sum()) for part in (slice(-6, -3), slice(-3, None)))
        change = last / before - 1 if before > 0 else None
    if len(totals) >= 24:
        before_year, last_year = (
            float(totals["revenue"].iloc[part].sum()) for part in (slice(-24, -12), slice(-12, None))
        )
        year = last_year / before_year - 1 if before_year > 0 else None
    yield Fact("months.quarter_change", change, SHARE, "last three complete months / the three before − 1")
    yield Fact("months.year_change", year, SHARE, "last twelve complete months / the twelve before − 1")
    yield Fact("months.last_year_revenue", last_year, MONEY, "revenue of the last twelve complete months")
    yield Fact("months.year_before_revenue", before_year, MONEY, "revenue of the twelve complete months before those")


def _course(revenue: pd.Series) -> str | None:
    """Tell whether revenue fell to the end or rose to it.

    >>> _course(pd.Series([4.0, 9.0, 5.0, 2.0])), _course(pd.Series([2.0, 9.0])), _course(pd.Series([5.0, 2.0, 9.0, 5.0]))
    ('fell', 'rose', 'neither')
    """
    if not len(revenue):
        return None
    peak, dip, last = int(revenue.argmax()), int(revenue.argmin()), len(revenue) - LATELY
    return "fell" if peak < dip >= last else "rose" if dip < peak >= last else "neither"


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


def latest_cohorts(analysis: Analysis) -> tuple[pd.Period, ...]:
    """Return the ten latest cohorts, oldest first, whose month 1 is complete: of ten customers or more, if there are such.

    The share of a cohort of three is none, one, two or three thirds, and says nothing of the shop.
    """
    cohorts = analysis.summary.cohorts
    last = pd.Period(analysis.orders.window.end, "M")
    whole = analysis.summary.months.last_is_complete
    found = [cohort for cohort in cohorts.retention().index if cohort + 1 < last or (whole and cohort + 1 == last)]
    sizes = cohorts.frame[cohorts.frame["age"] == 0].set_index("cohort")["active"]
    large = [cohort for cohort in found if sizes[cohort] >= FEWEST_NEW]
    return tuple((large if len(large) >= FEWEST_COHORTS else found)[-LATEST_COHORTS:])


def cohort_facts(analysis: Analysis) -> Iterator[Fact]:
    """Yield size and retention by month of the latest cohorts; null in months that are not complete."""
    cohorts = analysis.summary.cohorts
    share = cohorts.retention()
    sizes = {
        at: int(count) for at, count in cohorts.frame[cohorts.frame["age"] == 0].set_index("cohort")["active"].items()
    }
    last = pd.Period(analysis.orders.window.end, "M")
    whole = analysis.summary.months.last_is_complete
    for cohort in latest_cohorts(analysis):
        named = f"customers whose first order was in {cohort:%B %Y}"
        yield Fact(f"retention.{cohort}.customers", sizes[cohort], COUNT, named)
        for age in range(1, LATEST_AGES + 1):
            complete = cohort + age < last or (whole and cohort + age == last)
            value = share[age].get(cohort) if complete and age in share.columns else None
            shown = None if value is None or pd.isna(value) else float(value)
            yield Fact(
                f"retention.{cohort}.month_{age}",
                shown,
                SHARE,
                f"{named} and who ordered {counted(age, 'month')} later / all of them",
            )
