"""BG/NBD: purchases at a gamma rate; after each repeat purchase a beta chance of dropping out.

Fader, Hardie & Lee (2005a), "Counting your customers the easy way", Marketing Science 24(2), 275-284.
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

# Of weak influence from a few hundred customers on; below, it keeps dropping out away from never and at once.
WEAK_PRIOR = (LogNormal("a", 0.0, 1.5), LogNormal("b", 1.0, 1.5))
MANY_ROWS = 5000  # from which coarse statistics pay
FIRST_TOSS = 0


@dataclass(frozen=True)
class BGNBD:
    """BG/NBD with known parameters. Section 3: rate ~ gamma(r, alpha), dropout ~ beta(a, b); alpha in units of time.

    The published estimates for CDNOW, in weeks, and the customer of the authors' worksheet:

    >>> cdnow = BGNBD(r=0.243, alpha=4.414, a=0.793, b=2.426)
    >>> round(float(cdnow.expected_orders(x=2, t_x=30.43, T=38.86, t=39)), 3)
    1.226
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
        """Return the log-likelihood of all customers. Section 4.3, eq. (6)."""
        return betageometric.log_likelihood(np.array(self.values), statistics, FIRST_TOSS)[0]

    def expected_orders(self, x: npt.ArrayLike, t_x: npt.ArrayLike, T: npt.ArrayLike, t: float) -> Floats:
        """Return E[Y(t) | x, t_x, T], the expected number of purchases in (T, T + t]. Section 4.4, eq. (10)."""
        frequency, last, age = as_floats(x, t_x, T)
        ahead = betageometric.orders_while_alive(self.values, frequency, age, t, FIRST_TOSS)
        return np.asarray(self.alive(frequency, last, age) * ahead)

    def orders_while_alive(self, x: npt.ArrayLike, T: npt.ArrayLike, t: float) -> Floats:
        """Return the expected number of purchases in (T, T + t] of a customer who is alive at T."""
        frequency, age = as_floats(x, T)
        return betageometric.orders_while_alive(self.values, frequency, age, t, FIRST_TOSS)

    def alive(self, x: npt.ArrayLike, t_x: npt.ArrayLike, T: npt.ArrayLike) -> Floats:
        """Return P(alive | x, t_x, T). The denominator of section 4.4, eq. (10); 1 for every one-time buyer.

        >>> round(float(BGNBD(0.2426, 4.4135, 0.7929, 2.4258).alive(2, 30.43, 38.86)), 4)
        0.7266
        """
        return betageometric.alive(self.values, FIRST_TOSS, *as_floats(x, t_x, T))

    def chance_of_purchase(self, x: npt.ArrayLike, t_x: npt.ArrayLike, T: npt.ArrayLike, t: float) -> Floats:
        """Return P(Y(t) ≥ 1 | x, t_x, T) = P(alive) · [1 − ((α+T)/(α+T+t))^(r+x)].

        From section 3: a customer can drop out only after a purchase, so that one alive at T stays so until the next.

        >>> round(float(BGNBD(1.0, 1.0, 1.0, 1.0).chance_of_purchase(0, 0, 1, 2)), 3)   # 1 − 2/4
        0.5
        """
        frequency, last, age = as_floats(x, t_x, T)
        ahead = betageometric.chance_while_alive(self.values, frequency, age, t)
        return np.asarray(self.alive(frequency, last, age) * ahead)

    def expected_purchases(self, t: npt.ArrayLike) -> Floats:
        """Return E[X(t)], the expected repeat purchases of a new customer in (0, t]. Section 4.2, eq. (9).

        >>> round(float(BGNBD(0.2426, 4.4135, 0.7929, 2.4258).expected_purchases(39)), 3)
        1.195
        """
        (time,) = as_floats(t)
        return betageometric.expected_until_dropout(
            self.a, np.asarray(self.b), np.asarray(self.r), np.atleast_1d(time) / self.alpha
        ).reshape(time.shape)


class FittedBGNBD(FittedPurchases[BGNBD]):
    """BG/NBD with the parameters that fit the customers best."""


def fit_bgnbd(
    statistics: PurchaseStatistics,
    *,
    prior: Sequence[LogNormal] = (),
    start: BGNBD | None = None,
    information: bool = True,
) -> FittedBGNBD | NoFit:
    """Fit BG/NBD by maximum likelihood (section 4.3, eq. (7)), or say why not.

    With a prior (WEAK_PRIOR) the mode of the posterior is returned. `start` is where to search first: the parameters
    of the whole make a bootstrap faster. Without `information` there are no standard errors.

    >>> from regulars.clv.statistics import purchase_statistics
    >>> fit_bgnbd(purchase_statistics([0, 0], [0, 0], [5, 9]))
    NoFit(reason='no customer purchased again')
    """
    if nothing := unfit(statistics):
        return nothing
    coarse = statistics.coarse() if start is None and len(statistics.weights) > MANY_ROWS else None
    maximum = maximise(
        betageometric.likelihood_of(statistics, FIRST_TOSS),
        BGNBD.names,
        (1.0, statistics.longest, 1.0, 1.0),
        statistics.customers,
        prior=prior,
        start=None if start is None else start.values,
        roughly=None if coarse is None else betageometric.likelihood_of(coarse, FIRST_TOSS),
        information=information,
    )
    return FittedBGNBD.at(BGNBD(*maximum.params.tolist()), maximum, statistics.customers)
