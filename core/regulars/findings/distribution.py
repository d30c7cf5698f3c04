"""Facts about how expected revenue is spread over customers: bins with round edges."""

from __future__ import annotations

import itertools
from collections.abc import Iterator

import numpy as np
import pandas as pd

from regulars.analysis import Analysis
from regulars.base.facts import Fact
from regulars.base.units import COUNT, MONEY, Currency

BINS = 8  # closed bins at most; the tail beyond the best tenth is one open bin


def distribution_facts(analysis: Analysis) -> Iterator[Fact]:
    """Yield the customers of each bin of expected revenue; nothing where there is no lifetime value."""
    if analysis.lifetime.reason is not None:
        return
    for number, (label, count) in enumerate(clv_bins(analysis.lifetime.frame["clv"], analysis.orders.currency)):
        yield Fact(bin_key(number), count, COUNT, f"customers with expected revenue of {label}")


def bin_key(number: int) -> str:
    """Return the key of the customers of a bin.

    >>> bin_key(0)
    'clv.bins.0.customers'
    """
    return f"clv.bins.{number}.customers"


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
