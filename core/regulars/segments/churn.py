"""Churn by segment and month: of the customers who were with the shop when a month began, who had lapsed by its end."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from regulars.segments.form import Former
from regulars.segments.model import Segment, Segments
from regulars.segments.past import Amounts, Counts, Past

MONTHS = 6
ENOUGH_DAYS = 90  # of orders before a month, or most customers are new
FEWEST = 10  # customers of a segment who could lapse in a month: below that, a share is chance or cannot be but nought


@dataclass(frozen=True, eq=False)
class Churn:
    """Rows are segments as of the end of the month before, columns months, the latest last.

    `present` counts customers who had ordered within `lapsed_days` when the month began, `lapsed` those of them
    who had not at its end. `could` counts who would have lapsed without an order in the month: nobody whose last one
    lies too near, as that of every new customer may.
    """

    definitions: tuple[Segment, ...]
    months: tuple[pd.Period, ...]
    present: Counts
    lapsed: Counts
    could: Counts
    lapsed_days: int

    @property
    def rates(self) -> Amounts:
        """Return lapsed / present; NaN where fewer than FEWEST could lapse."""
        return np.asarray(
            np.divide(self.lapsed, self.present, out=np.full(self.present.shape, np.nan), where=self.could >= FEWEST)
        )


def churn_of(segments: Segments, form: Former, past: Past, lapsed_days: int) -> Churn | None:
    """Return churn in the latest complete months, or None without any that has ENOUGH_DAYS of orders before it."""
    first, stop = past.complete_months
    months = [month for month in range(max(first, stop - MONTHS), stop) if _begin(month) - past.start >= ENOUGH_DAYS]
    if not months:
        return None
    count = len(segments.definitions)
    present, lapsed, could = (np.zeros((count, len(months)), dtype=np.int64) for _ in range(3))
    for place, month in enumerate(months):
        begin, end = _begin(month) - 1, _begin(month + 1) - 1
        frame = past.as_of(begin)
        if frame.empty:
            continue
        codes = form(frame, {})
        silence = frame["days_since"].to_numpy()
        here = silence <= lapsed_days
        last = past.day[past.begins + past.seen(end) - 1][frame.index.to_numpy()]
        gone = here & (end - last > lapsed_days)
        present[:, place] = np.bincount(codes[here], minlength=count)
        lapsed[:, place] = np.bincount(codes[gone], minlength=count)
        could[:, place] = np.bincount(codes[here & (silence + end - begin > lapsed_days)], minlength=count)
    periods = tuple(pd.Period(ordinal=month, freq="M") for month in months)
    return Churn(segments.definitions, periods, present, lapsed, could, lapsed_days)


def _begin(month: int) -> int:
    return int(np.array(month, dtype="datetime64[M]").astype("datetime64[D]").astype(np.int64))
