"""Axes: what a scheme scores customers by, and how a measure becomes a whole score from 1 up."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum

import numpy as np
import pandas as pd

from regulars.segments.scores import RECENCY_LIMITS, Scores, limited, score_down, score_repeaters, score_up, settled

FIFTHS = 5
FEWEST_REPEATERS = 5  # customers who came again, before the shop has a usual gap
SHORTEST_GAP = 15  # days: a week without an order is no sign of leaving, however often people come


class By(StrEnum):
    """How a measure is scored."""

    FIFTHS = "fifths"  # by fifths of all customers
    REPEATERS = "repeaters"  # 1 is one order, 2 to 5 the fourths of those who came again
    CUTS = "cuts"  # by thresholds in the measure's own unit


@dataclass(frozen=True)
class Axis:
    """One letter of a scheme's cells.

    `cuts` are upper ends, inclusive: with (1, 3) a value of 1 scores 1, of 2 or 3 scores 2, above that 3. `limits` cap
    a score by the value itself: (5, 90) means that a 5 needs a value of 90 at most. `otherwise` stands in where the
    data do not know the measure.
    """

    letter: str
    measure: str
    by: By = By.FIFTHS
    less_is_high: bool = False
    cuts: tuple[float, ...] = ()
    limits: tuple[tuple[int, float], ...] = ()
    says: str = ""  # what the scheme's sentence adds when this axis is used
    otherwise: Axis | None = None

    @property
    def levels(self) -> int:
        """Return the highest score."""
        return len(self.cuts) + 1 if self.by is By.CUTS else FIFTHS

    @property
    def in_money(self) -> bool:
        """Tell whether the axis has thresholds in money, so that another currency scores otherwise."""
        thresholds = self.by is By.CUTS or bool(self.limits)
        return thresholds and self.measure in MONEY_MEASURES

    def known(self, customers: pd.DataFrame) -> Axis:
        """Return this axis, or the one that stands in for it."""
        if self.otherwise is None or MEASURES[self.measure](customers) is not None:
            return self
        return self.otherwise.known(customers)

    def score(self, customers: pd.DataFrame) -> Scores:
        """Return a whole score from 1 to `levels` for each customer; equal values score equally."""
        values = MEASURES[self.measure](customers)
        if values is None:
            raise AssertionError(f"nothing is known of {self.measure}")
        values = settled(values)
        if self.by is By.CUTS:
            scores = 1 + np.searchsorted(np.array(self.cuts), values.to_numpy(float), side="left")
            scores = self.levels + 1 - scores if self.less_is_high else scores
        elif self.by is By.REPEATERS:
            scores = score_repeaters(values).to_numpy()
        else:
            scores = (score_down if self.less_is_high else score_up)(values).to_numpy()
        return limited(np.asarray(scores, dtype=np.int64), values, self.limits)


def usual_gap(customers: pd.DataFrame) -> float | None:
    """Return the median over repeat customers of the days between their purchase days, 15 at least.

    None where fewer than five customers came again.

    >>> usual_gap(pd.DataFrame({"frequency": [0, 1, 2, 1, 1, 2], "recency": [0, 30, 80, 20, 50, 90]}))
    40.0
    """
    again = customers[customers["frequency"] > 0]
    if len(again) < FEWEST_REPEATERS:
        return None
    return max(float((again["recency"] / again["frequency"]).median()), float(SHORTEST_GAP))


def _gaps_since(customers: pd.DataFrame) -> pd.Series | None:
    gap = usual_gap(customers)
    return None if gap is None else customers["days_since"] / gap


def _discount(customers: pd.DataFrame) -> pd.Series | None:
    if "discount_share" not in customers or not customers["discount_share"].notna().any():
        return None
    return customers["discount_share"].fillna(0.0)


def _column(name: str) -> Callable[[pd.DataFrame], pd.Series | None]:
    return lambda customers: customers[name]


# Name in a scheme file to what it reads of the customers' frame; None where the data do not know it.
MEASURES: Mapping[str, Callable[[pd.DataFrame], pd.Series | None]] = {
    "days_since": _column("days_since"),  # days since the last order
    "gaps_since": _gaps_since,  # the same in the shop's usual gaps between orders
    "first_order": _column("age"),  # days since the first order
    "span": _column("recency"),  # days from first to last order
    "orders": _column("orders"),
    "year_orders": _column("year_orders"),
    "revenue": _column("revenue"),
    "year_revenue": _column("year_revenue"),
    "average_order": _column("average_order"),
    "products": _column("products"),
    "discount_share": _discount,  # discount / list price, of all lines that say it
}
MONEY_MEASURES = frozenset({"revenue", "year_revenue", "average_order"})

RECENCY = Axis("r", "days_since", less_is_high=True, limits=RECENCY_LIMITS)
FREQUENCY = Axis("f", "orders", By.REPEATERS)
MONETARY = Axis("m", "revenue")
RFM = (RECENCY, FREQUENCY, MONETARY)


def rfm_scores(customers: pd.DataFrame) -> pd.DataFrame:
    """Return r, f, m from 1 to 5 for each customer: days since the last order, number of orders, revenue to date.

    R and M go by fifths of all customers; R 5, 4 and 3 also need a last order at most 90, 180 and 365 days ago. F 1 is
    one order, F 2 to 5 are the fourths of customers with several.
    """
    return pd.DataFrame({axis.letter: axis.score(customers) for axis in RFM}, index=customers.index)
