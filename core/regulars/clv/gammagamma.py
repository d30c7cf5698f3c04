"""Gamma-Gamma: the value of a purchase varies around a customer's own mean, which varies between customers.

Fader & Hardie (2013), "The Gamma-Gamma model of monetary value", note 025 (brucehardie.com/notes/025).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import numpy as np
import numpy.typing as npt
from scipy.special import betaln, digamma

from regulars.clv.fitted import Fitted, NoFit, as_floats
from regulars.clv.maximise import maximise
from regulars.clv.statistics import Floats, SpendStatistics


@dataclass(frozen=True)
class GammaGamma:
    """Gamma-Gamma with known parameters. Section 2: value ~ gamma(p, ν), ν ~ gamma(q, v); v in units of money.

    The published estimates for CDNOW, and what they say of a one-time buyer:

    >>> round(GammaGamma(p=6.25, q=3.74, v=15.44).population_mean, 2)
    35.22
    """

    p: float
    q: float
    v: float
    names: ClassVar[tuple[str, ...]] = ("p", "q", "v")

    @property
    def population_mean(self) -> float:
        """Return E(Z) = pv/(q − 1), the mean value of a purchase over all customers. Section 2; finite for q > 1."""
        return self.p * self.v / (self.q - 1)

    def log_likelihood(self, statistics: SpendStatistics) -> float:
        """Return the log-likelihood of all customers. Section 2, eq. (1a)."""
        return _log_likelihood(np.array([self.p, self.q, self.v]), statistics)[0]

    def expected_spend(self, x: npt.ArrayLike, m: npt.ArrayLike) -> Floats:
        """Return E(M | p, q, v, m, x), the expected value of a future purchase. Section 3, eq. (5).

        The population's mean, moved towards the customer's own by the number of purchases x; m counts only when x > 0.

        >>> GammaGamma(p=6.25, q=3.74, v=15.44).expected_spend([0, 2], [0.0, 22.35]).round(2).tolist()
        [35.22, 24.66]
        """
        frequency, mean = as_floats(x, m)
        own = self.p * frequency
        told = np.where(frequency > 0, mean, 0.0)
        share = own / (own + self.q - 1)
        return np.asarray((1 - share) * self.population_mean + share * told)


class FittedGammaGamma(Fitted[GammaGamma]):
    """Gamma-Gamma with the parameters that fit the customers best."""

    @property
    def population_mean(self) -> float:
        """Return E(Z) = pv/(q − 1), the mean value of a purchase over all customers."""
        return self.params.population_mean

    def expected_spend(self, x: npt.ArrayLike, m: npt.ArrayLike) -> Floats:
        """Return the expected value of a future purchase of a customer with x purchases of mean value m."""
        return self.params.expected_spend(x, m)


def fit_gammagamma(
    statistics: SpendStatistics, *, start: GammaGamma | None = None, information: bool = True
) -> FittedGammaGamma | NoFit:
    """Fit Gamma-Gamma by maximum likelihood, or say why not. Section 2, eq. (1a).

    Without a finite mean (q ≤ 1) there is no model: it would give negative values.

    >>> from regulars.clv.statistics import spend_statistics
    >>> fit_gammagamma(spend_statistics([], []))
    NoFit(reason='no customer spent anything')
    """
    if not statistics.customers:
        return NoFit("no customer spent anything")
    money = float(statistics.weights @ statistics.m) / statistics.customers
    maximum = maximise(
        lambda params: _log_likelihood(params, statistics),
        GammaGamma.names,
        (1.0, 1.0, money),
        statistics.customers,
        start=None if start is None else (start.p, start.q, start.v),
        information=information,
    )
    params = GammaGamma(*maximum.params.tolist())
    if params.q <= 1:
        return NoFit(f"the spend model has no finite mean (q = {params.q:.2f}, and it must be above 1)")
    return FittedGammaGamma.at(params, maximum, statistics.customers)


def _log_likelihood(params: Floats, statistics: SpendStatistics) -> tuple[float, Floats]:
    """Return the log-likelihood and its gradient in p, q, v. Section 2, eq. (1a), with m for the mean value:

    ln [ Γ(px+q) / (Γ(px) Γ(q)) · v^q m^(px−1) x^(px) / (v + xm)^(px+q) ].
    """  # noqa: D400  the formula ends it
    p, q, v = params
    x, by_x, customers = statistics.x.values, statistics.weights_by_x(), statistics.customers
    weights, purchases = statistics.weights, statistics.x.values[statistics.x.at]
    amount = purchases * statistics.m
    log_mean = np.log(statistics.m)
    log_amount = np.log(amount)
    log_sum = np.log(amount + v)
    inverse = 1 / (amount + v)
    weighted = weights * purchases
    # ln(xm) − ln(xm + v), summed over purchases: small differences are taken before the sum.
    kept = weighted @ (log_amount - log_sum)
    total = -(by_x @ betaln(p * x, q)) + q * (weights @ (np.log(v) - log_sum)) + p * kept - weights @ log_mean
    both, own = digamma(p * x + q), digamma(p * x)
    in_p = by_x @ (x * (both - own)) + kept
    in_q = by_x @ both - customers * digamma(q) + weights @ (np.log(v) - log_sum)
    in_v = customers * q / v - p * (weighted @ inverse) - q * (weights @ inverse)
    return float(total), np.array([in_p, in_q, in_v])
