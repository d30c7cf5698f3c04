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

from regulars.clv.betageometric import trigamma
from regulars.clv.fitted import FittedPurchases, NoFit, as_floats, unfit
from regulars.clv.maximise import Likelihood, LogNormal, maximise
from regulars.clv.statistics import Floats, PurchaseStatistics, distinct_rows

NODES = 32
GONE = 36.0  # the integrand is not followed below exp(−36) of its start
MANY_ROWS = 500  # from which coarse statistics pay
ROWS_AT_ONCE = 512  # keeps the tables of rows by nodes within the processor's cache


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
            found[rows] = race.survived / (race.survived + race.mean(self.s, self.beta + last_))
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
            found[rows] = race.mean(self.r + x_, self.alpha + age_)
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
    coarse = statistics.coarse() if start is None and len(statistics.weights) > MANY_ROWS else None
    maximum = maximise(
        _likelihood_of(statistics),
        ParetoNBD.names,
        (1.0, statistics.longest, 1.0, statistics.longest),
        statistics.customers,
        prior=prior,
        start=None if start is None else start.values,
        roughly=None if coarse is None else _likelihood_of(coarse),
        information=information,
    )
    return FittedParetoNBD.at(ParetoNBD(*maximum.params.tolist()), maximum, statistics.customers)


@dataclass(frozen=True, eq=False)
class _Race:
    """The next purchase against the end, over a stretch of time (0, length], for posteriors (r, alpha) and (s, beta).

    S(v) = (α/(α+v))^r (β/(β+v))^s is the chance that neither has come by v. Tables have nodes by rows.
    """

    v: Floats
    log_alpha: Floats  # ln(1 + v/α)
    log_beta: Floats
    weights: Floats  # S(v) dv
    survived: Floats  # S(length)

    @classmethod
    def of(cls, r: Floats, alpha: Floats, s: float, beta: Floats, length: Floats) -> _Race:
        """Place the nodes evenly on the scale ln(1 + v/min(α, β)), on which both factors are smooth."""
        with np.errstate(over="ignore"):
            cut = np.minimum(length, np.minimum(alpha * np.expm1(GONE / r), beta * np.expm1(GONE / s)))
        nodes, shares = _legendre()
        scale = np.minimum(alpha, beta)
        reach = np.log1p(cut / scale)
        v = np.expm1(nodes[:, None] * reach)
        v *= scale
        log_alpha, log_beta = np.log1p(v / alpha), np.log1p(v / beta)
        weights = np.exp(-(r * log_alpha + s * log_beta))
        weights *= v + scale
        weights *= shares[:, None] * reach
        survived = np.exp(-r * np.log1p(length / alpha) - s * np.log1p(length / beta))
        return cls(v, log_alpha, log_beta, weights, survived)

    def mean(self, rate: float | Floats, scale: Floats) -> Floats:
        """Return the integral of rate/(scale + v) times S over the stretch."""
        return np.asarray(rate * (self.weights / (scale + self.v)).sum(axis=0))


@cache
def _legendre() -> tuple[Floats, Floats]:
    nodes, shares = np.polynomial.legendre.leggauss(NODES)
    return (nodes + 1) / 2, shares / 2


def _parts(rows: int) -> Iterator[slice]:
    return (slice(begin, begin + ROWS_AT_ONCE) for begin in range(0, rows, ROWS_AT_ONCE))


def _likelihood_of(statistics: PurchaseStatistics) -> Likelihood:
    return lambda params: _log_likelihood(params, statistics)


def _log_likelihood(params: Floats, statistics: PurchaseStatistics) -> tuple[float, Floats, Floats]:
    """Return the log-likelihood, its gradient in r, alpha, s, beta, and its second derivatives (4, 4).

    Note 009, section 3. Before eq. (18) the note has Γ(r+x)/Γ(r) α^r β^s · [(α+T)^−(r+x) (β+T)^−s +
    ∫ s (α+τ)^−(r+x) (β+τ)^−(s+1) dτ] with τ from t_x to T; (1+t_x/α)^−(r+x) (1+t_x/β)^−s is taken out of the bracket.
    """
    r, alpha, s, beta = params
    x, by_x, customers = statistics.x.values, statistics.by_x, statistics.customers
    total = float(by_x @ (gammaln(r + x) - gammaln(r) - x * np.log(alpha)))
    gradient = np.array([by_x @ (digamma(r + x) - digamma(r)), customers * r / alpha, 0.0, customers * s / beta])
    hessian = np.diag(
        [by_x @ (trigamma(r + x) - trigamma(r)), -customers * r / alpha**2, 0.0, -customers * s / beta**2]
    )
    hessian[0, 1] = hessian[1, 0] = customers / alpha
    hessian[2, 3] = hessian[3, 2] = customers / beta
    columns = statistics.rows()
    for part in _parts(len(statistics.weights)):
        value, slope, curvature = _bracket(params, statistics.weights[part], *(column[part] for column in columns))
        total += value
        gradient += slope
        hessian += curvature
    return total, gradient, hessian


def _bracket(params: Floats, weights: Floats, x: Floats, t_x: Floats, T: Floats) -> tuple[float, Floats, Floats]:
    """Return what the logarithm of the bracket adds for some rows.

    The bracket is an integral, and a point at T: the gradient of its logarithm is the mean of the gradients of the
    integrand's, weighted by the integrand, and the second derivatives are their mean and the covariance of the gradients.
    """
    r, alpha, s, beta = params
    power = r + x
    race = _Race.of(power, alpha + t_x, s, beta + t_x, T - t_x)
    share = np.empty((NODES + 1, len(x)))  # of the bracket: nodes, and last the point at T
    slopes = np.empty((4, NODES + 1, len(x)))  # what the logarithm of the integrand loses with r, alpha, s, beta
    until = np.append(race.v, (T - t_x)[None], axis=0) + t_x
    by_alpha, by_beta = 1 / (alpha + until), 1 / (beta + until)
    np.multiply(race.weights, s * by_beta[:-1], out=share[:-1])
    share[-1] = race.survived
    whole = share.sum(axis=0)
    share /= whole
    slopes[0, :-1], slopes[0, -1] = race.log_alpha, np.log1p((T - t_x) / (alpha + t_x))
    np.multiply(by_alpha, power, out=slopes[1])
    slopes[2, :-1], slopes[2, -1] = race.log_beta - 1 / s, np.log1p((T - t_x) / (beta + t_x))
    np.multiply(by_beta, s + 1, out=slopes[3])
    slopes[3, -1] -= by_beta[-1]  # nobody has ended there
    means = np.einsum("kn,ckn->cn", share, slopes)
    ended = weights @ (1 - share[-1])
    share *= weights
    flat = share.ravel()
    in_alpha, in_beta = flat * by_alpha.ravel(), flat * by_beta.ravel()
    second = np.zeros((4, 4))
    second[0, 1] = second[1, 0] = -in_alpha.sum()
    second[1, 1] = in_alpha @ slopes[1].ravel()
    second[2, 2] = -ended / s**2
    second[2, 3] = second[3, 2] = -in_beta.sum()
    second[3, 3] = in_beta @ slopes[3].ravel()
    slopes -= means[:, None, :]
    apart = slopes.reshape(4, -1)
    # ln(1 + t_x/α) for ln(α + t_x) − ln α: when r and α are large, little would be left of the difference.
    log_alpha, log_beta = np.log1p(t_x / alpha), np.log1p(t_x / beta)
    means[0] += log_alpha
    means[2] += log_beta
    value = weights @ (np.log(whole) - power * log_alpha - s * log_beta)
    return float(value), -(means @ weights), second + (apart * flat) @ apart.T
