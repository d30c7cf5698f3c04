"""The lifetime models for Python programs: from transactions to frequency, recency and T, and from those to a fit."""

# ruff: noqa: N803  T is the literature's symbol, and lower-case t another
from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from regulars.base.errors import RegularsError, listing
from regulars.clv.bgnbd import FittedBGNBD, fit_bgnbd
from regulars.clv.fitted import NoFit, as_floats
from regulars.clv.gammagamma import FittedGammaGamma, fit_gammagamma
from regulars.clv.mbgnbd import FittedMBGNBD, fit_mbgnbd
from regulars.clv.paretonbd import FittedParetoNBD, fit_paretonbd
from regulars.clv.statistics import Floats, distinct_rows, purchase_statistics, spend_statistics
from regulars.clv.units import monthly_factors

if TYPE_CHECKING:
    import pandas as pd

FITS: dict[str, Any] = {"bgnbd": fit_bgnbd, "mbgnbd": fit_mbgnbd, "paretonbd": fit_paretonbd}


class FitError(RegularsError):
    """These customers carry no such model."""


@dataclass(frozen=True, eq=False)
class FittedCustomers:
    """A purchase model fitted on customers, with the spend model where their money was given.

    Times are in the unit of the fit. All methods take arrays of one shape, or numbers, and return arrays of that shape.
    """

    purchases: FittedBGNBD | FittedMBGNBD | FittedParetoNBD
    spend: FittedGammaGamma | None

    def expected_orders(self, frequency: npt.ArrayLike, recency: npt.ArrayLike, T: npt.ArrayLike, t: float) -> Floats:
        """Return E[Y(t) | x, t_x, T], purchases in (T, T + t]. Fader, Hardie & Lee (2005a), eq. (10), for BG/NBD.

        Raises ValueError when the arrays are no purchase histories, or t is below 0.
        """
        _refuse_impossible(frequency, recency, T, t)
        return self.purchases.expected_orders(frequency, recency, T, t)

    def chance_of_purchase(
        self, frequency: npt.ArrayLike, recency: npt.ArrayLike, T: npt.ArrayLike, t: float
    ) -> Floats:
        """Return P(Y(t) ≥ 1 | x, t_x, T), from 0 to 1.

        Raises ValueError when the arrays are no purchase histories, or t is below 0.
        """
        _refuse_impossible(frequency, recency, T, t)
        return self.purchases.chance_of_purchase(frequency, recency, T, t)

    def alive(self, frequency: npt.ArrayLike, recency: npt.ArrayLike, T: npt.ArrayLike) -> Floats:
        """Return P(alive | x, t_x, T), from 0 to 1; 1 for every one-time buyer under BG/NBD.

        Raises ValueError when the arrays are no purchase histories.
        """
        _refuse_impossible(frequency, recency, T)
        return self.purchases.alive(frequency, recency, T)

    def expected_spend(self, frequency: npt.ArrayLike, monetary_value: npt.ArrayLike) -> Floats:
        """Return E(M | x, m), the mean value of a future purchase, in money. Fader & Hardie (2013), eq. (5).

        Raises FitError when the fit had no monetary_value.
        """
        if self.spend is None:
            raise FitError("there is no spend model", remedy="give fit() a monetary_value")
        return self.spend.expected_spend(frequency, monetary_value)

    def clv(
        self,
        frequency: npt.ArrayLike,
        recency: npt.ArrayLike,
        T: npt.ArrayLike,
        monetary_value: npt.ArrayLike,
        *,
        months: int = 12,
        rate: float = 0.10,
        days_a_unit: float = 1.0,
        as_lifetimes: bool = False,
    ) -> Floats:
        """Return the residual lifetime value: revenue of the next `months`, discounted, in money, before any margin.

        `days_a_unit` is the length of the unit that recency and T are in: 1 for days, 7 for weeks. `rate` is a year's, and
        each month is discounted at its middle; with `as_lifetimes`, `rate` is a month's, months have 30 days and are
        discounted at their end. Raises FitError when the fit had no monetary_value.
        """
        each = self.expected_spend(frequency, monetary_value)
        days, factors = monthly_factors(months, rate, as_lifetimes=as_lifetimes)
        x, _, age = as_floats(frequency, recency, T)
        first, at = distinct_rows(x.ravel(), age.ravel())
        ahead, before = np.zeros(len(first)), np.zeros(len(first))
        for month, factor in enumerate(factors, start=1):
            until = self.purchases.params.orders_while_alive(
                x.ravel()[first], age.ravel()[first], month * days / days_a_unit
            )
            ahead += factor * (until - before)
            before = until
        discounted = self.alive(frequency, recency, T) * ahead[at].reshape(x.shape)
        return np.asarray(discounted * each)


def _refuse_impossible(frequency: npt.ArrayLike, recency: npt.ArrayLike, T: npt.ArrayLike, t: float = 0.0) -> None:
    """Raise ValueError for what is no purchase history: a formula answers those too, with nonsense."""
    x, last, age = as_floats(frequency, recency, T)
    possible = (x >= 0) & (last >= 0) & (last <= age) & np.isfinite(age) & ((x > 0) | (last == 0))
    if not possible.all():
        first = int(np.flatnonzero(~possible.ravel())[0])
        raise ValueError(
            f"{int((~possible).sum())} of {possible.size} customers have no possible history (first: number {first}): "
            "frequency counts repeat purchases, recency lies between 0 and T, and is 0 without a repeat purchase"
        )
    if not t >= 0:
        raise ValueError(f"t = {t} is no time ahead: give 0 or more, in the unit of the fit")


def fit(
    frequency: npt.ArrayLike,
    recency: npt.ArrayLike,
    T: npt.ArrayLike,
    monetary_value: npt.ArrayLike | None = None,
    weights: npt.ArrayLike | None = None,
    model: str = "bgnbd",
) -> FittedCustomers:
    """Fit a purchase model by maximum likelihood, and Gamma-Gamma where money is given.

    All arguments have one entry a customer (n,). `frequency` counts repeat purchases (whole numbers), `recency` is the
    time of the last one and `T` the time observed, both since the first purchase and in one unit, which the parameters
    then have. `monetary_value` is the mean value of the repeat purchases, 0 for one-time buyers; customers with 0 are
    left out of the spend model. `weights` says how many customers each entry stands for.

    `model` is "bgnbd" (Fader, Hardie & Lee 2005a, eq. 6), "mbgnbd" (Batislam, Denizel & Filiztekin 2007) or
    "paretonbd" (Schmittlein, Morrison & Colombo 1987; Fader & Hardie, note 009, eq. 18); the spend model is that of
    Fader & Hardie (2013), note 025, eq. 1a.

    Raises ValueError when the arrays are no purchase histories, and FitError when the model is not known, nobody purchased
    again, the search does not converge, or the spend model has no finite mean.

    >>> fitted = fit([0, 1, 3, 0, 2], [0, 20, 28, 0, 9], [30, 30, 30, 25, 30])
    >>> fitted.expected_orders([0, 3], [0, 28], [30, 30], 10).shape
    (2,)
    """
    if model not in FITS:
        raise FitError(f"there is no model '{model}'", remedy=f"use one of {listing(FITS)}")
    purchases = FITS[model](purchase_statistics(frequency, recency, T, weights))
    if isinstance(purchases, NoFit):
        raise FitError(purchases.reason, remedy="give customers of whom some purchased again")
    if not purchases.converged:
        raise FitError("the maximum-likelihood fit does not converge on these customers", remedy="give more customers")
    return FittedCustomers(purchases, None if monetary_value is None else _spend(frequency, monetary_value, weights))


def _spend(frequency: npt.ArrayLike, monetary_value: npt.ArrayLike, weights: npt.ArrayLike | None) -> FittedGammaGamma:
    x, m = np.asarray(frequency, dtype=np.float64).ravel(), np.asarray(monetary_value, dtype=np.float64).ravel()
    if x.shape != m.shape:
        raise ValueError(f"the columns have different lengths: {[len(x), len(m)]}")
    if not np.isfinite(m).all() or (m < 0).any():
        raise ValueError("monetary_value has missing, infinite or negative entries")
    counts = np.ones(len(x)) if weights is None else np.asarray(weights, dtype=np.float64)
    spent = (x > 0) & (m > 0)
    fitted = fit_gammagamma(spend_statistics(x[spent], m[spent], counts[spent]))
    if isinstance(fitted, NoFit):
        raise FitError(fitted.reason, remedy="leave monetary_value out")
    return fitted


def summarise(
    transactions: pd.DataFrame,
    *,
    customer: str = "customer",
    day: str = "day",
    amount: str | None = None,
    end: dt.date | None = None,
) -> pd.DataFrame:
    """Return what `fit` needs, one row a customer (index), in days: frequency, recency, T and, with `amount`, monetary_value.

    `transactions` has one row a transaction; those of one customer on one day are one purchase. `end` is the last day
    that counts (default: that of the last transaction), and later transactions are left out. The first purchase is in
    none of the figures: frequency counts the others, and monetary_value is their mean, 0 for one-time buyers.
    Fader, Hardie & Lee (2005a), section 3.

    Raises FitError when a column is missing, a row lacks its customer, day or amount, or no transaction counts.

    >>> import pandas as pd
    >>> orders = pd.DataFrame({"customer": ["a", "a", "b"], "day": ["2025-01-01", "2025-01-11", "2025-01-05"]})
    >>> summarise(orders, end=dt.date(2025, 1, 31)).to_numpy().tolist()
    [[1.0, 10.0, 30.0], [0.0, 0.0, 26.0]]
    """
    import pandas as pd  # noqa: PLC0415  slow to import, and `fit` does not need it

    wanted = [customer, day, *([amount] if amount else [])]
    if missing := [name for name in wanted if name not in transactions]:
        raise FitError(
            f"there is no column {listing(missing)}",
            remedy=f"the columns are {listing([str(name) for name in transactions.columns])}",
        )
    days = pd.to_datetime(transactions[day], errors="coerce").dt.normalize()
    amounts = pd.to_numeric(transactions[amount], errors="coerce") if amount else pd.Series(0.0, transactions.index)
    for name, column in ((customer, transactions[customer]), (day, days), (amount, amounts)):
        if count := int(column.isna().sum()):
            place = int(column.isna().to_numpy().argmax())
            raise FitError(
                f"{count} of {len(transactions)} transactions have nothing readable in '{name}' (first: number {place})",
                remedy="leave those rows out, or give dates such as 2025-01-31 and plain numbers",
            )
    last = pd.Timestamp(end) if end else days.max()
    table = pd.DataFrame({"customer": transactions[customer], "day": days, "amount": amounts.astype(float)})
    table = table[table["day"] <= last]
    if table.empty:
        raise FitError("no transaction counts", remedy="give rows with a customer and a day up to `end`")
    each = table.groupby(["customer", "day"], as_index=False)["amount"].sum()
    by = each.groupby("customer")
    first, latest = by["day"].min(), by["day"].max()
    found = pd.DataFrame(
        {
            "frequency": (by.size() - 1).astype(float),
            "recency": (latest - first).dt.days.astype(float),
            "T": (last - first).dt.days.astype(float),
        }
    )
    if amount:
        repeats = each[each["day"] > each["customer"].map(first)]
        found["monetary_value"] = repeats.groupby("customer")["amount"].mean().reindex(found.index).fillna(0.0)
    return found
