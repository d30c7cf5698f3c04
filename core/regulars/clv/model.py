"""Lifetime value: the fitted models, or the reason why there are none, and the figures of each customer."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from regulars.clv.gates import Gate
from regulars.clv.ranges import Miss, Uncertainty
from regulars.clv.scores import Score

LIFETIME_COLUMNS = (
    "expected_orders",  # purchase days in the horizon
    "expected_spend",  # of one purchase day
    "clv",  # revenue in the horizon, discounted, before margin
    "clv_at_last_order",  # the clv the model would have given on the day of the customer's last order
    "chance_of_purchase",  # probability of at least one purchase in the horizon
    "clv_low",  # 10 % of customers like this one bring less, where the forecast is right
    "clv_high",  # 10 % bring more
    "next_from",  # days after the window's end by which a quarter of such customers have ordered, if still there
    "next_to",  # three quarters
    "late",  # 1: a repeat customer, silent for longer than nine in ten of the own gaps; else 0
)


@dataclass(frozen=True)
class PurchaseModel:
    """BG/NBD of Fader, Hardie & Lee (2005): r, alpha (weeks), a, b, and the log-likelihood in weeks."""

    r: float
    alpha: float
    a: float
    b: float
    log_likelihood: float


@dataclass(frozen=True)
class SpendModel:
    """Gamma-Gamma of Fader & Hardie (2013): p, q, v (v in the shop's currency)."""

    p: float
    q: float
    v: float

    @property
    def population_mean(self) -> float:
        """Return the mean spend of a purchase day over all customers, pv / (q − 1)."""
        return self.p * self.v / (self.q - 1)


@dataclass(frozen=True)
class Parameter:
    """One estimated figure of the forecast that is shown, with its standard error where it has one."""

    name: str
    value: float
    standard_error: float | None


@dataclass(frozen=True)
class FrequencyClass:
    """Customers with the same number of repeat purchase days before the split, and their means after it."""

    label: str
    customers: int
    actual: float
    expected: float


@dataclass(frozen=True)
class Tracking:
    """Cumulative repeat purchase days of the tested customers at the end of each week since the window's start."""

    weeks: tuple[int, ...]
    actual: tuple[float, ...]
    expected: tuple[float, ...]


@dataclass(frozen=True)
class Holdout:
    """How the forecast did on the last part of the orders, which it had not seen."""

    split_day: str
    days: int
    customers: int
    actual: float  # repeat purchase days in the holdout
    predicted: float
    naive: float  # "the same as in the period of that length before the split"
    excluded: int  # customers who came after the split
    chosen: Score
    scores: tuple[Score, ...]  # all candidates, on this window
    choice: tuple[Score, ...]  # all candidates, on the window before, by which one was chosen; empty: no choice
    choice_day: str | None  # where that window begins
    low: float  # the 80 % range that the forecast gave for the total
    high: float
    misses: tuple[Miss, ...]  # of held-out quarters, each forecast from the orders before it; the test is the last
    classes: tuple[FrequencyClass, ...]
    tracking: Tracking
    spend_bias: float | None  # of the revenue of these purchase days; None where days say no money

    @property
    def bias(self) -> float:
        """Return by how much the forecast missed the total, as a share of it."""
        return self.predicted / self.actual - 1

    @property
    def naive_bias(self) -> float:
        """Return the same for 'as in the last period'."""
        return self.naive / self.actual - 1

    @property
    def inside(self) -> bool:
        """Tell whether the total lay within the range."""
        return self.low <= self.actual <= self.high


@dataclass(frozen=True)
class Lifetime:
    """Expected orders, spend and value of each customer, in the order of the customers' frame.

    A withheld forecast has a `reason`, and NaN for every customer. `purchases` is BG/NBD fitted by maximum likelihood,
    whichever candidate the figures come from.
    """

    horizon_months: int
    discount_rate: float  # a year
    frame: pd.DataFrame
    purchases: PurchaseModel | None
    spend: SpendModel | None
    reason: str | None  # why the forecast is withheld
    how: str = ""  # how it was fitted
    cautions: tuple[str, ...] = ()  # what the reader should know of a forecast that is shown
    holdout: Holdout | None = None
    holdout_reason: str | None = None  # why there is no holdout test
    chosen: str = "none"  # key of the candidate behind the figures
    name: str = "none"  # what people call it, with its spend model
    chosen_by: str = ""  # why this one
    verdict: str = ""  # what the test says, in a sentence or two
    gate: Gate = Gate.REFUSED
    parameters: tuple[Parameter, ...] = ()
    purchases_errors: Mapping[str, float | None] = field(default_factory=dict)  # of BG/NBD
    uncertainty: Uncertainty | None = None

    def __post_init__(self) -> None:
        """Check that there is either a whole forecast or a reason."""
        if tuple(self.frame.columns) != LIFETIME_COLUMNS:
            raise AssertionError(f"expected the columns {LIFETIME_COLUMNS}, got {tuple(self.frame.columns)}")
        if (self.uncertainty is not None) == (self.reason is not None):
            raise AssertionError("a forecast is either whole or withheld with a reason")
        if self.reason is None and not np.isfinite(self.frame.to_numpy()).all():
            raise AssertionError("a forecast that is shown has a figure for every customer")

    @property
    def is_model(self) -> bool:
        """Tell whether the figures come from a fitted model; otherwise from a simple rule, or there are none."""
        return bool(self.parameters)

    @property
    def forecast_name(self) -> str:
        """Return the name of what forecasts the orders, without its spend model."""
        return self.name.rpartition(" and ")[0] or self.name

    def total_range(self) -> tuple[float, float] | None:
        """Return the 80 % range of the total, None where the forecast is withheld."""
        return None if self.uncertainty is None else self.uncertainty.group()

    def segment_ranges(self, labels: pd.Series) -> dict[str, tuple[float, float]]:
        """Return the 80 % range of each segment's value; `labels` has one entry a customer, in the frame's order."""
        if self.uncertainty is None:
            return {}
        return {
            str(label): self.uncertainty.group((labels == label).to_numpy(bool)) for label in sorted(labels.unique())
        }
