"""Gamma-Gamma: the value of a purchase varies around a customer's own mean, which varies between customers.

Fader & Hardie (2013), "The Gamma-Gamma model of monetary value", note 025 (brucehardie.com/notes/025).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import numpy as np
import numpy.typing as npt
from scipy.special import betaln, digamma

from regulars.clv.betageometric import trigamma
from regulars.clv.fitted import Fitted, NoFit, as_floats
from regulars.clv.maximise import maximise
from regulars.clv.statistics import Floats, SpendStatistics

SAME = 1e-12  # variance of ln m
ROWS_AT_ONCE = 16384  # keeps what is computed of them within the processor's cache


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
    some = statistics.thinned() if start is None else statistics
    maximum = maximise(
        lambda params: _log_likelihood(params, statistics),
        GammaGamma.names,
        (1.0, 1.0, money),
        statistics.customers,
        start=_start(some) if start is None else (start.p, start.q, start.v),
        roughly=None if some is statistics else lambda params: _log_likelihood(params, some),
        information=information,
    )
    params = GammaGamma(*maximum.params.tolist())
    if params.q <= 1:
        return NoFit(f"the spend model has no finite mean (q = {params.q:.2f}, and it must be above 1)")
    return FittedGammaGamma.at(params, maximum, statistics.customers)


def _start(statistics: SpendStatistics) -> tuple[float, float, float] | None:
    """Return parameters by moments of ln m: its mean is ψ(px) − ln x + ln v − ψ(q), its variance ψ′(px) + ψ′(q).

    With ψ′(y) about 1/y, 1/p is the slope of the squared deviations in 1/x. None where all spend the same.
    """
    weights, inverse = statistics.weights / statistics.customers, 1 / statistics.x.rows()
    mean, mean_inverse = float(weights @ statistics.log_m), float(weights @ inverse)
    squared, apart = (statistics.log_m - mean) ** 2, inverse - mean_inverse
    variance, varies = float(weights @ squared), float(weights @ apart**2)
    if not variance > SAME:
        return None
    share = float((weights * squared) @ apart) / varies * mean_inverse / variance if varies > 0 else 0.5
    share = min(max(share, 0.1), 0.9)  # of the variance, that stems from the single purchases
    p, q = mean_inverse / (share * variance), 0.5 + 1 / ((1 - share) * variance)
    x, by_x = statistics.x.values, statistics.by_x / statistics.customers
    return p, q, float(np.exp(mean + digamma(q) - by_x @ (digamma(p * x) - np.log(x))))


def _log_likelihood(params: Floats, statistics: SpendStatistics) -> tuple[float, Floats, Floats]:
    """Return the log-likelihood, its gradient in p, q, v, and its second derivatives (3, 3).

    Section 2, eq. (1a), with m for the mean value: ln [ Γ(px+q) / (Γ(px) Γ(q)) · v^q m^(px−1) x^(px) / (v + xm)^(px+q) ].
    """
    p, q, v = params
    x, by_x, customers = statistics.x.values, statistics.by_x, statistics.customers
    # ln(1 + v/xm), 1/(xm + v) and its square, summed over customers and over their purchases.
    sums = np.zeros((2, 3))
    table = np.empty((3, min(ROWS_AT_ONCE, len(statistics.weights))))
    for begin in range(0, len(statistics.weights), ROWS_AT_ONCE):
        rows = slice(begin, begin + ROWS_AT_ONCE)
        amounts = statistics.amounts[rows]
        terms = table[:, : len(amounts)]
        np.divide(v, amounts, out=terms[0])
        np.log1p(terms[0], out=terms[0])
        np.divide(1.0, amounts + v, out=terms[1])
        np.square(terms[1], out=terms[2])
        sums += statistics.counts[:, rows] @ terms.T
    (each, inverse, squared), (kept, weighted, weighted_squared) = sums.tolist()
    sum_of_log_m = statistics.weights @ statistics.log_m
    # ln(1 + xm/v) = ln(1 + v/xm) + ln xm − ln v: the logarithm of a row is the dearest part, and one will do.
    lost = each + sum_of_log_m + by_x @ np.log(x) - customers * np.log(v)
    total = -p * kept - q * lost - by_x @ betaln(p * x, q) - sum_of_log_m
    both, own = digamma(p * x + q), digamma(p * x)
    gradient = np.array(
        [
            by_x @ (x * (both - own)) - kept,
            by_x @ both - customers * digamma(q) - lost,
            customers * q / v - p * weighted - q * inverse,
        ]
    )
    both, own = trigamma(p * x + q), trigamma(p * x)
    mixed = by_x @ (x * both)
    hessian = np.array(
        [
            [by_x @ (x**2 * (both - own)), mixed, -weighted],
            [mixed, by_x @ both - customers * trigamma(q), customers / v - inverse],
            [-weighted, customers / v - inverse, p * weighted_squared + q * squared - customers * q / v**2],
        ]
    )
    return float(total), gradient, hessian
