"""How expected revenue is spread over customers, in bins with round edges, and how it came about over time."""

from __future__ import annotations

import itertools

import numpy as np
import pandas as pd

from regulars.base.units import MONEY, Currency
from regulars.clv.model import Holdout

MOST_POINTS = 60  # of the tracking plot
BINS = 8  # closed bins at most; the tail beyond the best tenth is one open bin


def clv_bins(clv: pd.Series, currency: Currency) -> tuple[tuple[str, int], ...]:
    """Return bins of expected revenue (label, customers). Edges are round numbers; the last bin is open.

    >>> clv_bins(pd.Series([1.0, 5.0, 9.0, 12.0, 400.0]), Currency("USD"))
    (('$0–50', 4), ('$50–100', 0), ('$100–150', 0), ('$150–200', 0), ('$200–250', 0), ('over $250', 1))
    """
    most = float(clv.quantile(0.9))
    step = _round_up(most / BINS)
    edges = [step * number for number in range(int(np.ceil(most / step - 1e-9)) + 1)]
    pairs = list(itertools.pairwise(edges))
    bins = [(_label(low, high, currency), int(((clv >= low) & (clv < high)).sum())) for low, high in pairs]
    return (*bins, (f"over {MONEY.show(edges[-1], currency)}", int((clv >= edges[-1]).sum())))


def _label(low: float, high: float, currency: Currency) -> str:
    return f"{MONEY.show(low, currency)}–{MONEY.show(high)}"


def _round_up(width: float) -> float:
    """Return the next 1, 2 or 5 times a power of ten.

    >>> _round_up(30.6)
    50.0
    """
    power = float(10.0 ** np.floor(np.log10(max(width, 1e-9))))
    return next(step * power for step in (1.0, 2.0, 5.0, 10.0) if step * power >= width * (1 - 1e-9))


def tracking_points(holdout: Holdout, most: int = MOST_POINTS) -> list[tuple[int, float, float]]:
    """Return week, actual and expected of the tracking plot, every so many weeks and at its end."""
    track = holdout.tracking
    points = list(zip(track.weeks, track.actual, track.expected, strict=True))
    step = -(-len(points) // most)
    return points[::-1][::step][::-1]
