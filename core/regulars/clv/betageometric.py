"""What BG/NBD and MBG/NBD share: a gamma purchase rate, and after purchases a beta chance of dropping out.

The two differ in one thing: when a customer may first drop out. In BG/NBD it is after the first repeat purchase, in
MBG/NBD after the very first. A customer who is alive after x repeat purchases has survived `tosses` = x or x + 1 of
these moments. With survived tosses n the likelihood of both is

    Γ(r+x)/Γ(r) α^r [ B(a, b+n)/B(a, b) (α+T)^−(r+x) + δ B(a+1, b+n−1)/B(a, b) (α+t_x)^−(r+x) ]

where δ = 0 when n = 0. Fader, Hardie & Lee (2005a), eq. (6), for n = x; Batislam, Denizel & Filiztekin (2007), eq. (3),
and Hoppe & Wagner (2007) for n = x + 1.
"""

# ruff: noqa: N803  T is the literature's symbol, and lower-case t another
from __future__ import annotations

import numpy as np
from scipy.special import betaln, digamma, expit, gammaln, hyp2f1

from regulars.clv.statistics import Floats, PurchaseStatistics, distinct_rows

WRONG = 1e-9  # relative error from which the closed form gives way to quadrature
EPSILON = 4 * float(np.finfo(np.float64).eps)
NODES, REACH = 601, 4.5  # sinh(4.5) = 45 widths to either side: the density there is below 1e-17
PILED = 0.5
ROWS_AT_ONCE = 2000  # of quadrature, to keep memory small


def log_likelihood(params: Floats, statistics: PurchaseStatistics, first_toss: int) -> tuple[float, Floats]:
    """Return the log-likelihood of all customers and its gradient in r, alpha, a, b.

    `first_toss` is 0 for BG/NBD and 1 for MBG/NBD. Gamma functions are evaluated once for each distinct x, logarithms
    once for each distinct time.
    """
    r, alpha, a, b = params
    x, by_x = statistics.x.values, statistics.weights_by_x()
    customers = statistics.customers
    tosses = x + first_toss
    # The part that depends on x alone.
    shared = gammaln(r + x) - gammaln(r) + betaln(a, b + tosses) - betaln(a, b)
    total = by_x @ (shared - x * np.log(alpha))
    in_r = by_x @ (digamma(r + x) - digamma(r))
    in_alpha = customers * r / alpha
    both, both_seen = digamma(a + b), digamma(a + b + tosses)
    in_a = by_x @ (both - both_seen)
    in_b = by_x @ (both - both_seen + digamma(b + tosses) - digamma(b))
    # The bracket: alive at T, or dropped out at t_x. `odds` is the logarithm of dropped to alive.
    at_x, at_last, at_end = statistics.x.at, statistics.t_x.at, statistics.T.at
    end, last = alpha + statistics.T.values, alpha + statistics.t_x.values
    # ln(1 + T/α) for ln(α + T) − ln α: when r and α are large, little would be left of the difference.
    log_end, log_last = np.log1p(statistics.T.values / alpha)[at_end], np.log1p(statistics.t_x.values / alpha)[at_last]
    power = (r + x)[at_x]
    tossed = tosses > 0
    before = np.where(tossed, b + tosses - 1, 1.0)
    odds = np.where(tossed, np.log(a / before), -np.inf)[at_x] + power * (log_end - log_last)
    small = np.exp(-np.abs(odds))
    dropped = np.where(odds >= 0, 1.0, small) / (1.0 + small)
    weights = statistics.weights
    total += weights @ (np.maximum(odds, 0.0) + np.log1p(small) - power * log_end)
    weight_dropped = weights * dropped
    weight_alive = weights - weight_dropped
    in_r -= weight_alive @ log_end + weight_dropped @ log_last
    in_alpha -= (weight_alive * power) @ (1 / end)[at_end] + (weight_dropped * power) @ (1 / last)[at_last]
    in_a += weight_dropped.sum() / a
    in_b -= weight_dropped @ (1 / before)[at_x]
    return float(total), np.array([in_r, in_alpha, in_a, in_b])


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
