"""Lifetime value: the fitted models, or the reason why there are none, and the figures of each customer."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

LIFETIME_COLUMNS = (
    "expected_orders",  # purchase days in the horizon
    "expected_spend",  # of one purchase day
    "clv",  # revenue in the horizon, discounted, before margin
    "clv_at_last_order",  # the clv the model would have given on the day of the customer's last order
    "chance_of_purchase",  # probability of at least one purchase in the horizon
)
DAYS_A_MONTH = 365.25 / 12
DAYS_A_WEEK = 7.0


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
class Holdout:
    """How the model did on the last part of the orders, which it had not seen."""

    split_day: str
    days: int
    customers: int
    actual: float  # repeat purchase days in the holdout
    predicted: float
    naive: float  # "the same as in the period of that length before the split"

    @property
    def bias(self) -> float:
        """Return by how much the model missed the total, as a share of it."""
        return self.predicted / self.actual - 1

    @property
    def naive_bias(self) -> float:
        """Return the same for 'as in the last period'."""
        return self.naive / self.actual - 1


@dataclass(frozen=True)
class Lifetime:
    """Expected orders, spend and value of each customer, in the order of the customers' frame.

    A withheld model has no parameters, a `reason`, and NaN for every customer.
    """

    horizon_months: int
    discount_rate: float  # a year
    frame: pd.DataFrame
    purchases: PurchaseModel | None
    spend: SpendModel | None
    reason: str | None  # why the model is withheld
    how: str = ""  # how it was fitted
    cautions: tuple[str, ...] = ()  # what the reader should know of a model that is shown
    holdout: Holdout | None = None
    holdout_reason: str | None = None  # why there is no holdout test

    def __post_init__(self) -> None:
        """Check that there is either a whole model or a reason."""
        if tuple(self.frame.columns) != LIFETIME_COLUMNS:
            raise AssertionError(f"expected the columns {LIFETIME_COLUMNS}, got {tuple(self.frame.columns)}")
        whole = self.purchases is not None and self.spend is not None
        if whole == (self.reason is not None):
            raise AssertionError("a lifetime model is either whole or withheld with a reason")

    @property
    def name(self) -> str:
        """Return the model's name, or "none"."""
        return "BG/NBD and Gamma-Gamma" if self.reason is None else "none"
