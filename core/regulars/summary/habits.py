"""Each customer's own habit: how long they usually wait between purchase days, and what they spent in their last year."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pandas as pd

from regulars.summary.model import Customers

YEAR = 365  # days


def habits(customers: Customers, days: pd.DataFrame) -> pd.DataFrame:
    """Return one row a customer, in the order of the customers' frame: `gap`, `last_year` and `year_before`.

    `gap` is the median of the days between neighbouring purchase days, NaN for those with one purchase day.
    `last_year` is the spend in the 365 days up to the customer's own last purchase day, `year_before` that of the 365
    days before, both in the shop's currency. `days` is the summary's table of purchase days (customer, day, revenue).
    """
    repeats = customers.frame["frequency"].to_numpy(np.int64)
    who = np.repeat(np.arange(len(repeats)), repeats + 1)
    day = days["day"].to_numpy().astype("datetime64[D]").astype(np.int64)
    last = customers.frame["last_day"].to_numpy().astype("datetime64[D]").astype(np.int64)
    if len(who) != len(day) or not np.array_equal(day[np.cumsum(repeats + 1) - 1], last):
        raise AssertionError("purchase days do not stand in the order of the customers")
    years_ago = (last[who] - day) // YEAR
    money = days["revenue"].to_numpy(np.float64)
    last_year, year_before = (
        np.bincount(who[years_ago == ago], money[years_ago == ago], len(repeats)).round(4) for ago in (0, 1)
    )
    return pd.DataFrame(
        {"gap": _middle_gaps(who, day, repeats), "last_year": last_year, "year_before": year_before},
        index=customers.frame.index,
    )


def _middle_gaps(
    who: npt.NDArray[np.int64], day: npt.NDArray[np.int64], repeats: npt.NDArray[np.int64]
) -> npt.NDArray[np.float64]:
    """Return the median gap of each customer, by sorting all gaps at once.

    >>> _middle_gaps(np.array([0, 0, 0, 1]), np.array([10, 12, 40, 7]), np.array([2, 0])).tolist()
    [15.0, nan]
    """
    same = who[1:] == who[:-1]
    owner, gap = who[1:][same], np.diff(day)[same]
    gap = gap[np.lexsort((gap, owner))]
    bought = repeats > 0
    first = (np.cumsum(repeats) - repeats)[bought]
    low, high = first + (repeats[bought] - 1) // 2, first + repeats[bought] // 2
    middle = np.full(len(repeats), np.nan)
    middle[bought] = (gap[low] + gap[high]) / 2
    return middle
