"""What BG/NBD and MBG/NBD share: a gamma purchase rate, and after purchases a beta chance of dropping out.

The two differ in one thing: when a customer may first drop out. In BG/NBD it is after the first repeat purchase, in
MBG/NBD after the very first. A customer who is alive after x repeat purchases has survived `tosses` = x or x + 1 of
these moments. With survived tosses n the likelihood of both is

    Γ(r+x)/Γ(r) α^r [ B(a, b+n)/B(a, b) (α+T)^−(r+x) + δ B(a+1, b+n−1)/B(a, b) (α+t_x)^−(r+x) ]

where δ = 0 when n = 0. Fader, Hardie & Lee (2005a), eq. (6), for n = x; Batislam, Denizel & Filiztekin (2007)
and Hoppe & Wagner (2007) for n = x + 1.
"""

# ruff: noqa: N803  T is the literature's symbol, and lower-case t another
from __future__ import annotations

import numpy as np
import numpy.typing as npt
from scipy.special import betaln, digamma, expit, gammaln, hyp2f1, zeta

from regulars.clv.maximise import Likelihood
from regulars.clv.statistics import Floats, PurchaseStatistics, distinct_rows

WRONG = 1e-9  # relative error from which the closed form gives way to quadrature
EPSILON = 4 * float(np.finfo(np.float64).eps)
NODES, REACH = 601, 4.5  # sinh(4.5) = 45 widths to either side: the density there is below 1e-17
PILED = 0.5
ROWS_AT_ONCE = 2000  # of quadrature, to keep memory small
BRACKETS_AT_ONCE = 8192  # keeps what is computed of them within the processor's cache
LARGEST = 700.0  # e to this power is a number


def likelihood_of(statistics: PurchaseStatistics, first_toss: int) -> Likelihood:
    """Return the log-likelihood as a function of the parameters (r, alpha, a, b) alone."""
    return lambda params: log_likelihood(params, statistics, first_toss)


def log_likelihood(params: Floats, statistics: PurchaseStatistics, first_toss: int) -> tuple[float, Floats, Floats]:
    """Return the log-likelihood of all customers, its gradient in r, alpha, a, b, and its second derivatives (4, 4).

    `first_toss` is 0 for BG/NBD and 1 for MBG/NBD. Gamma functions are evaluated once for each distinct x, logarithms
    once for each distinct time.
    """
    r, alpha, a, b = params
    total, gradient, hessian = _of_frequency(params, statistics, first_toss)
    tossed = statistics.x.values + first_toss > 0
    before = np.where(tossed, b + statistics.x.values + first_toss - 1, 1.0)
    by_x = (r + statistics.x.values, np.where(tossed, np.log(a / before), -np.inf), np.where(tossed, -1 / before, 0.0))
    # ln(1 + T/α) for ln(α + T) − ln α: when r and α are large, little would be left of the difference.
    by_last, by_end = (
        (np.log1p(times.values / alpha), 1 / (alpha + times.values)) for times in (statistics.t_x, statistics.T)
    )
    for begin in range(0, len(statistics.weights), BRACKETS_AT_ONCE):
        rows = slice(begin, begin + BRACKETS_AT_ONCE)
        at_x, at_last, at_end = statistics.x.at[rows], statistics.t_x.at[rows], statistics.T.at[rows]
        value, slope, curvature = _bracket(
            a,
            statistics.weights[rows],
            [column.take(at_x) for column in by_x],
            [column.take(at_last) for column in by_last],
            [column.take(at_end) for column in by_end],
        )
        total += value
        gradient += slope
        hessian += curvature
    return total, gradient, hessian


def _of_frequency(params: Floats, statistics: PurchaseStatistics, first_toss: int) -> tuple[float, Floats, Floats]:
    """Return what the factors before the bracket add, which depend on x alone."""
    r, alpha, a, b = params
    x, by_x, customers = statistics.x.values, statistics.by_x, statistics.customers
    tosses = x + first_toss
    total = by_x @ (gammaln(r + x) - gammaln(r) + betaln(a, b + tosses) - betaln(a, b) - x * np.log(alpha))
    both, survived = digamma(a + b) - digamma(a + b + tosses), digamma(b + tosses) - digamma(b)
    gradient = np.array(
        [by_x @ (digamma(r + x) - digamma(r)), customers * r / alpha, by_x @ both, by_x @ (both + survived)]
    )
    both, survived = by_x @ (trigamma(a + b) - trigamma(a + b + tosses)), by_x @ (trigamma(b + tosses) - trigamma(b))
    hessian = np.zeros((4, 4))
    hessian[0, 0] = by_x @ (trigamma(r + x) - trigamma(r))
    hessian[0, 1] = hessian[1, 0] = customers / alpha
    hessian[1, 1] = -customers * r / alpha**2
    hessian[2:, 2:] = both
    hessian[3, 3] += survived
    return float(total), gradient, hessian


def _bracket(
    a: float, weights: Floats, by_x: list[Floats], by_last: list[Floats], by_end: list[Floats]
) -> tuple[float, Floats, Floats]:
    """Return what the bracket adds for some rows: alive at T, or dropped out at t_x.

    `by_x` is r + x, ln(a/(b+n−1)) and its slope in b; `by_last` and `by_end` are ln(1 + t/α) and 1/(α + t) at t_x and T.
    """
    (power, tossed, in_b), (log_last, last), (log_end, end) = by_x, by_last, by_end
    apart = np.empty((4, len(weights)))  # how the gradients of the logarithms of both terms differ
    np.subtract(log_end, log_last, out=apart[0])
    np.multiply(power, end - last, out=apart[1])
    apart[2], apart[3] = 1 / a, in_b
    odds = tossed + power * apart[0]  # logarithm of dropped to alive
    ratio = np.exp(np.minimum(odds, LARGEST))
    alive = 1 / (1 + ratio)
    value = weights @ (np.log1p(ratio) + np.maximum(odds - LARGEST, 0.0) - power * log_end)
    alive *= weights
    dropped = alive * ratio
    # Of a logarithm of a sum: the mean of the second derivatives, and the covariance of the first ones.
    hessian = (apart * (dropped / (1 + ratio))) @ apart.T
    alive_end, dropped_last = alive * end, dropped * last
    many = dropped.sum()
    gradient = np.array(
        [-(alive @ log_end + dropped @ log_last), -(power @ (alive_end + dropped_last)), many / a, dropped @ in_b]
    )
    mixed = alive_end.sum() + dropped_last.sum()
    hessian[0, 1] -= mixed
    hessian[1, 0] -= mixed
    alive_end *= end
    dropped_last *= last
    hessian[1, 1] += power @ (alive_end + dropped_last)
    hessian[2, 2] -= many / a**2
    hessian[3, 3] += dropped @ in_b**2
    return float(value), gradient, hessian


def trigamma(x: npt.ArrayLike) -> Floats:
    """Return the second derivative of ln Γ, by Hurwitz' zeta function.

    >>> round(float(trigamma(1.0)), 9)   # π²/6
    1.644934067
    """
    return np.asarray(zeta(2.0, x))


def alive(params: tuple[float, ...], first_toss: int, x: Floats, t_x: Floats, T: Floats) -> Floats:
    """Return the probability of being alive at T: the first term of the likelihood's bracket as a share of both."""
    r, alpha, a, b = params
    tosses = x + first_toss
    tossed = tosses > 0
    odds = np.log(a) - np.log(np.where(tossed, b + tosses - 1, 1.0)) + (r + x) * np.log1p((T - t_x) / (alpha + t_x))
    return np.asarray(np.where(tossed, expit(-odds), 1.0))


def chance_while_alive(params: tuple[float, ...], x: Floats, T: Floats, t: float) -> Floats:
    """Return the probability of a purchase in (T, T + t] of a customer alive at T: 1 − ((α+T)/(α+T+t))^(r+x).

    The rate has the gamma posterior (r + x, α + T), and nobody drops out before the next purchase.
    """
    r, alpha, *_ = params
    return np.asarray(-np.expm1(-(r + x) * np.log1p(t / (alpha + T))))


def orders_while_alive(params: tuple[float, ...], x: Floats, T: Floats, t: float, first_toss: int) -> Floats:
    """Return the expected purchases in (T, T + t] of a customer alive at T, evaluated once for each distinct (x, T)."""
    r, alpha, a, b = params
    first, at = distinct_rows(x.ravel(), T.ravel())
    frequency, age = x.ravel()[first], T.ravel()[first]
    found = expected_until_dropout(a, b + frequency + first_toss, r + frequency, t / (alpha + age))
    return np.asarray(found[at].reshape(x.shape))


def expected_until_dropout(a: float, b: Floats, r: Floats, k: Floats) -> Floats:
    """Return E[(1 − (1 + k p)^−r) / p] for p with the beta distribution (a, b): purchases until dropout or the end.

    Given p and a rate λ it is (1 − exp(−λ p t))/p; λ has the gamma distribution (r, t/k). Fader, Hardie & Lee (2005a),
    eq. (9) and (10), give the closed form; by Euler's transformation, with z = k/(1 + k) and c = a + b − 1, it is

        c/(a−1) · [1 − (1−z)^(a−1) · 2F1(a−1, c−r; c; z)]

    whose arguments stay small when x grows. Finite for all positive arguments.

    >>> expected_until_dropout(1.0, np.array([1.0]), np.array([1.0]), np.array([1.0])).round(12).tolist()   # ln 2
    [0.69314718056]
    """
    b, r, k = np.broadcast_arrays(b, r, k)
    lowest, highest = -np.expm1(-r * np.log1p(k)), r * k  # dropping out at once, and never
    found, lost = _closed_form(a, b, r, k)
    kept = (found >= lowest * (1 - WRONG)) & (found <= highest * (1 + WRONG)) & (lost <= WRONG * found)
    if not kept.all():
        found = found.copy()
        for part in np.array_split(np.flatnonzero(~kept), -(-np.count_nonzero(~kept) // ROWS_AT_ONCE)):
            found[part] = _by_quadrature(a, b[part], r[part], k[part])
    return np.asarray(np.clip(found, np.minimum(lowest, highest), highest))


def _closed_form(a: float, b: Floats, r: Floats, k: Floats) -> tuple[Floats, Floats]:
    """Return the value, and how much of it rounding may have lost: at a = 1 and at c = 0 it is 0/0."""
    c = a + b - 1
    with np.errstate(all="ignore"):  # what overflows is not kept
        factor = np.divide(c, a - 1)
        shrunk = np.exp((1 - a) * np.log1p(k)) * hyp2f1(a - 1, c - r, c, k / (1 + k))
        lost = EPSILON * np.abs(factor) * np.maximum(1.0, np.abs(shrunk))
        return np.asarray(factor * (1 - shrunk)), np.asarray(np.where(np.isfinite(lost), lost, np.inf))


def _by_quadrature(a: float, b: Floats, r: Floats, k: Floats) -> Floats:
    """Return the value by the trapezoidal rule over y = ln(p / (1 − p)), which runs as sinh(u) around ln(a/b).

    Where the beta density piles up at p = 0 or 1, the straight line between the values there is integrated exactly, and
    only the rest, which vanishes at both ends, by the rule.
    """
    b, r, k = b[:, None], r[:, None], k[:, None]
    u = np.linspace(-REACH, REACH, NODES)
    width = np.minimum(2.0, np.sqrt(1 / a + 1 / b))
    y = np.log(a / b) + width * np.sinh(u)
    log_p, log_q = -np.logaddexp(0.0, -y), -np.logaddexp(0.0, y)
    p = np.maximum(np.exp(log_p), np.finfo(np.float64).tiny)
    log_weight = a * log_p + b * log_q + np.log(np.cosh(u))
    until = -np.expm1(-r * np.log1p(k * p)) / p
    never, at_once = r * k, -np.expm1(-r * np.log1p(k))
    weight = np.exp(log_weight - log_weight.max(axis=1, keepdims=True))
    plain = (weight * until).sum(axis=1) / weight.sum(axis=1)
    weight = np.exp(log_weight - betaln(a, b)) * width * (u[1] - u[0])
    rest = (weight * (until - never * np.exp(log_q) - at_once * p)).sum(axis=1)
    piled = ((never * b + at_once * a) / (a + b))[:, 0] + rest
    return np.asarray(np.where(np.minimum(a, b[:, 0]) < PILED, piled, plain))
