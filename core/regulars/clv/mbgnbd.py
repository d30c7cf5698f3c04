"""MBG/NBD: purchases at a gamma rate; after each purchase, the first one too, a beta chance of dropping out.

Batislam, Denizel & Filiztekin (2007), "Empirical validation and comparison of models for customer base analysis",
International Journal of Research in Marketing 24(3), 201-209; the same as the central variant CBG/NBD of
Hoppe & Wagner (2007), "Customer base analysis: the case for a central variant of the Betageometric/NBD model",
Marketing JRM 3(2), 75-90. Symbols and, where named, equations are those of Fader, Hardie & Lee (2005a): in each, a
customer who is alive has survived x + 1 moments of dropping out instead of x.
"""

# ruff: noqa: N803  T is the literature's symbol, and lower-case t another
from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

import numpy as np
import numpy.typing as npt

from regulars.clv import betageometric
from regulars.clv.fitted import FittedPurchases, NoFit, as_floats, unfit
from regulars.clv.maximise import LogNormal, maximise
from regulars.clv.statistics import Floats, PurchaseStatistics

MANY_ROWS = 5000  # from which coarse statistics pay
FIRST_TOSS = 1


@dataclass(frozen=True)
class MBGNBD:
    """MBG/NBD with known parameters: rate ~ gamma(r, alpha), dropout ~ beta(a, b); alpha in units of time.

    The estimates for CDNOW, in weeks (Batislam et al. 2007). A one-time buyer may have gone already:

    >>> cdnow = MBGNBD(r=0.525, alpha=6.183, a=0.891, b=1.614)
    >>> round(float(cdnow.alive(x=0, t_x=0, T=38.86)), 3)
    0.39
    """

    r: float
    alpha: float
    a: float
    b: float
    names: ClassVar[tuple[str, ...]] = ("r", "alpha", "a", "b")

    @property
    def values(self) -> tuple[float, ...]:
        """Return the parameters in the order of `names`."""
        return self.r, self.alpha, self.a, self.b

    def log_likelihood(self, statistics: PurchaseStatistics) -> float:
        """Return the log-likelihood of all customers. Batislam et al. (2007); as FHL 2005a, eq. (6)."""
        return betageometric.log_likelihood(np.array(self.values), statistics, FIRST_TOSS)[0]

    def expected_orders(self, x: npt.ArrayLike, t_x: npt.ArrayLike, T: npt.ArrayLike, t: float) -> Floats:
        """Return E[Y(t) | x, t_x, T], the expected number of purchases in (T, T + t].

        Batislam et al. (2007); as FHL 2005a, eq. (10), with b + x + 1 for b + x.

        >>> cdnow = MBGNBD(r=0.525, alpha=6.183, a=0.891, b=1.614)
        >>> float(cdnow.expected_orders(2, 30.43, 38.86, 39)) > float(cdnow.chance_of_purchase(2, 30.43, 38.86, 39))
        True
        """
        frequency, last, age = as_floats(x, t_x, T)
        ahead = betageometric.orders_while_alive(self.values, frequency, age, t, FIRST_TOSS)
        return np.asarray(self.alive(frequency, last, age) * ahead)

    def orders_while_alive(self, x: npt.ArrayLike, T: npt.ArrayLike, t: float) -> Floats:
        """Return the expected number of purchases in (T, T + t] of a customer who is alive at T."""
        frequency, age = as_floats(x, T)
        return betageometric.orders_while_alive(self.values, frequency, age, t, FIRST_TOSS)

    def alive(self, x: npt.ArrayLike, t_x: npt.ArrayLike, T: npt.ArrayLike) -> Floats:
        """Return P(alive | x, t_x, T) = 1 / [1 + a/(b+x) · ((α+T)/(α+t_x))^(r+x)]. Batislam et al. (2007), app. A, eq. (5).

        >>> float(MBGNBD(1.0, 1.0, 1.0, 1.0).alive(0, 0, 0))   # one toss of the coin: b/(a + b)
        0.5
        """
        return betageometric.alive(self.values, FIRST_TOSS, *as_floats(x, t_x, T))

    def chance_of_purchase(self, x: npt.ArrayLike, t_x: npt.ArrayLike, T: npt.ArrayLike, t: float) -> Floats:
        """Return P(Y(t) ≥ 1 | x, t_x, T) = P(alive) · [1 − ((α+T)/(α+T+t))^(r+x)].

        From the assumptions of Batislam et al. (2007): nobody drops out between purchases.

        >>> float(MBGNBD(1.0, 1.0, 1.0, 1.0).chance_of_purchase(0, 0, 0, 1))   # alive 1/2, purchase 1 − 1/2
        0.25
        """
        frequency, last, age = as_floats(x, t_x, T)
        ahead = betageometric.chance_while_alive(self.values, frequency, age, t)
        return np.asarray(self.alive(frequency, last, age) * ahead)

    def expected_purchases(self, t: npt.ArrayLike) -> Floats:
        """Return E[X(t)], the expected repeat purchases of a new customer in (0, t].

        Batislam et al. (2007): the share b/(a+b) who stay after the first purchase, times what those buy.
        """
        (time,) = as_floats(t)
        until = betageometric.expected_until_dropout(
            self.a, np.asarray(self.b + 1), np.asarray(self.r), np.atleast_1d(time) / self.alpha
        )
        return np.asarray(self.b / (self.a + self.b) * until).reshape(time.shape)


class FittedMBGNBD(FittedPurchases[MBGNBD]):
    """MBG/NBD with the parameters that fit the customers best."""


def fit_mbgnbd(
    statistics: PurchaseStatistics,
    *,
    prior: Sequence[LogNormal] = (),
    start: MBGNBD | None = None,
    information: bool = True,
) -> FittedMBGNBD | NoFit:
    """Fit MBG/NBD by maximum likelihood, or say why not. Batislam et al. (2007). Arguments as of `fit_bgnbd`.

    >>> from regulars.clv.statistics import purchase_statistics
    >>> fit_mbgnbd(purchase_statistics([0, 0], [0, 0], [5, 9]))
    NoFit(reason='no customer purchased again')
    """
    if nothing := unfit(statistics):
        return nothing
    coarse = statistics.coarse() if start is None and len(statistics.weights) > MANY_ROWS else None
    maximum = maximise(
        betageometric.likelihood_of(statistics, FIRST_TOSS),
        MBGNBD.names,
        (1.0, statistics.longest, 1.0, 1.0),
        statistics.customers,
        prior=prior,
        start=None if start is None else start.values,
        roughly=None if coarse is None else betageometric.likelihood_of(coarse, FIRST_TOSS),
        information=information,
    )
    return FittedMBGNBD.at(MBGNBD(*maximum.params.tolist()), maximum, statistics.customers)
