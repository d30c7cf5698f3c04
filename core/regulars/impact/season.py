"""The weakest month of the year, claimed only over two whole years of orders."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from regulars.summary.model import Months

MONTHS_A_YEAR = 12


@dataclass(frozen=True)
class WeakMonth:
    """A month that lay below its year's average in both of the last two years."""

    name: str
    gap: float  # revenue that it lacked against the average month of the last year


def weak_month(months: Months) -> WeakMonth | None:
    """Return the weakest month of the last 24 complete ones, None with fewer, or when no month was weak in both years.

    Each month is compared with the average month of its own twelve, so that growth is not taken for a season.
    """
    totals = months.totals()
    whole = totals["revenue"][[months.covers(month) for month in totals.index]].tail(2 * MONTHS_A_YEAR)
    if len(whole) < 2 * MONTHS_A_YEAR:
        return None
    before, last = whole.iloc[:MONTHS_A_YEAR], whole.iloc[MONTHS_A_YEAR:]
    if before.mean() <= 0 or last.mean() <= 0:
        return None
    shares = pd.DataFrame({"before": (before / before.mean()).to_numpy(), "last": (last / last.mean()).to_numpy()})
    weak = shares[(shares < 1).all(axis=1)]
    if weak.empty:
        return None
    place = int(weak.mean(axis=1).sort_values(kind="stable").index.to_numpy()[0])
    return WeakMonth(f"{last.index[place]:%B}", float(last.mean() - last.iloc[place]))
