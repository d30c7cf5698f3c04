"""The axis of a chart: round numbers from the least to the most value, nought among them, and where each stands."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

STEPS = (1.0, 2.0, 2.5, 5.0, 10.0)
TICKS = 5


@dataclass(frozen=True)
class Axis:
    """A straight scale from the first tick at `start` to the last at `end`, in units of the drawing."""

    ticks: tuple[float, ...]
    start: float
    end: float

    def at(self, value: float) -> float:
        """Return where a value stands."""
        low, high = self.ticks[0], self.ticks[-1]
        return self.start + (value - low) / (high - low) * (self.end - self.start)


def axis_over(values: Sequence[float], start: float, end: float) -> Axis:
    """Return the axis that holds all values, and nought.

    >>> axis_over([3.0, 47.6], 0, 100).ticks
    (0.0, 10.0, 20.0, 30.0, 40.0, 50.0)
    >>> axis_over([-4.0, 6.0], 0, 100).at(0)
    40.0
    """
    low, high = min(*values, 0.0), max(*values, 0.0)
    span = (high - low) or 1.0
    size = 10.0 ** math.floor(math.log10(span / TICKS))
    step = next(one * size for one in STEPS if span / (one * size) <= TICKS)
    first, last = math.floor(round(low / step, 9)), math.ceil(round((low + span) / step, 9))
    return Axis(tuple(round(number * step, 10) for number in range(first, last + 1)), start, end)
