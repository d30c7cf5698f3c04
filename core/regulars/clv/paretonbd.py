"""Pareto/NBD: purchases at a gamma rate until an unseen end, which comes at another gamma rate.

Schmittlein, Morrison & Colombo (1987), "Counting your customers: who are they and what will they do next?", Management
Science 33(1), 1-24; equations as derived in Fader & Hardie (2005), "A note on deriving the Pareto/NBD model and related
expressions", note 009 (brucehardie.com/notes/009).

The note solves the integral over the time τ of the end by hypergeometric functions of the large argument r + s + x.
Here Gauss-Legendre quadrature does it, exact to about 12 digits, with the exact gradient, and without overflow at any x.
"""

# ruff: noqa: N803  T is the literature's symbol, and lower-case t another
from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from typing import ClassVar

import numpy as np
import numpy.typing as npt
from scipy.special import digamma, gammaln

from regulars.clv.fitted import FittedPurchases, NoFit, as_floats, unfit
from regulars.clv.maximise import LogNormal, maximise
from regulars.clv.statistics import Floats, PurchaseStatistics, distinct_rows

NODES = 32
GONE = 36.0  # the integrand is not followed below exp(−36) of its start
ROWS_AT_ONCE = 8000  # keeps the tables of rows by nodes within the processor's cache


@dataclass(frozen=True)
class ParetoNBD:
    """Pareto/NBD with known parameters. Rate ~ gamma(r, alpha), end ~ gamma(s, beta); alpha, beta in units of time.

    The published estimates for CDNOW, in weeks, and the customer of the authors' worksheet for BG/NBD:

    >>> cdnow = ParetoNBD(r=0.5533, alpha=10.5776, s=0.6062, beta=11.6671)
    >>> round(float(cdnow.expected_orders(x=2, t_x=30.43, T=38.86, t=39)), 3)
    1.455
    """

    r: float
    alpha: float
    s: float
    beta: float
    names: ClassVar[tuple[str, ...]] = ("r", "alpha", "s", "beta")

    @property
    def values(self) -> tuple[float, ...]:
        """Return the parameters in the order of `names`."""
        return self.r, self.alpha, self.s, self.beta

    def log_likelihood(self, statistics: PurchaseStatistics) -> float:
        """Return the log-likelihood of all customers. Note 009, section 3, eq. (18)."""
        return _log_likelihood(np.array(self.values), statistics)[0]

    def expected_orders(self, x: npt.ArrayLike, t_x: npt.ArrayLike, T: npt.ArrayLike, t: float) -> Floats:
        """Return E[Y(t) | x, t_x, T], the expected number of purchases in (T, T + t]. Note 009, section 5.2, eq. (41).

        P(alive) · (r+x)(β+T) / ((α+T)(s−1)) · [1 − ((β+T)/(β+T+t))^(s−1)], and its limit at s = 1.
        """
        frequency, last, age = as_floats(x, t_x, T)
        return np.asarray(self.alive(frequency, last, age) * self._orders_while_alive(frequency, age, np.asarray(t)))

    def orders_while_alive(self, x: npt.ArrayLike, T: npt.ArrayLike, t: float) -> Floats:
        """Return the expected number of purchases in (T, T + t] of a customer who is alive at T."""
        frequency, age = as_floats(x, T)
        return self._orders_while_alive(frequency, age, np.asarray(t))

    def alive(self, x: npt.ArrayLike, t_x: npt.ArrayLike, T: npt.ArrayLike) -> Floats:
        """Return P(alive | x, t_x, T): the first term of the likelihood as a share of both. Note 009, section 5.1.

        >>> round(float(ParetoNBD(0.5533, 10.5776, 0.6062, 11.6671).alive(26, 30.86, 31)), 4)
        0.9979
        """
        frequency, last, age = as_floats(x, t_x, T)
        first, at = distinct_rows(frequency.ravel(), last.ravel(), age.ravel())
        found = np.empty(len(first))
        for rows in _parts(len(first)):
            x_, last_, age_ = (column.ravel()[first[rows]] for column in (frequency, last, age))
            race = _Race.of(self.r + x_, self.alpha + last_, self.s, self.beta + last_, age_ - last_)
            ended = race.mean(race.end_rate)
            found[rows] = race.survived / (race.survived + ended)
        return np.asarray(found[at].reshape(age.shape))

    def chance_of_purchase(self, x: npt.ArrayLike, t_x: npt.ArrayLike, T: npt.ArrayLike, t: float) -> Floats:
        """Return P(Y(t) ≥ 1 | x, t_x, T): of a customer alive at T the next purchase comes before the end and within t.

        With the posteriors λ ~ gamma(r+x, α+T) and μ ~ gamma(s, β+T) of note 009, section 5.2, it is P(alive) times the
        integral of E[λ exp(−λv)] E[exp(−μv)] = (r+x)/(α+T+v) · ((α+T)/(α+T+v))^(r+x) · ((β+T)/(β+T+v))^s over (0, t].

        >>> round(float(ParetoNBD(1.0, 1.0, 1.0, 1.0).chance_of_purchase(0, 0, 0, 1)), 3)   # ∫ (1+v)^−3 dv
        0.375
        """
        frequency, last, age = as_floats(x, t_x, T)
        first, at = distinct_rows(frequency.ravel(), age.ravel())
        found = np.empty(len(first))
        for rows in _parts(len(first)):
            x_, age_ = frequency.ravel()[first[rows]], age.ravel()[first[rows]]
            race = _Race.of(self.r + x_, self.alpha + age_, self.s, self.beta + age_, np.full(len(x_), float(t)))
            found[rows] = race.mean(race.purchase_rate)
        return np.asarray(np.clip(self.alive(frequency, last, age) * found[at].reshape(age.shape), 0.0, 1.0))

    def expected_purchases(self, t: npt.ArrayLike) -> Floats:
        """Return E[X(t)] = rβ/(α(s−1)) · [1 − (β/(β+t))^(s−1)] of a new customer. Note 009, section 4.2, eq. (27).

        >>> round(float(ParetoNBD(1.0, 1.0, 1.0, 1.0).expected_purchases(1)), 6)   # ln 2, the limit at s = 1
        0.693147
        """
        (time,) = as_floats(t)
        return self._orders_while_alive(np.zeros(time.shape), np.zeros(time.shape), time)

    def _orders_while_alive(self, x: Floats, T: Floats, t: Floats) -> Floats:
        length = np.log1p(t / (self.beta + T))
        fall = (self.s - 1) * length
        still = np.where(fall == 0, 1.0, -np.expm1(-fall) / np.where(fall == 0, 1.0, fall))
        return np.asarray((self.r + x) * (self.beta + T) / (self.alpha + T) * length * still)


class FittedParetoNBD(FittedPurchases[ParetoNBD]):
    """Pareto/NBD with the parameters that fit the customers best."""


def fit_paretonbd(
    statistics: PurchaseStatistics,
    *,
    prior: Sequence[LogNormal] = (),
    start: ParetoNBD | None = None,
    information: bool = True,
) -> FittedParetoNBD | NoFit:
    """Fit Pareto/NBD by maximum likelihood, or say why not. Note 009, section 3. Arguments as of `fit_bgnbd`.

    A prior on alpha or beta is of the logarithm of its multiple of the longest time observed.

    >>> from regulars.clv.statistics import purchase_statistics
    >>> fit_paretonbd(purchase_statistics([0, 0], [0, 0], [5, 9]))
    NoFit(reason='no customer purchased again')
    """
    if nothing := unfit(statistics):
        return nothing
    maximum = maximise(
        lambda params: _log_likelihood(params, statistics),
        ParetoNBD.names,
        (1.0, statistics.longest, 1.0, statistics.longest),
        statistics.customers,
        prior=prior,
        start=None if start is None else start.values,
        information=information,
    )
    return FittedParetoNBD.at(ParetoNBD(*maximum.params.tolist()), maximum, statistics.customers)


@dataclass(frozen=True, eq=False)
class _Race:
    """The next purchase against the end, over a stretch of time (0, length], for posteriors (r, alpha) and (s, beta).

    S(v) = (α/(α+v))^r (β/(β+v))^s is the chance that neither has come by v. Tables have rows by nodes.
    """

    v: Floats
    log_alpha: Floats  # ln(1 + v/α)
    log_beta: Floats
    weights: Floats  # S(v) dv
    survived: Floats  # S(length)
    end_rate: Floats  # s/(β + v)
    purchase_rate: Floats  # r/(α + v)

    @classmethod
    def of(cls, r: Floats, alpha: Floats, s: float, beta: Floats, length: Floats) -> _Race:
        """Place the nodes evenly on the scale ln(1 + v/min(α, β)), on which both factors are smooth."""
        with np.errstate(over="ignore"):
            cut = np.minimum(length, np.minimum(alpha * np.expm1(GONE / r), beta * np.expm1(GONE / s)))
        nodes, shares = _legendre()
        scale = np.minimum(alpha, beta)
        reach = np.log1p(cut / scale)
        grown = np.expm1(reach[:, None] * nodes)
        v = scale[:, None] * grown
        log_alpha, log_beta = np.log1p(v / alpha[:, None]), np.log1p(v / beta[:, None])
        density = np.exp(-r[:, None] * log_alpha - s * log_beta)
        weights = density * (v + scale[:, None]) * (reach[:, None] * shares)
        survived = np.exp(-r * np.log1p(length / alpha) - s * np.log1p(length / beta))
        return cls(
            v, log_alpha, log_beta, weights, survived, s / (beta[:, None] + v), r[:, None] / (alpha[:, None] + v)
        )

    def mean(self, rate: Floats) -> Floats:
        """Return the integral of a rate times S over the stretch."""
        return np.asarray(np.einsum("ij,ij->i", self.weights, rate))


@cache
def _legendre() -> tuple[Floats, Floats]:
    nodes, shares = np.polynomial.legendre.leggauss(NODES)
    return (nodes + 1) / 2, shares / 2


def _parts(rows: int) -> Iterator[slice]:
    return (slice(begin, begin + ROWS_AT_ONCE) for begin in range(0, rows, ROWS_AT_ONCE))


def _log_likelihood(params: Floats, statistics: PurchaseStatistics) -> tuple[float, Floats]:
    """Return the log-likelihood of all customers and its gradient in r, alpha, s, beta. Note 009, section 3.

    Before eq. (18) the note has Γ(r+x)/Γ(r) α^r β^s · [(α+T)^−(r+x) (β+T)^−s + ∫ s (α+τ)^−(r+x) (β+τ)^−(s+1) dτ] with τ
    from t_x to T; (1+t_x/α)^−(r+x) (1+t_x/β)^−s is taken out of the bracket.
    """
    r, alpha, s, beta = params
    x, by_x, customers = statistics.x.values, statistics.weights_by_x(), statistics.customers
    total = by_x @ (gammaln(r + x) - gammaln(r) - x * np.log(alpha))
    gradient = np.array(
        [
            by_x @ (digamma(r + x) - digamma(r)),
            customers * r / alpha,
            0.0,
            customers * s / beta,
        ]
    )
    columns = statistics.rows()
    for part in _parts(len(statistics.weights)):
        x_, last_, age_ = (column[part] for column in columns)
        value, slope = _bracket(params, x_, last_, age_)
        total += statistics.weights[part] @ value
        gradient += statistics.weights[part] @ slope
    return float(total), gradient


def _bracket(params: Floats, x: Floats, t_x: Floats, T: Floats) -> tuple[Floats, Floats]:
    """Return the logarithm of the likelihood's bracket for each row, and its gradient as a column for each parameter.

    The derivative of ln ∫ is a mean of derivatives, weighted by the integrand; the first term is a point at T.
    """
    r, alpha, s, beta = params
    power = r + x
    race = _Race.of(power, alpha + t_x, s, beta + t_x, T - t_x)
    ended = race.weights * race.end_rate
    whole = race.survived + ended.sum(axis=1)
    alive, ended = race.survived / whole, ended / whole[:, None]

    def mean(at_nodes: Floats, at_end: Floats) -> Floats:
        return np.asarray(alive * at_end + np.einsum("ij,ij->i", ended, at_nodes))

    # ln(1 + t_x/α) for ln(α + t_x) − ln α: when r and α are large, little would be left of the difference.
    log_alpha, log_beta = np.log1p(t_x / alpha), np.log1p(t_x / beta)
    end_rate = race.end_rate / s
    slope = np.column_stack(
        [
            -log_alpha - mean(race.log_alpha, np.log1p((T - t_x) / (alpha + t_x))),
            -mean(race.purchase_rate, power / (alpha + T)),
            -log_beta - mean(race.log_beta, np.log1p((T - t_x) / (beta + t_x))) + (1 - alive) / s,
            -s * mean(end_rate, 1 / (beta + T)) - np.einsum("ij,ij->i", ended, end_rate),
        ]
    )
    return np.log(whole) - power * log_alpha - s * log_beta, slope
