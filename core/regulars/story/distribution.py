"""How expected revenue is spread over customers, in bins with round edges."""

from __future__ import annotations

import itertools

import numpy as np
import pandas as pd

from regulars.base.units import MONEY, Currency

BINS = 8


def clv_bins(clv: pd.Series, currency: Currency) -> tuple[tuple[str, int], ...]:
    """Return bins of expected revenue (label, customers). Edges are round numbers; the last bin is open.

    >>> clv_bins(pd.Series([1.0, 15.0, 25.0, 38.0, 400.0]), Currency("USD"))
    (('$0–20', 2), ('$20–40', 2), ('over $40', 1))
    """
    step = _round_step(float(clv.quantile(0.9)) / BINS, fewest=float(clv.quantile(0.75)) / 2)
    edges = np.arange(0, BINS + 1) * step
    edges = edges[: int(np.searchsorted(edges, clv.quantile(0.9), side="left")) + 1]
    counts = [int(((clv >= low) & (clv < high)).sum()) for low, high in itertools.pairwise(edges)]
    labels = [
        f"{MONEY.show(float(low), currency)}–{MONEY.show(float(high))}" for low, high in itertools.pairwise(edges)
    ]
    over = int((clv >= edges[-1]).sum())
    return (*zip(labels, counts, strict=True), (f"over {MONEY.show(float(edges[-1]), currency)}", over))


def _round_step(width: float, fewest: float) -> float:
    """Return the next round number (1, 2, 5 times a power of ten) at or above a width."""
    width = max(min(width, fewest) if fewest > 0 else width, 1e-9) if width <= 0 else width
    power = 10.0 ** np.floor(np.log10(width))
    return float(next(step * power for step in (1, 2, 5, 10) if step * power >= width * (1 - 1e-9)))
