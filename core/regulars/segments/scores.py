"""Scores from 1 to 5 in which equal customers get equal scores, whatever the order of the rows."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
import pandas as pd

Scores = npt.NDArray[np.int64]
# "Lately" must mean it: in a shop where nobody came for a year, the latest fifth did not come lately.
RECENCY_LIMITS = ((5, 90.0), (4, 180.0), (3, 365.0))  # a score needs a last order at most so many days ago
DIGITS = 12  # sums of cents differ in the sixteenth; equal customers must not


def score_up(values: pd.Series) -> pd.Series:
    """Score so that more is better: 1 + the fifths of customers that lie strictly below.

    Ties are equal by construction, and the lowest value is always a 1: one-time buyers score 1 for frequency even
    where they are 85 % of all, which quantile bins cannot do (their edges coincide).

    >>> score_up(pd.Series([1, 1, 1, 2, 9])).tolist()
    [1, 1, 1, 4, 5]
    """
    return (1 + _parts_below(values, 5)).astype(np.int64)


def score_down(values: pd.Series) -> pd.Series:
    """Score so that less is better: 5 − the fifths of customers that lie strictly below. The lowest is always a 5.

    >>> score_down(pd.Series([0, 0, 10, 200, 300])).tolist()
    [5, 5, 3, 2, 1]
    """
    return (5 - _parts_below(values, 5)).astype(np.int64)


def score_repeaters(orders: pd.Series) -> pd.Series:
    """Score so that 1 is one order and nothing else; 2 to 5 are the fourths of the customers with several.

    A customer with several orders is never a 1, also where all have several; and where nearly all came once, a second
    order alone is not the highest score.

    >>> score_repeaters(pd.Series([1, 1, 1, 1, 2, 2, 3, 9])).tolist()
    [1, 1, 1, 1, 2, 2, 4, 5]
    """
    scores = pd.Series(1, index=orders.index, dtype=np.int64)
    again = orders[orders > 1]
    if len(again):
        scores[orders > 1] = 2 + _parts_below(again, 4)
    return scores


def limited(scores: Scores, values: pd.Series, limits: Sequence[tuple[int, float]]) -> Scores:
    """Lower a score whose value is above its limit.

    >>> limited(np.array([5, 5, 4]), pd.Series([10, 100, 400]), RECENCY_LIMITS).tolist()
    [5, 4, 2]
    """
    numbers = values.to_numpy(float)
    for score, most in sorted(limits, reverse=True):
        scores = np.where((scores >= score) & (numbers > most), score - 1, scores)
    return np.asarray(scores, dtype=np.int64)


def settled(values: pd.Series) -> pd.Series:
    """Return values rounded to twelve significant digits, so that sums in another order are equal.

    >>> settled(pd.Series([0.1 + 0.2, 0.3, 0.0])).nunique()
    2
    """
    numbers = values.to_numpy(float)
    with np.errstate(divide="ignore"):
        size = np.where(numbers == 0, 0.0, np.floor(np.log10(np.abs(numbers))))
    # Two factors: 10 to the power of 300 and more is no floating-point number.
    scale = np.power(10.0, np.clip(DIGITS - 1 - size, -290, 290))
    return pd.Series(np.round(numbers * scale) / scale, index=values.index)


def _parts_below(values: pd.Series, parts: int) -> pd.Series:
    """Return the whole parts (0 to parts − 1) of all values that are strictly smaller than each value."""
    below = values.rank(method="min").to_numpy() - 1
    # Integer arithmetic: 0.6 * 5 is not 3 in floating point.
    return pd.Series((below.astype(np.int64) * parts) // len(values), index=values.index)
