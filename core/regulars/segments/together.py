"""Segments that rise and fall together: months drive their revenue, not what sets them apart."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from regulars.segments.form import codes_of
from regulars.segments.model import Segments
from regulars.segments.past import Past

FEWEST_MONTHS = 6  # complete ones
CLOSE = 0.8  # correlation from which a segment moves with the others
FEWEST_DAYS = 5  # purchase days a month on average: below, a segment's months are single orders


@dataclass(frozen=True)
class Together:
    """The correlation of each segment's monthly revenue with that of all other customers, by segment key."""

    months: int
    correlations: dict[str, float]

    @property
    def moving(self) -> tuple[str, ...]:
        """Return the keys of the segments that move with the others."""
        return tuple(key for key, value in self.correlations.items() if value >= CLOSE)


def moving_together(segments: Segments, past: Past) -> Together | None:
    """Correlate monthly revenue (Pearson) of each segment with that of the others together, over complete months.

    None with fewer than FEWEST_MONTHS of them, or fewer than two segments that buy every month.
    """
    first, stop = past.complete_months
    count = stop - first
    if count < FEWEST_MONTHS:
        return None
    month = past.day.astype("datetime64[D]").astype("datetime64[M]").astype(np.int64) - first
    within = (month >= 0) & (month < count)
    who, month, revenue = past.who[within], month[within], past.money[within]
    keys = [one.key for one in segments.definitions]
    cell = codes_of(segments)[who] * count + month
    money = np.bincount(cell, revenue, len(keys) * count).reshape(len(keys), count)
    entries = np.bincount(cell, minlength=len(keys) * count).reshape(len(keys), count)
    total = money.sum(axis=0)
    found = {}
    for key, own, active in zip(keys, money, entries, strict=True):
        rest = total - own
        if active.mean() >= FEWEST_DAYS and own.std() > 0 and rest.std() > 0:
            found[key] = float(np.corrcoef(own, rest)[0, 1])
    return Together(count, found) if len(found) > 1 else None
